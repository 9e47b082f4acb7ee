import { type ReactNode, useId } from "react";
import { useText } from "../../locales/text.tsx";
import { classNames } from "../../ui/class-names.ts";
import { showFocused } from "../show-chosen.ts";
import styles from "./Categories.module.css";

interface CategoriesProps<Category extends string> {
  /** The issuer's own first, where it has any. */
  readonly categories: readonly { readonly id: Category; readonly label: string; readonly isOwn: boolean }[];
  readonly value: Category;
  readonly onChange: (category: Category) => void;
}

/** Which of the stickers are shown: native radio buttons. */
export function Categories<Category extends string>({
  categories,
  value,
  onChange,
}: CategoriesProps<Category>): ReactNode {
  const t = useText();
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{t("design.stickers.categories")}</legend>
      {categories.map(({ id, label, isOwn }) => (
        <label key={id} className={classNames(styles.option, isOwn && styles.own, id === value && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={id}
            checked={id === value}
            onChange={() => onChange(id)}
            onFocus={showFocused}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
