/**
 * Scrolls to what comes to have the focus by key with its scroll margins, which keep it clear of header and dock. Chromium does so by
 * itself only in a page of its own: from a frame of another site the page around hears of the bare control. Returns a function that
 * ends it.
 */
export function keepFocusClear(root = document.documentElement): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal, capture: true };
  let isPressed = false;
  const letGo = (): void => void (isPressed = false);
  // Nothing moves under a finger or a pointer.
  document.addEventListener("pointerdown", () => void (isPressed = true), options);
  document.addEventListener(
    "pointerup",
    ({ pointerType }) => {
      // What a finger taps has the focus once the finger is off, before the click.
      if (pointerType === "mouse") letGo();
    },
    options,
  );
  for (const type of ["click", "pointercancel", "keydown"] as const) document.addEventListener(type, letGo, options);
  const onFocus = ({ target }: FocusEvent): void => {
    if (isPressed || root.dataset["layout"] !== "inline") return;
    if (target instanceof HTMLElement && target.matches(":focus-visible")) scrollWithMargins(target);
  };
  document.addEventListener("focusin", onFocus, options);
  return () => listening.abort();
}

function scrollWithMargins(control: HTMLElement): void {
  const { scrollMarginTop, scrollMarginBottom } = getComputedStyle(control);
  const [above, below] = [scrollMarginTop, scrollMarginBottom].map(Number.parseFloat) as [number, number];
  if (above + below === 0) return;
  const { top, left, width, height } = control.getBoundingClientRect();
  const box = document.createElement("div");
  Object.assign(box.style, {
    position: "absolute",
    top: `${top + scrollY - above}px`,
    left: `${left + scrollX}px`,
    width: `${width}px`,
    height: `${above + height + below}px`,
  });
  document.body.append(box);
  box.scrollIntoView({ block: "nearest" });
  box.remove();
}
