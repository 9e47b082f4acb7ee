import type { CSSProperties, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./Slider.module.css";

interface SliderProps {
  /** What it changes, for screen readers, unless `id` is labelled elsewhere. */
  readonly label?: string;
  readonly id?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | "any";
  /** The value with its unit, as a person would say it. */
  readonly valueText: string;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onChange: (value: number) => void;
  /** A hand has taken hold of it; until `onEnd` everything is one step of undo. */
  readonly onStart?: () => void;
  readonly onEnd?: () => void;
}

/** A native range input. `onStart` and `onEnd` frame one drag; a key press is a step of its own. */
export function Slider(props: SliderProps): ReactNode {
  const {
    label,
    id,
    value,
    min,
    max,
    step = "any",
    valueText,
    disabled = false,
    className,
    onChange,
    onStart,
    onEnd,
  } = props;
  const percentAt = (at: number) => (max > min ? ((Math.min(Math.max(at, min), max) - min) / (max - min)) * 100 : 0);
  // Filled from zero, which for a turn lies in the middle.
  const ends = [percentAt(0), percentAt(value)].sort((a, b) => a - b);
  return (
    <input
      type="range"
      id={id}
      className={classNames(styles.slider, className)}
      style={{ "--from": `${ends[0]}%`, "--to": `${ends[1]}%` } as CSSProperties}
      aria-label={label}
      aria-valuetext={valueText}
      disabled={disabled}
      min={min}
      max={max}
      step={step}
      value={value}
      onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      onPointerDown={onStart}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
    />
  );
}
