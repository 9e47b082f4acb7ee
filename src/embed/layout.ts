import type { LayoutMessage, LayoutPhase, ToFrame } from "#contracts/frame-messages.ts";
import { addStyle, firstHeightPx } from "./frame.ts";
import type { Options } from "./options.ts";

const minHeightPx = 200;
const maxHeightPx = 12_000;

/** A window in which what is docked has to be at the screen's edge, and not at the frame's; no zoom by pinching changes it. */
const small = "(width<600px),(height<480px)";

const wantsAll = (phase: LayoutPhase | undefined, option: Options["layout"]): boolean =>
  phase === "photo" ? option !== "inline" : phase === "first" && option === "full";

/** The value of `inert` by which is known what the page has not made inert itself. */
const inertMark = "designer";

/** Over the page. Nothing fixed has a use for the margin: safe areas can only be read from a property. */
const overThePage =
  "transition:column-rule-color 1ms;inset:0;min-height:0;z-index:2147483647;position:fixed;border-radius:0;scroll-margin:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);margin:0;";

/** What of the window is visible, from its top, as two lengths in px from there: less than all of it above a keyboard. */
const readVisible = (): [top: number, bottom: number] => {
  // Every browser that the designer runs in has one.
  const { offsetTop, height, scale } = visualViewport as VisualViewport;
  // Of a page that is zoomed by pinching less is visible as well, and there the person looks around.
  const topPx = scale > 1.01 ? 0 : offsetTop;
  return [topPx, topPx + height * scale];
};

/**
 * Makes all that surrounds the frame inert, out of the shadow roots that it is in and up to the page's body, and adds it to
 * `inert`. A dialog of the page may be opened over the designer.
 */
const makeInert = (frame: Element, inert: Element[]): void => {
  let at: ParentNode | null = frame;
  while (at && at !== document.body) {
    const parent: ParentNode | null = at.parentNode;
    for (const other of parent?.children ?? []) {
      if (other === at || other.matches("dialog,[inert]")) continue;
      other.setAttribute("inert", inertMark);
      inert.push(other);
    }
    at = (at as Element).assignedSlot ?? parent ?? (at as ShadowRoot).host;
  }
};

/** Fits the frame into what is visible, and returns that. */
const fit = (frame: HTMLElement): [top: number, bottom: number] => {
  const [top, bottom] = readVisible();
  addStyle(frame, `top:${top}px;height:${bottom - top}px;`);
  return [top, bottom];
};

/**
 * Puts the frame over the whole page, which can then neither be scrolled nor reached. It is not moved in the document, which
 * would load it again. Undefined where something of the page is in its way, and nothing has changed; else the way to undo it,
 * for which `applyHeight` gives the frame its height in the page.
 */
const coverPage = (frame: HTMLIFrameElement, applyHeight: () => void): (() => void) | undefined => {
  const { style } = frame;
  const page = document.documentElement;
  const place = frame.parentElement ?? page;
  const root = frame.getRootNode() as Document | ShadowRoot;
  const findFocus = (): Element | null => root.activeElement ?? document.activeElement;
  const focused = findFocus();
  const { cssText } = style;
  const minHeight = place.style.minHeight;
  const overflow = page.style.overflow;
  const left = scrollX;
  const top = scrollY;
  const inert: Element[] = [];
  const observer = new MutationObserver(() => makeInert(frame, inert));
  const undo = (): void => {
    observer.disconnect();
    frame.popover = null;
    style.cssText = cssText;
    applyHeight();
    place.style.minHeight = minHeight;
    page.style.overflow = overflow;
    for (const element of inert) if (element.matches(`[inert=${inertMark}]`)) element.removeAttribute("inert");
    if (findFocus()?.matches("iframe,body")) (focused as HTMLElement | null)?.focus();
    scrollTo({ left, top, behavior: "instant" });
  };

  // The page behind keeps its length, and with it how far it is scrolled.
  place.style.minHeight = getComputedStyle(place).height;
  page.style.overflow = "hidden";
  addStyle(frame, overThePage);
  const [topPx, bottomPx] = fit(frame);
  // No ancestor holds what is in the top layer. Where a browser has none, few pages hold what is fixed.
  frame.popover = "manual";
  (frame as Partial<HTMLElement>).showPopover?.();
  const isPlaced = [2, page.clientWidth - 2].every((x) =>
    [topPx + 2, bottomPx - 2].every((y) => root.elementFromPoint(x, y) === frame),
  );
  if (!isPlaced) {
    undo();
    return undefined;
  }
  makeInert(frame, inert);
  observer.observe(document.body, { childList: true, subtree: true });
  if (focused !== frame) frame.focus();
  return undo;
};

