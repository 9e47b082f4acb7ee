import { type ReactNode, useId, useSyncExternalStore } from "react";
import { vectorElementsOf } from "#design/design.ts";
import { onStickerWords, stickerWordsOf } from "../locales/sticker-words.ts";
import { useLocale, useText } from "../locales/text.tsx";
import { isFixed } from "#design/templates/template.ts";
import { templateOf } from "../store/design-store.ts";
import { useDesignStore, useDesignStoreApi, useHasPhoto } from "../store/use-design-store.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import { describeElement, nameElement } from "./describe-element.ts";
import { ElementArt } from "./ElementArt.tsx";
import styles from "./ElementList.module.css";
import { laterIcons } from "../ui/later-icons.ts";

/** What lies on the card, the uppermost first and the photo last: whichever is chosen is what keys and buttons act on. */
export function ElementList(): ReactNode {
  const t = useText();
  const { tag: language, language: words } = useLocale();
  useSyncExternalStore(onStickerWords, () => stickerWordsOf(words));
  const store = useDesignStoreApi();
  const design = useDesignStore((state) => state.design);
  const product = useDesignStore((state) => state.product);
  const hasPhoto = useHasPhoto();
  const selection = useDesignStore((state) => state.selection);
  const [name, labelId] = [useId(), useId()];
  const template = useDesignStore(templateOf);
  const elements = vectorElementsOf(design).filter(({ id }) => !isFixed(template, id));
  if (elements.length === 0) return null;
  return (
    <div className={styles.list} role="radiogroup" aria-labelledby={labelId}>
      <span id={labelId} className={styles.label}>
        {t("design.element.list")}
      </span>
      <div className={styles.rows}>
        {elements
          .map((_element, at) => elements[elements.length - 1 - at] as (typeof elements)[number])
          .map((element) => {
            const described = describeElement(element, design, product, { t, language });
            return (
              <label
                key={element.id}
                className={classNames(styles.row, element.id === selection && styles.chosen)}
                title={described}
              >
                <input
                  type="radio"
                  className="covers-label"
                  name={name}
                  aria-label={described}
                  checked={element.id === selection}
                  onChange={() => store.getState().select(element.id)}
                />
                <ElementArt element={element} className={styles.art} />
                <span className={styles.name} aria-hidden="true">
                  {nameElement(element, t)}
                </span>
              </label>
            );
          })}
        <label className={classNames(styles.row, selection === null && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            checked={selection === null}
            onChange={() => store.getState().select(null)}
          />
          <Icon name={hasPhoto ? "photo" : laterIcons.ground} size={26} className={styles.icon} />
          <span className={styles.name}>{t(hasPhoto ? "design.tab.photo" : "design.ground")}</span>
        </label>
      </div>
    </div>
  );
}
