import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { Design } from "#design/design.ts";
import type { Art, Box, Text, VectorElement } from "#design/elements.ts";
import { listBuiltIn } from "#design/templates/built-in.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import type { Issuer } from "../issuers.ts";
import { createMetrics } from "../metrics/metrics.ts";
import { readSeries } from "../metrics/testing/numbers.ts";
import { testDesign } from "../testing/issuer.ts";
import { type CheckSender, createPictureCheck, type PictureCheckOptions } from "./picture-check.ts";
import { paintPicture } from "./testing/paint-picture.ts";

const leaf: Art = {
  width: 100,
  height: 50,
  ops: [{ path: "M0 0L100 0L100 50Z", fill: "#1b6b47", rule: "nonzero" }],
};
const own = new Map([["own.leaf", gzipSync(JSON.stringify(leaf))]]);
const issuer = {
  id: "default",
  ownStickers: [{ id: "leaf", names: { en: "Leaf" }, address: "/stickers/0.json", gzip: own.get("own.leaf") }],
} as unknown as Issuer;

const logged: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void logged.push(line) });
const metrics = createMetrics();
const options: PictureCheckOptions = { config: { issuers: [issuer], pictureCheck: "refuse" }, log, metrics };
const real = createPictureCheck(options);
afterAll(() => real.stop());
afterEach(() => void logged.splice(0));

const counted = async (outcome: string): Promise<number> =>
  readSeries(await metrics.collect(), `fullbleed_picture_checks_total{issuer="default",outcome="${outcome}"}`) ?? 0;

const stays = new AbortController().signal;

async function check(
  png: Uint8Array,
  design: Design,
  by = real,
  sender: CheckSender = { address: "192.0.2.1", gone: stays },
): Promise<void> {
  const session = { id: "ses_1", issuer_id: "default", product_id: design.productId };
  await by.check(png, design, findProduct(design.productId)!, session, sender);
}

const at = (changes: Partial<Box> = {}): Box => ({
  xMm: 0,
  yMm: 0,
  widthMm: 40,
  heightMm: 8,
  rotationDeg: 0,
  mirrored: false,
  ...changes,
});
const written = (text: string, changes: Partial<Text> = {}): Text => ({
  kind: "text",
  id: "t",
  text,
  face: "plain",
  align: "start",
  fill: "#ffffff",
  box: at(),
  ...changes,
});
const withElements = (...elements: readonly VectorElement[]): Design => ({
  ...testDesign,
  elements: [...testDesign.elements, ...elements],
});
const sticker: VectorElement = { kind: "sticker", id: "s", art: "red-heart", box: at({ widthMm: 12, heightMm: 12 }) };
const ownSticker: VectorElement = { kind: "sticker", id: "o", art: "own.leaf", box: at({ yMm: 15, heightMm: 20 }) };
const drawing: VectorElement = {
  kind: "drawing",
  id: "d",
  art: { width: 30, height: 10, ops: [{ path: "M0 0Q15 20 30 0L28 0Q15 16 2 0Z", fill: "#ffb81c", rule: "nonzero" }] },
  box: at({ xMm: -20, yMm: -14, widthMm: 30, heightMm: 10, rotationDeg: 33.3, mirrored: true }),
};
const shape: VectorElement = { kind: "shape", id: "h", shape: "star", fill: "#00857c", box: at({ rotationDeg: -7 }) };
const gradient = { from: "#14274e", to: "#2e6fdb", angleDeg: 45 };
const bare: Design = { ...testDesign, ground: gradient, elements: [] };
const landscape = findProduct("photo-landscape")!;
const region = { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 };
const elementsInPart = testDesign.elements.map((element) => ({ ...element, region }) as typeof element);
const inPart: Design = { ...testDesign, ground: "#204060", elements: elementsInPart };
const corners = listBuiltIn(landscape).find(({ id }) => id === "corners")!;
const framed = layTemplate(corners, undefined, () => undefined)(withElements(shape), landscape);
const veiled: Design = { ...withElements(shape), productId: "photo-fine", veil: { colour: "#000000", percent: 60 } };

