import { getHeapStatistics } from "node:v8";
import underPressure from "@fastify/under-pressure";
import { Problem } from "#contracts/problem.ts";
import type { App } from "../parts.ts";
import { kindOf } from "./limits.ts";

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

/**
 * Refuses requests with `overloaded`, before anything is done for them, while the server cannot keep up or its memory is nearly full.
 * What is already being served goes on. To be called before there are routes.
 */
export async function guardLoad(app: App): Promise<void> {
  const isLastingly = createLasting(lateForMs);
  await app.register(underPressure, {
    maxEventLoopDelay: mostDelayMs,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * mostMemory,
    maxRssBytes: readContainerBytes() * mostMemory,
    pressureHandler: async ({ method, routeOptions: { url } }, _reply, type) => {
      if (type === underPressure.TYPE_EVENT_LOOP_DELAY && !isLastingly(true)) return;
      // A server that is only busy must not be restarted, or be given up, for it.
      if (kindOf({ method, url }) !== "health") throw new Problem("overloaded");
    },
  });
  app.addHook("onRequest", async () => {
    if (app.memoryUsage().eventLoopDelay <= mostDelayMs) isLastingly(false);
  });
}
