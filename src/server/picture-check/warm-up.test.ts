import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findProduct } from "#card/products.ts";
import { heart } from "#design/testing/elements.ts";
import { readConfig } from "../config.ts";
import type { Issuer } from "../issuers.ts";
import { testEnv } from "../testing/env.ts";
import { testDesign } from "../testing/issuer.ts";
import { createPictureCheck } from "./picture-check.ts";

const { issuers } = readConfig(testEnv);
const log = pino({ level: "silent" });

/** Node tells of each thread as it is made. */
let threads = 0;
const count = (): void => void (threads += 1);
beforeEach(() => {
  threads = 0;
  subscribe("worker_threads", count);
});
afterEach(() => void unsubscribe("worker_threads", count));

test("its thread is there before the first picture, and is the one that looks at it", async () => {
  const started = new BroadcastChannel("warm-up.test");
  let isStarted = false;
  started.onmessage = () => void (isStarted = true);
  const text = `import { parentPort } from "node:worker_threads";
    const channel = new BroadcastChannel("warm-up.test");
    channel.postMessage("started");
    channel.close();
    parentPort.on("message", () => parentPort.postMessage("equal"));`;
  const worker = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  const warm = createPictureCheck({ config: { issuers, pictureCheck: "refuse" }, log, worker });
  warm.warmUp();
  await vi.waitFor(() => expect(isStarted).toBe(true), { timeout: 60_000 });
  const design = { ...testDesign, elements: [...testDesign.elements, { ...heart, id: "e1" }] };
  const session = { id: "ses_1", issuer_id: "default", product_id: design.productId };
  const sender = { address: "192.0.2.1", gone: new AbortController().signal };
  await warm.check(Uint8Array.of(), design, findProduct(design.productId)!, session, sender);
  expect(threads).toBe(1);
  await warm.stop();
  started.close();
});

const photosAlone = { stickers: false, shapes: false };

test.each([
  ["photos alone: none", 0, { "photo-landscape": photosAlone }],
  ["texts too", 1, { "photo-landscape": { ...photosAlone, texts: true } }],
  ["photos alone on one card, and a veil on another", 1, { "photo-landscape": photosAlone, "photo-fine": photosAlone }],
])("its thread is started early where there may be something to look at: %s", async (_, expected, products) => {
  const offering = issuers.map((issuer): Issuer => {
    const offered = Object.entries(products).map(([id, features]) => [id, { provider: "thales", texts: {}, features }]);
    return { ...issuer, products: Object.fromEntries(offered) };
  });
  const check = createPictureCheck({ config: { issuers: offering, pictureCheck: "refuse" }, log });
  check.warmUp();
  expect(threads).toBe(expected);
  await check.stop();
});
