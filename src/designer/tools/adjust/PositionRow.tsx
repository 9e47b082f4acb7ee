import { type ReactNode, useId } from "react";
import type { MessageId } from "#designer/locales/en.ts";
import { useText } from "#designer/locales/text.tsx";
import { Button } from "#designer/ui/Button.tsx";
import { NumberField } from "#designer/ui/NumberField.tsx";
import { moveBy, moveTo } from "../../store/edits.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import styles from "./Panel.module.css";

const moves = [
  { id: "design.moveLeft", xMm: -1, yMm: 0, degrees: 90 },
  { id: "design.moveUp", xMm: 0, yMm: -1, degrees: 180 },
  { id: "design.moveDown", xMm: 0, yMm: 1, degrees: 0 },
  { id: "design.moveRight", xMm: 1, yMm: 0, degrees: -90 },
] as const satisfies readonly { id: MessageId; xMm: number; yMm: number; degrees: number }[];

/** Where the photo's centre lies, in mm from the card's centre. */
export function PositionRow(): ReactNode {
  const t = useText();
  const labelId = useId();
  const { edit, beginGesture, endGesture } = useDesignStore((state) => state);
  const xMm = useDesignStore((state) => state.placement?.xMm ?? 0);
  const yMm = useDesignStore((state) => state.placement?.yMm ?? 0);
  const range = { min: -1000, max: 1000, step: 0.1, digits: 1, unit: t("design.unit.mm") };
  const field = { ...range, onStart: beginGesture, onEnd: endGesture };
  return (
    <div className={styles.position} role="group" aria-labelledby={labelId}>
      <span id={labelId} className={styles.label}>
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
            onClick={() => edit(moveBy(move.xMm, move.yMm))}
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
            onChange={(to) => edit(moveTo({ xMm: to }))}
          />
        </span>
        <span className={styles.field}>
          <span aria-hidden="true">↕</span>
          <NumberField
            label={t("design.down")}
            {...field}
            value={tidy(yMm)}
            onChange={(to) => edit(moveTo({ yMm: to }))}
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
