import { openPhotoFile } from "./open.ts";
import { type ImageJob, type ImageReply, type ImageRequest, PhotoProblem, unexpectedCode } from "./protocol.ts";
import { renderPictureFile } from "./render.ts";
import { listMissingForPictures } from "./requirements.ts";

type Job = ImageJob & { readonly id: number };

const controllers = new Map<number, AbortController>();
let lastJob: Promise<void> = Promise.resolve();

function reply(message: ImageReply, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function runJob(job: Job, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (job.kind === "check") {
    reply({ id: job.id, kind: "checked", missing: listMissingForPictures() });
    return;
  }
  if (job.kind === "open") {
    const photo = await openPhotoFile(job.file, job.product, signal);
    reply({ id: job.id, kind: "opened", photo }, [photo.preview]);
    return;
  }
  const onProgress = (fraction: number): void => reply({ id: job.id, kind: "progress", fraction });
  const picture = await renderPictureFile(job.file, job.placement, job.product, { signal, onProgress });
  reply({ id: job.id, kind: "rendered", picture }, [picture.png.buffer]);
}

function answerFailure({ id, kind }: Job, signal: AbortSignal, error: unknown): void {
  if (signal.aborted) reply({ id, kind: "aborted" });
  else if (error instanceof PhotoProblem) reply({ id, kind: "failed", code: error.code, detail: error.message });
  // Typed arrays and canvases that find no room throw a RangeError.
  else if (error instanceof RangeError) reply({ id, kind: "failed", code: "out-of-memory", detail: error.message });
  else reply({ id, kind: "failed", code: unexpectedCode[kind], detail: String(error) });
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
