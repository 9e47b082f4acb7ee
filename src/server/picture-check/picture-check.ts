import { Worker } from "node:worker_threads";
import type { FastifyBaseLogger } from "fastify";
import { findProduct, offerProduct, type Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import { type Design, vectorElementsOf } from "#design/design.ts";
import { namesOfOwnSticker } from "#design/offered.ts";
import type { Config } from "../config.ts";
import { createFairLine } from "../fair-line.ts";
import { describeOffers, findIssuer, type Issuer } from "../issuers.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { SessionTable } from "../store/schema.ts";
import type { CheckAnswer, CheckJob } from "./check-worker.ts";
import { maySayAnything, saysAnything } from "./paint-range.ts";

/** Looks whether a picture shows what its design says. */
export interface PictureCheck {
  /**
   * Of a picture whose structure was found right. Throws Problem: picture-differs, or overloaded where it takes too long or too
   * many wait; or the reason of `gone`, a Problem too, where the sender has gone and others wait. What cannot be looked at, because the check itself
   * fails, goes on: it is logged as an error and counted.
   */
  check(png: Uint8Array, design: Design, product: Product, session: Session, sender: CheckSender): Promise<void>;
  /** Starts its thread, which takes about a second, where a product offers what is looked at: the first picture need not wait for that. */
  warmUp(): void;
  /** Ends its thread. */
  stop(): Promise<void>;
}

/** Whose turn it is: one who sends much waits for himself. */
export interface CheckSender {
  readonly address: string;
  readonly gone: AbortSignal;
}

type Session = Pick<SessionTable, "id" | "issuer_id" | "product_id">;

export interface PictureCheckOptions {
  readonly config: Pick<Config, "issuers" | "pictureCheck">;
  readonly log: FastifyBaseLogger;
  readonly metrics?: Metrics | undefined;
  /** Of the thread, which a test may have fail. */
  readonly worker?: URL;
  readonly timeoutMs?: number;
}

/** Twice what the largest picture with the most that may lie on it takes. */
const defaultTimeoutMs = 15_000;
/** A thread that dies may have died of what was looked at before. */
const maxTries = 2;
/** One thread. Those who wait hold their pictures, in the memory that uploads share. */
const comparing = { slots: 1, places: 7 };

/** What takes too long is no failure: what is laid on a card can be made to, and nobody is to get a picture past us so. */
type Outcome = CheckAnswer | "too-slow";

/** One thread, which is started at the latest when there is something to look at, and anew after it has failed. */
function createThread({
  worker: file = new URL("./check-worker.ts", import.meta.url),
  timeoutMs = defaultTimeoutMs,
}: PictureCheckOptions) {
  let running: Worker | undefined;

  function start(): Worker {
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    const forget = (): void => {
      if (running === worker) running = undefined;
    };
    // Between two pictures nobody else listens.
    worker.on("error", forget).on("exit", forget).unref();
    return worker;
  }

  async function end(worker: Worker): Promise<void> {
    running = undefined;
    await worker.terminate();
  }

  /** Rejects when the thread dies. It is ended then, and where it takes too long. */
  async function ask(job: CheckJob): Promise<Outcome> {
    const worker = (running ??= start());
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(() => resolve("too-slow"), timeoutMs);
    const onExit = (code: number): void => reject(new Error(`the thread ended with ${code}`));
    worker.once("message", resolve).once("error", reject).once("exit", onExit);
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node has no origin
      worker.postMessage(job);
      const outcome = await promise;
      if (outcome === "too-slow") await end(worker);
      return outcome;
    } catch (cause) {
      await end(worker);
      throw cause;
    } finally {
      clearTimeout(timer);
      worker.off("message", resolve).off("error", reject).off("exit", onExit);
    }
  }

  return {
    warmUp(): void {
      running ??= start();
    },
    async askUntilAnswered(job: CheckJob): Promise<Outcome> {
      for (let tries = 1; ; tries += 1) {
        try {
          return await ask(job);
        } catch (cause) {
          if (tries >= maxTries) throw cause;
        }
      }
    },
    async stop(): Promise<void> {
      await running?.terminate();
    },
  };
}

function ownStickersOf(design: Design, { config }: PictureCheckOptions, issuerId: string): Map<string, Uint8Array> {
  const named = new Set(vectorElementsOf(design).flatMap((one) => (one.kind === "sticker" ? [one.art] : [])));
  const all = findIssuer(config.issuers, issuerId)?.ownStickers ?? [];
  const own = all.flatMap((sticker) => namesOfOwnSticker(sticker).map((name) => [name, sticker.gzip] as const));
  return new Map(own.filter(([name]) => named.has(name)));
}

/** What the sender is told. Where the picture differs is for the log: who forges one is not to be led. */
function refuse(answer: Exclude<CheckAnswer, "equal">, { elements }: Design): Problem {
  if (!("unpaintable" in answer)) return new Problem("picture-differs");
  const at = elements.findIndex(({ id }) => id === answer.unpaintable);
  return new Problem("picture-differs", {
    detail: `body.elements[${at}] of the design: its outlines are not known here or cannot be painted, so no picture shows it.`,
  });
}

/** Whether a cardholder of this issuer may have anything on a card that its picture is to show. */
function offersAnything(issuer: Issuer): boolean {
  return Object.keys(issuer.products).some((id) => {
    const product = findProduct(id);
    return product !== undefined && maySayAnything(offerProduct(product, describeOffers(issuer, id)));
  });
}

export function createPictureCheck(options: PictureCheckOptions): PictureCheck {
  const { config, log, metrics } = options;
  const thread = createThread(options);
  const line = createFairLine(comparing);
  return {
    async check(png, design, product, session, { address, gone }) {
      const count = (outcome: string): void => metrics?.pictureChecks.inc({ issuer: session.issuer_id, outcome });
      if (!saysAnything(design, product)) return count("photo-alone");
      const about = { issuerId: session.issuer_id, sessionId: session.id, productId: product.id };
      const ownStickers = ownStickersOf(design, options, session.issuer_id);
      // Only these bytes, and not the whole memory in which they may lie; copied when it is their turn.
      const look = () =>
        thread.askUntilAnswered({ png: new Uint8Array(png), design, productId: product.id, ownStickers });
      const answer = await line.run(address, gone, look).catch((cause: unknown) => {
        if (cause instanceof Problem) throw cause;
        log.error({ err: cause, ...about }, "a picture could not be compared with its design: it goes on without");
        return "failed" as const;
      });
      if (answer === "equal" || answer === "failed") return count(answer);
      const refused = config.pictureCheck === "refuse";
      if (answer === "too-slow") {
        count(answer);
        log.warn({ ...about, refused }, "a picture took too long to compare with its design");
        if (refused) throw new Problem("overloaded");
        return;
      }
      count("differs");
      log.warn({ ...about, ...answer, refused }, "a picture is not what its design says");
      if (refused) throw refuse(answer, design);
    },
    warmUp: () => {
      if (config.issuers.some(offersAnything)) thread.warmUp();
    },
    stop: () => thread.stop(),
  };
}
