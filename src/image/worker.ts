import { describeCause } from "#contracts/describe-cause.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { openPhotoFile } from "./open.ts";
import {
  type ImageJob,
  type ImageReply,
  type ImageRequest,
  PhotoProblem,
  type PhotoProblemCode,
  unexpectedCode,
} from "./protocol.ts";
import { renderPictureFile } from "./render.ts";
import { listMissingInWorker } from "./requirements.ts";

type Job = ImageJob & { readonly id: number };

const controllers = new Map<number, AbortController>();
let lastJob: Promise<void> = Promise.resolve();

function reply(message: ImageReply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function runJob(job: Job, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (job.kind === "check") {
    reply({ id: job.id, kind: "checked", missing: listMissingInWorker() });
    return;
  }
  if (job.kind === "open") {
    // For the picture later; what hinders it is said then.
    loadKernel().catch(() => {});
    const photo = await openPhotoFile(job.file, job.product, signal);
    reply({ id: job.id, kind: "opened", photo }, [photo.preview]);
    return;
  }
  const onProgress = (fraction: number): void => reply({ id: job.id, kind: "progress", fraction });
  const picture = await renderPictureFile(job.file, job.placement, job.product, { signal, onProgress });
  reply({ id: job.id, kind: "rendered", picture }, [picture.png.buffer]);
}

function failureOf(error: unknown, kind: ImageJob["kind"]): { code: PhotoProblemCode; cause: string | undefined } {
  if (error instanceof PhotoProblem) return { code: error.code, cause: describeCause(error.cause) };
  // What typed arrays and canvases throw that find no room, and then the kernel.
  const isMemory = error instanceof RangeError || error instanceof WebAssembly.RuntimeError;
  const code = isMemory ? "out-of-memory" : unexpectedCode[kind];
  return { code, cause: describeCause(error) };
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
  const controller = new AbortController();
  controllers.set(data.id, controller);
  // One job at a time: two decoded 100-megapixel photos at once would be too much for a phone.
  lastJob = lastJob
    .then(() => runJob(data, controller.signal))
    .catch((error: unknown) => answerFailure(data, controller.signal, error))
    .finally(() => controllers.delete(data.id));
});
