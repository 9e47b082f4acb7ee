import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { findProduct } from "#card/products.ts";
import { heart } from "#design/testing/elements.ts";
import { testDesign } from "../testing/issuer.ts";
import { createPictureCheck } from "./picture-check.ts";

test("its thread is there before the first picture, and is the one that looks at it", async () => {
  const started = new BroadcastChannel("warm-up.test");
  let threads = 0;
  started.onmessage = () => void (threads += 1);
  const text = `import { parentPort } from "node:worker_threads";
    const channel = new BroadcastChannel("warm-up.test");
    channel.postMessage("started");
    channel.close();
    parentPort.on("message", () => parentPort.postMessage("equal"));`;
  const worker = new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  const config = { issuers: [], pictureCheck: "refuse" } as const;
  const warm = createPictureCheck({ config, log: pino({ level: "silent" }), worker });
  warm.warmUp();
  await vi.waitFor(() => expect(threads).toBe(1), { timeout: 60_000 });
  const design = { ...testDesign, elements: [...testDesign.elements, { ...heart, id: "e1" }] };
  const session = { id: "ses_1", issuer_id: "default", product_id: design.productId };
  const sender = { address: "192.0.2.1", gone: new AbortController().signal };
  await warm.check(Uint8Array.of(), design, findProduct(design.productId)!, session, sender);
  expect(threads).toBe(1);
  await warm.stop();
  started.close();
});
