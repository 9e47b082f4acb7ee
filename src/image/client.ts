import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { PhotoProblem } from "./photo-problem.ts";
import { type ImageJob, type ImageReply, type OpenedPhoto, type RenderedPicture, unexpectedCode } from "./protocol.ts";
import { WorkerLine } from "./worker-line.ts";

export { PhotoProblem, type PhotoProblemCode } from "./photo-problem.ts";
export type { RenderedPicture } from "./protocol.ts";

/** A photo on the card, and the file that it was read from. */
export interface OpenPhoto extends OpenedPhoto {
  /** The file as it was picked; pixels are read from it again for the final picture. */
  readonly file: Blob;
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
  /** Ends the worker and rejects whoever still waits with an AbortError. A later call starts another worker. */
  close(): void;
}

function problemOf(reply: ImageReply, kind: ImageJob["kind"]): PhotoProblem {
  if (reply.kind === "failed") return new PhotoProblem(reply.code, { cause: reply.detail });
  return new PhotoProblem(unexpectedCode[kind], { cause: `unexpected reply: ${reply.kind}` });
}

/** Opens photos and renders pictures in a worker of its own, one job at a time. The worker starts with the client. */
export function createImageClient(): ImageClient {
  const line = new WorkerLine();
  return {
    async openPhoto(file, product, signal) {
      const reply = await line.ask({ kind: "open", file, product }, { signal });
      if (reply.kind !== "opened") throw problemOf(reply, "open");
      return { file, ...reply.photo };
    },
    async renderPicture(photo, placement, product, options) {
      const reply = await line.ask({ kind: "render", file: photo.file, placement, product }, options ?? {});
      if (reply.kind !== "rendered") throw problemOf(reply, "render");
      return reply.picture;
    },
    close() {
      line.end(new DOMException("The image client was closed", "AbortError"));
    },
  };
}
