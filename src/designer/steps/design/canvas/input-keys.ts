import { photoOf, samePlacement } from "#design/design.ts";
import { applyChange, type Change, cardCentre, fit, moveBy, place, turnAbout, zoomAbout } from "#design/edits.ts";
import type { DesignStore, GestureOwner } from "../../../store/design-store.ts";
import { type InputTarget, listen } from "./input.ts";

/** What a key does while the card has the focus. An edit with `edge` may be stopped by the photo's edge or largest zoom. */
type KeyCommand =
  | { readonly kind: "edit"; readonly change: Change; readonly edge: boolean }
  | { readonly kind: "cancel" };

type Key = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">;

const zoomStep = 1.05;

const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Arrows move by 1 mm (Shift 5, Alt 0.1), + and - zoom, [ and ] turn by 1 degree (Shift 15), 0 fits. Null for every other key. */
export function findCardCommand(event: Key): KeyCommand | null {
  if (event.key === "Escape") return { kind: "cancel" };
  if (event.ctrlKey || event.metaKey) return null;
  const arrow = arrows[event.key];
  if (arrow !== undefined) {
    const stepMm = event.shiftKey ? 5 : event.altKey ? 0.1 : 1;
    return withEdge(moveBy(arrow[0] * stepMm, arrow[1] * stepMm));
  }
  // Brackets come before the test for Alt, which many keyboard layouts need to type them.
  if (event.key === "]" || event.key === "}") return turn(1, event);
  if (event.key === "[" || event.key === "{") return turn(-1, event);
  if (event.altKey) return null;
  if (event.key === "+" || event.key === "=") return withEdge(zoomAbout(cardCentre, zoomStep));
  if (event.key === "-" || event.key === "_") return withEdge(zoomAbout(cardCentre, 1 / zoomStep));
  if (event.key === "0") return { kind: "edit", change: fit(), edge: false };
  // By physical key, for layouts without brackets and for Shift, which changes the character on most.
  if (event.code === "BracketRight") return turn(1, event);
  return event.code === "BracketLeft" ? turn(-1, event) : null;
}

function withEdge(change: Change): KeyCommand {
  return { kind: "edit", change, edge: true };
}

function turn(direction: 1 | -1, { shiftKey }: Key): KeyCommand {
  const degrees = direction * (shiftKey ? 15 : 1);
  return { kind: "edit", change: turnAbout(cardCentre, degrees), edge: false };
}

/** Keys while the card has the focus. A key held down is one undo step, and reports once that the photo ends. */
export function attachKeys({ surface, store, onEdge }: InputTarget): () => void {
  let edgeReported = false;

  const settle = () => {
    store.getState().endGesture(keys);
    edgeReported = false;
  };
  const keys: GestureOwner = { settle };
  const apply = ({ change, edge }: Extract<KeyCommand, { kind: "edit" }>) => {
    store.getState().beginGesture(keys);
    const { design, product, edit } = store.getState();
    const photo = photoOf(design);
    if (photo === null) return;
    const next = applyChange(change, photo.placement, photo, product);
    if (edge && !edgeReported && samePlacement(next, photo.placement)) {
      edgeReported = true;
      onEdge();
    }
    edit(
      place(photo.id, () => next),
      keys,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { isGestureOf, cancelGesture } = store.getState();
    const command = findCardCommand(event);
    const cancels = command?.kind === "cancel";
    if (cancels && !isGestureOf(keys)) return;
    // A new key, whichever it is, ends the step of the one before.
    if (!cancels && !event.repeat) settle();
    if (command === null) return;
    event.preventDefault();
    if (command.kind === "cancel") cancelGesture(keys);
    else apply(command);
  };
  const removeListeners = listen(surface, { keydown: onKeyDown, keyup: settle, blur: settle });
  return () => {
    settle();
    removeListeners();
  };
}

/** Ctrl or Cmd with Z, with Shift+Z or with Y. Null for every other key. */
export function findHistoryCommand(event: Key): "undo" | "redo" | null {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return null;
  // A keyboard of another script has no Z: there the key in its place counts.
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code;
  if (letter === "z" || letter === "KeyZ") return event.shiftKey ? "redo" : "undo";
  return (letter === "y" || letter === "KeyY") && !event.shiftKey ? "redo" : null;
}

/** Fields with an undo of their own. */
const textFields = "textarea, input:not([type=range], [type=radio], [type=checkbox])";

/** Undo and redo by key wherever the focus is on the page, also nowhere, but not in a text field. */
export function attachHistoryKeys(store: DesignStore): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const command = findHistoryCommand(event);
    if (command === null || (event.target instanceof Element && event.target.matches(textFields))) return;
    event.preventDefault();
    const { moving, undo, redo } = store.getState();
    // Undo would take back the gesture that is under way.
    if (moving) return;
    if (command === "undo") undo();
    else redo();
  };
  return listen(document, { keydown: onKeyDown });
}
