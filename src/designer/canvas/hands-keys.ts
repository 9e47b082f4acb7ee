import { applyChange, samePlacement } from "../store/edits.ts";
import type { HandsOptions } from "./hands.ts";
import { commandOf, type KeyCommand } from "./keys.ts";
import { listen } from "./listen.ts";

/** Keys while the card has the focus. A key held down is one step, and says once that the photo ends. */
export function attachKeys({ surface, store, onEdge }: HandsOptions): () => void {
  let held = false;
  let edgeTold = false;

  const settle = () => {
    if (held) store.getState().endGesture();
    held = false;
    edgeTold = false;
  };
  const cancel = () => {
    held = false;
    store.getState().cancelGesture();
  };
  const press = ({ change, edge }: Extract<KeyCommand, { kind: "edit" }>) => {
    const { photo, product, placement, beginGesture, edit } = store.getState();
    if (photo === null || placement === null) return;
    beginGesture();
    held = true;
    const next = applyChange(change, placement, photo, product);
    if (edge && !edgeTold && samePlacement(next, placement)) {
      edgeTold = true;
      onEdge?.();
    }
    edit(() => next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOf(event);
    const cancels = command?.kind === "cancel";
    if (cancels && !held) return;
    // Whatever key comes next, the one before is done.
    if (!cancels && !event.repeat) settle();
    if (command === null) return;
    event.preventDefault();
    // Another hand is already on the photo.
    if (store.getState().moving && !held) return;
    if (command.kind === "cancel") cancel();
    else press(command);
  };
  const stopListening = listen(surface, { keydown: onKeyDown, keyup: settle, blur: settle });
  return () => {
    settle();
    stopListening();
  };
}
