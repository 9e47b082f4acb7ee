import { afterEach, expect, test } from "vitest";
import { openTestApp } from "../testing/app.ts";
import { serveMetrics } from "./listener.ts";
import { openMeasured } from "./testing/measured-app.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

test("no address to listen on, no numbers", async () => {
  const server = await openTestApp();
  closing.push(server.close);
  expect(await serveMetrics(server.parts)).toBeUndefined();
});

test("a browser that is led to the numbers is told to guess, send and keep nothing", async () => {
  const { url } = await openMeasured();
  for (const path of ["/metrics", "/"])
    expect(Object.fromEntries((await fetch(new URL(path, url))).headers)).toMatchObject({
      "cache-control": "no-store",
      "content-security-policy": expect.stringMatching(/^default-src 'none'/),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
});

test("a taken port is refused with a sentence that names the setting", async () => {
  const { url } = await openMeasured();
  await expect(openMeasured({ FULLBLEED_METRICS_LISTEN: new URL(url).host })).rejects.toThrow(
    /^FULLBLEED_METRICS_LISTEN is not valid: the port is in use/,
  );
});
