import type { ReactNode } from "react";
import type { MessageId } from "#designer/locales/en.ts";
import { useLocale, useText } from "#designer/locales/text.tsx";
import { Button } from "#designer/ui/Button.tsx";
import { Icon, type IconName } from "#designer/ui/Icon.tsx";
import { useDesignStore } from "../store/use-design.ts";
import styles from "./Findings.module.css";
import type { Sharpness } from "./findings.ts";

const looks = {
  sharp: {
    icon: "check",
    title: "design.check.sharp",
    more: "design.check.sharp.more",
    small: "design.check.sharp.more",
  },
  soft: {
    icon: "warning",
    title: "design.check.soft",
    more: "design.check.soft.more",
    small: "design.check.soft.small",
  },
  "too-soft": {
    icon: "problem",
    title: "design.check.tooSoft",
    more: "design.check.tooSoft.more",
    small: "design.check.tooSoft.small",
  },
} as const satisfies Record<Sharpness["kind"], { icon: IconName; title: MessageId; more: MessageId; small: MessageId }>;

/** What the checks say: one bold line, one quiet line, one button. */
export function Findings({ id, sharpness }: { readonly id: string; readonly sharpness: Sharpness }): ReactNode {
  const t = useText();
  const { language } = useLocale();
  const store = useDesignStore();
  const { kind, fix, leastDpi } = sharpness;
  const look = looks[kind];
  const number = new Intl.NumberFormat(language);
  const values = { dpi: number.format(sharpness.dpi), least: number.format(leastDpi) };
  return (
    <div className={styles.finding} data-kind={kind}>
      <Icon name={look.icon} className={styles.icon} />
      <div id={id} className={styles.words}>
        <p className={styles.title}>{t(look.title)}</p>
        <p className={styles.more}>{t(fix === null ? look.small : look.more, values)}</p>
      </div>
      {fix !== null && (
        <Button
          className={styles.fix}
          aria-label={t("design.check.fixLabel")}
          onClick={() => store.getState().edit(fix)}
        >
          {t("design.check.fix")}
        </Button>
      )}
    </div>
  );
}