const showTop = (frame: Element): void => {
  const { top } = frame.getBoundingClientRect();
  // Above the window, or in its lower half or below.
  if (top < 0 || top > innerHeight / 2) frame.scrollIntoView();
};

export const watchWindow = (signal: AbortSignal, onChange: () => void): void => {
  for (const target of [window, window.visualViewport])
    for (const type of ["resize", "scroll"]) target?.addEventListener(type, onChange, { signal, capture: true });
};

/**
 * Lays the frame into the page, or over all of it where the window is small, and tells the frame how it lies and what of it is
 * on screen. Without a phase it lies in the page and hears nothing.
 */
export const createFrameLayout = (
  frame: HTMLIFrameElement,
  options: Pick<Options, "layout" | "title">,
  send: (message: ToFrame) => void,
) => {
  let phase: LayoutPhase | undefined;
  let heightPx = firstHeightPx;
  let uncover: (() => void) | undefined;
  let frameRequest = 0;
  /** For which the next was decided, or 0: a keyboard changes the height alone. */
  let widthPx = 0;
  /** The window is small, and nothing was in the way. It is not tried again with every event. */
  let canCover = false;

  const look = (): void => {
    if (uncover) return send({ type: "full", safeAreas: getComputedStyle(frame).scrollMargin });
    // What of the frame is shown: the observer knows of everything that cuts it off. For one element there is one entry.
    new IntersectionObserver(([entry], observer) => {
      observer.disconnect();
      if (!phase || uncover) return;
      const { boundingClientRect: box, intersectionRect: seen } = entry as IntersectionObserverEntry;
      send({ type: "inline", topPx: seen.top - box.top, bottomPx: Math.min(seen.bottom, readVisible()[1]) - box.top });
    }).observe(frame);
  };
  const applyHeight = (): void => {
    if (!uncover) addStyle(frame, `height:${Math.ceil(Math.min(Math.max(heightPx, minHeightPx), maxHeightPx))}px;`);
  };
  const decide = (): void => {
    if (widthPx !== innerWidth) {
      widthPx = innerWidth;
      // A page that is in a frame itself may be higher than what is seen of it.
      canCover = parent === window && matchMedia(small).matches;
    }
    // Without a box where the page hides it, or has taken it off.
    if (wantsAll(phase, options.layout) && canCover && frame.getClientRects().length) {
      if (uncover) fit(frame);
      else uncover = coverPage(frame, applyHeight);
      canCover = Boolean(uncover);
    } else {
      const giveBack = uncover;
      uncover = undefined;
      giveBack?.();
    }
    cancelAnimationFrame(frameRequest);
    if (phase) frameRequest = requestAnimationFrame(look);
  };
  return {
    /** To be called as well when the options, or the size of frame or page, have changed. */
    decide,
    /** Does what the designer inside asks for. Its height is followed in the page, within 200 to 12,000 px. */
    hear: (message: LayoutMessage): void => {
      if (message.type === "height") {
        heightPx = message.heightPx;
        applyHeight();
      } else if (message.type === "phase") {
        phase = message.phase;
        widthPx = 0;
        decide();
      } else if (message.type === "title") frame.title = options.title ?? message.title;
      else if (!uncover) showTop(frame);
    },
    /** The frame is being loaded again, another page is in its place, or it goes. */
    reset: (): void => {
      phase = undefined;
      decide();
    },
  };
};
