import { type KeyboardEvent, type ReactNode, useState } from "react";
import styles from "./NumberField.module.css";
import { type HoldListeners, useHold } from "./use-hold.ts";

interface NumberFieldProps extends HoldListeners {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** One press of an arrow key; Shift makes it ten. */
  readonly step: number;
  /** Shown behind the number and read with the label: "mm", "%". */
  readonly unit: string;
  readonly digits?: number;
  readonly onChange: (value: number) => void;
}

const arrows: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1 };

/** A number with its unit; a press on the unit focuses the field. Typing is committed by Enter or on leaving the field; what is no number restores the old one. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { label, value, min, max, step, unit, digits = 0, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const { begin, handlers } = useHold(props);

  const commit = (wanted: number) => {
    setTyped(null);
    const kept = Math.min(Math.max(wanted, min), max);
    if (!Number.isFinite(wanted) || kept === value) return;
    begin();
    onChange(kept);
  };
  const commitTyped = () => {
    if (typed !== null) commit(typed.trim() === "" ? Number.NaN : Number(typed));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    handlers.onKeyDown(event);
    const direction = arrows[event.key];
    if (event.key === "Enter") commitTyped();
    else if (event.key === "Escape") setTyped(null);
    else if (direction !== undefined) {
      event.preventDefault();
      const from = typed === null || Number.isNaN(Number(typed)) ? value : Number(typed);
      commit(Number((from + direction * step * (event.shiftKey ? 10 : 1)).toFixed(6)));
    }
  };

  return (
    <label className={styles.field}>
      <input
        type="number"
        inputMode="decimal"
        className={styles.input}
        aria-label={`${label} (${unit})`}
        min={min}
        max={max}
        step="any"
        value={typed ?? value.toFixed(digits)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onKeyUp={handlers.onKeyUp}
        onBlur={() => {
          commitTyped();
          handlers.onBlur();
        }}
      />
      <span className={styles.unit} aria-hidden="true">
        {unit}
      </span>
    </label>
  );
}
