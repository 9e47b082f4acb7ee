import type { Placement } from "#card/placement.ts";
import { bleedSizeMm } from "#card/products.ts";
import { vectorElementsOf } from "#design/design.ts";
import { fit, type PointMm } from "#design/edits.ts";
import { findElementAt } from "#design/element-places.ts";
import type { VectorElement } from "#design/elements.ts";
import { isFixed, isLocked } from "#design/templates/template.ts";
import { changePhoto, type GestureOwner, openPhotoOf, templateOf } from "../../../store/design-store.ts";
import { isPhotoPlaced } from "../../../store/photo-locks.ts";
import { isOnMark } from "../check-marks.ts";
import { findSeenAt } from "./element-at.ts";
import { type Grip, grips } from "./element-gesture.ts";
import { drag, type Gesture, isDoubleTap, lift, press, rebase, relocate, type Tap, tapOf } from "./gesture.ts";
import { contextOf, type InputTarget, listen } from "./input.ts";
import { placeSelected, selectedOf } from "./selected.ts";
import { pointOnCard } from "./view.ts";

/** So far from what is seen it is still met. */
const [mouseReachPx, fingerReachPx] = [2, 8];

/** In `buttons` of a pointer event. */
const primaryButton = 1;

/** The handle of the selection's frame that is pressed. */
function gripAt(target: EventTarget | null): Grip | undefined {
  const name = target instanceof Element ? target.closest<HTMLElement>("[data-grip]")?.dataset["grip"] : undefined;
  return grips.find((grip) => grip === name);
}

/** Shows the focus again once a key is used instead of a pointer. */
export function attachPointing(surface: HTMLElement): () => void {
  const notPointed = (event: Event): void => {
    // A key that is held beside the pointer moves nothing.
    if (!(event instanceof KeyboardEvent) || event.key.length === 1 || !event.getModifierState(event.key))
      delete surface.dataset["pointed"];
  };
  // In the capture phase: not even a key that is answered before may leave the focus unseen.
  return listen(surface, { keydown: notPointed, blur: notPointed }, { capture: true });
}

/**
 * Fingers, pens and the mouse: a tap selects, one drags what is selected, two zoom and turn it, two quick taps fit the photo, Escape takes
 * it back.
 */
export function attachPointers(target: InputTarget): () => void {
  const { surface, store } = target;
  const session = new PointerSession(target);
  const disposers = [
    attachPointing(surface),
    listen(surface, {
      pointerdown: (event) => session.press(event),
      pointermove: (event) => session.move(event),
      pointerup: (event) => session.release(event),
      lostpointercapture: (event) => session.release(event),
      pointercancel: (event) => session.release(event),
      keydown: (event) => {
        if (event.key === "Escape" && session.takeBack()) event.stopImmediatePropagation();
      },
    }),
    // Whoever looks elsewhere finds the photo where it got to; a finger that is still down goes on from there.
    listen(window, { blur: () => session.settle() }),
    listen(document, { visibilitychange: () => session.settle() }),
    store.subscribe((state, before) => {
      if (openPhotoOf(state) !== openPhotoOf(before) || state.selection !== before.selection) session.reset();
    }),
  ];
  return () => {
    session.settle();
    for (const dispose of disposers) dispose();
  };
}

/** Exactly: an element's pose is made anew each time it is asked for. */
function isSamePose(one: Placement, other: Placement): boolean {
  return (
    one === other ||
    (one.xMm === other.xMm &&
      one.yMm === other.yMm &&
      one.mmPerPx === other.mmPerPx &&
      one.rotationDeg === other.rotationDeg &&
      one.mirrored === other.mirrored)
  );
}

type ClientPoint = Pick<MouseEvent, "clientX" | "clientY">;

class PointerSession implements GestureOwner {
  readonly #target: InputTarget;
  #gesture: Gesture | null = null;
  #lastTap: Tap | null = null;
  /** What the first finger holds of the selection's frame. */
  #grip: Grip | undefined;
  /** Where each finger is on the screen, and where the card was when that was put down in millimetres. */
  readonly #fingers = new Map<number, ClientPoint>();
  #box = new DOMRect();

  constructor(target: InputTarget) {
    this.#target = target;
  }

