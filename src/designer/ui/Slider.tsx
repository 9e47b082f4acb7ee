import type { CSSProperties, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./Slider.module.css";
import { type HoldListeners, useHold } from "./use-hold.ts";

interface SliderProps extends HoldListeners {
  /** What it changes, for screen readers. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | "any";
  /** The value with its unit, as a person would say it. */
  readonly valueText: string;
  readonly className?: string;
  /** Where a drag lands. Not applied to keys and screen readers: single steps could not leave a value that it snaps to. */
  readonly snap?: (value: number) => number;
  readonly onChange: (value: number) => void;
}

/** A native range input. `onStart` and `onEnd` frame one drag, or one key however long it is held. */
export function Slider(props: SliderProps): ReactNode {
  const { label, value, min, max, step = "any", valueText, className, snap, onChange } = props;
  const { begin, handlers } = useHold(props);
  const percentAt = (at: number) => (max > min ? ((Math.min(Math.max(at, min), max) - min) / (max - min)) * 100 : 0);
  // Filled from zero, which for a turn lies in the middle.
  const ends = [percentAt(0), percentAt(value)].sort((a, b) => a - b);
  return (
    <input
      type="range"
      className={classNames(styles.slider, className)}
      style={{ "--from": `${ends[0]}%`, "--to": `${ends[1]}%` } as CSSProperties}
      aria-label={label}
      aria-valuetext={valueText}
      min={min}
      max={max}
      step={step}
      value={value}
      onChange={(event) => {
        const { valueAsNumber } = event.currentTarget;
        onChange(begin().dragged && snap !== undefined ? snap(valueAsNumber) : valueAsNumber);
      }}
      {...handlers}
    />
  );
}
