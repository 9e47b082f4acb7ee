import { BroadcastChannel } from "node:worker_threads";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import type { Design } from "#design/design.ts";
import { createPictureCheck, type PictureCheck } from "../picture-check/picture-check.ts";
import { paintPicture } from "../picture-check/testing/paint-picture.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { enterSession, type Frame, testDesign } from "../testing/issuer.ts";

const box = { xMm: 0, yMm: 0, widthMm: 14, heightMm: 14, rotationDeg: 0, mirrored: false };
const starred: Design = {
  ...testDesign,
  elements: [...testDesign.elements, { kind: "shape", id: "s", shape: "star", fill: "#ffffff", box }],
};

let check: PictureCheck;
let server: TestApp;
let url: string;
afterEach(async () => {
  await server.close();
  await check.stop();
});

/** How many pictures have come to be compared. */
let asked = 0;

async function openWith(changes: Partial<Parameters<typeof createPictureCheck>[0]> = {}): Promise<Frame> {
  const config = { issuers: [], pictureCheck: "refuse" } as const;
  check = createPictureCheck({ config, log: pino({ level: "silent" }), ...changes });
  asked = 0;
  const counting: PictureCheck = { ...check, check: (...what) => ((asked += 1), check.check(...what)) };
  server = await openTestApp({ parts: { pictureCheck: counting } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  return enterSession(url);
}

const rowsOf = (table: "submissions" | "pictures" | "events" | "jobs") =>
  server.parts.store.selectFrom(table).selectAll().execute();

test("a picture without what its design says is refused before anything is stored, and the right one is taken after it", async () => {
  const frame = await openWith();
  const design = await frame.putDesign(starred);
  const forged = await paintPicture(testDesign);
  for (let tries = 0; tries < 2; tries++) {
    const answer = await frame.send(forged, design);
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: "picture-differs", retryable: false }]);
  }
  for (const table of ["submissions", "pictures", "events", "jobs"] as const) expect(await rowsOf(table)).toEqual([]);

  const picture = await paintPicture(starred);
  const taken = await frame.send(picture, design);
  expect(taken.status).toBe(202);
  const again = await frame.send(picture, design);
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
  expect(await again.json()).toEqual(await taken.json());
  expect(asked).toBe(3);
  expect(await rowsOf("submissions")).toHaveLength(1);
  expect(await rowsOf("jobs")).toHaveLength(1);
});

test("while pictures are being compared, others are stored, and those are after it", async () => {
  const gate = new BroadcastChannel("picture-differs");
  const looking = new Promise((resolve) => (gate.onmessage = resolve));
  const worker = new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { BroadcastChannel, parentPort } from "node:worker_threads";
    const gate = new BroadcastChannel("picture-differs");
    const opened = new Promise((resolve) => (gate.onmessage = resolve));
    parentPort.on("message", () => {
      gate.postMessage("looking");
      opened.then(() => parentPort.postMessage("equal"));
    });
  `)}`,
  );
  const frames = [await openWith({ worker, timeoutMs: 60_000 })];
  while (frames.length < 6) frames.push(await enterSession(url));
  const picture = await paintPicture(starred);
  // More than are stored at a time.
  const comparing = frames.map(async (frame) => frame.send(picture, await frame.putDesign(starred)));
  await expect.poll(() => asked, { timeout: 10_000 }).toBe(6);
  expect(await rowsOf("submissions")).toEqual([]);
  const other = await enterSession(url);
  expect((await other.send(await paintPicture(testDesign), await other.putDesign())).status).toBe(202);
  await looking;
  gate.postMessage("open");
  expect((await Promise.all(comparing)).map(({ status }) => status)).toEqual(frames.map(() => 202));
  expect(await rowsOf("submissions")).toHaveLength(7);
  gate.close();
});

test("a picture whose check fails is stored and will be sent, once", async () => {
  const worker = new URL("data:text/javascript,process.exit(1)");
  const frame = await openWith({ worker });
  const design = await frame.putDesign(starred);
  expect((await frame.send(await paintPicture(starred), design)).status).toBe(202);
  expect([await rowsOf("submissions"), await rowsOf("jobs")]).toMatchObject([
    [{ state: "queued" }],
    [{ kind: "send" }],
  ]);
});
