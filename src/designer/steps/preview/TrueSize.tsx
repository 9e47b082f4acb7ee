import { type ReactNode, useState } from "react";
import { CardMockup } from "../../card/CardMockup.tsx";
import { guessPxPerMm, pxPerMmAt, sizeSteps, stepAt } from "../../card/true-size.ts";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { Slider } from "../../ui/Slider.tsx";
import styles from "./PreviewStage.module.css";
import { laterIcons } from "../../ui/later-icons.ts";

/** What the cardholder has found out about this screen, for as long as the page is open. */
let foundStep: number | undefined;

interface ScreenScale {
  readonly step: number;
  /** A step outside the scale becomes its end. */
  readonly setStep: (wanted: number) => void;
}

/** How large a millimetre is on this screen: no browser says it. */
export function useScreenScale(): ScreenScale {
  const [step, setStep] = useState(() => foundStep ?? stepAt(guessPxPerMm(matchMedia("(pointer: coarse)").matches)));
  return {
    step,
    setStep: (wanted) => {
      foundStep = Math.min(Math.max(wanted, 0), sizeSteps);
      setStep(foundStep);
    },
  };
}

interface TrueSizeProps extends Pick<ScreenScale, "step"> {
  readonly picture: PreviewPicture;
}

/** The card as large as it will be, once a real one has been held beside it. */
export function TrueSize({ picture, step }: TrueSizeProps): ReactNode {
  const t = useText();
  const { issuerName, product } = useSession();
  const widthPx = product.trimWidthMm * pxPerMmAt(step);
  return (
    // Where the screen is smaller than a card, the card is moved under it.
    <section className={styles.window} aria-label={t("preview.view.true-size")} tabIndex={0}>
      <div className={styles.real} style={{ inlineSize: `${widthPx}px` }}>
        <CardMockup
          product={product}
          picture={{ url: picture.url, label: t("preview.card-label") }}
          issuerName={issuerName}
        />
      </div>
    </section>
  );
}

/** What the card's size is set with, and how. */
export function ScreenScaleControls({ step, setStep }: ScreenScale): ReactNode {
  const t = useText();
  const number = useNumberFormat({ style: "percent" });
  return (
    <>
      <p className={styles.hint}>{t("preview.about.true-size")}</p>
      <div className={styles.sizes}>
        <Button
          variant="icon"
          icon={laterIcons.minus}
          aria-label={t("preview.smaller")}
          onClick={() => setStep(step - 1)}
        />
        <Slider
          label={t("preview.size")}
          value={step}
          min={0}
          max={sizeSteps}
          step={1}
          valueText={number.format(pxPerMmAt(step) / pxPerMmAt(stepAt(96 / 25.4)))}
          onChange={setStep}
        />
        <Button
          variant="icon"
          icon={laterIcons.plus}
          aria-label={t("preview.larger")}
          onClick={() => setStep(step + 1)}
        />
      </div>
    </>
  );
}
