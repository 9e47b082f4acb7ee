import type { ReactNode } from "react";
import { useLocale, useText } from "#designer/locales/text.tsx";
import { Button } from "#designer/ui/Button.tsx";
import { useDesignStore } from "../../store/use-design-store.tsx";
import type { ToolPanelProps } from "../tool.ts";
import { Navigator } from "./Navigator.tsx";
import styles from "./Panel.module.css";

/** The photo itself: the whole of it, with the part that is on the card, and the way to another. */
export function PhotoPanel({ onPickAnother }: ToolPanelProps): ReactNode {
  const t = useText();
  const { language } = useLocale();
  const photo = useDesignStore((state) => state.photo);
  if (photo === null) return null;
  const count = new Intl.NumberFormat(language);
  return (
    <section className={styles.panel}>
      <div className={styles.row}>
        <Navigator photo={photo} />
        <div className={styles.words}>
          <h2 className={styles.title}>{t("design.yourPhoto")}</h2>
          <p className={styles.size}>
            {t("design.photoSize", { width: count.format(photo.widthPx), height: count.format(photo.heightPx) })}
          </p>
          <Button wide className={styles.another} onClick={onPickAnother}>
            {t("design.another")}
          </Button>
        </div>
      </div>
      {photo.firstFrameOnly && <p className={styles.note}>{t("design.firstFrameOnly")}</p>}
      {photo.transparent && <p className={styles.note}>{t("design.transparent")}</p>}
    </section>
  );
}
