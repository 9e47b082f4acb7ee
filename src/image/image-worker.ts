import type { ColourTable } from "#design/colour-table.ts";
import { type ImageJob, type ImageReply, type ImageRequest, PhotoProblem, unexpectedCode } from "./protocol.ts";
// oxlint-disable-next-line import/default -- the file has no default export: Vite gives its address in place of one
import workerUrl from "./worker.ts?worker&url";

// Longer than the slowest phone needs for what is done in one go; a worker that is silent for so long has died.
const jobTimeoutMs = 120_000;
const silent = `the image worker did not answer within ${jobTimeoutMs / 1000} s`;

interface Waiting {
  readonly kind: ImageJob["kind"];
  readonly settle: (reply: ImageReply) => void;
  readonly fail: (reason: unknown) => void;
  readonly onProgress: (fraction: number) => void;
  /** The worker is still at it, or at what was asked before. */
  readonly wait: () => void;
}

interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** What goes to the worker with the job, and is not here any more: to copy a bitmap takes longer than a frame. */
function given(job: ImageJob): Transferable[] {
  const bitmap = "preview" in job ? job.preview : job.kind === "render" ? job.shown : undefined;
  return bitmap === undefined ? [] : [bitmap];
}

/** Asks one image worker at a time. The first starts at once, so that it is there when it is needed; another replaces a dead one. */
export class ImageWorker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;
  /** Some browsers do not try again to load what a worker could not load once. */
  #isLackingPart = false;
  /** Each worker is told of them first. */
  readonly #filters = new Map<string, ColourTable>();

  constructor() {
    try {
      this.#worker = this.#start();
    } catch {
      // What forbids it is said when there is something to do.
    }
  }

  #start(): Worker {
    const worker = new Worker(workerUrl, { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<ImageReply>) => this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      // A script that could not be loaded or run leaves no message.
      const cause = event.message ? `the image worker died: ${event.message}` : "the image worker could not be loaded";
      if (worker === this.#worker) this.#fail(cause);
    });
    worker.addEventListener("messageerror", () => {
      if (worker === this.#worker) this.#fail("the image worker's answer could not be read");
    });
    if (this.#filters.size > 0) this.#tellFilters(worker, this.#filters);
    return worker;
  }

  #tellFilters(worker: Worker, tables: ReadonlyMap<string, ColourTable>): void {
    worker.postMessage({ id: this.#nextId++, kind: "filters", tables } satisfies ImageRequest, []);
  }

  /** Has this worker and whichever takes its place know the issuer's own filters, by the ids that designs name them by. */
  addFilters(tables: ReadonlyMap<string, ColourTable>): void {
    for (const [id, table] of tables) this.#filters.set(id, table);
    if (this.#worker !== undefined) this.#tellFilters(this.#worker, tables);
  }

  /** The worker could not be loaded, died or stays silent. */
  #fail(cause: string): void {
    this.#end(({ kind }) => new PhotoProblem(unexpectedCode[kind], { cause }));
  }

  #end(reasonFor: (waiting: Waiting) => unknown): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.fail(reasonFor(waiting));
  }

  #receive(reply: ImageReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (reply.kind === "progress") {
      for (const each of this.#waiting.values()) each.wait();
      waiting?.onProgress(reply.fraction);
    } else if (waiting !== undefined) this.#settle(waiting, reply);
    // Nobody waits for it any more.
    else if ("bitmap" in reply) reply.bitmap.close();
    else if (reply.kind === "opened") {
      reply.photo.preview.close();
      this.release(reply.photo.sha256);
    }
  }

  #settle(waiting: Waiting, reply: ImageReply): void {
    waiting.settle(reply);
    if (reply.kind === "failed") this.#isLackingPart ||= reply.code === "decoder-not-loaded";
    if (!this.#isLackingPart || this.#waiting.size > 0) return;
    this.#isLackingPart = false;
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Lets go of what a living worker has decoded of this photo. */
  release(sha256: string): void {
    this.#worker?.postMessage({ id: this.#nextId++, kind: "release", sha256 } satisfies ImageRequest);
  }

  #ready(kind: ImageJob["kind"]): Worker {
    try {
      return (this.#worker ??= this.#start());
    } catch (cause) {
      throw new PhotoProblem(unexpectedCode[kind], { cause });
    }
  }

  /** The worker's final answer. Rejects at once when the signal aborts, and when the worker dies or stays silent. */
  async ask(job: ImageJob, { signal, onProgress = () => {} }: JobOptions): Promise<ImageReply> {
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const worker = this.#ready(job.kind);
    const send = (message: ImageRequest, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
    return new Promise<ImageReply>((resolve, reject) => {
      const startTimer = () => setTimeout(() => this.#fail(silent), jobTimeoutMs);
      let timer = startTimer();
      const onAbort = (): void => {
        send({ id, kind: "abort" });
        waiting.fail(signal?.reason);
      };
      const stopWaiting = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(id);
      };
      const waiting: Waiting = {
        kind: job.kind,
        settle: (reply) => (stopWaiting(), resolve(reply)),
        fail: (reason) => (stopWaiting(), reject(reason)),
        onProgress,
        wait() {
          clearTimeout(timer);
          timer = startTimer();
        },
      };
      this.#waiting.set(id, waiting);
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        send({ ...job, id }, given(job));
      } catch (error) {
        waiting.fail(error);
      }
    });
  }

  /** Ends the worker and whoever still waits for it. */
  end(reason: unknown): void {
    this.#end(() => reason);
  }

  /**
   * What pictures cannot be made without and the worker lacks, by name; "Worker" where it cannot run. Nothing when the
   * signal aborts first, and when the worker cannot be loaded: that may be the connection.
   */
  async listMissing(signal: AbortSignal): Promise<readonly string[]> {
    // Where its script can be loaded and yet it does not run, twice, it is not the connection.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        const reply = await this.ask({ kind: "check" }, { signal });
        return reply.kind === "checked" ? reply.missing : [];
      } catch {
        const script = await fetch(workerUrl, { signal }).catch(() => undefined);
        if (script?.ok !== true) return [];
      }
    }
    return ["Worker"];
  }
}
