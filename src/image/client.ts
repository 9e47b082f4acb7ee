import type { PhotoSize } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { type Design, photoOf, vectorElementsOf } from "#design/design.ts";
import { artNameOf, type FindArt, type Writing } from "#design/elements.ts";
import type { Look } from "#design/look.ts";
import type { TextArt } from "#lettering/set-text.ts";
import { drawShown } from "./compare-shown.ts";
import type { Likeness } from "./likeness.ts";
import { readMemory } from "./limits.ts";
import { ImageWorker } from "./image-worker.ts";
import {
  type Arts,
  type ImageJob,
  type ImageReply,
  type OpenedPhoto,
  type PhotoFile,
  PhotoProblem,
  type PreviewGiven,
  type RegionWanted,
  type RenderedPicture,
  unexpectedCode,
} from "./protocol.ts";

export type { Likeness } from "./likeness.ts";
export { type PhotoFile, PhotoProblem, type PhotoProblemCode, type RenderedPicture } from "./protocol.ts";

/** A photo that is open. Whoever drops it calls `close()`. */
export interface OpenPhoto extends OpenedPhoto {
  /**
   * A part of the photo for the screen, as sharp as the photo is. Whoever gets it closes it. Rejects with PhotoProblem, or with the
   * signal's reason.
   */
  drawRegion(wanted: RegionWanted, signal: AbortSignal): Promise<ImageBitmap>;
  /**
   * The preview with its colours changed, half as large in either direction where it has to be there `soon`. Whoever gets it closes it.
   * Rejects as `drawRegion` does.
   */
  adjustPreview(look: Look, soon: boolean, signal?: AbortSignal): Promise<ImageBitmap>;
  /**
   * The middle of the preview with each of these filters over it, beneath each other in one bitmap, each of `size`. Whoever gets it
   * closes it. Rejects as `drawRegion` does.
   */
  drawThumbnails(filterIds: readonly string[], size: PhotoSize, signal?: AbortSignal): Promise<ImageBitmap>;
  /** Lets go of the pixels in the worker for as long as nothing is asked for; then the file is read anew. */
  rest(): void;
  /** Closes the preview and lets go of the pixels in the worker. Work asked for before ends as it would have. */
  close(): void;
}

export interface ShownPicture {
  readonly url: string;
  /** While it is held the browser has no need to decode the picture again. */
  readonly decoded: unknown;
}

export interface ImageClient {
  /**
   * Sniffs, checks, mends and decodes in the worker. Several files are one photo in several encodings, with what lies beside it.
   * Rejects with PhotoProblem, or with the signal's reason.
   */
  openPhoto(file: Blob | readonly Blob[], product: Product, signal?: AbortSignal): Promise<OpenPhoto>;
  /**
   * Renders the final picture in the worker, of the bytes that were opened. `photos` are the design's; the picture is compared with
   * a preview that is given with its photo. `findArt` finds the arts that it names. `onProgress` gets 0 to 1, ten times a second.
   * Rejects with PhotoProblem, or with the signal's reason.
   */
  renderPicture(
    design: Design,
    photos: readonly (PhotoFile & Partial<Pick<OpenedPhoto, "preview" | "transparent">>)[],
    product: Product,
    options?: {
      readonly findArt?: FindArt;
      readonly signal?: AbortSignal;
      readonly onProgress?: (fraction: number) => void;
    },
  ): Promise<RenderedPicture>;
  /** The outlines of a text, made in the worker. Rejects with PhotoProblem "decoder-not-loaded" where shaper or font cannot be loaded. */
  writeText(writing: Writing, signal?: AbortSignal): Promise<TextArt>;
  /**
   * The photo's file without what its camera wrote beside the picture, made in the worker; null where that cannot be told of its
   * format. Rejects with PhotoProblem, or with the signal's reason.
   */
  makeBare(bytes: Blob, signal: AbortSignal): Promise<PhotoFile | null>;
  /**
   * Whether what the card platform shows of a picture looks like it, found out in the worker. Rejects with PhotoProblem, or with the
   * signal's reason.
   */
  comparePictures(own: Blob, theirs: Blob, product: Product, signal: AbortSignal): Promise<Likeness>;
  /** An address under which the picture is on the screen in the next frame. Whoever gets it revokes it. Never rejects. */
  showPicture(png: Uint8Array<ArrayBuffer>): Promise<ShownPicture>;
  /** Ends the worker and rejects whoever still waits with an AbortError. A later call starts another worker. */
  close(): void;
}

function problemOf(reply: ImageReply, kind: ImageJob["kind"]): PhotoProblem {
  if (reply.kind === "failed") return new PhotoProblem(reply.code, reply);
  return new PhotoProblem(unexpectedCode[kind], { cause: `unexpected reply: ${reply.kind}` });
}

/** Those that a design names. Throws PhotoProblem "art-missing". */
function artsOf(design: Design, findArt: FindArt): Arts {
  const names = vectorElementsOf(design).flatMap((element) => artNameOf(element) ?? []);
  return Object.fromEntries(
    names.map((name) => {
      const art = findArt(name);
      if (art === undefined) throw new PhotoProblem("art-missing", { cause: `there is no art ${name}` });
      return [name, art];
    }),
  );
}

/** Settles when the worker has the tables of the issuer's own filters among these. Rejects where one cannot be had, or the signal aborts. */
export type NeedFilters = (ids: readonly string[], signal?: AbortSignal) => Promise<void>;

