import { useEffect } from "react";
import { useLocale, useText } from "#designer/locales/text.tsx";
import { announce } from "#designer/ui/LiveRegion.tsx";
import type { DesignState } from "../store/design-store.ts";
import { useDesignStoreApi } from "../store/use-design-store.tsx";
import { describeChange, kindOfChange } from "./spoken.ts";

/** Hands at rest for this long: a row of key presses is said once. */
const restMs = 450;

/** Says what happened after each change, once the hand rests or goes on with something else. */
export function useSpokenChanges(): void {
  const store = useDesignStoreApi();
  const t = useText();
  const { language } = useLocale();
  useEffect(() => {
    let said = store.getState();
    /** As it was when no hand was on it last. A key begins a gesture before it changes anything. */
    let rested = said;
    let unsaid: ReturnType<typeof kindOfChange> = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const speak = (now: DesignState) => {
      if (now.moving) return;
      const { photo, placement, product } = now;
      if (photo !== null && placement !== null && said.placement !== null && said.photo === photo) {
        const words = describeChange(said.placement, placement, photo, product, t, language);
        if (words !== "") announce(words);
      }
      said = now;
      unsaid = null;
    };
    const stop = store.subscribe((now, before) => {
      clearTimeout(timer);
      if (!before.moving) rested = before;
      const kind = kindOfChange(before.placement, now.placement);
      if (kind !== null && unsaid !== null && kind !== unsaid) speak(rested);
      unsaid = kind ?? unsaid;
      timer = setTimeout(() => speak(store.getState()), restMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store, t, language]);
}
