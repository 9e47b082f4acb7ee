import { loadCardDesigner } from "./mount.ts";

declare global {
  interface Window {
    /** What `card-designer.js` adds to the page. */
    Fullbleed?: { readonly loadCardDesigner: typeof loadCardDesigner };
  }
}

// Only while a classic script runs does the browser say which one it is.
const script = document.currentScript;
const ownOrigin = script instanceof HTMLScriptElement && script.src ? { origin: new URL(script.src).origin } : {};

window.Fullbleed = { loadCardDesigner: (options) => loadCardDesigner({ ...ownOrigin, ...options }) };
