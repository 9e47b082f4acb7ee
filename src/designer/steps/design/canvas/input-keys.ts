import { samePlacement } from "#design/design.ts";
import { type Change, type Edit, fit, moveBy, turnBy, zoomBy } from "#design/edits.ts";
import { type BoxChange, moveBoxBy, scaleBox, turnBoxBy } from "#design/element-box.ts";
import { duplicateElement, removeElement, stackElement } from "#design/element-edits.ts";
import { isLocked } from "#design/templates/template.ts";
import { type DesignStore, type GestureOwner, templateOf } from "../../../store/design-store.ts";
import { type InputTarget, listen } from "./input.ts";
import { changePose, placeSelected, selectedOf } from "./selected.ts";

/**
 * What a key does while the card has the focus, to the photo or to the selected element. An edit with `edge` may be stopped by an edge or
 * the largest zoom.
 */
type KeyCommand =
  | { readonly kind: "edit"; readonly change: Change; readonly box: BoxChange; readonly edge: boolean }
  | { readonly kind: "cancel" };

type Key = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">;

const zoomStep = 1.05;

export const arrows: Readonly<Record<string, readonly [x: number, y: number]>> = {
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
    const [xMm, yMm] = [arrow[0] * stepMm, arrow[1] * stepMm];
    return withEdge(moveBy(xMm, yMm), moveBoxBy(xMm, yMm));
  }
  // Brackets come before the test for Alt, which many keyboard layouts need to type them.
  if (event.key === "]" || event.key === "}") return turn(1, event);
  if (event.key === "[" || event.key === "{") return turn(-1, event);
  if (event.altKey) return null;
  if (event.key === "+" || event.key === "=") return zoom(zoomStep);
  if (event.key === "-" || event.key === "_") return zoom(1 / zoomStep);
  if (event.key === "0") return { kind: "edit", change: fit(), box: (box) => box, edge: false };
  // By physical key, for layouts without brackets and for Shift, which changes the character on most.
  if (event.code === "BracketRight") return turn(1, event);
  return event.code === "BracketLeft" ? turn(-1, event) : null;
}

function withEdge(change: Change, box: BoxChange): KeyCommand {
  return { kind: "edit", change, box, edge: true };
}

function zoom(factor: number): KeyCommand {
  return withEdge(zoomBy(factor), scaleBox(factor));
}

function turn(direction: 1 | -1, { shiftKey }: Key): KeyCommand {
  const degrees = direction * (shiftKey ? 15 : 1);
  return { kind: "edit", change: turnBy(degrees), box: turnBoxBy(degrees), edge: false };
}

/** Delete removes the selected element, Page Up and Down stack it, as Ctrl with a bracket does, and Ctrl+D copies it. Null for every other key. */
export function findElementCommand(event: Key): ((id: string) => Edit) | null {
  const { key, code, altKey, shiftKey } = event;
  const isCtrl = event.ctrlKey || event.metaKey;
  if (!isCtrl && !altKey && (key === "Delete" || key === "Backspace")) return removeElement;
  if (key === "PageUp" || (isCtrl && (key === "]" || code === "BracketRight"))) {
    return (id) => stackElement(id, shiftKey ? "to-front" : "raise");
  }
  if (key === "PageDown" || (isCtrl && (key === "[" || code === "BracketLeft"))) {
    return (id) => stackElement(id, shiftKey ? "to-back" : "lower");
  }
  return isCtrl && !altKey && key.toLowerCase() === "d" ? duplicateElement : null;
}

function isRemoval({ key }: Key): boolean {
  return key === "Delete" || key === "Backspace";
}

/** Keys while the card has the focus. A key held down is one undo step, and reports once that the photo ends. */
export function attachKeys({ surface, store, onEdge, onFixed }: InputTarget): () => void {
  let edgeReported = false;

  const settle = () => {
    store.getState().endGesture(keys);
    edgeReported = false;
  };
  const keys: GestureOwner = { settle };
  const apply = ({ change, box, edge }: Extract<KeyCommand, { kind: "edit" }>) => {
    store.getState().beginGesture(keys);
    const state = store.getState();
    const { pose: before, id } = selectedOf(state) ?? {};
    if (id !== undefined && isLocked(templateOf(state), id, "move")) return onFixed?.();
    const next = changePose(state, { photo: change, box });
    if (before === undefined || next === null) return;
    if (edge && !edgeReported && samePlacement(next, before)) {
      edgeReported = true;
      onEdge();
    }
    placeSelected(state, next, keys);
  };
  /** What is done at once to the selected element, each press a step of its own. */
  const applyToElement = (event: KeyboardEvent): boolean => {
    const { selection, edit } = store.getState();
    const command = selection === null ? null : findElementCommand(event);
    if (selection === null || command === null) return false;
    event.preventDefault();
    settle();
    const lock = isRemoval(event) ? "remove" : "move";
    if (isLocked(templateOf(store.getState()), selection, lock)) onFixed?.();
    else edit(command(selection));
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { isGestureOf, cancelGesture, selection, select } = store.getState();
    if (applyToElement(event)) return;
    const command = findCardCommand(event);
    const cancels = command?.kind === "cancel";
    if (cancels && !isGestureOf(keys)) {
      if (selection !== null) event.preventDefault();
      return select(null);
    }
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