const scripts = {
  Latin: "Grüße, Zoë!",
  Vietnamese: "Việt Nam",
  Cyrillic: "Привет, мир",
  Greek: "Καλημέρα",
  Hebrew: "שלום 2026",
  Arabic: "مرحبا بالعالم",
  Devanagari: "नमस्ते क्षत्रिय",
  Japanese: "東京の桜",
  Chinese: "你好，世界",
  Korean: "안녕하세요",
};

describe("a picture that shows what its design says is taken", () => {
  test.each([
    ...Object.entries(scripts).map(([script, text]) => [`a text in ${script}`, withElements(written(text))] as const),
    ["a text in a hand, on two lines", withElements(written("Zoë\nאנה", { face: "hand", align: "centre" }))],
    ["a sticker of ours and one of the issuer's", withElements(sticker, ownSticker)],
    ["a drawing and a shape, turned and mirrored", withElements(drawing, shape)],
    ["a template, whose frame is locked", framed],
    ["no photo: a colour", { ...bare, ground: "#14274e", elements: [sticker] }],
    ["no photo: a gradient", { ...bare, elements: [written("Zoë"), sticker] }],
    ["a veil over a shape, on the largest card", veiled],
    ["a photo on a part of the card", inPart],
    ["an upright card", { ...withElements(shape, written("Zoë")), productId: "photo-portrait" }],
    ["a filter, which is the photo's alone", { ...withElements(shape), look: { filter: { id: "film", percent: 80 } } }],
  ] satisfies readonly (readonly [string, Design])[])("%s", async (_, design) => {
    const before = await counted("equal");
    await check(await paintPicture(design, undefined, own), design);
    expect([await counted("equal"), logged]).toEqual([before + 1, []]);
  });

  test("a photo alone has nothing to compare, and is not looked at", async () => {
    await check(Uint8Array.of(), testDesign);
    expect(await counted("photo-alone")).toBe(1);
  });
});

