import { loadCardDesigner } from "./mount.ts";

declare global {
  interface Window {
    /** What `card-designer.js` adds to the page. */
    Fullbleed?: { readonly loadCardDesigner: typeof loadCardDesigner };
  }
}

// Only while a classic script runs does the browser say which one it is.
const { src = "" } = (document.currentScript ?? {}) as Partial<HTMLScriptElement>;

window.Fullbleed = { loadCardDesigner: (options) => loadCardDesigner({ origin: src, ...options }) };
