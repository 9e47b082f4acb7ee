/** What has a use of its own for Escape. */
const ownEscape = "textarea, select, input:not([type=range], [type=radio], [type=checkbox])";

/** Whether Escape was pressed and nothing that is shown has had a use for it. To be asked last, by the window's own listener. */
export function isUnusedEscape({ key, target, defaultPrevented, isComposing }: KeyboardEvent): boolean {
  if (key !== "Escape" || defaultPrevented || isComposing) return false;
  return !(target instanceof Element && target.matches(ownEscape));
}

/**
 * Calls `tell` for each Escape that nothing here has a use for, where the designer lies in the page: no key that is pressed in a frame
 * reaches the page around, whose dialog may be waiting for it. Returns a function that ends it.
 */
export function followUnusedEscape(isFull: () => boolean, tell: () => void): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.repeat && !isFull() && isUnusedEscape(event)) tell();
  };
  addEventListener("keydown", onKeyDown);
  return () => removeEventListener("keydown", onKeyDown);
}