describe("a picture that shows something else is refused", () => {
  const zoe = withElements(written("Zoë"));
  const withoutVeil: Design = { ...veiled, veil: undefined };
  const only = (design: Design, id: string): Design => ({
    ...design,
    elements: design.elements.filter((element) => element.kind === "photo" || element.id === id),
  });
  test.each([
    ["a letter is another one", zoe, withElements(written("Zoe"))],
    ["a text is moved by half a millimetre", zoe, withElements(written("Zoë", { box: at({ xMm: 0.5 }) }))],
    ["a text has another colour", zoe, withElements(written("Zoë", { fill: "#f0f0f0" }))],
    ["the frame of the template is missing", framed, only(framed, "h")],
    ["the photo covers the sticker", withElements(sticker, shape), withElements(shape)],
    ["a sticker is covered by another one", withElements(sticker), withElements(sticker, ownSticker, drawing, shape)],
    ["the veil is missing", veiled, withoutVeil],
    ["the ground is another one", bare, { ...bare, ground: { ...gradient, angleDeg: 50 } }],
    ["something lies on the bare ground", bare, { ...bare, elements: [written("4242 4242")] }],
    ["there is a photo where the design has none", bare, testDesign],
    ["the photo is where its design has the ground", inPart, { ...inPart, elements: testDesign.elements }],
    ["the ground about the photo is another one", inPart, { ...inPart, ground: "#14274f" }],
    ["something lies about the photo", inPart, { ...inPart, elements: [...inPart.elements, written("4242 4242")] }],
  ] satisfies readonly (readonly [string, Design, Design])[])("%s", async (_, said, shown) => {
    const before = await counted("differs");
    await expect(check(await paintPicture(shown, undefined, own), said)).rejects.toMatchObject({
      code: "picture-differs",
      detail: undefined,
    });
    expect(await counted("differs")).toBe(before + 1);
    expect(logged).toHaveLength(1);
  });

  test("the log says how much and where, and nothing of what is written or drawn", async () => {
    const secret = withElements(written("Anna", { box: at({ widthMm: 20 }) }));
    await expect(check(await paintPicture(testDesign), secret)).rejects.toThrow("picture-differs");
    const line = JSON.parse(logged[0]!);
    expect(line).toMatchObject({
      issuerId: "default",
      sessionId: "ses_1",
      productId: "photo-landscape",
      refused: true,
    });
    const { widthPx, heightPx } = landscape;
    expect(line.pixels).toBeGreaterThan(1000);
    expect([line.left, line.top]).toSatisfy(([left, top]) => left > widthPx / 2 - 130 && top > heightPx / 2 - 60);
    expect([line.right, line.bottom]).toSatisfy(([x, y]) => x < widthPx / 2 + 130 && y < heightPx / 2 + 60);
    expect(logged[0]).not.toContain("Anna");
  });

  test("a few pixels on the bare ground", async () => {
    const paintSquare = (side: number) =>
      paintPicture(bare, (rgba, widthPx) => {
        for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) rgba[((100 + y) * widthPx + 100 + x) * 4] = 255;
      });
    await expect(check(await paintSquare(3), bare)).rejects.toThrow("picture-differs");
    await check(await paintSquare(2), bare);
  });

  test.each([
    ["a sticker that there is not", withElements({ ...sticker, art: "no-such-sticker" })],
    ["another issuer's sticker", withElements({ ...sticker, art: "own.other" })],
    ["a text whose letters are empty in its lettering", withElements(written("\u0640", { face: "hand" }))],
    [
      "outlines that are none",
      withElements({ ...drawing, art: { ...leaf, ops: [{ ...leaf.ops[0]!, path: "M0 0L2" }] } }),
    ],
  ])("it names %s, which no picture shows", async (_, design) => {
    const shown = { ...design, elements: testDesign.elements };
    await expect(check(await paintPicture(shown), design)).rejects.toMatchObject({
      code: "picture-differs",
      detail: expect.stringContaining("body.elements[1]"),
    });
  });

  test("outlines that take so much that the painter leaves out what lies on them", async () => {
    // Two specks, far from each other: the painter counts all pixels between them, and has hardly anything to do.
    const path = "M0 0L9 0L9 9ZM891 591L900 591L900 600Z";
    const ops = Array.from({ length: 500 }, () => ({ path, fill: "#ff0000", rule: "nonzero" as const }));
    const art = { width: 900, height: 600, ops };
    const box = at({ widthMm: 86, heightMm: 54 });
    const heavy = [1, 2, 3, 4].map((id): VectorElement => ({ kind: "drawing", id: `d${id}`, art, box }));
    const light = withElements(...heavy.slice(1), written("Zoë"));
    await check(await paintPicture(light), light);
    const design = withElements(...heavy, written("Zoë"));
    const picture = await paintPicture(design);
    expect(Buffer.compare(picture, await paintPicture(withElements(...heavy))), "the text is left out").toBe(0);
    await expect(check(picture, design)).rejects.toMatchObject({
      code: "picture-differs",
      detail: expect.stringContaining("body.elements[4]"),
    });
  });
});

test("what is painted into the photo where nothing of the design lies is not found", async () => {
  const design = withElements(shape);
  const forged = withElements(written("4242", { box: at({ yMm: 18 }) }), shape);
  await check(await paintPicture(forged), design);
});

test("where they are only reported, a picture that differs is taken", async () => {
  const reporting = createPictureCheck({ ...options, config: { issuers: [], pictureCheck: "report" } });
  const before = await counted("differs");
  await check(await paintPicture(testDesign), withElements(sticker), reporting);
  expect(await counted("differs")).toBe(before + 1);
  expect(JSON.parse(logged[0]!)).toMatchObject({ refused: false });
  await reporting.stop();
});

