import { centreOf, clampPlacement, clampScale, coverScale, type PhotoSize, type Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { openingPlacement } from "#card/sharpness.ts";
import type { Veil } from "#card/veil.ts";
import { colourBelow, type Design, type Photo, photoId, photoOf } from "./design.ts";
import { type Ground, isGradient } from "./ground.ts";
import { isGroundOffered } from "./ground-policy.ts";
import { type Adjustments, changeFilter, changeLook, type Look, noAdjustments, type PhotoFilter } from "./look.ts";

/** A pure edit of a design. */
export type Edit = (design: Design, product: Product) => Design;

/** A pure change of where a photo lies. What comes out is clamped by `place`, so a change need not do that. */
export type Change = (placement: Placement, photo: PhotoSize, product: Product) => Placement;

/** Millimetres from the card's centre: x to the right, y down. */
export interface PointMm {
  readonly xMm: number;
  readonly yMm: number;
}

export const cardCentre: PointMm = { xMm: 0, yMm: 0 };

/** Scales by `factor` and turns by `degrees` (clockwise) about a fixed point, then moves by `shift`. */
export function transformAbout(
  placement: Placement,
  about: PointMm,
  factor: number,
  degrees: number,
  shift: PointMm = cardCentre,
): Placement {
  const radians = (degrees * Math.PI) / 180;
  const cos = Math.cos(radians) * factor;
  const sin = Math.sin(radians) * factor;
  const xMm = placement.xMm - about.xMm;
  const yMm = placement.yMm - about.yMm;
  return {
    ...placement,
    xMm: about.xMm + cos * xMm - sin * yMm + shift.xMm,
    yMm: about.yMm + sin * xMm + cos * yMm + shift.yMm,
    mmPerPx: placement.mmPerPx * factor,
    rotationDeg: placement.rotationDeg + degrees,
  };
}

/** Moves the photo on the card. */
export function moveBy(xMm: number, yMm: number): Change {
  return (placement) => ({ ...placement, xMm: placement.xMm + xMm, yMm: placement.yMm + yMm });
}

/** Puts the photo's centre there, as far as the card stays covered. */
export function moveTo(to: Partial<PointMm>): Change {
  return (placement) => ({ ...placement, ...to });
}

/** Zooms so that the point of the photo under `about` stays where it is, also at the ends of the range. */
export function zoomAbout(about: PointMm, factor: number): Change {
  return (placement, photo, product) => {
    const mmPerPx = clampScale(placement.mmPerPx * factor, photo, product, placement.rotationDeg);
    return transformAbout(placement, about, mmPerPx / placement.mmPerPx, 0);
  };
}

/** Zooms about the centre of what the photo covers. */
export function zoomBy(factor: number): Change {
  return (placement, photo, product) => zoomAbout(centreOf(photo, product), factor)(placement, photo, product);
}

/** Zoom 1 is the smallest that covers the card at this angle; about the centre of what the photo covers. */
export function zoomTo(zoom: number): Change {
  return (placement, photo, product) => {
    const wanted = coverScale(photo, product, placement.rotationDeg) * zoom;
    return zoomBy(wanted / placement.mmPerPx)(placement, photo, product);
  };
}

/** Turns clockwise about a point and keeps the zoom as the cardholder reads it, so that turning back restores the size. */
export function turnAbout(about: PointMm, degrees: number): Change {
  return (placement, photo, product) => {
    const before = coverScale(photo, product, placement.rotationDeg);
    const after = coverScale(photo, product, placement.rotationDeg + degrees);
    return transformAbout(placement, about, after / before, degrees);
  };
}

/** Turns clockwise about the centre of what the photo covers. */
export function turnBy(degrees: number): Change {
  return (placement, photo, product) => turnAbout(centreOf(photo, product), degrees)(placement, photo, product);
}

/** Turns to this angle (degrees, clockwise) about the centre of what the photo covers. */
export function turnTo(degrees: number): Change {
  return (placement, photo, product) => turnBy(degrees - placement.rotationDeg)(placement, photo, product);
}

/** Turns by 90 degrees, clockwise when `turns` is 1. Exact: four of them leave the angle as it was. */
export function quarterTurn(turns: 1 | -1 = 1): Change {
  return turnBy(turns * 90);
}

/** Mirrors what is seen, left for right, about the centre of what the photo covers. */
export function mirror(): Change {
  return (placement, photo, product) => ({
    ...placement,
    xMm: 2 * centreOf(photo, product).xMm - placement.xMm,
    rotationDeg: -placement.rotationDeg,
    mirrored: !placement.mirrored,
  });
}

/** Centred, as small as covers the card, and turned where it prints only so. A mirrored photo stays mirrored. */
export function fit(): Change {
  return (placement, photo, product) => ({ ...openingPlacement(photo, product), mirrored: placement.mirrored });
}

/** A photo's file, and its size once it is turned upright. */
export type PhotoFile = Pick<Photo, "sha256" | "widthPx" | "heightPx">;

/** Applies a change and the exact clamp. */
export function applyChange(change: Change, placement: Placement, photo: PhotoSize, product: Product): Placement {
  return clampPlacement(change(placement, photo, product), photo, product);
}

/** Changes where the photo of this id lies: it always covers the card. Without such a photo the design stays as it is. */
export function place(id: string, change: Change): Edit {
  return (design, product) => ({
    ...design,
    elements: design.elements.map((element) =>
      element.id === id && element.kind === "photo"
        ? { ...element, placement: applyChange(change, element.placement, element, product) }
        : element,
    ),
  });
}

/** Lays a ground under everything. One that the product does not offer, and below a photo a gradient, leaves the card as it is. */
export function layGround(ground: Ground): Edit {
  return (design, product) =>
    (isGradient(ground) && photoOf(design) !== null) || !isGroundOffered(ground, design, product)
      ? design
      : { ...design, ground };
}

/** Lays a veil behind what is printed over the photo, in place of one that is there; null takes it away. */
export function layVeil(veil: Veil | null): Edit {
  return ({ veil: _before, ...design }) => (veil === null ? design : { ...design, veil });
}

/** Changes how light and colours of the photo are adjusted, each as far as its range goes. */
export function adjustPhoto(change: Partial<Adjustments>): Edit {
  return editLook((look) => changeLook(look, change));
}

function editLook(change: (look: Look | undefined) => Look | undefined): Edit {
  return ({ look: before, ...design }) => {
    const look = change(before);
    return look === undefined ? design : { ...design, look };
  };
}

/** Lays a filter over the photo, in place of one that is there; null takes it away. */
export function filterPhoto(filter: PhotoFilter | null): Edit {
  return editLook((look) => changeFilter(look, filter));
}

/** The photo as it is, but for a filter. */
export function resetAdjustments(): Edit {
  return adjustPhoto(noAdjustments);
}

/** Puts a photo on the card, in place of the one that is there, whose region it keeps, and as near to `placement` as covers that. */
export function putPhoto({ sha256, widthPx, heightPx }: PhotoFile, placement: Placement): Edit {
  return (design, product) => {
    const before = photoOf(design);
    const size = { widthPx, heightPx, ...(before?.region && { region: before.region }) };
    const id = before?.id ?? photoId;
    const photo: Photo = { kind: "photo", id, sha256, ...size, placement: clampPlacement(placement, size, product) };
    const elements =
      before === null
        ? [photo, ...design.elements]
        : design.elements.map((element) => (element === before ? photo : element));
    return { ...design, ground: colourBelow(design), elements };
  };
}
