import { type ReactNode, type RefObject, useCallback, useEffect, useState } from "react";
import { photoOf } from "#design/design.ts";
import { useText } from "../../../locales/text.tsx";
import { useDesignStoreApi } from "../../../store/use-design-store.tsx";
import styles from "./EditableCard.module.css";
import { listen } from "./input.ts";

const hints = {
  gestures: { textId: "design.hint", seenName: "fullbleed.gestures-seen" },
  drawing: { textId: "design.drawing.hint", seenName: "fullbleed.drawing-seen" },
} as const;

/** By what the device remembers. Where storage is denied it is shown once in each visit. */
function isSeen(seenName: string): boolean {
  try {
    return localStorage.getItem(seenName) !== null;
  } catch {
    return false;
  }
}

interface GestureHintProps {
  readonly surface: RefObject<HTMLElement | null>;
  readonly of: keyof typeof hints;
}

/**
 * What fingers can do on `surface`, until one does something there, the photo is changed otherwise, or there was time to read it. Screen
 * readers have the card's own description.
 */
export function GestureHint({ surface, of }: GestureHintProps): ReactNode {
  const t = useText();
  const { textId, seenName } = hints[of];
  const store = useDesignStoreApi();
  const [isShown, setIsShown] = useState(() => !isSeen(seenName));
  const end = useCallback((): void => {
    setIsShown(false);
    try {
      localStorage.setItem(seenName, "1");
    } catch {
      // Then the next visit shows it again.
    }
  }, [seenName]);
  useEffect(() => {
    if (!isShown || surface.current === null) return;
    const disposers = [
      listen(surface.current, { pointerdown: end, keydown: end, wheel: end }, { passive: true }),
      store.subscribe(({ design }, before) => {
        if (design !== before.design && photoOf(design)?.sha256 === photoOf(before.design)?.sha256) end();
      }),
    ];
    return () => {
      for (const dispose of disposers) dispose();
    };
  }, [isShown, surface, store, end]);
  return (
    isShown && (
      <p className={styles.hint} aria-hidden="true">
        <span onAnimationEnd={end}>{t(textId)}</span>
      </p>
    )
  );
}