describe("a check that fails", () => {
  const script = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
  const listen = 'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {';

  test.each([
    ["throws", `${listen} throw new Error("broken"); });`],
    ["ends", `${listen} process.exit(3); });`],
    ["does not load", 'throw new Error("broken");'],
  ])("lets the picture go on, where its thread %s, and says so once", async (_, text) => {
    const broken = createPictureCheck({ ...options, worker: script(text) });
    const before = await counted("failed");
    await check(Uint8Array.of(), withElements(sticker), broken);
    expect(await counted("failed")).toBe(before + 1);
    expect(logged.map((line) => JSON.parse(line).level)).toEqual([50]);
    await broken.stop();
  });

  test("is none where it takes too long: the picture is to be sent again, and its thread is ended", async () => {
    const worker = script(`import { parentPort } from "node:worker_threads";
      parentPort.on("message", ({ design }) => {
        if (design.elements.length > 2) for (;;);
        parentPort.postMessage("equal");
      });`);
    // Time for the next thread to start in, on a busy machine too.
    const stuck = createPictureCheck({ ...options, worker, timeoutMs: 6000 });
    const before = [await counted("too-slow"), await counted("failed"), await counted("equal")];
    const slow = check(Uint8Array.of(), withElements(sticker, shape), stuck);
    const next = check(Uint8Array.of(), withElements(sticker), stuck);
    await expect(slow).rejects.toMatchObject({ code: "overloaded" });
    await next;
    const after = [await counted("too-slow"), await counted("failed"), await counted("equal")];
    expect(after.map((count, at) => count - before[at]!)).toEqual([1, 0, 1]);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, refused: true }]);
    await stuck.stop();
  });

  test("is none where it takes too long: the picture goes on where they are only reported", async () => {
    const config = { issuers: [], pictureCheck: "report" } as const;
    const stuck = createPictureCheck({ ...options, config, worker: script(`${listen} for (;;); });`), timeoutMs: 500 });
    const before = await counted("too-slow");
    await check(Uint8Array.of(), withElements(sticker), stuck);
    expect(await counted("too-slow")).toBe(before + 1);
    expect(JSON.parse(logged[0]!)).toMatchObject({ level: 40, refused: false });
    await stuck.stop();
  });

  test("is done again in a new thread, where the thread has died", async () => {
    const dying = script(`import { parentPort } from "node:worker_threads";
      let answered = 0;
      parentPort.on("message", () => {
        answered += 1;
        if (answered > 1) process.exit(1);
        parentPort.postMessage("equal");
      });`);
    const weak = createPictureCheck({ ...options, worker: dying });
    const before = await counted("equal");
    for (let each = 0; each < 3; each++) await check(Uint8Array.of(), withElements(sticker), weak);
    expect([await counted("equal"), logged]).toEqual([before + 3, []]);
    await weak.stop();
  });

  test("more than can wait are turned away, to be sent again, and those before them are looked at", async () => {
    const slow = script(`${listen} setTimeout(() => parentPort.postMessage("equal"), 100); });`);
    const busy = createPictureCheck({ ...options, worker: slow });
    const before = await counted("equal");
    const all = Array.from({ length: 10 }, () => check(Uint8Array.of(), withElements(sticker), busy));
    const settled = await Promise.allSettled(all);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(8);
    expect(settled[9]).toMatchObject({ status: "rejected", reason: { code: "overloaded" } });
    expect(await counted("equal")).toBe(before + 8);
    await busy.stop();
  });

  test("one address that sends many keeps no other one out, and who has gone takes nobody's turn", async () => {
    const slow = script(`${listen} setTimeout(() => parentPort.postMessage("equal"), 100); });`);
    const busy = createPictureCheck({ ...options, worker: slow });
    const before = [await counted("equal"), await counted("failed")];
    const send = (address: string, gone = stays) =>
      check(Uint8Array.of(), withElements(sticker), busy, { address, gone });
    const many = Array.from({ length: 8 }, () => send("192.0.2.1"));
    const left = send("192.0.2.2", AbortSignal.abort(new Problem("bad-request")));
    const settled = await Promise.allSettled([...many, send("192.0.2.3"), left]);
    const codes = settled.map((one) => (one.status === "rejected" ? one.reason.code : "taken"));
    expect(codes).toEqual([...Array.from({ length: 7 }, () => "taken"), "overloaded", "taken", "bad-request"]);
    expect([await counted("equal"), await counted("failed"), logged]).toEqual([before[0]! + 8, before[1], []]);
    await busy.stop();
  });
});
