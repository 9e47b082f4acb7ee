import {
  centreOf,
  clampPlacement,
  clampScale,
  normaliseDegrees,
  type PhotoSize,
  type Placement,
} from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { type PointMm, transformAbout } from "#design/edits.ts";

/** One finger, pen or mouse on the card. */
interface Contact {
  readonly id: number;
  /** Where it was when the set of contacts last changed. */
  readonly from: PointMm;
  readonly at: PointMm;
}

/**
 * What holds the photo while it is near: the card's centre across (`x`) and down (`y`), or that of its region, and a level or upright photo. Other lines,
 * by which elements are held as well, are named by where they are, in percent of the bleed.
 */
export type Hold = "x" | "y" | "level" | `${"x" | "y"}=${number}`;

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
  readonly held: readonly Hold[];
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
  /** Whether centre and level hold the photo. */
  readonly holds: boolean;
  /** Of an element, which is moved in place of the photo. */
  readonly motions?: Motions;
}

export type Reached = Pick<Gesture, "live" | "held">;

/** Where fingers take what is not the photo. */
export interface Motions {
  /** One finger that has gone from one point to another. */
  readonly one: (base: Placement, from: PointMm, to: PointMm) => Reached;
  readonly two: (base: Placement, pinch: Pinch) => Reached;
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
    return { contacts: [contact], base: placement, live: placement, held: [], moved: false, startedAtMs: nowMs };
  if (gesture.contacts.length >= 2 || gesture.contacts.some((other) => other.id === id)) return gesture;
  return startOver({ ...gesture, moved: true }, [...gesture.contacts, contact]);
}

/** A finger moves: one drags; two zoom and turn about themselves. */
export function drag(gesture: Gesture, id: number, at: PointMm, context: GestureContext): Gesture {
  const contacts = gesture.contacts.map((contact) => (contact.id === id ? { ...contact, at } : contact));
  const moved = gesture.moved || contacts.some((contact) => distance(contact.from, contact.at) > context.slopMm);
  if (!moved) return { ...gesture, contacts };
  return { ...gesture, contacts, moved, ...reach(gesture.base, contacts, context) };
}

/** A finger lifts. Null when it was the last. */
export function lift(gesture: Gesture, id: number): Gesture | null {
  const left = gesture.contacts.filter((contact) => contact.id !== id);
  if (left.length === gesture.contacts.length) return gesture;
  return left.length === 0 ? null : startOver(gesture, left);
}

function reach(base: Placement, contacts: readonly Contact[], context: GestureContext): Reached {
  const [one, two] = contacts;
  if (one === undefined) return { live: base, held: [] };
  if (two === undefined) {
    return context.motions?.one(base, one.from, one.at) ?? move(base, minus(one.at, one.from), context);
  }
  const from = minus(two.from, one.from);
  const to = minus(two.at, one.at);
  const length = Math.hypot(from.xMm, from.yMm);
  const centre = middle(one.from, two.from);
  const shift = minus(middle(one.at, two.at), centre);
  // Two fingers in one spot have neither distance nor direction.
  if (length < 1) return pinch(base, { about: centre, factor: 1, degrees: 0, shift }, context);
  const factor = Math.hypot(to.xMm, to.yMm) / length;
  return pinch(base, { about: centre, factor, degrees: angleBetween(from, to), shift }, context);
}

