import { bleedSizeMm } from "#card/products.ts";
import { cardCentre, type PointMm } from "#design/edits.ts";
import { widestMm } from "../../../tools/drawing/pens.ts";
import { listen } from "./input.ts";
import { arrows } from "./input-keys.ts";
import { PenSession, type PenTarget } from "./pen-session.ts";

/** Between two points of a line that a key draws, in mm. */
const stepMm = 0.5;

/** The way from one point to another. */
function wayTo(from: PointMm, to: PointMm): PointMm[] {
  const [xMm, yMm] = [to.xMm - from.xMm, to.yMm - from.yMm];
  const steps = Math.max(1, Math.ceil(Math.hypot(xMm, yMm) / stepMm));
  return Array.from({ length: steps }, (_, at) => ({
    xMm: from.xMm + (xMm * (at + 1)) / steps,
    yMm: from.yMm + (yMm * (at + 1)) / steps,
  }));
}

/**
 * A pen that keys move: arrows by 1 mm (Shift 5, Alt 0.1), Space or Enter puts it down and lifts it, Escape takes back what it has drawn
 * since. Every other key does what it does to the card.
 */
export function attachPenKeys(target: PenTarget): () => void {
  const { surface, store, ink, say } = target;
  const session = new PenSession(target);
  let at = cardCentre;

  const show = (): void => {
    const { pen, product } = store.getState();
    if (pen !== null) ink.showPoint(at, widestMm(pen.tip), product, surface.getBoundingClientRect());
  };
  const end = (): void => {
    if (!session.isDown) return;
    session.end();
    say("up");
  };
  const move = ([x, y]: readonly [number, number], { shiftKey, altKey }: KeyboardEvent): void => {
    const mm = shiftKey ? 5 : altKey ? 0.1 : 1;
    const { widthMm, heightMm } = bleedSizeMm(store.getState().product);
    const within = (value: number, side: number): number => Math.min(Math.max(value, -side / 2), side / 2);
    const to = { xMm: within(at.xMm + x * mm, widthMm), yMm: within(at.yMm + y * mm, heightMm) };
    session.moveTo(wayTo(at, to).map((point) => ({ at: point, pressure: 0.5 })));
    at = to;
    show();
  };
  const toggle = (): void => {
    show();
    if (session.isDown) end();
    else if (session.begin(at, 0.5)) say("down");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return;
    const arrow = arrows[event.key];
    const isToggle = event.key === " " || event.key === "Enter";
    const takesBack = event.key === "Escape" && session.isDown;
    if (arrow === undefined && !isToggle && !takesBack) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (arrow !== undefined) move(arrow, event);
    else if (takesBack) session.cancel();
    else if (!event.repeat) toggle();
  };
  const stop = listen(surface, { keydown: onKeyDown, blur: end, pointerdown: end });
  return () => {
    end();
    stop();
  };
}
