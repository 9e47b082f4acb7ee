import type { FocusEvent } from "react";

/** Scrolls a strip of radio buttons until the one that is chosen is in its middle. */
export function showChosen(strip: HTMLElement): void {
  const chosen = strip.querySelector("input:checked")?.parentElement?.getBoundingClientRect();
  const shown = strip.getBoundingClientRect();
  if (chosen !== undefined) strip.scrollLeft += (chosen.left + chosen.right - shown.left - shown.right) / 2;
}

/** For `onFocus` of a radio button in a strip: it is seen whole. Browsers leave what is seen in part as it is. */
export function showFocused({ currentTarget }: FocusEvent<HTMLInputElement>): void {
  currentTarget.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
