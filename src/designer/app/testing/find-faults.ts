/**
 * What is wrong with the layout of this document, one line for each: sideways scroll, words and controls that reach beyond
 * its sides or are cut by a box around them, and targets below 44 by 44 CSS pixels (2.5.8 of WCAG 2.2 asks for
 * 24). Runs in the page.
 */
export function findFaults(): string[] {
  const leastPx = 44;
  const roundingPx = 0.6;
  const root = document.documentElement;
  const widthPx = root.clientWidth;
  const faults: string[] = [];
  const say = (what: string, element: Element) =>
    faults.push(`${what}: ${element.outerHTML.slice(0, 160)} "${(element.textContent ?? "").slice(0, 40)}"`);

  const scroller = document.scrollingElement ?? root;
  if (scroller.scrollWidth > scroller.clientWidth)
    faults.push(`scrolls sideways: ${scroller.scrollWidth} > ${widthPx}`);

  /** Each is looked at once, however much is in it. */
  const clipped = new Map<Element, boolean>();
  const isClipped = (element: Element): boolean => {
    const { parentElement: around } = element;
    const isOwn = (): boolean => getComputedStyle(element).clipPath !== "none";
    const is = clipped.get(element) ?? (isOwn() || (around !== null && isClipped(around)));
    clipped.set(element, is);
    return is;
  };
  /** Shown to the eye: neither hidden nor clipped away for screen readers. */
  const isSeen = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) && !isClipped(element);
  const reachesOut = ({ left, right }: DOMRect) => left < -roundingPx || right > widthPx + roundingPx;
  /** In a row that is itself within the sides and scrolls: what does not fit is scrolled to, and the focus goes there. */
  const isInRow = (element: Element): boolean => {
    for (let at = element.parentElement; at !== null; at = at.parentElement) {
      const scrolls = getComputedStyle(at).overflowX === "auto" && at.scrollWidth > at.clientWidth;
      if (scrolls) return !reachesOut(at.getBoundingClientRect());
    }
    return false;
  };

  /** What is docked, of which this is a part: the rest of the page passes beneath it, and can be scrolled to where it is seen. */
  const dockOf = (element: Element): Element | null => {
    let at: Element | null = element;
    while (at !== null && getComputedStyle(at).position !== "sticky") at = at.parentElement;
    return at;
  };

  /** A button that is not the words' own lies over one of their ends. What is drawn on a card may be covered. */
  const isCovered = (element: Element, { left, right, top, bottom }: DOMRect): boolean => {
    if (element.closest("svg") !== null || document.querySelector("dialog[open]") !== null) return false;
    const ends = [left + 1, right - 1].flatMap((x) =>
      [0.3, 0.7].map((share) => [x, top + (bottom - top) * share] as const),
    );
    return ends.some(([x, y]) => {
      const button = document.elementFromPoint(x, y)?.closest("button");
      if (button === undefined || button === null || button.contains(element)) return false;
      return dockOf(button)?.contains(element) !== false;
    });
  };

  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
    const element = node.parentElement;
    if ((node.textContent ?? "").trim() === "" || element === null || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()];
    if (lines.some(reachesOut) && !isInRow(element)) say("words beyond the side", element);
    if (lines.some((line) => isCovered(element, line))) say("words under a button", element);
    const isCut = getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
    if (isCut) say("words cut off", element);
  }

  for (const control of document.querySelectorAll<HTMLElement>(
    "a[href], button, input, select, summary, [tabindex='0']",
  )) {
    // What a label says belongs to its control: pressing either is the same.
    const target = control.closest("label") ?? control;
    if (!isSeen(target) || control.closest("[aria-hidden='true']") !== null) continue;
    const box = target.getBoundingClientRect();
    if (reachesOut(box) && !isInRow(target)) say("control beyond the side", target);
    if (control instanceof HTMLInputElement && control.scrollWidth > control.clientWidth + 1)
      say("value cut off", control);
    if (box.width < leastPx - roundingPx || box.height < leastPx - roundingPx) {
      say(`target of ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`, target);
    }
  }
  return faults;
}

/**
 * Words that are not alone in their element. A page translator takes them away from React, which then shows old ones or crashes
 * when it looks for them (facebook/react#11538); the only words of an element are set anew whatever has become of them.
 */
export function findSharedWords(): string[] {
  const faults: string[] = [];
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
    const element = node.parentElement;
    if (element === null || element.childNodes.length === 1 || (node.textContent ?? "").trim() === "") continue;
    faults.push(`"${node.textContent}" in ${element.outerHTML.slice(0, 200)}`);
  }
  return faults;
}

/**
 * Buttons without an edge of their own where backgrounds are taken away, and what is chosen but does not show it. Runs in
 * the page.
 */
export function findEdgeless(): string[] {
  const isDrawn = (element: Element): boolean => {
    const { borderTopStyle, borderTopWidth, borderTopColor, outlineStyle, backgroundColor } = getComputedStyle(element);
    const bordered = borderTopStyle !== "none" && Number.parseFloat(borderTopWidth) >= 1;
    return (bordered && borderTopColor !== backgroundColor) || outlineStyle !== "none";
  };
  const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true });
  const buttons = [...document.querySelectorAll("button")].filter(
    (button) => visible(button) && ![button, ...button.children].some(isDrawn),
  );
  const chosen = [...document.querySelectorAll("input[type=radio]:checked")].map((radio) => radio.closest("label"));
  return [...buttons, ...chosen.filter((label) => label !== null && !isDrawn(label))].map(
    (element) => element?.outerHTML.slice(0, 200) ?? "",
  );
}
