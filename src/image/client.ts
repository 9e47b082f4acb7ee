import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/product.ts";
import { PhotoProblem } from "./photo-problem.ts";
import type { ImageReply, ImageRequest } from "./protocol.ts";

export { PhotoProblem, type PhotoProblemCode } from "./photo-problem.ts";

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

// Longer than the slowest phone needs for the largest photo; a worker that is silent for so long has died.
const jobTimeoutMs = 120_000;

interface Waiting {
  readonly settle: (reply: ImageReply) => void;
  readonly fail: (reason: unknown) => void;
  readonly onProgress: (fraction: number) => void;
}

type JobRequest =
  | Omit<Extract<ImageRequest, { kind: "open" }>, "id">
  | Omit<Extract<ImageRequest, { kind: "render" }>, "id">;

interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Speaks with one image worker at a time and starts another after a crash. */
class WorkerLine {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<ImageReply>) => this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.end(new PhotoProblem("render-failed", { cause: event.message }));
    });
    return worker;
  }

  #receive(reply: ImageReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.kind === "progress") waiting?.onProgress(reply.fraction);
    else if (waiting !== undefined) waiting.settle(reply);
    else if (reply.kind === "opened") reply.photo.preview.close();
  }

  /** The worker's final answer. Rejects at once when the signal aborts, and when the worker dies or stays silent. */
  ask(request: JobRequest, { signal, onProgress = () => {} }: JobOptions): Promise<ImageReply> {
    signal?.throwIfAborted();
    const id = this.#nextId++;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise<ImageReply>((resolve, reject) => {
      const timer = setTimeout(() => this.end(new PhotoProblem("render-failed", { cause: "timeout" })), jobTimeoutMs);
      const onAbort = (): void => {
        worker.postMessage({ id, kind: "abort" } satisfies ImageRequest);
        waiting.fail(signal?.reason);
      };
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(id);
      };
      const waiting: Waiting = {
        settle: (reply) => (leave(), resolve(reply)),
        fail: (reason) => (leave(), reject(reason)),
        onProgress,
      };
      this.#waiting.set(id, waiting);
      signal?.addEventListener("abort", onAbort, { once: true });
      worker.postMessage({ ...request, id } satisfies ImageRequest);
    });
  }

  /** Ends the worker and whoever still waits for it. */
  end(reason: unknown): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const waiting of [...this.#waiting.values()]) waiting.fail(reason);
  }
}

function problemOf(reply: ImageReply): PhotoProblem {
  if (reply.kind === "failed") return new PhotoProblem(reply.code, { cause: reply.detail });
  return new PhotoProblem("render-failed", { cause: `unexpected reply: ${reply.kind}` });
}

/** Opens photos and renders pictures in a worker of its own, one job at a time. The worker starts with the first job. */
export function createImageClient(): ImageClient {
  const line = new WorkerLine();
  return {
    async openPhoto(file, product, signal) {
      const reply = await line.ask({ kind: "open", file, product }, { signal });
      if (reply.kind !== "opened") throw problemOf(reply);
      return { file, ...reply.photo };
    },
    async renderPicture(photo, placement, product, options) {
      const reply = await line.ask({ kind: "render", file: photo.file, placement, product }, options ?? {});
      if (reply.kind !== "rendered") throw problemOf(reply);
      return { png: reply.png, sha256: reply.sha256 };
    },
    close() {
      line.end(new DOMException("The image client was closed", "AbortError"));
    },
  };
}
