import { describeCause } from "#contracts/describe-cause.ts";
import { addFilters } from "#design/filters/filters.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { breaths } from "./next-task.ts";
import { reopenPhoto } from "./open.ts";
import { openPhotoFiles } from "./open-files.ts";
import type { PhotoSource } from "./photo-source.ts";
import {
  type ImageJob,
  type ImageReply,
  type ImageRequest,
  PhotoProblem,
  type RenderedPhoto,
  unexpectedCode,
} from "./protocol.ts";
import { adjustPreview, drawThumbnails, forgetPreview, keepPreview } from "./preview-pixels.ts";
import { type FoundPhoto, renderPicture, renderRegion } from "./render.ts";
import { listMissingInWorker } from "./requirements.ts";

type Job = ImageJob & { readonly id: number };

const controllers = new Map<number, AbortController>();
let lastJob: Promise<void> = Promise.resolve();

function reply(message: ImageReply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

/** A page has better to do than to draw each step of what is over soon. */
const progressEveryMs = 100;

/** The photos that are open, by SHA-256. */
const photos = new Map<string, PhotoSource>();

function keep(sha256: string, source: PhotoSource): PhotoSource {
  photos.get(sha256)?.release();
  photos.set(sha256, source);
  return source;
}

async function find({ sha256, bytes, transparent }: RenderedPhoto): Promise<FoundPhoto> {
  return { source: photos.get(sha256) ?? keep(sha256, await reopenPhoto(bytes)), transparent };
}

function release(sha256: string): void {
  photos.get(sha256)?.release();
  photos.delete(sha256);
  forgetPreview(sha256);
}

async function open({ id, files, product, memory }: Job & { kind: "open" }, signal: AbortSignal): Promise<void> {
  // For the picture later; what hinders it is said then.
  loadKernel().catch(() => {});
  const { photo, source } = await openPhotoFiles(files, product, memory, signal);
  keep(photo.sha256, source);
  await keepPreview(photo);
  reply({ id, kind: "opened", photo }, [photo.preview]);
}

async function render(job: Job & { kind: "render" }, signal: AbortSignal): Promise<void> {
  const { id, design, photos: files, arts, product, shown } = job;
  let toldAt = performance.now();
  const onProgress = (fraction: number): void => {
    fractions.set(id, fraction);
    if (performance.now() < toldAt + progressEveryMs) return;
    toldAt = performance.now();
    reply({ id, kind: "progress", fraction });
  };
  const findPhoto = (sha256: string): Promise<FoundPhoto> => {
    const file = files.find((photo) => photo.sha256 === sha256);
    if (file === undefined) throw new PhotoProblem("render-failed", { cause: "a photo of the design was not given" });
    return find(file);
  };
  const options = { signal, onProgress, shown };
  const picture = await renderPicture(design, { findPhoto, arts }, product, options).catch((error) => {
    // What is kept of them may be what is wrong.
    for (const { sha256 } of files) photos.get(sha256)?.release();
    throw error;
  });
  reply({ id, kind: "rendered", picture }, [picture.png.buffer]);
}

/** The page takes a worker that says nothing for one that hangs. */
const aliveEveryMs = 10_000;
/** How far each job is that tells it. */
const fractions = new Map<number, number>();

/** Says from time to time that the work goes on, as long as it does. Gives what ends that. */
function tellAlive(id: number): () => void {
  let seen = breaths.count;
  const timer = setInterval(() => {
    if (breaths.count !== seen) reply({ id, kind: "progress", fraction: fractions.get(id) ?? 0 });
    seen = breaths.count;
  }, aliveEveryMs);
  return () => {
    clearInterval(timer);
    fractions.delete(id);
  };
}

async function runJob(job: Job, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const stopTelling = tellAlive(job.id);
  try {
    await doJob(job, signal);
  } finally {
    stopTelling();
  }
}

async function doJob(job: Job, signal: AbortSignal): Promise<void> {
  switch (job.kind) {
    case "check":
      return reply({ id: job.id, kind: "checked", missing: await listMissingInWorker() });
    case "open":
      return open(job, signal);
    case "render":
      return render(job, signal);
    case "region": {
      const bitmap = await renderRegion(await find(job.photo), job, signal);
      return reply({ id: job.id, kind: "region", bitmap }, [bitmap]);
    }
    case "compare": {
      const { comparePictures } = await import("./compare-pictures.ts");
      const likeness = await comparePictures(job.own, job.theirs, job.product);
      return reply({ id: job.id, kind: "compared", likeness });
    }
    case "write": {
      const { writeText } = await import("./write-text.ts");
      return reply({ id: job.id, kind: "written", text: await writeText(job.writing, signal) });
    }
    case "bare": {
      const { makeBare } = await import("./bare-photo.ts");
      return reply({ id: job.id, kind: "bare", file: await makeBare(job.bytes, signal) });
    }
    case "adjust": {
      const bitmap = await adjustPreview(job, job.look, job.soon);
      return reply({ id: job.id, kind: "adjusted", bitmap }, [bitmap]);
    }
    case "thumbnails": {
      const bitmap = await drawThumbnails(job, job.filterIds, job.size);
      return reply({ id: job.id, kind: "thumbnails", bitmap }, [bitmap]);
    }
  }
}

type Failure = Pick<ImageReply & { kind: "failed" }, "code" | "cause" | "megapixels">;

function failureOf(error: unknown, kind: ImageJob["kind"]): Failure {
  if (error instanceof PhotoProblem) {
    const { code, cause, megapixels } = error;
    return { code, cause: describeCause(cause), megapixels };
  }
  // What typed arrays and canvases throw that find no room, and then the kernel.
  const isMemory = error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
  const code = isMemory ? "out-of-memory" : unexpectedCode[kind];
  return { code, cause: describeCause(error), megapixels: undefined };
}

function answerFailure({ id, kind }: Job, signal: AbortSignal, error: unknown): void {
  if (signal.aborted) reply({ id, kind: "aborted" });
  else reply({ id, kind: "failed", ...failureOf(error, kind) });
}

self.addEventListener("message", ({ data }: MessageEvent<ImageRequest>) => {
  if (data.kind === "abort") {
    controllers.get(data.id)?.abort();
    return;
  }
  if (data.kind === "release") {
    lastJob = lastJob.then(() => release(data.sha256));
    return;
  }
  if (data.kind === "filters") return addFilters(data.tables);
  const controller = new AbortController();
  controllers.set(data.id, controller);
  // One job at a time: two decoded 100-megapixel photos at once would be too much for a phone. A text needs no photo, and is typed meanwhile.
  const turn = data.kind === "write" ? Promise.resolve() : lastJob;
  const done = turn
    .then(() => runJob(data, controller.signal))
    .catch((error: unknown) => answerFailure(data, controller.signal, error))
    .finally(() => {
      controllers.delete(data.id);
      if (controllers.size === 0) for (const photo of photos.values()) photo.rest();
    });
  if (data.kind !== "write") lastJob = done;
});
