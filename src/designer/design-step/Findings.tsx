import { type ReactNode, useRef } from "react";
import { useLocale, useText } from "#designer/locales/text.tsx";
import { Button } from "#designer/ui/Button.tsx";
import { Callout } from "#designer/ui/Callout.tsx";
import type { Change } from "../store/edits.ts";
import { useDesign } from "../store/use-design.ts";
import { type Advice, findingWords } from "./findings.ts";
import styles from "./Panel.module.css";
import { useAdvice } from "./use-advice.ts";

/** The element that says how the card will print. */
export const findingsId = "design-findings";

/** What the checks say: one bold line, one quiet line, one button each. */
export function Findings(): ReactNode {
  const advice = useAdvice();
  const edit = useDesign((state) => state.edit);
  const place = useRef<HTMLDivElement>(null);
  const mend = (fix: Change) => {
    // Its button goes with the fault: what the checks say now is where the focus stays.
    place.current?.focus({ preventScroll: true });
    edit(fix);
  };
  return (
    <div ref={place} id={findingsId} className={styles.findings} tabIndex={-1}>
      {advice.map((one) => (
        <Finding key="sharpness" advice={one} onMend={mend} />
      ))}
    </div>
  );
}

interface FindingProps {
  readonly advice: Advice;
  readonly onMend: (fix: Change) => void;
}

function Finding({ advice: { finding, fix }, onMend }: FindingProps): ReactNode {
  const t = useText();
  const { language } = useLocale();
  const { tone, title, fixable, otherwise } = findingWords[finding.kind];
  const number = new Intl.NumberFormat(language);
  const values = { dpi: number.format(finding.dpi), least: number.format(finding.leastDpi) };
  const button =
    fix === null ? undefined : (
      <Button className={styles.fix} aria-label={t("design.check.fixLabel")} onClick={() => onMend(fix)}>
        {t("design.check.fix")}
      </Button>
    );
  return (
    <Callout tone={tone} title={t(title)} action={button}>
      {t(fix === null ? otherwise : fixable, values)}
    </Callout>
  );
}
