import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
import type { PhotoProblemCode } from "./photo-problem.ts";

export type ImageJob =
  | { readonly kind: "open"; readonly file: Blob; readonly product: Product }
  | { readonly kind: "render"; readonly file: Blob; readonly placement: Placement; readonly product: Product };

/** What the page asks of the worker. `id` names the request in every reply; `abort` repeats the id of the one to stop. */
export type ImageRequest = { readonly id: number } & (ImageJob | { readonly kind: "abort" });

/** What is said of a job when what went wrong is not its file's fault. */
export const unexpectedCode = { open: "open-failed", render: "render-failed" } as const satisfies Record<
  ImageJob["kind"],
  PhotoProblemCode
>;

export interface OpenedPhoto {
  readonly sha256: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly preview: ImageBitmap;
  readonly firstFrameOnly: boolean;
}

/** What the worker answers: any number of `progress`, then exactly one of the others; nothing more after an abort. */
export type ImageReply =
  | { readonly id: number; readonly kind: "progress"; readonly fraction: number }
  | { readonly id: number; readonly kind: "opened"; readonly photo: OpenedPhoto }
  | {
      readonly id: number;
      readonly kind: "rendered";
      readonly png: Uint8Array<ArrayBuffer>;
      readonly sha256: string;
    }
  | { readonly id: number; readonly kind: "failed"; readonly code: PhotoProblemCode; readonly detail: string }
  | { readonly id: number; readonly kind: "aborted" };
