import { type CSSProperties, type ReactNode, useEffect, useId, useRef } from "react";
import { classNames } from "./class-names.ts";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Segmented.module.css";

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly icon: IconName }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** In a row of a panel. */
const mostColumns = 4;

/** As many columns as leave the rows as even as can be. */
function countColumns(options: number): number {
  return Math.ceil(options / Math.ceil(options / mostColumns));
}

/** One of a few, side by side: native radio buttons. Where they do not all fit they scroll, and the chosen one is seen; a panel has them in rows. */
export function Segmented<Value extends string>({ label, options, value, onChange }: SegmentedProps<Value>): ReactNode {
  const name = useId();
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const chosen = group.current?.querySelector<HTMLElement>(`[data-value="${value}"]`);
    if (chosen) bringIntoView(chosen);
  }, [value]);
  return (
    <fieldset
      ref={group}
      className={styles.group}
      style={{ "--columns": countColumns(options.length) } as CSSProperties}
    >
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          data-value={option.value}
          className={classNames(styles.option, option.value === value && styles.chosen)}
        >
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <Icon name={option.icon} size={22} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Within its row alone: the page stays where it is. */
function bringIntoView(option: HTMLElement): void {
  const [row, box] = [option.parentElement as HTMLElement, option.getBoundingClientRect()];
  const within = row.getBoundingClientRect();
  const margin = 40;
  const past = (start: number, end: number, from: number, to: number): number =>
    Math.min(0, start - margin - from) + Math.max(0, end + margin - to);
  row.scrollBy({
    left: past(box.left, box.right, within.left, within.right),
    top: past(box.top, box.bottom, within.top, within.bottom),
  });
}
