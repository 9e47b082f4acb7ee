const typedInto = "input:is([type=text], [inputmode]), textarea";

/** Longer than a tap takes, so that nothing moves under the finger that leaves the field. */
const settleMs = 300;

/**
 * Tells the style sheets as `data-typing` that a field has the focus, of which the keyboard comes on a phone: a low window alone may as
 * well be a small phone's. What the keyboard leaves shows the field. Returns a function that ends it.
 */
export function followTyping(root = document.documentElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const field = (): Element | null => (document.activeElement?.matches(typedInto) ? document.activeElement : null);
  const draw = (): void => {
    clearTimeout(timer);
    root.toggleAttribute("data-typing", field() !== null);
  };
  const drawLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(draw, settleMs);
  };
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener("focusin", () => (field() === null ? drawLater() : draw()), { signal });
  document.addEventListener("focusout", drawLater, { signal });
  addEventListener("resize", () => field()?.scrollIntoView({ block: "nearest" }), { signal });
  return () => {
    listening.abort();
    clearTimeout(timer);
    root.removeAttribute("data-typing");
  };
}
