import { applyChange, type Change, samePlacement } from "../store/edits.ts";
import type { HandsOptions } from "./hands.ts";
import { commandOf, type KeyCommand } from "./keys.ts";
import { listen } from "./listen.ts";

/** Keys while the card has the focus. A key held down is one step. */
export function attachKeys({ surface, store, onEdge }: HandsOptions): () => void {
  let held = false;

  const settle = () => {
    if (held) store.getState().endGesture();
    held = false;
  };
  const press = (change: Change, repeated: boolean) => {
    const { photo, product, placement, beginGesture, edit } = store.getState();
    if (photo === null || placement === null) return;
    if (!repeated) settle();
    beginGesture();
    held = true;
    const next = applyChange(change, placement, photo, product);
    if (samePlacement(next, placement)) onEdge?.();
    edit(() => next);
  };
  const obey = (command: Exclude<KeyCommand, { kind: "edit" }>) => {
    const { cancelGesture, undo, redo } = store.getState();
    if (command.kind === "cancel") {
      held = false;
      cancelGesture();
    } else {
      settle();
      if (command.kind === "undo") undo();
      else redo();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOf(event);
    if (command === null || (command.kind === "cancel" && !held)) return;
    event.preventDefault();
    // Another hand is already on the photo.
    if (store.getState().moving && !held) return;
    if (command.kind === "edit") press(command.change, event.repeat);
    else obey(command);
  };
  const stopListening = listen(surface, { keydown: onKeyDown, keyup: settle, blur: settle });
  return () => {
    settle();
    stopListening();
  };
}
