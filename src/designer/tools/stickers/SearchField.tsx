import type { ReactNode } from "react";
import { useText } from "../../locales/text.tsx";
import styles from "./SearchField.module.css";

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Where a sticker is looked for by what it shows. */
export function SearchField({ value, onChange }: SearchFieldProps): ReactNode {
  const label = useText()("design.stickers.search");
  return (
    <label className={styles.field}>
      <svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
        <path
          d="M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M20 20l-4.8-4.8"
          strokeWidth="1.8"
          strokeLinecap="round"
        />
      </svg>
      <input
        type="search"
        className={styles.input}
        aria-label={label}
        placeholder={label}
        dir="auto"
        maxLength={60}
        autoComplete="off"
        enterKeyHint="search"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
