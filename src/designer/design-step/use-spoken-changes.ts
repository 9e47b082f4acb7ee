import { useEffect } from "react";
import { useLocale, useText } from "#designer/locales/text.tsx";
import { announce } from "#designer/ui/announce.ts";
import { useDesignStore } from "../store/use-design.ts";
import { describeChange } from "./spoken.ts";

/** Hands at rest for this long: a row of key presses is said once. */
const restMs = 450;

/** Says what happened after each change, once the hand rests. */
export function useSpokenChanges(): void {
  const store = useDesignStore();
  const t = useText();
  const { language } = useLocale();
  useEffect(() => {
    let said = store.getState();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const speak = () => {
      const now = store.getState();
      if (now.moving) return;
      const { photo, placement, product } = now;
      if (photo !== null && placement !== null && said.placement !== null && said.photo === photo) {
        const words = describeChange(said.placement, placement, photo, product, t, language);
        if (words !== "") announce(words);
      }
      said = now;
    };
    const stop = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(speak, restMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store, t, language]);
}
