import { getHeapStatistics } from "node:v8";
import underPressure from "@fastify/under-pressure";
import { Problem } from "#contracts/problem.ts";
import type { App } from "../parts.ts";
import { kindOf } from "./limits.ts";

/** Mean of a second by which everything is late. Four times as many uploads as can be taken make it 30 ms. */
const mostDelayMs = 1_000;
/** Beyond it memory is collected all the time, and the end is near. */
const mostMemory = 0.92;

/** The memory that a container gives this process, in bytes; 0 where there is no such limit. */
function readContainerBytes(): number {
  const bytes = process.constrainedMemory();
  return Number.isSafeInteger(bytes) ? bytes : 0;
}

/**
 * Refuses requests with `overloaded`, before anything is done for them, while the server cannot keep up or its memory is nearly full.
 * What is already being served goes on. To be called before there are routes.
 */
export async function guardLoad(app: App): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: mostDelayMs,
    maxHeapUsedBytes: getHeapStatistics().heap_size_limit * mostMemory,
    maxRssBytes: readContainerBytes() * mostMemory,
    pressureHandler: async ({ method, routeOptions: { url } }) => {
      // A server that is only busy must not be restarted, or be given up, for it.
      if (kindOf({ method, url }) !== "health") throw new Problem("overloaded");
    },
  });
}
