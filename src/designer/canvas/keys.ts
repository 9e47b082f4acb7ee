import { type Change, cardCentre, fit, moveBy, turnTo, zoomAbout } from "../store/edits.ts";

/** What a key does while the card has the focus. */
export type KeyCommand =
  | { readonly kind: "edit"; readonly change: Change }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" }
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
  if (event.ctrlKey || event.metaKey) return historyCommand(event);
  const arrow = arrows[event.key];
  if (arrow !== undefined) {
    const stepMm = event.shiftKey ? 5 : event.altKey ? 0.1 : 1;
    return edit(moveBy(arrow[0] * stepMm, arrow[1] * stepMm));
  }
  if (event.altKey) return null;
  if (event.key === "+" || event.key === "=") return edit(zoomAbout(cardCentre, zoomStep));
  if (event.key === "-" || event.key === "_") return edit(zoomAbout(cardCentre, 1 / zoomStep));
  if (event.key === "0") return edit(fit());
  // Shift changes the sign on most keyboards, hence the key's place as well.
  const turns =
    event.key === "]" || event.key === "}" ? 1 : event.key === "[" || event.key === "{" ? -1 : bracketAt(event);
  return turns === 0 ? null : edit(turnBy(turns * (event.shiftKey ? 15 : 1)));
}

function edit(change: Change): KeyCommand {
  return { kind: "edit", change };
}

function turnBy(degrees: number): Change {
  return (placement, photo, product) => turnTo(placement.rotationDeg + degrees)(placement, photo, product);
}

function bracketAt(event: Key): -1 | 0 | 1 {
  if (event.code === "BracketRight" && event.shiftKey) return 1;
  return event.code === "BracketLeft" && event.shiftKey ? -1 : 0;
}

function historyCommand(event: Key): KeyCommand | null {
  const key = event.key.toLowerCase();
  if (key === "z") return { kind: event.shiftKey ? "redo" : "undo" };
  return key === "y" && !event.shiftKey ? { kind: "redo" } : null;
}
