/** Scrolls a strip of radio buttons until the one that is chosen is in its middle. */
export function showChosen(strip: HTMLElement): void {
  const chosen = strip.querySelector("input:checked")?.parentElement?.getBoundingClientRect();
  const shown = strip.getBoundingClientRect();
  if (chosen !== undefined) strip.scrollLeft += (chosen.left + chosen.right - shown.left - shown.right) / 2;
}
