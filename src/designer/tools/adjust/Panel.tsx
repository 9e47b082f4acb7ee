import { type ReactNode, useId } from "react";
import { maxZoom } from "#card/placement.ts";
import { cardCentre, mirror, moveBy, moveTo, quarterTurn, turnTo, zoomTo } from "#design/edits.ts";
import type { MessageId } from "../../locales/en.ts";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { isPhotoPlaced } from "../../store/photo-locks.ts";
import { useChangePhoto, useDesignStore, useDesignStoreApi, usePhoto } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Slider } from "../../ui/Slider.tsx";
import type { ToolPanelProps } from "../tool.ts";
import { useZoom, ZoomSlider } from "../ZoomSlider.tsx";
import rows from "../rows.module.css";
import written from "../written.module.css";
import styles from "./Panel.module.css";
import { laterIcons } from "../../ui/later-icons.ts";

/** Every gesture as a slider, a field or a button, with numbers. */
export function AdjustPanel({ guidesAlways, onGuidesAlways }: ToolPanelProps): ReactNode {
  const t = useText();
  const isFixed = useDesignStore(isPhotoPlaced);
  return (
    <section className={classNames(rows.panel, styles.panel)}>
      {isFixed ? <p className={written.help}>{t("design.template.placeFixed")}</p> : <Place />}
      <Checkbox checked={guidesAlways} onChange={onGuidesAlways}>
        {t("design.guides")}
      </Checkbox>
    </section>
  );
}

function Place(): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  const quarterTurnText = t("design.degrees", { degrees: useNumberFormat().format(90) });
  return (
    <>
      <ZoomRow />
      <TurnRow />
      <div className={styles.buttons}>
        <Button
          icon={laterIcons["turn-left"]}
          aria-label={t("design.turnLeft")}
          onClick={() => change(quarterTurn(-1))}
        >
          <span aria-hidden="true">{quarterTurnText}</span>
        </Button>
        <Button
          icon={laterIcons["turn-right"]}
          aria-label={t("design.turnRight")}
          onClick={() => change(quarterTurn(1))}
        >
          <span aria-hidden="true">{quarterTurnText}</span>
        </Button>
        <Button icon={laterIcons.flip} onClick={() => change(mirror())}>
          {t("design.flip")}
        </Button>
      </div>
      <PositionRow />
    </>
  );
}

/** Zoom in percent: 100 is the smallest that covers the card. */
function ZoomRow(): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  const { beginGesture, endGesture } = useDesignStoreApi().getState();
  const { percent } = useZoom();
  return (
    <div className={rows.row}>
      <span className={rows.label} aria-hidden="true">
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
        onChange={(wanted) => change(zoomTo(wanted / 100))}
        onStart={beginGesture}
        onEnd={endGesture}
      />
    </div>
  );
}

/** Turn in degrees, clockwise. */
function TurnRow(): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  const { beginGesture, endGesture } = useDesignStoreApi().getState();
  const degrees = usePhoto()?.placement.rotationDeg ?? 0;
  const number = useNumberFormat({ maximumFractionDigits: 1 });
  return (
    <div className={rows.row}>
      <span className={rows.label} aria-hidden="true">
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
        onChange={(wanted) => change(turnTo(wanted))}
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
        onChange={(wanted) => change(turnTo(wanted))}
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

const moves = [
  { id: "design.moveLeft", xMm: -1, yMm: 0, degrees: 90 },
  { id: "design.moveUp", xMm: 0, yMm: -1, degrees: 180 },
  { id: "design.moveDown", xMm: 0, yMm: 1, degrees: 0 },
  { id: "design.moveRight", xMm: 1, yMm: 0, degrees: -90 },
] as const satisfies readonly { id: MessageId; xMm: number; yMm: number; degrees: number }[];

/** Where the photo's centre lies, in mm from the card's centre. */
function PositionRow(): ReactNode {
  const t = useText();
  const labelId = useId();
  const change = useChangePhoto();
  const { beginGesture, endGesture } = useDesignStoreApi().getState();
  const { xMm, yMm } = usePhoto()?.placement ?? cardCentre;
  const range = { min: -1000, max: 1000, step: 0.1, digits: 1, unit: t("design.unit.mm") };
  const field = { ...range, onStart: beginGesture, onEnd: endGesture };
  return (
    <div className={styles.position} role="group" aria-labelledby={labelId}>
      <span id={labelId} className={rows.label}>
        {t("design.position")}
      </span>
      {/* Left stays left in every language: this is the card's left. */}
      <div className={styles.moves} dir="ltr">
        {moves.map((move) => (
          <Button
            key={move.id}
            variant="icon"
            aria-label={t(move.id)}
            title={t(move.id)}
            onClick={() => change(moveBy(move.xMm, move.yMm))}
          >
            <Arrow degrees={move.degrees} />
          </Button>
        ))}
      </div>
      <div className={styles.fields}>
        <span className={styles.field}>
          <span aria-hidden="true">↔</span>
          <NumberField
            label={t("design.across")}
            {...field}
            value={tidy(xMm)}
            onChange={(to) => change(moveTo({ xMm: to }))}
          />
        </span>
        <span className={styles.field}>
          <span aria-hidden="true">↕</span>
          <NumberField
            label={t("design.down")}
            {...field}
            value={tidy(yMm)}
            onChange={(to) => change(moveTo({ yMm: to }))}
          />
        </span>
      </div>
    </div>
  );
}

/** No "-0.0" in a field. */
function tidy(mm: number): number {
  return Math.abs(mm) < 0.05 ? 0 : mm;
}

function Arrow({ degrees }: { readonly degrees: number }): ReactNode {
  return (
    <svg width="20" height="20" viewBox="-12 -12 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path
        d="M0-7V7M-5.5 1.5 0 7 5.5 1.5"
        transform={`rotate(${degrees})`}
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