/** Without its filter a photo is never drawn or printed. Rejects with PhotoProblem "art-missing", or with the signal's reason. */
async function needFilter(need: NeedFilters, { id }: { readonly id: string }, signal?: AbortSignal): Promise<void> {
  try {
    await need([id], signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PhotoProblem("art-missing", { cause });
  }
}

/** Opens photos and renders pictures in a worker, which is the client's own, one job at a time, once there are the filters for it. */
export function createImageClient(worker = new ImageWorker(), need: NeedFilters = async () => {}): ImageClient {
  return {
    async openPhoto(file, product, signal) {
      const job = { kind: "open", files: [file].flat(), product, memory: readMemory() } as const;
      const reply = await worker.ask(job, { signal });
      if (reply.kind !== "opened") throw problemOf(reply, "open");
      return holdPhoto(worker, need, reply.photo);
    },
    async renderPicture(design, photos, product, { findArt = () => undefined, ...options } = {}) {
      const arts = artsOf(design, findArt);
      if (design.look?.filter) await needFilter(need, design.look.filter, options.signal);
      const files = photos.map(({ sha256, bytes, transparent = false }) => ({ sha256, bytes, transparent }));
      const preview = photos.find(({ sha256 }) => sha256 === photoOf(design)?.sha256)?.preview;
      const shown = preview && drawShown(design, preview, product);
      try {
        const reply = await worker.ask({ kind: "render", design, photos: files, arts, product, shown }, options);
        if (reply.kind !== "rendered") throw problemOf(reply, "render");
        return reply.picture;
      } finally {
        shown?.close();
      }
    },
    async writeText(writing, signal) {
      const reply = await worker.ask({ kind: "write", writing }, { signal });
      if (reply.kind !== "written") throw problemOf(reply, "write");
      return reply.text;
    },
    async makeBare(bytes, signal) {
      const reply = await worker.ask({ kind: "bare", bytes }, { signal });
      if (reply.kind !== "bare") throw problemOf(reply, "bare");
      return reply.file;
    },
    async comparePictures(own, theirs, product, signal) {
      const reply = await worker.ask({ kind: "compare", own, theirs, product }, { signal });
      if (reply.kind !== "compared") throw problemOf(reply, "compare");
      return reply.likeness;
    },
    showPicture,
    close() {
      worker.end(new DOMException("The image client was closed", "AbortError"));
    },
  };
}

async function showPicture(png: Uint8Array<ArrayBuffer>): Promise<ShownPicture> {
  const url = URL.createObjectURL(new Blob([png], { type: "image/png" }));
  const decoded = new Image();
  decoded.src = url;
  // What hinders it will be seen where it is shown.
  await decoded.decode().catch(() => {});
  return { url, decoded };
}

/** What is made of a preview. */
type PreviewJob = Distribute<Extract<ImageJob, PreviewGiven>>;
type Distribute<Job> = Job extends PreviewGiven ? Omit<Job, keyof PreviewGiven> : never;

/** Has something made of a photo's preview, of which the worker that has opened it has a copy. */
function askOfPreview(worker: ImageWorker, { sha256, preview }: OpenedPhoto) {
  let isThere = true;
  const ask = async (job: PreviewJob, isGiven: boolean, signal?: AbortSignal): Promise<ImageReply> => {
    const copy = isGiven ? await createImageBitmap(preview) : undefined;
    try {
      return await worker.ask({ ...job, sha256, preview: copy }, { signal });
    } finally {
      copy?.close();
    }
  };
  return async (job: PreviewJob, signal?: AbortSignal): Promise<ImageReply> => {
    const isGiven = !isThere;
    let reply = await ask(job, isGiven, signal);
    // Another worker has taken the place of the one that has it; another ask may have found that out meanwhile.
    if (reply.kind === "failed" && !isGiven) reply = await ask(job, true, signal);
    isThere = reply.kind !== "failed";
    return reply;
  };
}

function holdPhoto(worker: ImageWorker, need: NeedFilters, photo: OpenedPhoto): OpenPhoto {
  const { sha256, bytes, transparent } = photo;
  const file = { sha256, bytes, transparent };
  const ask = askOfPreview(worker, photo);
  return {
    ...photo,
    async adjustPreview(look, soon, signal) {
      if (look?.filter) await needFilter(need, look.filter, signal);
      const reply = await ask({ kind: "adjust", look, soon }, signal);
      if (reply.kind !== "adjusted") throw problemOf(reply, "adjust");
      return reply.bitmap;
    },
    async drawThumbnails(filterIds, size, signal) {
      // The others are there all the same.
      await need(filterIds, signal).catch(() => signal?.throwIfAborted());
      const reply = await ask({ kind: "thumbnails", filterIds, size }, signal);
      if (reply.kind !== "thumbnails") throw problemOf(reply, "thumbnails");
      return reply.bitmap;
    },
    async drawRegion({ map, raster, ground, look }, signal) {
      if (look?.filter) await needFilter(need, look.filter, signal);
      const reply = await worker.ask({ kind: "region", photo: file, map, raster, ground, look }, { signal });
      if (reply.kind !== "region") throw problemOf(reply, "region");
      return reply.bitmap;
    },
    rest: () => worker.release(sha256),
    close() {
      photo.preview.close();
      worker.release(sha256);
    },
  };
}
