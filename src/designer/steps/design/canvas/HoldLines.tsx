import type { ReactNode } from "react";
import type { Hold } from "./gesture.ts";
import styles from "./HoldLines.module.css";

const lines: readonly { readonly hold: string; readonly path: string }[] = [
  { hold: "x", path: "M50 0V100" },
  { hold: "y", path: "M0 50H100" },
  // These two are moved to where they hold.
  { hold: "x=", path: "M0 0V100" },
  { hold: "y=", path: "M0 0H100" },
  // Where a spirit level is read: at both ends.
  { hold: "level", path: "M0 50H9M91 50H100" },
];

/** The lines of what holds the photo or an element, none of which is seen until `createHoldView` shows it. */
export function HoldLines(): ReactNode {
  return (
    <svg className={styles.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {lines.map(({ hold, path }) => (
        <path key={hold} data-hold={hold} d={path} />
      ))}
    </svg>
  );
}

/**
 * Shows on `surface` what holds the photo, and ticks where a device can when something begins to; not what held it before it moved.
 * It is called with each event of a finger, so it writes an attribute and renders nothing.
 */
export function createHoldView(surface: HTMLElement): (held: readonly Hold[] | null) => void {
  let before: readonly Hold[] | null = null;
  return (held) => {
    const begins = before !== null && held?.some((hold) => before?.includes(hold) === false) === true;
    before = held;
    const shown = held?.join(" ") ?? "";
    if (shown === (surface.dataset["held"] ?? "")) return;
    surface.dataset["held"] = shown;
    for (const [axis, percent] of (held ?? []).map((hold) => hold.split("="))) {
      if (percent !== undefined) surface.style.setProperty(`--held-${axis}`, `${percent}px`);
    }
    if (begins && !matchMedia("(prefers-reduced-motion: reduce)").matches) navigator.vibrate?.(tickMs);
  };
}

const tickMs = 10;
