import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { enterSession } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { createLasting } from "./load-guard.ts";
import { openConnection, readAnswer } from "../testing/wire.ts";

let server: TestApp;
let url: string;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => server.close());

test("a server that was late once, or twice, is not one that cannot keep up", () => {
  const clock = vi.spyOn(performance, "now");
  const at = (ms: number, isLate: (isSo: boolean) => boolean, isSo = true): boolean => {
    clock.mockReturnValue(ms);
    return isLate(isSo);
  };
  const asleep = createLasting(5_000);
  expect([0, 1_000, 7_000, 8_000, 20_000].map((ms) => at(ms, asleep))).not.toContain(true);
  const twice = createLasting(5_000);
  expect([at(0, twice), at(1_000, twice), at(2_000, twice, false), at(4_500, twice), at(5_500, twice)]).not.toContain(
    true,
  );
  const overrun = createLasting(5_000);
  expect([0, 2_000, 4_000, 5_000, 7_000].map((ms) => at(ms, overrun))).toEqual([false, false, false, true, true]);
  clock.mockRestore();
});

/** Memory is looked at every second. */
async function fillMemory(): Promise<() => Promise<void>> {
  const memory = process.memoryUsage();
  const full = vi.spyOn(process, "memoryUsage").mockReturnValue({ ...memory, heapUsed: Number.MAX_SAFE_INTEGER });
  const statusOf = async () => (await fetch(`${url}/v1/submissions`)).status;
  await expect.poll(statusOf).toBe(503);
  return async () => {
    full.mockRestore();
    await expect.poll(statusOf).toBe(401);
  };
}

test("a server whose memory is nearly full refuses with 503 and a time to try again, but for health, and comes back", async () => {
  const free = await fillMemory();
  for (const path of ["/v1/submissions", "/frame/ses_1", "/embed/card-designer.js", "/nothing"]) {
    const answer = await fetch(url + path);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toMatchObject({ code: "overloaded", retryable: true });
  }
  for (const path of ["/health/live", "/health/ready"]) expect((await fetch(url + path)).status).toBe(200);
  await free();
});

test("a server whose memory cannot be read for a while, since it may open no more files, goes on as it was", async () => {
  let reads = 0;
  const unreadable = vi.spyOn(process, "memoryUsage").mockImplementation(() => {
    reads += 1;
    throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
  });
  await expect.poll(() => reads).toBeGreaterThan(1);
  expect((await fetch(`${url}/v1/submissions`)).status).toBe(401);
  unreadable.mockRestore();
});

test("an upload that is coming in goes on, and is acknowledged, while new ones are refused", async () => {
  const picture = makePicture();
  const frame = await enterSession(url);
  const designSha256 = await frame.putDesign();
  const headers = Object.entries(frame.headersFor(picture, designSha256));
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `POST /v1/sessions/${frame.sessionId}/submissions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n`;
  const upload = await openConnection(url, `${head}${lines}content-length: ${picture.length}\r\n\r\n`);
  // Otherwise the probe may be received before it.
  await once(upload, "data");
  upload.pause().write(picture.subarray(0, 100));
  // 409 says that it is being received.
  const probe = async () => (await frame.send(Buffer.from("GIF89a"), designSha256, "probe")).status;
  await expect.poll(probe).toBe(409);
  const free = await fillMemory();
  expect((await frame.send(picture, designSha256)).status).toBe(503);
  upload.write(picture.subarray(100));
  expect((await readAnswer(upload)).status).toBe(202);
  await free();
});
