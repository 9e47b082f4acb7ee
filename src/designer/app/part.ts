import { startTransition, useEffect, useState } from "react";
import { withTimeout } from "../locales/locale.ts";
import { NotLoaded } from "./Closed.tsx";

/** A part of the designer that has a script of its own. */
export interface Part<Value> {
  /** Rejects with NotLoaded, after 20 s at the latest. It can be asked for again, though a browser may remember the failure until the page is reloaded. */
  load(): Promise<Value>;
  /**
   * Loads it and has it at once when it is there, where Suspense would hold it back for 300 ms. Unless it is `wanted` now it comes when
   * there is time for it, and that it did not come is not said until it is.
   */
  useLoaded(wanted?: boolean): { readonly value?: Value; readonly failure?: NotLoaded };
}

/** `name` is for whoever reads of the failure. */
export function createPart<Value extends object>(name: string, fetchPart: () => Promise<Value>): Part<Value> {
  let loaded: { readonly value: Value } | undefined;
  const takers = new Set<(value: Value) => void>();
  const load = async (): Promise<Value> => {
    try {
      loaded ??= { value: await withTimeout(fetchPart()) };
      for (const take of takers) take(loaded.value);
      return loaded.value;
    } catch (cause) {
      throw new NotLoaded(`${name} was not loaded.`, { cause });
    }
  };
  return {
    load,
    useLoaded: (wanted = true) => {
      const [part, setPart] = useState<{ readonly value?: Value; readonly failure?: NotLoaded }>(() => loaded ?? {});
      useEffect(() => {
        if (part.value !== undefined) return undefined;
        const take = (value: Value): void => (wanted ? setPart({ value }) : startTransition(() => setPart({ value })));
        // What did not come here may come when somebody else asks for it again.
        takers.add(take);
        if (part.failure === undefined) load().catch((failure: NotLoaded) => wanted && setPart({ failure }));
        return () => void takers.delete(take);
      }, [part, wanted]);
      return part;
    },
  };
}
