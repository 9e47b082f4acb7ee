import type { ReactNode } from "react";
import { maxZoom } from "#card/placement.ts";
import { useLocale, useText } from "#designer/locales/text.tsx";
import { NumberField } from "#designer/ui/NumberField.tsx";
import { Slider } from "#designer/ui/Slider.tsx";
import { turnTo, zoomTo } from "../../store/edits.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { useZoom, ZoomSlider } from "../ZoomSlider.tsx";
import styles from "./Panel.module.css";

/** Zoom in percent: 100 is the smallest that covers the card. */
export function ZoomRow(): ReactNode {
  const t = useText();
  const { edit, beginGesture, endGesture } = useDesignStore((state) => state);
  const { percent } = useZoom();
  return (
    <div className={styles.row}>
      <span className={styles.label} aria-hidden="true">
        {t("design.zoom")}
      </span>
      <ZoomSlider />
      <NumberField
        label={t("design.zoom")}
        value={percent}
        min={100}
        max={maxZoom * 100}
        step={1}
        unit={t("design.unit.percent")}
        onChange={(wanted) => edit(zoomTo(wanted / 100))}
        onStart={beginGesture}
        onEnd={endGesture}
      />
    </div>
  );
}

/** Turn in degrees, clockwise. */
export function TurnRow(): ReactNode {
  const t = useText();
  const { language } = useLocale();
  const { edit, beginGesture, endGesture } = useDesignStore((state) => state);
  const degrees = useDesignStore((state) => state.placement?.rotationDeg ?? 0);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <div className={styles.row}>
      <span className={styles.label} aria-hidden="true">
        {t("design.turn")}
      </span>
      <Slider
        label={t("design.turn")}
        value={degrees}
        min={-180}
        max={180}
        step={0.5}
        valueText={t("design.degrees", { degrees: number.format(degrees) })}
        snap={snapUpright}
        onChange={(wanted) => edit(turnTo(wanted))}
        onStart={beginGesture}
        onEnd={endGesture}
      />
      <NumberField
        label={t("design.turn")}
        value={degrees}
        min={-180}
        max={180}
        step={0.5}
        digits={1}
        unit={t("design.unit.degrees")}
        onChange={(wanted) => edit(turnTo(wanted))}
        onStart={beginGesture}
        onEnd={endGesture}
      />
    </div>
  );
}

/** Within a degree of upright, lying or upside down a drag snaps; keys and the field are taken at their word. */
function snapUpright(degrees: number): number {
  const upright = Math.round(degrees / 90) * 90;
  return Math.abs(degrees - upright) <= 1 ? upright : degrees;
}
