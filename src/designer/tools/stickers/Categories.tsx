import { type ReactNode, useId } from "react";
import { stickerCategories, type StickerCategory } from "#design/stickers/collection.ts";
import { useText } from "../../locales/text.tsx";
import { classNames } from "../../ui/class-names.ts";
import styles from "./Categories.module.css";

interface CategoriesProps {
  readonly value: StickerCategory;
  readonly onChange: (category: StickerCategory) => void;
}

/** Which of the stickers are shown: native radio buttons. */
export function Categories({ value, onChange }: CategoriesProps): ReactNode {
  const t = useText();
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{t("design.stickers.categories")}</legend>
      {stickerCategories.map((category) => (
        <label key={category} className={classNames(styles.option, category === value && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={category}
            checked={category === value}
            onChange={() => onChange(category)}
          />
          <span>{t(`design.stickers.${category}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
