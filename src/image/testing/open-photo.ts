import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { createDesign, type Design } from "#design/design.ts";
import type { OpenPhoto } from "../client.ts";

/** An open photo of no file and no worker: 4000 x 3000 pixels with a preview of a few, unless said otherwise. */
export function makeOpenPhoto(change: Partial<OpenPhoto> = {}): OpenPhoto {
  const preview = { width: 4, height: 3, close: () => {} };
  return {
    sha256: "0".repeat(64),
    bytes: new Blob(),
    widthPx: 4000,
    heightPx: 3000,
    preview,
    firstFrameOnly: false,
    transparent: false,
    coloursMayDiffer: false,
    subject: null,
    colours: null,
    detail: null,
    suggestions: [],
    drawRegion: (_wanted, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    adjustPreview: () => new Promise(() => {}),
    drawThumbnails: () => new Promise(() => {}),
    rest: () => {},
    close: () => preview.close(),
    ...change,
  };
}

/** A card with nothing but this photo, there. */
export function designOf(photo: OpenPhoto, placement: Placement, product: Product): Design {
  const { sha256, widthPx, heightPx } = photo;
  const empty = createDesign(product);
  return { ...empty, elements: [{ kind: "photo", id: "photo", sha256, widthPx, heightPx, placement }] };
}
