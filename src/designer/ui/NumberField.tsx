import { type ChangeEvent, type FocusEvent, type KeyboardEvent, type ReactNode, useState } from "react";
import { useLocale, useNumberFormat } from "../locales/text.tsx";
import styles from "./NumberField.module.css";
import { readNumber } from "./read-number.ts";
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

/**
 * A number with its unit, in the digits of the language; a press on the unit focuses the field. Typing is committed by Enter
 * or on leaving the field; what is no number restores the old one. Not `type=number`, which takes and shows the digits of
 * the browser's language.
 */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { label, value, min, max, unit, digits = 0 } = props;
  const { shown, field } = useTyping(props);
  return (
    <label className={styles.field}>
      <input
        type="text"
        role="spinbutton"
        // The keypads of some phones for decimal numbers have no minus.
        inputMode={min < 0 ? "text" : "decimal"}
        enterKeyHint="done"
        autoComplete="off"
        // By its first letter, which may be a mark that keeps the minus where it belongs.
        dir="auto"
        className={styles.input}
        aria-label={`${label} (${unit})`}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={Number(value.toFixed(digits))}
        aria-valuetext={shown}
        {...field}
      />
      <span className={styles.unit} aria-hidden="true">
        {unit}
      </span>
    </label>
  );
}

/** The number as text, what is typed over it, and what becomes of that. */
function useTyping(props: NumberFieldProps) {
  const { value, min, max, step, unit, digits = 0, onChange } = props;
  const { tag } = useLocale();
  const [typed, setTyped] = useState<string | null>(null);
  const { begin, handlers } = useHold(props);
  const format = useNumberFormat({ minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
  const shown = format.format(value);

  const commit = (input: HTMLInputElement, wanted: number) => {
    setTyped(null);
    // Some tools that fill in fields do so without an event that React hears of.
    input.value = shown;
    const kept = Math.min(Math.max(wanted, min), max);
    if (!Number.isFinite(wanted) || kept === value) return;
    begin();
    onChange(kept);
  };
  /** Undefined where nothing was typed. */
  const readTyped = (input: HTMLInputElement): number | undefined =>
    typed === null && input.value === shown ? undefined : readNumber(input.value, tag, unit);
  const commitTyped = (input: HTMLInputElement) => {
    const wanted = readTyped(input);
    if (wanted !== undefined) commit(input, wanted);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    handlers.onKeyDown(event);
    const input = event.currentTarget;
    const direction = arrows[event.key];
    if (event.key === "Enter") commitTyped(input);
    else if (event.key === "Escape") commit(input, Number.NaN);
    else if (direction !== undefined) {
      event.preventDefault();
      const wanted = readTyped(input) ?? value;
      const from = Number.isNaN(wanted) ? value : wanted;
      commit(input, Number((from + direction * step * (event.shiftKey ? 10 : 1)).toFixed(6)));
    }
  };
  const onBlur = (event: FocusEvent<HTMLInputElement>) => {
    commitTyped(event.currentTarget);
    handlers.onBlur();
  };
  const onTyped = (event: ChangeEvent<HTMLInputElement>) => setTyped(event.currentTarget.value);
  return {
    shown,
    field: { value: typed ?? shown, onChange: onTyped, onKeyDown, onKeyUp: handlers.onKeyUp, onBlur },
  };
}
