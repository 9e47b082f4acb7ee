import fc from "fast-check";
import { afterAll, expect, test, vi } from "vitest";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient, type OpenPhoto, PhotoProblem } from "./client.ts";
// oxlint-disable-next-line import/default -- the file has no default export: Vite gives its address in place of one
import countingWorkerUrl from "./testing/counting-worker.ts?worker&url";
import { orientedQuarters, quarters } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";

const [product] = products;

class CountingWorker extends Worker {
  constructor() {
    super(countingWorkerUrl, { type: "module" });
  }
}
vi.stubGlobal("Worker", CountingWorker);
const client = createImageClient();
vi.unstubAllGlobals();
afterAll(() => client.close());

const channel = new BroadcastChannel("pictures alive");
/** Decoded pictures that the worker holds. */
function countAlive(): Promise<number> {
  return new Promise((resolve) => {
    channel.addEventListener("message", ({ data }) => resolve(data as number), { once: true });
    channel.postMessage("how many");
  });
}

// Decoded at a scale, turned by its file, and all of it at once.
const large = await quarters(2400, 1600, "image/jpeg");
const turned = await orientedQuarters(1600, 2400, 6);
const png = await quarters(1300, 900, "image/png");
const files = [large, turned, png, new Blob(["no photo"])] as const;

const region = { widthPx: 120, heightPx: 77 };
function drawRegion(photo: OpenPhoto, signal: AbortSignal): Promise<ImageBitmap> {
  const small = { ...product, ...region, dpi: product.dpi * (region.widthPx / product.widthPx) };
  const map = photoToRaster(coverPlacement(photo, product), photo, small);
  return photo.drawRegion({ map, raster: region, ground: "#ffffff" }, signal);
}
async function renderAt(photo: OpenPhoto, degrees: number, signal?: AbortSignal): Promise<string> {
  const design = designOf(photo, coverPlacement(photo, product, degrees), product);
  const { sha256 } = await client.renderPicture(design, [photo], product, signal === undefined ? {} : { signal });
  return sha256;
}

/** What each picture has to be whatever else goes on, by the photo's digest and the angle. */
const expected = new Map<string, string>();
for (const file of [large, turned, png]) {
  const photo = await client.openPhoto(file, product);
  for (const degrees of [0, 30]) expected.set(`${photo.sha256} ${degrees}`, await renderAt(photo, degrees));
  photo.close();
}

/** One cardholder: pictures open, are replaced, rendered, drawn and stopped without waiting for each other. */
class Session {
  #photo: OpenPhoto | undefined;
  readonly #stops: AbortController[] = [];
  readonly #work: Promise<unknown>[] = [];
  /** What came out that should not have. */
  readonly wrong: unknown[] = [];

  #start(work: (signal: AbortSignal) => Promise<unknown>): void {
    const stop = new AbortController();
    this.#stops.push(stop);
    const ended = work(stop.signal).catch((error: unknown) => {
      const isOwn = error === stop.signal.reason || (error instanceof PhotoProblem && error.code === "not-an-image");
      if (!isOwn) this.wrong.push(error);
    });
    this.#work.push(ended);
  }

  open(file: Blob): void {
    this.#start(async (signal) => {
      const photo = await client.openPhoto(file, product, signal);
      this.#photo?.close();
      this.#photo = photo;
    });
  }

  render(degrees: number): void {
    const photo = this.#photo;
    if (photo === undefined) return;
    this.#start(async (signal) => {
      const sha256 = await renderAt(photo, degrees, signal);
      if (sha256 !== expected.get(`${photo.sha256} ${degrees}`)) this.wrong.push("another picture");
    });
  }

  draw(): void {
    const photo = this.#photo;
    if (photo === undefined) return;
    this.#start(async (signal) => {
      const bitmap = await drawRegion(photo, signal);
      if (bitmap.width !== region.widthPx) this.wrong.push("another region");
      bitmap.close();
    });
  }

  /** The piece of work that was begun so many pieces ago. */
  stop(ago: number): void {
    this.#stops.at(-1 - ago)?.abort(new Error("nobody wants it"));
  }

  async end(): Promise<void> {
    await Promise.all(this.#work);
    this.#photo?.close();
    this.#photo = undefined;
  }
}

const wait = (ms: number): Promise<void> => new Promise((rest) => void setTimeout(rest, ms));

const step = fc.oneof(
  fc
    .constantFrom(...files)
    .map((file) => ({ name: `open ${files.indexOf(file)}`, run: (on: Session) => on.open(file) })),
  fc.constantFrom(0, 30).map((degrees) => ({ name: `render ${degrees}`, run: (on: Session) => on.render(degrees) })),
  fc.constant({ name: "draw a region", run: (on: Session) => on.draw() }),
  fc.nat({ max: 3 }).map((ago) => ({ name: `stop ${ago}`, run: (on: Session) => on.stop(ago) })),
  // As long as a band takes, or a decoder.
  fc.constantFrom(0, 5, 40).map((ms) => ({ name: `wait ${ms}`, run: () => wait(ms) })),
);

test("whatever is opened, replaced, rendered, drawn and stopped at the same time, each gets its own and nothing is left", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const session = new Session();
      session.open(large);
      for (const { run } of steps) {
        const waited = run(session);
        if (waited !== undefined) await waited;
      }
      await session.end();
      expect(session.wrong).toEqual([]);
      await expect.poll(countAlive).toBe(0);
    }),
    { numRuns: 25 },
  );
});

test("what is kept of an open photo is one decoded picture and one preview, however often it is rendered and drawn", async () => {
  const photo = await client.openPhoto(large, product);
  for (const degrees of [0, 30, 0]) {
    await renderAt(photo, degrees);
    (await drawRegion(photo, new AbortController().signal)).close();
    expect(await countAlive()).toBe(2);
  }
  photo.close();
  expect(photo.preview.width).toBe(0);
  await expect.poll(countAlive).toBe(0);
});

test("a photo outlives the worker that opened it, and is still what was opened", async () => {
  const photo = await client.openPhoto(turned, product);
  const other = createImageClient();
  const design = designOf(photo, coverPlacement(photo, product), product);
  const { sha256 } = await other.renderPicture(design, [photo], product);
  expect(sha256).toBe(expected.get(`${photo.sha256} 0`));
  other.close();
  photo.close();
});
