import { mountDesigner } from "./mount.ts";
import { type CardDesigner, CardDesignerError, type Handle, type LoadOptions } from "./options.ts";

const mounted = new WeakMap<HTMLElement, Handle>();

/**
 * The card designer served at `origin`; null on a server, where there is no page to put it on.
 * Rejects with `origin-unknown` when neither the caller nor the script's own address says where the designer is.
 */
export async function loadCardDesigner({ origin }: LoadOptions = {}): Promise<CardDesigner | null> {
  if (typeof window === "undefined") return null;
  if (!origin) throw new CardDesignerError("origin-unknown", "Say where the designer is served: { origin }.");
  const designerOrigin = new URL(origin).origin;
  return {
    mount(element, options) {
      void mounted.get(element)?.destroy();
      const handle = mountDesigner(element, options, designerOrigin);
      mounted.set(element, handle);
      return handle;
    },
  };
}