  press(event: PointerEvent): void {
    const { surface, store } = this.#target;
    if (event.button !== 0 || isOnMark(event.target)) return;
    // Its release never came.
    if (this.#tracks(event)) this.release(event);
    if (!store.getState().isBegun) return;
    surface.focus({ preventScroll: true });
    surface.dataset["pointed"] = "true";
    surface.setPointerCapture(event.pointerId);
    this.#catchUp();
    if (this.#gesture === null) this.#take(event);
    const pose = selectedOf(store.getState())?.pose;
    if (pose === undefined) return;
    this.#gesture = press(this.#gesture, event.pointerId, this.#pointOf(event), pose, event.timeStamp);
    if (this.#tracks(event)) this.#fingers.set(event.pointerId, event);
  }

  move(event: PointerEvent): void {
    const { store, show, showHeld } = this.#target;
    const context = contextOf(this.#target, event, this.#grip);
    if (this.#gesture === null || context === null || !this.#tracks(event)) return;
    // The release was swallowed by a context menu or a dialogue of the browser.
    if (event.pointerType !== "touch" && (event.buttons & primaryButton) === 0) return this.release(event);
    const follow = (gesture: Gesture): Gesture => drag(gesture, event.pointerId, this.#pointOf(event), context);
    this.#catchUp();
    this.#fingers.set(event.pointerId, event);
    let gesture = follow(this.#gesture);
    if (gesture.moved && !store.getState().isGestureOf(this)) {
      // Another input's gesture ends here, and the photo is then where that has moved it.
      store.getState().settle();
      this.#catchUp();
      store.getState().beginGesture(this);
      gesture = follow(this.#gesture);
    }
    this.#gesture = gesture;
    if (!gesture.moved) return;
    show(gesture.live);
    showHeld(gesture.held);
  }

  /** The finger has left, whether it lifted or the browser has taken it for something else. */
  release(event: PointerEvent): void {
    const before = this.#gesture;
    const context = contextOf(this.#target, event);
    if (before === null || context === null || !this.#tracks(event)) return;
    this.#fingers.delete(event.pointerId);
    const left = lift(before, event.pointerId);
    if (left === null) this.settle();
    this.#gesture = left;
    if (left !== null) return;
    const tap = event.type === "pointercancel" ? null : tapOf(before, event.timeStamp);
    const twice = isDoubleTap(this.#lastTap, tap, context);
    this.#lastTap = twice ? null : tap;
    const state = this.#target.store.getState();
    const { design, selection, select } = state;
    if (tap !== null && this.#grip === undefined) {
      // What is fixed lies there as the photo does.
      const elements = vectorElementsOf(design).filter(({ id }) => !isFixed(templateOf(state), id));
      select(this.#seenAt(elements, tap.at, event)?.id ?? null);
    }
    if (twice && selection === null && !isPhotoPlaced(state)) changePhoto(this.#target.store.getState(), fit());
  }

  /** What the first finger is on: a handle, what is selected already, or an element that is selected by it. */
  #take(event: PointerEvent): void {
    this.#grip = gripAt(event.target);
    const state = this.#target.store.getState();
    const { design, selection, select } = state;
    const template = templateOf(state);
    // The others are selected by a tap, and dragged over as the photo is.
    const elements = vectorElementsOf(design).filter(({ id }) => !isLocked(template, id, "move"));
    if (selection !== null && isLocked(template, selection, "move")) select(null);
    const point = this.#pointOf(event);
    const isOnSelected =
      findElementAt(
        elements.filter(({ id }) => id === selection),
        point,
      ) !== undefined;
    if (this.#grip !== undefined || isOnSelected) return;
    const pressed = this.#seenAt(elements, point, event);
    if (pressed !== undefined) select(pressed.id);
  }

  #seenAt(elements: readonly VectorElement[], point: PointMm, event: PointerEvent): VectorElement | undefined {
    const { arts, product } = this.#target.store.getState();
    const px = event.pointerType === "mouse" ? mouseReachPx : fingerReachPx;
    const withinMm = (px * bleedSizeMm(product).widthMm) / this.#box.width;
    return findSeenAt(elements, point, withinMm, (name) => arts.get(name));
  }

  settle(): void {
    const state = this.#target.store.getState();
    const reached = this.#gesture?.live;
    if (reached === undefined || !state.isGestureOf(this)) return;
    this.#target.showHeld(null);
    placeSelected(state, reached, this);
    state.endGesture(this);
  }

  /** Back to where the gesture began; false when there was none. */
  takeBack(): boolean {
    if (this.#gesture === null) return false;
    this.#forget();
    this.#target.store.getState().cancelGesture(this);
    const selected = selectedOf(this.#target.store.getState());
    if (selected !== null) this.#target.show(selected.pose);
    return true;
  }

  reset(): void {
    this.#forget();
    this.#lastTap = null;
  }

  #forget(): void {
    this.#target.showHeld(null);
    this.#gesture = null;
    this.#fingers.clear();
  }

  #tracks(event: PointerEvent): boolean {
    return this.#gesture?.contacts.some((contact) => contact.id === event.pointerId) === true;
  }

  /** What has happened since the last event of a finger: the card lies elsewhere, or another input has moved the photo. */
  #catchUp(): void {
    const { surface, store } = this.#target;
    const { isGestureOf } = store.getState();
    const box = surface.getBoundingClientRect();
    const isElsewhere = box.x !== this.#box.x || box.y !== this.#box.y || box.width !== this.#box.width;
    this.#box = box;
    if (this.#gesture === null) return;
    if (isElsewhere) {
      this.#gesture = relocate(this.#gesture, (id) => {
        const finger = this.#fingers.get(id);
        return finger && this.#pointOf(finger);
      });
    }
    const pose = selectedOf(store.getState())?.pose;
    if (pose !== undefined && !isSamePose(pose, this.#gesture.live) && !isGestureOf(this)) {
      this.#gesture = rebase(this.#gesture, pose);
    }
  }

  #pointOf({ clientX, clientY }: ClientPoint): PointMm {
    return pointOnCard(this.#box, this.#target.store.getState().product, clientX, clientY);
  }
}
