import { frameName, type Scheme, type ToFrame } from "#contracts/frame-messages.ts";
import { addStyle } from "./frame.ts";
import type { Options } from "./options.ts";

/**
 * The scheme in which the page shows what is in `element`: its `color-scheme`, where `normal` is what the page's
 * `<meta name="color-scheme">` says, or light.
 */
const readPageScheme = (element: Element): Scheme => {
  let { colorScheme } = getComputedStyle(element);
  if (colorScheme === "normal") {
    colorScheme = document.querySelector<HTMLMetaElement>('meta[name="color-scheme" i]')?.content.toLowerCase() ?? "";
  }
  const isDark = /\blight\b/.test(colorScheme) ? matchMedia("(prefers-color-scheme: dark)").matches : true;
  return /\bdark\b/.test(colorScheme) && isDark ? "dark" : "light";
};

/** A property of the frame that paints nothing; the browser keeps its colour, the canvas's, in step with the scheme. */
const watched = "column-rule-color";

/** Calls `onChange` when the scheme around the frame may be another, whatever has changed it. At rest it costs nothing. */
const watchScheme = (frame: HTMLIFrameElement, onChange: () => void): void => {
  addStyle(frame, `${watched}:Canvas;`);
  const onTransition = (event: TransitionEvent): void => {
    if (event.propertyName !== watched) return;
    event.stopPropagation();
    onChange();
  };
  for (const moment of ["run", "start", "end", "cancel"] as const)
    frame.addEventListener(`transition${moment}`, onTransition);
};

/** Keeps `frame`, which comes into `place`, in the scheme of the page's options. Call it before the frame is on the page. */
export const createFrameScheme = (
  frame: HTMLIFrameElement,
  place: HTMLElement,
  options: Pick<Options, "colorScheme">,
  tell: (message: ToFrame) => void,
) => {
  /** What is in the frame: true for the designer, false for another page, undefined as long as it is empty. */
  let isDesigner: boolean | undefined;
  let scheme: Scheme | undefined;
  let changed = false;

  /** For a designer that may have read an older name. */
  const tellAgain = (): void => {
    if (changed && scheme) tell({ type: "scheme", scheme });
  };
  const check = (): void => {
    const option = options.colorScheme;
    const isFixed = option === "light" || option === "dark";
    const before = scheme;
    scheme = isFixed ? option : readPageScheme(frame.parentElement ?? place);
    // The empty page that every frame begins with is light: in a dark frame it would be a white box. In the designer's,
    // the scheme of the page around is watched; any other learns its own from here.
    const ofPage = isDesigner === undefined ? "light" : scheme;
    const own = isDesigner ? (isFixed ? option : "") : ofPage;
    if (frame.style.colorScheme !== own) frame.style.colorScheme = own;
    if (scheme === before) return;
    frame.name = frameName(scheme);
    if (!before) return;
    changed = true;
    tellAgain();
  };
  check();
  watchScheme(frame, check);
  return {
    check,
    /** What is not displayed has no transitions; when it is displayed again, its size changes. */
    onResize: (): void => {
      // Beside the frame's transitions of the page's own, which it has only once it is on the page.
      const { transition } = getComputedStyle(frame);
      const others = /^(none|$)/.test(transition) ? "" : `${transition}, `;
      // Pages take all transitions away, for people who want no motion.
      if (!frame.style.transition) addStyle(frame, `transition:${others}${watched} 1ms;`);
      check();
    },
    /** The designer has been loaded into the frame, or a page that stands in its place. */
    setPage: (loaded: boolean): void => {
      isDesigner = loaded;
      check();
    },
    tellAgain,
  };
};
