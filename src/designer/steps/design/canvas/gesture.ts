import { clampPlacement, clampScale, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { cardCentre, type PointMm, transformAbout } from "#design/edits.ts";

/** One finger, pen or mouse on the card. */
interface Contact {
  readonly id: number;
  /** Where it was when the set of contacts last changed. */
  readonly from: PointMm;
  readonly at: PointMm;
}

/**
 * Fingers on the card. Each arrival and each departure starts over from where the photo is,
 * so that a second finger that lands or lifts never makes the photo jump.
 */
export interface Gesture {
  readonly contacts: readonly Contact[];
  /** Where the photo was when the set of contacts last changed. */
  readonly base: Placement;
  /** Where the photo is now. */
  readonly live: Placement;
  /** Something moved further than a tap may, or a second finger came. */
  readonly moved: boolean;
  readonly startedAtMs: number;
}

/** What a gesture changes, and how far a tap may stray. */
export interface GestureContext {
  readonly photo: PhotoSize;
  readonly product: Product;
  /** Further than this from where it landed, a finger is dragging and no longer tapping. */
  readonly slopMm: number;
}

function startOver(gesture: Gesture, contacts: readonly Contact[]): Gesture {
  return { ...gesture, base: gesture.live, contacts: contacts.map((contact) => ({ ...contact, from: contact.at })) };
}

/** Another input has moved the photo: the fingers go on from where it is now. */
export function rebase(gesture: Gesture, placement: Placement): Gesture {
  const moved = { ...gesture, base: placement, live: placement };
  // A finger that is still within its slop has moved nothing yet: its whole way counts once it does.
  return gesture.moved ? startOver(moved, gesture.contacts) : moved;
}

/** The card lies elsewhere or has another size on the screen: the fingers are where `findPoint` says, and move nothing by that. */
export function relocate(gesture: Gesture, findPoint: (id: number) => PointMm | undefined): Gesture {
  return startOver(
    gesture,
    gesture.contacts.map((contact) => ({ ...contact, at: findPoint(contact.id) ?? contact.at })),
  );
}

/** A finger lands. `gesture` is null when it is the first. A third and further one is ignored. */
export function press(gesture: Gesture | null, id: number, at: PointMm, placement: Placement, nowMs: number): Gesture {
  const contact: Contact = { id, from: at, at };
  if (gesture === null)
    return { contacts: [contact], base: placement, live: placement, moved: false, startedAtMs: nowMs };
  if (gesture.contacts.length >= 2 || gesture.contacts.some((other) => other.id === id)) return gesture;
  return startOver({ ...gesture, moved: true }, [...gesture.contacts, contact]);
}

/** A finger moves: one drags; two zoom and turn about themselves. */
export function drag(gesture: Gesture, id: number, at: PointMm, context: GestureContext): Gesture {
  const contacts = gesture.contacts.map((contact) => (contact.id === id ? { ...contact, at } : contact));
  const moved = gesture.moved || contacts.some((contact) => distance(contact.from, contact.at) > context.slopMm);
  if (!moved) return { ...gesture, contacts };
  return { ...gesture, contacts, moved, live: placementFor(gesture.base, contacts, context) };
}

/** A finger lifts. Null when it was the last. */
export function lift(gesture: Gesture, id: number): Gesture | null {
  const left = gesture.contacts.filter((contact) => contact.id !== id);
  if (left.length === gesture.contacts.length) return gesture;
  return left.length === 0 ? null : startOver(gesture, left);
}

function placementFor(base: Placement, contacts: readonly Contact[], { photo, product }: GestureContext): Placement {
  const [one, two] = contacts;
  if (one === undefined) return base;
  const wanted =
    two === undefined
      ? transformAbout(base, cardCentre, 1, 0, minus(one.at, one.from))
      : pinch(base, one, two, (mmPerPx, degrees) => clampScale(mmPerPx, photo, product, base.rotationDeg + degrees));
  return clampPlacement(wanted, photo, product);
}

type Limit = (mmPerPx: number, degrees: number) => number;

function pinch(base: Placement, one: Contact, two: Contact, limit: Limit): Placement {
  const from = minus(two.from, one.from);
  const to = minus(two.at, one.at);
  const length = Math.hypot(from.xMm, from.yMm);
  const centre = middle(one.from, two.from);
  const shift = minus(middle(one.at, two.at), centre);
  // Two fingers in one spot have neither distance nor direction.
  if (length < 1) return transformAbout(base, centre, 1, 0, shift);
  const degrees = easeTurn(angleBetween(from, to));
  // Limited here and not only by the clamp, so that the photo stays under the fingers at the ends of the range.
  const mmPerPx = limit((base.mmPerPx * Math.hypot(to.xMm, to.yMm)) / length, degrees);
  return transformAbout(base, centre, mmPerPx / base.mmPerPx, degrees, shift);
}

/** Small unmeant turns of a pinch do not count; from 12 degrees on the photo follows the fingers exactly, without a jump. */
export function easeTurn(degrees: number): number {
  const size = Math.abs(degrees);
  if (size >= 12) return degrees;
  return size <= 4 ? 0 : Math.sign(degrees) * (size - 4) * 1.5;
}

function angleBetween(from: PointMm, to: PointMm): number {
  const cross = from.xMm * to.yMm - from.yMm * to.xMm;
  const dot = from.xMm * to.xMm + from.yMm * to.yMm;
  return (Math.atan2(cross, dot) * 180) / Math.PI;
}

function minus(one: PointMm, other: PointMm): PointMm {
  return { xMm: one.xMm - other.xMm, yMm: one.yMm - other.yMm };
}

function middle(one: PointMm, other: PointMm): PointMm {
  return { xMm: (one.xMm + other.xMm) / 2, yMm: (one.yMm + other.yMm) / 2 };
}

function distance(one: PointMm, other: PointMm): number {
  return Math.hypot(one.xMm - other.xMm, one.yMm - other.yMm);
}

/** A contact that was short and did not move: half of a double tap. */
export interface Tap {
  readonly at: PointMm;
  readonly atMs: number;
}

const tapMs = 300;
const doubleTapMs = 350;

/** The tap that a gesture was when its last finger lifts, or null. */
export function tapOf(gesture: Gesture, nowMs: number): Tap | null {
  const contact = gesture.contacts[0];
  if (gesture.moved || contact === undefined || nowMs - gesture.startedAtMs > tapMs) return null;
  return { at: contact.at, atMs: nowMs };
}

/** Two taps, soon after each other and near each other. */
export function isDoubleTap(first: Tap | null, second: Tap | null, { slopMm }: GestureContext): boolean {
  if (first === null || second === null) return false;
  return second.atMs - first.atMs <= doubleTapMs && distance(first.at, second.at) <= slopMm * 6;
}

/** How much one wheel event zooms. A trackpad's pinch arrives as a wheel with ctrl and small steps. */
export function wheelFactor(event: Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">): number {
  const pixelsPerUnit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
  const pixels = Math.min(Math.max(event.deltaY * pixelsPerUnit, -300), 300);
  return Math.exp(-pixels * (event.ctrlKey && Math.abs(pixels) < 40 ? 0.01 : 0.0015));
}
