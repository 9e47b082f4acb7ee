import { afterAll, expect, test } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { layVeil } from "#design/edits.ts";
import type { Design } from "#design/design.ts";
import type { Art, VectorElement } from "#design/elements.ts";
import { createImageClient, type OpenPhoto } from "./client.ts";
import { drawOn } from "./testing/made-files.ts";
import { designOf } from "./testing/open-photo.ts";
import { writeText } from "./write-text.ts";

const client = createImageClient();
afterAll(() => client.close());
const [landscape] = products;
const { widthPx, heightPx } = landscape;
const box = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 20, rotationDeg: 0, mirrored: false };
const square: Art = {
  width: 2,
  height: 2,
  ops: [{ path: "M0 0L2 0L2 2L0 2Z", fill: "#00ff00", rule: "nonzero" }],
};
const sticker: VectorElement = { kind: "sticker", id: "sticker", art: "square", box };

async function openGrey(): Promise<OpenPhoto> {
  const { canvas } = drawOn(1600, 1000, (context) => {
    context.fillStyle = "#808080";
    context.fillRect(0, 0, 1600, 1000);
    context.fillStyle = "#7c7c7c";
    context.fillRect(0, 0, 800, 1000);
  });
  return client.openPhoto(await canvas.convertToBlob({ type: "image/png" }), landscape);
}

function layOn(photo: OpenPhoto, ...elements: readonly VectorElement[]): Design {
  const design = designOf(photo, coverPlacement(photo, landscape), landscape);
  return { ...design, elements: [...design.elements, ...elements] };
}

async function centreOf(png: Uint8Array<ArrayBuffer>): Promise<string> {
  const picture = await createImageBitmap(new Blob([png], { type: "image/png" }), { colorSpaceConversion: "none" });
  const context = drawOn(widthPx, heightPx, (drawing) => drawing.drawImage(picture, 0, 0));
  return context
    .getImageData(widthPx / 2, heightPx / 2, 1, 1)
    .data.slice(0, 3)
    .join(" ");
}

test("what lies on the photo is in the picture, each above what is listed before it, and the photo is found like its preview", async () => {
  const photo = await openGrey();
  const heart: VectorElement = { kind: "shape", id: "heart", shape: "heart", fill: "#0000ff", box };
  const drawing: VectorElement = {
    kind: "drawing",
    id: "drawing",
    art: square,
    box: { ...box, widthMm: 90, heightMm: 60 },
  };
  const findArt = (name: string): Art | undefined => (name === "square" ? square : undefined);
  const [below, above, covered] = await Promise.all(
    [[sticker, heart], [heart, sticker], [drawing]].map(async (elements) =>
      centreOf((await client.renderPicture(layOn(photo, ...elements), [photo], landscape, { findArt })).png),
    ),
  );
  expect([below, above, covered]).toEqual(["0 0 255", "0 255 0", "0 255 0"]);
  photo.close();
});

test("the veil lies above it", async () => {
  const photo = await openGrey();
  const card = products.find(({ maxVeilPercent }) => maxVeilPercent > 0);
  if (card === undefined) throw new Error("no card may have a veil");
  const bare = layOn(photo, {
    kind: "shape",
    id: "all",
    shape: "rectangle",
    fill: "#00ff00",
    box: { ...box, widthMm: 120, heightMm: 90 },
  });
  const plain = await client.renderPicture({ ...bare, productId: card.id }, [photo], card);
  const veiled = await client.renderPicture(
    layVeil({ colour: "#ffffff", percent: card.maxVeilPercent })({ ...bare, productId: card.id }, card),
    [photo],
    card,
  );
  expect(veiled.sha256).not.toBe(plain.sha256);
  photo.close();
});

test("a sticker that is not there is said so, and with it the same design is printed", async () => {
  const photo = await openGrey();
  const design = layOn(photo, sticker, { ...sticker, id: "again" });
  await expect(client.renderPicture(design, [photo], landscape)).rejects.toMatchObject({ code: "art-missing" });
  const { png } = await client.renderPicture(design, [photo], landscape, { findArt: () => square });
  expect(await centreOf(png)).toBe("0 255 0");
  photo.close();
});

test("outlines that cannot be painted as a whole are said, as the server would refuse them, and without them the design is printed", async () => {
  const photo = await openGrey();
  const [op] = square.ops;
  const broken: Art = { ...square, ops: [op!, { ...op!, path: "M0 0L2" }] };
  const laid = layOn(
    photo,
    { kind: "drawing", id: "d", art: square, box },
    { kind: "drawing", id: "b", art: broken, box },
  );
  await expect(client.renderPicture(laid, [photo], landscape)).rejects.toMatchObject({
    code: "art-missing",
    cause: expect.stringContaining("path 1 of b"),
  });
  const without = { ...laid, elements: laid.elements.slice(0, -1) };
  const { png } = await client.renderPicture(without, [photo], landscape);
  expect(await centreOf(png)).toBe("0 255 0");
  photo.close();
});

test("painting ends when nobody waits for it any more", async () => {
  const photo = await openGrey();
  const intricate: Art = {
    ...square,
    ops: [{ path: `M0 0${"L2 1.9L0 0.1".repeat(300)}`, fill: "#ff0000", rule: "evenodd" }],
  };
  const many = Array.from(
    { length: 40 },
    (_, index): VectorElement => ({
      kind: "drawing",
      id: `d${index}`,
      art: intricate,
      box: { ...box, widthMm: 80, heightMm: 50 },
    }),
  );
  const controller = new AbortController();
  const onProgress = (fraction: number): void => {
    if (fraction > 0) controller.abort();
  };
  const { signal } = controller;
  await expect(client.renderPicture(layOn(photo, ...many), [photo], landscape, { signal, onProgress })).rejects.toThrow(
    /abort/i,
  );
  const { png } = await client.renderPicture(layOn(photo), [photo], landscape);
  expect(await centreOf(png)).toMatch(/^12[48] /);
  photo.close();
});

test("no text is written that nobody waits for any more", async () => {
  const writing = { text: "Zoë", face: "plain", align: "start" } as const;
  await expect(writeText(writing, AbortSignal.abort(new Error("typed on")))).rejects.toThrow("typed on");
  expect((await writeText(writing, new AbortController().signal)).missing).toEqual([]);
});

test("letters of the fonts that come in slices are there, and only what one needs of them is loaded", async () => {
  performance.setResourceTimingBufferSize(2000);
  performance.clearResourceTimings();
  const loaded = (): number =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(
      ({ initiatorType, name }) => initiatorType === "fetch" && name.includes("/slices/"),
    ).length;
  const { signal } = new AbortController();
  for (const text of ["東京の桜", "我的卡片", "우리 카드"]) {
    const { art, missing } = await writeText({ text, face: "plain", align: "start" }, signal);
    expect([text, missing, art.ops.length]).toEqual([text, [], 1]);
  }
  expect(loaded()).toBeGreaterThan(3);
  expect(loaded()).toBeLessThan(14);
  await expect(writeText({ text: "\u{20002}", face: "plain", align: "start" }, signal)).resolves.toMatchObject({
    missing: ["\u{20002}"],
  });
});
