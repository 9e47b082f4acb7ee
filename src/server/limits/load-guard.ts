import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { Problem } from "#contracts/problem.ts";
import type { App } from "../parts.ts";
import { kindOf } from "./limits.ts";

const resolutionMs = 10;
const lookMs = 1_000;
/** Mean of a second by which everything is late. */
const mostDelayMs = 1_000;
/** For so long it has to be late: a machine that was asleep, or a start, is no load. */
const lateForMs = 5_000;
/** Beyond it memory is collected all the time, and the end is near. */
const mostMemory = 0.92;

/** The memory that a container gives this process, in bytes; 0 where there is no such limit. */
function readContainerBytes(): number {
  const bytes = process.constrainedMemory();
  return Number.isSafeInteger(bytes) ? bytes : 0;
}

/** Told now and then whether something is so, says whether it has been so for `forMs`, without as long a time of which nothing was told. */
export function createLasting(forMs: number): (isSo: boolean) => boolean {
  let [since, last] = [0, Number.NEGATIVE_INFINITY];
  return (isSo) => {
    const now = performance.now();
    if (now - last >= forMs) since = now;
    last = isSo ? now : Number.NEGATIVE_INFINITY;
    return isSo && now - since >= forMs;
  };
}

/** Whether the memory is nearly full; undefined when it cannot be read now: that takes an open file. */
function isMemoryFull(most: { readonly heap: number; readonly container: number }): boolean | undefined {
  try {
    const { heapUsed, rss } = process.memoryUsage();
    return heapUsed > most.heap || (most.container > 0 && rss > most.container);
  } catch {
    return undefined;
  }
}

/**
 * Refuses requests with `overloaded`, before anything is done for them, while the server cannot keep up or its memory is nearly full.
 * What is already being served goes on. To be called before there are routes.
 */
export function guardLoad(app: App): void {
  const most = {
    heap: getHeapStatistics().heap_size_limit * mostMemory,
    container: readContainerBytes() * mostMemory,
  };
  const isLastingly = createLasting(lateForMs);
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let [isLate, isFull] = [false, false];
  const look = (): void => {
    isLate = isLastingly(delay.mean / 1e6 - resolutionMs > mostDelayMs);
    delay.reset();
    isFull = isMemoryFull(most) ?? isFull;
  };
  const looking = setInterval(look, lookMs).unref();
  app.addHook("onClose", async () => {
    clearInterval(looking);
    delay.disable();
  });
  app.addHook("onRequest", async ({ method, routeOptions: { url } }) => {
    // A server that is only busy must not be restarted, or be given up, for it.
    if ((isLate || isFull) && kindOf({ method, url }) !== "health") throw new Problem("overloaded");
  });
}