function move(base: Placement, by: PointMm, { photo, product, slopMm, holds }: GestureContext): Reached {
  const wanted = { ...base, xMm: base.xMm + by.xMm, yMm: base.yMm + by.yMm };
  if (!holds) return { live: clampPlacement(wanted, photo, product), held: [] };
  const centre = centreOf(photo, product);
  const hold = (fromMm: number, toMm: number, atMm: number): number =>
    atMm + attract(fromMm - atMm, toMm - atMm, slopMm, 2.5 * slopMm);
  const [xMm, yMm] = [hold(base.xMm, wanted.xMm, centre.xMm), hold(base.yMm, wanted.yMm, centre.yMm)];
  const live = clampPlacement({ ...wanted, xMm, yMm }, photo, product);
  const isFree = (shift: Partial<PointMm>): boolean => {
    const aside = clampPlacement({ ...live, ...shift }, photo, product);
    return aside.xMm !== live.xMm || aside.yMm !== live.yMm;
  };
  // What cannot move anyway is not held.
  const held: Hold[] = [];
  const bleed = bleedSizeMm(product);
  if (live.xMm === centre.xMm && isFree({ xMm: centre.xMm + slopMm }))
    held.push(holdAt("x", centre.xMm, bleed.widthMm));
  if (live.yMm === centre.yMm && isFree({ yMm: centre.yMm + slopMm }))
    held.push(holdAt("y", centre.yMm, bleed.heightMm));
  return { live, held };
}

/** The card's centre, or another place of a photo that covers a part of it alone. */
function holdAt(axis: "x" | "y", atMm: number, lengthMm: number): Hold {
  return atMm === 0 ? axis : `${axis}=${50 + (100 * atMm) / lengthMm}`;
}

/** What two fingers do: zoom by `factor` and turn by `degrees` (clockwise) about a point, then move by `shift`. */
export interface Pinch {
  readonly about: PointMm;
  readonly factor: number;
  readonly degrees: number;
  readonly shift?: PointMm;
}

/** Where two fingers, on the card or on a trackpad, take the photo. */
export function pinch(base: Placement, fingers: Pinch, context: GestureContext): Reached {
  const { photo, product, motions } = context;
  if (motions !== undefined) return motions.two(base, fingers);
  const { about, factor, degrees, shift } = fingers;
  const eased = easeTurn(degrees);
  const wantedDeg = base.rotationDeg + eased;
  const rotationDeg = context.holds && eased !== 0 ? holdLevel(base.rotationDeg, wantedDeg) : wantedDeg;
  // Limited here and not only by the clamp, so that the photo stays under the fingers at the ends of the range.
  const mmPerPx = clampScale(base.mmPerPx * factor, photo, product, rotationDeg);
  const turned = transformAbout(base, about, mmPerPx / base.mmPerPx, rotationDeg - base.rotationDeg, shift);
  const live = clampPlacement({ ...turned, rotationDeg }, photo, product);
  return { live, held: eased !== 0 && context.holds && live.rotationDeg % 90 === 0 ? ["level"] : [] };
}

/** Level holds a turn within 2.5 degrees, and has let go of it at 6. */
export function holdLevel(fromDeg: number, toDeg: number): number {
  const level = Math.round(toDeg / 90) * 90;
  return level + attract(normaliseDegrees(fromDeg - level), toDeg - level, 2.5, 6);
}

/** `to`, unless 0 holds it. What began near 0, and not there, was put there on purpose and is not pulled. */
function attract(from: number, to: number, within: number, until: number): number {
  const isNear = Math.abs(from) > 1e-6 && Math.abs(from) < until;
  return isNear ? to : holdAtZero(to, within, until);
}

/**
 * 0 up to `within`, the value itself from `until` on, and between them a way from one to the other without a jump: nothing is changed
 * by more than `within`.
 */
export function holdAtZero(value: number, within: number, until: number): number {
  const size = Math.abs(value);
  if (size >= until) return value;
  return size <= within ? 0 : Math.sign(value) * (size - within) * (until / (until - within));
}

/** Small unmeant turns of a pinch do not count; from 12 degrees on the photo follows the fingers exactly, without a jump. */
export function easeTurn(degrees: number): number {
  return holdAtZero(degrees, 4, 12);
}

export function angleBetween(from: PointMm, to: PointMm): number {
  const cross = from.xMm * to.yMm - from.yMm * to.xMm;
  const dot = from.xMm * to.xMm + from.yMm * to.yMm;
  return (Math.atan2(cross, dot) * 180) / Math.PI;
}

export function minus(one: PointMm, other: PointMm): PointMm {
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
