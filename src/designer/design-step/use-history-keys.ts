import { useEffect } from "react";
import { historyCommandOf } from "../canvas/keys.ts";
import { listen } from "../canvas/listen.ts";
import { useDesignStoreApi } from "../store/use-design-store.tsx";

/** These undo their own typing. */
const textFields = "textarea, input:not([type=range], [type=radio], [type=checkbox])";

/** Undo and redo by key wherever the focus is in the step, also nowhere, but not in a text field. */
export function useHistoryKeys(): void {
  const store = useDesignStoreApi();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = historyCommandOf(event);
      if (command === null || (event.target instanceof Element && event.target.matches(textFields))) return;
      event.preventDefault();
      const { moving, undo, redo } = store.getState();
      // A hand is on the photo.
      if (moving) return;
      if (command === "undo") undo();
      else redo();
    };
    return listen(document, { keydown: onKeyDown });
  }, [store]);
}
