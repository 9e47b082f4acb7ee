import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";

/** Why a file cannot become a card picture. The designer has one sentence for each, and what to do about it. */
export type PhotoProblemCode =
  | "empty-file"
  | "file-too-large"
  | "too-many-pixels"
  | "photo-too-small"
  | "not-an-image"
  | "svg-image"
  | "heic-image"
  | "raw-image"
  | "pdf-file"
  | "video-file"
  | "damaged-image"
  | "out-of-memory"
  /** The worker could not be loaded, died or stayed silent: nothing is known of the file. */
  | "open-failed"
  | "render-failed";

export class PhotoProblem extends Error {
  readonly code: PhotoProblemCode;
  constructor(code: PhotoProblemCode, options?: ErrorOptions) {
    super(code, options);
    this.name = "PhotoProblem";
    this.code = code;
  }
}

export type ImageJob =
  /** What the worker lacks: asked before there is a photo. */
  | { readonly kind: "check" }
  | { readonly kind: "open"; readonly file: Blob; readonly product: Product }
  | { readonly kind: "render"; readonly file: Blob; readonly placement: Placement; readonly product: Product };

/** What the page asks of the worker. `id` names the request in every reply; `abort` repeats the id of the one to stop. */
export type ImageRequest = { readonly id: number } & (ImageJob | { readonly kind: "abort" });

/** The code for an unexpected failure of each kind of job. */
export const unexpectedCode = {
  check: "open-failed",
  open: "open-failed",
  render: "render-failed",
} as const satisfies Record<ImageJob["kind"], PhotoProblemCode>;

/** What a photo's file holds, decoded once and found good for the product. */
export interface OpenedPhoto {
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** Upright size: the file's own orientation has been applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Upright, at most 2 megapixels, for the screen only. Whoever drops the photo calls `close()`. */
  readonly preview: ImageBitmap;
  /** True when the file is an animation, of which only the first picture is used. */
  readonly firstFrameOnly: boolean;
  /** True when something of the photo is transparent: card stock is white, so it prints white. */
  readonly transparent: boolean;
}

export interface RenderedPicture {
  /** The finished PNG: exactly the product's raster, RGB, no alpha, sRGB, pHYs. These very bytes are sent. */
  readonly png: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/** What the worker answers: any number of `progress`, then exactly one of the others; nothing more after an abort. */
export type ImageReply =
  | { readonly id: number; readonly kind: "progress"; readonly fraction: number }
  | { readonly id: number; readonly kind: "checked"; readonly missing: readonly string[] }
  | { readonly id: number; readonly kind: "opened"; readonly photo: OpenedPhoto }
  | { readonly id: number; readonly kind: "rendered"; readonly picture: RenderedPicture }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly code: PhotoProblemCode;
      readonly cause: string | undefined;
    }
  | { readonly id: number; readonly kind: "aborted" };
