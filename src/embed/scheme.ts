import { frameName, type Scheme, type ToFrame } from "#contracts/frame-messages.ts";
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
  const words = colorScheme.split(/\s+/);
  if (!words.includes("dark")) return "light";
  return words.includes("light") && !matchMedia("(prefers-color-scheme: dark)").matches ? "light" : "dark";
};

/** A property of the frame that paints nothing; the browser keeps its colour, the canvas's, in step with the scheme. */
const watched = "column-rule-color";

/** Beside the frame's transitions of the page's own, which it has only once it is on the page. */
const addTransition = (frame: HTMLIFrameElement): void => {
  const { transition } = getComputedStyle(frame);
  const others = /^(none|$)/.test(transition) ? "" : `${transition}, `;
  // Pages take all transitions away, for people who want no motion.
  frame.style.setProperty("transition", `${others}${watched} 1ms`, "important");
};

/** Calls `onChange` when the scheme around the frame may be another, whatever has changed it. At rest it costs nothing. */
const watchScheme = (frame: HTMLIFrameElement, onChange: () => void): void => {
  frame.style.setProperty(watched, "Canvas", "important");
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
  let page: "none" | "designer" | "other" = "none";
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
    const own = { none: "light", designer: isFixed ? option : "", other: scheme }[page];
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
      if (!frame.style.transition) addTransition(frame);
      check();
    },
    /** The designer has been loaded into the frame, or a page that stands in its place. */
    setPage: (loaded: "designer" | "other"): void => {
      page = loaded;
      check();
    },
    tellAgain,
  };
};
