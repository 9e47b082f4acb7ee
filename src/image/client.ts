import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/product.ts";

/** Why a file cannot become a card picture. The designer has one sentence for each, and what to do about it. */
export type PhotoProblemCode =
  | "empty-file"
  | "file-too-large"
  | "too-many-pixels"
  | "photo-too-small"
  | "not-an-image"
  | "svg-image"
  | "heic-image"
  | "pdf-file"
  | "video-file"
  | "damaged-image"
  | "out-of-memory"
  | "render-failed";

export class PhotoProblem extends Error {
  readonly code: PhotoProblemCode;
  constructor(code: PhotoProblemCode, options?: ErrorOptions) {
    super(code, options);
    this.name = "PhotoProblem";
    this.code = code;
  }
}

/** A photo that has been decoded once and found good for the product. */
export interface OpenPhoto {
  /** The file as it was picked; pixels are read from it again for the final picture. */
  readonly file: Blob;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** Upright size: the file's own orientation has been applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Upright, at most 2 megapixels, for the screen only. Whoever drops the photo calls `close()`. */
  readonly preview: ImageBitmap;
  /** True when the file is an animation, of which only the first picture is used. */
  readonly firstFrameOnly: boolean;
}

export interface RenderedPicture {
  /** The finished PNG: exactly the product's raster, RGB, no alpha, sRGB, pHYs. These very bytes are sent. */
  readonly png: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

export interface ImageClient {
  /** Sniffs, checks and decodes in the worker. Rejects with PhotoProblem, or with the signal's reason. */
  openPhoto(file: Blob, product: Product, signal?: AbortSignal): Promise<OpenPhoto>;
  /** Renders the final picture in the worker. `onProgress` gets 0 to 1. Rejects with PhotoProblem, or with the signal's reason. */
  renderPicture(
    photo: OpenPhoto,
    placement: Placement,
    product: Product,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (fraction: number) => void },
  ): Promise<RenderedPicture>;
  /** Ends the worker. */
  close(): void;
}
