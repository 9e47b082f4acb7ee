import { frameName, readFrameName, type Scheme } from "#contracts/frame-messages.ts";
import type { applyTheme } from "./theme.ts";

type Theme = Readonly<Record<string, string>>;

export interface Look {
  /** Resolves once the theme is on the page. Rejects when what a theme needs, and our own look does not, cannot be loaded. */
  setTheme(theme: Theme | undefined): Promise<void>;
  setScheme(scheme: Scheme): void;
  /** Calls `listener` with what had to be changed of the theme so that it can be read: once for each theme and scheme. */
  onMended(listener: (detail: string) => void): void;
}

/**
 * Shows the page in the scheme that the loader asks for, or in the system's where it asks for none, with the issuer's theme.
 * Call it once per page, before anything is drawn.
 */
export function createLook(): Look {
  let scheme = readFrameName(window.name);
  let theme: Theme | undefined;
  let apply: typeof applyTheme | undefined;
  let listener: ((detail: string) => void) | undefined;
  const untold = new Set<string>();
  const told = new Set<string>();
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const tell = (): void => {
    for (const detail of untold) {
      if (listener === undefined) return;
      untold.delete(detail);
      told.add(detail);
      listener(detail);
    }
  };
  const draw = (): void => {
    const root = document.documentElement;
    const wanted = scheme ?? (dark.matches ? "dark" : "light");
    root.dataset.scheme = wanted;
    const detail = apply?.(theme, root, wanted);
    const meta = document.querySelector<HTMLMetaElement>('meta[name="color-scheme"]');
    if (meta !== null) meta.content = root.dataset.scheme ?? "";
    if (detail !== undefined && !told.has(detail)) untold.add(detail);
    tell();
  };
  dark.addEventListener("change", () => scheme === undefined && draw());
  draw();
  return {
    setTheme: async (changed) => {
      if (JSON.stringify(changed) !== JSON.stringify(theme)) {
        theme = changed;
        untold.clear();
        told.clear();
        if (apply !== undefined) draw();
      }
      if (theme === undefined || apply !== undefined) return;
      ({ applyTheme: apply } = await import("./theme.ts"));
      draw();
    },
    setScheme: (changed) => {
      scheme = changed;
      // For when the frame is loaded again: not every browser follows the name that the loader gives.
      window.name = frameName(changed);
      draw();
    },
    onMended: (listens) => {
      listener = listens;
      tell();
    },
  };
}
