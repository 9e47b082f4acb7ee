import { PhotoProblem } from "./photo-problem.ts";
import { type ImageJob, type ImageReply, type ImageRequest, unexpectedCode } from "./protocol.ts";

// Longer than the slowest phone needs for the largest photo; a worker that is silent for so long has died.
const jobTimeoutMs = 120_000;

interface Waiting {
  readonly kind: ImageJob["kind"];
  readonly settle: (reply: ImageReply) => void;
  readonly fail: (reason: unknown) => void;
  readonly onProgress: (fraction: number) => void;
}

interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Speaks with one image worker at a time. The first starts at once, so that it is there when it is needed; another replaces a dead one. */
export class WorkerLine {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined = this.#start();
  #nextId = 1;

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<ImageReply>) => this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#bury(event.message);
    });
    return worker;
  }

  /** The worker could not be loaded, died or stays silent. */
  #bury(cause: string): void {
    this.#end(({ kind }) => new PhotoProblem(unexpectedCode[kind], { cause }));
  }

  #end(reasonFor: (waiting: Waiting) => unknown): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.fail(reasonFor(waiting));
  }

  #receive(reply: ImageReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.kind === "progress") waiting?.onProgress(reply.fraction);
    else if (waiting !== undefined) waiting.settle(reply);
    else if (reply.kind === "opened") reply.photo.preview.close();
  }

  /** The worker's final answer. Rejects at once when the signal aborts, and when the worker dies or stays silent. */
  ask(job: ImageJob, { signal, onProgress = () => {} }: JobOptions): Promise<ImageReply> {
    signal?.throwIfAborted();
    const id = this.#nextId++;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const send = (message: ImageRequest): void => worker.postMessage(message, []);
    return new Promise<ImageReply>((resolve, reject) => {
      const timer = setTimeout(() => this.#bury("timeout"), jobTimeoutMs);
      const onAbort = (): void => {
        send({ id, kind: "abort" });
        waiting.fail(signal?.reason);
      };
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(id);
      };
      const waiting: Waiting = {
        kind: job.kind,
        settle: (reply) => (leave(), resolve(reply)),
        fail: (reason) => (leave(), reject(reason)),
        onProgress,
      };
      this.#waiting.set(id, waiting);
      signal?.addEventListener("abort", onAbort, { once: true });
      send({ ...job, id });
    });
  }

  /** Ends the worker and whoever still waits for it. */
  end(reason: unknown): void {
    this.#end(() => reason);
  }
}
