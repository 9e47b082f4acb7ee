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

/** The focus has been taken elsewhere, to the page around or to another window, since anything was done here. */
let isElsewhere = false;

/** The cardholder waits for what comes here next: the page around, in which they are, was asked for it or asks for it. */
export function claimFocus(): void {
  isElsewhere = false;
}

/** Whether nothing says that the cardholder has gone elsewhere. */
export function isHere(): boolean {
  return !isElsewhere;
}

/** Knows from now on whether the cardholder has gone elsewhere. Returns a function that ends it. */
export function followFocus(): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  addEventListener("blur", () => void (isElsewhere = true), { signal });
  addEventListener("focus", claimFocus, { signal });
  // A file that is dropped or chosen comes without the focus.
  for (const type of ["pointerdown", "keydown", "drop", "change"])
    addEventListener(type, claimFocus, { signal, capture: true });
  signal.addEventListener("abort", claimFocus);
  return () => listening.abort();
}

/**
 * Calls at once, or when the cardholder comes back from elsewhere: a field of the page around, or another designer, that they are in is
 * not to lose the focus to what has gone on here by itself. Returns a function that ends the waiting.
 */
export function whenHere(call: () => void): () => void {
  if (isElsewhere) addEventListener("focus", call, { once: true });
  else call();
  return () => removeEventListener("focus", call);
}
