import { type Change, cardCentre, fit, moveBy, turnAbout, zoomAbout } from "../store/edits.ts";

/** What a key does while the card has the focus. An edit with an `edge` may find that the photo cannot go further. */
export type KeyCommand =
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

/** Arrows move by 1 mm (Shift 5, Alt 0.1), + and - zoom, [ and ] turn by 1 degree (Shift 15), 0 fits. Null: not ours. */
export function commandOf(event: Key): KeyCommand | null {
  if (event.key === "Escape") return { kind: "cancel" };
  if (event.ctrlKey || event.metaKey) return null;
  const arrow = arrows[event.key];
  if (arrow !== undefined) {
    const stepMm = event.shiftKey ? 5 : event.altKey ? 0.1 : 1;
    return limited(moveBy(arrow[0] * stepMm, arrow[1] * stepMm));
  }
  // Before Alt is looked at: on many keyboards it is what types the brackets.
  if (event.key === "]" || event.key === "}") return turn(1, event);
  if (event.key === "[" || event.key === "{") return turn(-1, event);
  if (event.altKey) return null;
  if (event.key === "+" || event.key === "=") return limited(zoomAbout(cardCentre, zoomStep));
  if (event.key === "-" || event.key === "_") return limited(zoomAbout(cardCentre, 1 / zoomStep));
  if (event.key === "0") return { kind: "edit", change: fit(), edge: false };
  // Keyboards of other scripts have other letters there, and Shift changes the sign on most.
  if (event.code === "BracketRight") return turn(1, event);
  return event.code === "BracketLeft" ? turn(-1, event) : null;
}

function limited(change: Change): KeyCommand {
  return { kind: "edit", change, edge: true };
}

function turn(direction: 1 | -1, { shiftKey }: Key): KeyCommand {
  const degrees = direction * (shiftKey ? 15 : 1);
  return { kind: "edit", change: turnAbout(cardCentre, degrees), edge: false };
}

/** Ctrl or Cmd with Z, with Shift+Z or with Y. Null: neither undo nor redo. */
export function historyCommandOf(event: Key): "undo" | "redo" | null {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return null;
  // A keyboard of another script has no Z: there the key in its place counts.
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code;
  if (letter === "z" || letter === "KeyZ") return event.shiftKey ? "redo" : "undo";
  return (letter === "y" || letter === "KeyY") && !event.shiftKey ? "redo" : null;
}
