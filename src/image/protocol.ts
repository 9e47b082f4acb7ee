import type { Detail } from "#card/detail.ts";
import type { PhotoColours } from "#card/crop-light.ts";
import type { Affine, PhotoSize } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import type { Suggestion } from "#card/subject-placement.ts";
import type { Subject } from "#card/subject.ts";
import type { ColourTable } from "#design/colour-table.ts";
import type { Design } from "#design/design.ts";
import type { Art, Writing } from "#design/elements.ts";
import type { Look } from "#design/look.ts";
import type { TextArt } from "#lettering/set-text.ts";
import type { Likeness } from "./likeness.ts";
import type { Memory } from "./limits.ts";

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
  | "jpeg-2000-image"
  | "jpeg-xr-image"
  | "jpeg-xl-image"
  | "arithmetic-jpeg"
  | "lossless-jpeg"
  | "apple-png"
  | "photoshop-file"
  | "postscript-file"
  | "icon-file"
  | "unusual-tiff"
  | "pdf-file"
  | "video-file"
  | "damaged-image"
  /** Nothing of it can be seen: it is transparent all over, or an animation that begins with an empty picture. */
  | "empty-image"
  /** The file has changed or gone since it was picked, or its owner does not let it be read. */
  | "file-changed"
  /** Several files, of which more than one is a photo and not the same. */
  | "two-files"
  | "out-of-memory"
  /** The part that opens such a photo could not be loaded: nothing is known of the file. */
  | "decoder-not-loaded"
  /** The worker could not be loaded, died or stayed silent: nothing is known of the file. */
  | "open-failed"
  /** A sticker of the design is not in the collection, or it, a text's outlines or the design's filter could not be loaded; or outlines cannot be painted. */
  | "art-missing"
  | "render-failed";

interface PhotoProblemOptions extends ErrorOptions {
  readonly megapixels?: number | undefined;
}

export class PhotoProblem extends Error {
  readonly code: PhotoProblemCode;
  /** Of "too-many-pixels": how many such a photo may have on this device. */
  readonly megapixels: number | undefined;
  constructor(code: PhotoProblemCode, options?: PhotoProblemOptions) {
    super(code, options);
    this.name = "PhotoProblem";
    this.code = code;
    this.megapixels = options?.megapixels;
  }
}

export type Arts = Readonly<Record<string, Art>>;

export type ImageJob =
  /** What the worker lacks: asked before there is a photo. */
  | { readonly kind: "check" }
  /** Several files are one photo in several encodings, with whatever lies beside it, or too many. */
  | {
      readonly kind: "open";
      readonly files: readonly Blob[];
      readonly product: Product;
      readonly memory: Memory;
    }
  | {
      readonly kind: "render";
      readonly design: Design;
      readonly photos: readonly RenderedPhoto[];
      /** Of the stickers and texts that the design names, by name: the worker has no collection of its own. */
      readonly arts: Arts;
      readonly product: Product;
      /** What the screen shows of the design, small: the picture has to look like it. It goes to the worker. */
      readonly shown?: ImageBitmap | undefined;
    }
  | ({ readonly kind: "region"; readonly photo: RenderedPhoto } & RegionWanted)
  /** A picture, and what the card platform shows of it. */
  | { readonly kind: "compare"; readonly own: Blob; readonly theirs: Blob; readonly product: Product }
  /** The outlines of a text. */
  | { readonly kind: "write"; readonly writing: Writing }
  /** The file without what does not belong to its picture. */
  | { readonly kind: "bare"; readonly bytes: Blob }
  | ({ readonly kind: "adjust"; readonly look: Look; readonly soon: boolean } & PreviewGiven)
  /** The preview with each of these filters over it, small. */
  | ({ readonly kind: "thumbnails"; readonly filterIds: readonly string[]; readonly size: PhotoSize } & PreviewGiven);

/** A photo's file, and whether something of it is transparent. */
export type RenderedPhoto = PhotoFile & Pick<OpenedPhoto, "transparent">;

/** The photo of a preview, and a copy of the preview, which goes to the worker, where it has none. */
export interface PreviewGiven {
  readonly sha256: string;
  readonly preview?: ImageBitmap | undefined;
}

/** What is seen of a photo through `map` (its pixels to the raster's) on a ground (`#rrggbb`). */
export interface RegionWanted {
  readonly map: Affine;
  readonly raster: PhotoSize;
  readonly ground: string;
  readonly look?: Look | undefined;
}

/**
 * What the page asks of the worker. `id` names the request in every reply; `abort` repeats the id of the one to stop. What was
 * asked before `release` is done before it; there is no reply.
 */
export type ImageRequest = { readonly id: number } & (
  | ImageJob
  | { readonly kind: "abort" }
  /** The issuer's own filters, by id, for all that is asked after this; there is no reply. */
  | { readonly kind: "filters"; readonly tables: ReadonlyMap<string, ColourTable> }
  | { readonly kind: "release"; readonly sha256: string }
);

/** The code for an unexpected failure of each kind of job. */
export const unexpectedCode = {
  check: "open-failed",
  open: "open-failed",
  render: "render-failed",
  region: "render-failed",
  compare: "open-failed",
  write: "open-failed",
  bare: "open-failed",
  adjust: "render-failed",
  thumbnails: "render-failed",
} as const satisfies Record<ImageJob["kind"], PhotoProblemCode>;

/** The bytes of a photo as they were when it was opened, mended where browsers disagree about them. They are here whatever becomes of the file on the device, and of the worker. */
export interface PhotoFile {
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  readonly bytes: Blob;
}

/** What a photo's file holds, found good for the product. Its size is that after the file's own orientation has been applied. */
export interface OpenedPhoto extends PhotoFile, PhotoSize {
  /** Upright, at most 2 megapixels, for the screen only. As transparent as the photo. */
  readonly preview: ImageBitmap;
  /** True when the file is an animation, of which only the first picture is used. */
  readonly firstFrameOnly: boolean;
  /** True when something of the photo is transparent: the design's ground shows through it. */
  readonly transparent: boolean;
  /** True when the colours are a press's inks that could not be read exactly: they may look different in print. */
  readonly coloursMayDiffer: boolean;
  /** What one looks at; null where nothing stands out. */
  readonly subject: Subject | null;
  /** Its colours in few pixels; null where they could not be had. */
  readonly colours: PhotoColours | null;
  /** How fine its detail is; null where that could not be measured. */
  readonly detail: Detail | null;
  /** How it may lie on the product's card, the first of them at first; none without a subject. */
  readonly suggestions: readonly Suggestion[];
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
  | { readonly id: number; readonly kind: "region" | "adjusted" | "thumbnails"; readonly bitmap: ImageBitmap }
  | { readonly id: number; readonly kind: "compared"; readonly likeness: Likeness }
  | { readonly id: number; readonly kind: "written"; readonly text: TextArt }
  | { readonly id: number; readonly kind: "bare"; readonly file: PhotoFile | null }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly code: PhotoProblemCode;
      readonly cause: string | undefined;
      readonly megapixels: number | undefined;
    }
  | { readonly id: number; readonly kind: "aborted" };
