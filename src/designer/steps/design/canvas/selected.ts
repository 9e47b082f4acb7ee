import type { Placement } from "#card/placement.ts";
import { photoOf } from "#design/design.ts";
import { applyChange, type Change, place } from "#design/edits.ts";
import type { BoxChange } from "#design/element-box.ts";
import { changeBox, findElement, placeElement } from "#design/element-edits.ts";
import type { Box, VectorElement } from "#design/elements.ts";
import type { DesignState, GestureOwner } from "../../../store/design-store.ts";
import { isPhotoPlaced } from "../../../store/photo-locks.ts";

/**
 * What gestures and keys act on. An element is to them as a photo that is one pixel wide: its pose has its box's width as `mmPerPx`, and
 * its height goes with that.
 */
export interface Selected {
  readonly id: string;
  readonly pose: Placement;
  /** Undefined where it is the photo. */
  readonly element?: VectorElement;
}

export function poseOf({ xMm, yMm, widthMm, rotationDeg, mirrored }: Box): Placement {
  return { xMm, yMm, mmPerPx: widthMm, rotationDeg, mirrored };
}

/** This box in that pose; its proportions stay. */
export function boxAt(box: Box, { xMm, yMm, mmPerPx, rotationDeg, mirrored }: Placement): Box {
  const heightMm = box.heightMm * (mmPerPx / box.widthMm);
  return { xMm, yMm, widthMm: mmPerPx, heightMm, rotationDeg, mirrored };
}

/** The selected element, or the photo; null on an empty card. */
export function selectedOf({ design, selection }: Pick<DesignState, "design" | "selection">): Selected | null {
  const element = findElement(design, selection);
  if (element !== undefined) return { id: element.id, pose: poseOf(element.box), element };
  const photo = photoOf(design);
  return photo && { id: photo.id, pose: photo.placement };
}

/** What can be done to either. */
export interface PoseChange {
  readonly photo: Change;
  readonly box: BoxChange;
}

/** Where a change takes the selected thing from a pose that it has on the screen, and its clamp with it. */
export function changePose(state: DesignState, { photo, box }: PoseChange, from?: Placement): Placement | null {
  const { design, product } = state;
  const { element, pose } = selectedOf(state) ?? {};
  if (pose === undefined) return null;
  if (element !== undefined) {
    return poseOf(changeBox(box, { ...element, box: boxAt(element.box, from ?? pose) }, product));
  }
  if (isPhotoPlaced(state)) return pose;
  const lies = photoOf(design);
  return lies && applyChange(photo, from ?? pose, lies, product);
}

/** Writes where the selected thing is now. */
export function placeSelected(state: DesignState, to: Placement, by?: GestureOwner): void {
  const { id, element } = selectedOf(state) ?? {};
  if (id === undefined) return;
  state.edit(element === undefined ? place(id, () => to) : placeElement(id, (box) => boxAt(box, to)), by);
}
