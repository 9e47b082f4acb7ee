import { crc32 } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { PreviewRequest } from "../provider.ts";
import { findPictureFault } from "../whole-picture.ts";
import { isAskedSize, readSize } from "./picture-size.ts";
import { providerAt, serve } from "./testing/platform.ts";

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const preview: PreviewRequest = { format: "png", corner: "round", designType: "design" };
const ground = sharp({ create: { width: 640, height: 404, channels: 3, background: "#2040a0" } });
const png = await ground.png().toBuffer();
const jpeg = await ground
  .jpeg()
  .withExif({ IFD0: { Artist: "a".repeat(2_000) } })
  .toBuffer();
const progressive = await ground.jpeg({ progressive: true }).toBuffer();
const draw = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#2040a0" } })
    .png()
    .toBuffer();
const turned = await draw(404, 640);

test("GetImage is asked at the very address of the installation, with every parameter under the vendor's names", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  const request = {
    format: "png",
    corner: "square",
    designType: "design-with-template",
    template: "virtual-card",
    overlay: false,
    rotateDeg: 180,
    widthPx: 640,
    heightPx: 400,
  } as const;
  const getImageUrl = `${url}/base/pictures.ashx?tenant=7`;
  await providerAt(url, { getImageUrl }).getPreview({ cardImageId: id }, request, AbortSignal.timeout(60_000));
  const asked = new URL(heard[0]?.url ?? "", url);
  expect(asked.pathname).toBe("/base/pictures.ashx");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    tenant: "7",
    ImageDeliveryKey: "CANARY-DELIVERY-KEY",
    CardImageId: id,
    DesignType: "DesignwithTemplate",
    TemplateType: "VCDesign",
    Overlay: "False",
    DesignRotate: "Rotote180",
    Corner: "Square",
    Width: "640",
    Height: "400",
    ImageFormat: "PNG",
  });
});

test("an installation that has corrected its spelling is asked in it", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  await providerAt(url, { rotate180: "Rotate180" }).getPreview(
    { cardImageId: id },
    { ...preview, rotateDeg: 180 },
    AbortSignal.timeout(60_000),
  );
  expect(heard[0]?.url).toContain("DesignRotate=Rotate180");
});

test("what is not asked for is not sent, so that the platform's own size and template hold", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  expect(await providerAt(url).getPreview({ cardImageId: id }, preview, AbortSignal.timeout(60_000))).toEqual({
    kind: "image",
    mediaType: "image/png",
    bytes: png,
  });
  expect(heard[0]?.url).not.toMatch(/Width|Height|TemplateType|Overlay|DesignRotate/);
});

test.each([
  [404, "not-ready"],
  [400, "unavailable"],
  [401, "unavailable"],
  [302, "unavailable"],
  [500, "unavailable"],
] as const)("GetImage answered with %i is %s", async (status, kind) => {
  const { url } = await serve((response) => response.writeHead(status, { location: "/" }).end(png));
  expect((await providerAt(url).getPreview({ cardImageId: id }, preview, AbortSignal.timeout(60_000))).kind).toBe(kind);
});

test.each([
  ["the platform's own word", '{"Message":"Design Not Found"}', {}],
  ["a gateway's page", "<!doctype html><html><body>Not found</body></html>", { isForeign: true }],
])("404 with %s is told apart: a deletion is believed only of the platform", async (_what, body, more) => {
  const { url } = await serve((response) => response.writeHead(404).end(body));
  const outcome = await providerAt(url).getPreview({ cardImageId: id }, preview, AbortSignal.timeout(60_000));
  expect(outcome).toEqual({ kind: "not-ready", ...more });
});

test("bytes that are not of the asked format are no preview, whatever the header says", async () => {
  const { url } = await serve((response) => response.setHeader("content-type", "image/jpeg").end(png));
  const outcome = await providerAt(url).getPreview(
    { cardImageId: id },
    { ...preview, format: "jpeg" },
    AbortSignal.timeout(60_000),
  );
  expect(outcome.kind).toBe("unavailable");
});

test.each<[string, Buffer, Partial<PreviewRequest>, string]>([
  ["the asked width", png, { widthPx: 640 }, "image"],
  ["the asked height", png, { heightPx: 404 }, "image"],
  ["one of two asked sides, with its aspect ratio kept", png, { widthPx: 640, heightPx: 500 }, "image"],
  ["a width that is rounded down", png, { widthPx: 641 }, "image"],
  ["a width that is rounded up", png, { widthPx: 639 }, "image"],
  ["a height that is rounded", png, { heightPx: 405 }, "image"],
  ["both sides rounded", png, { widthPx: 641, heightPx: 405 }, "image"],
  ["two pixels less", png, { widthPx: 642 }, "image"],
  ["a hundredth less", png, { widthPx: 646 }, "image"],
  ["a hundredth more", png, { widthPx: 634 }, "image"],
  ["another width", png, { widthPx: 647 }, "unavailable"],
  ["another height", png, { heightPx: 399 }, "unavailable"],
  ["neither of two asked sides", png, { widthPx: 600, heightPx: 500 }, "unavailable"],
  ["the asked width, as a JPEG with much before its size", jpeg, { format: "jpeg", widthPx: 640 }, "image"],
  ["a rounded width, as a JPEG", jpeg, { format: "jpeg", widthPx: 641 }, "image"],
  ["another width, as a JPEG", jpeg, { format: "jpeg", widthPx: 650 }, "unavailable"],
  ["the asked height, as a progressive JPEG", progressive, { format: "jpeg", heightPx: 404 }, "image"],
  ["a PNG that ends before its size", png.subarray(0, 20), {}, "unavailable"],
  ["a JPEG that ends before its size", jpeg.subarray(0, 100), { format: "jpeg" }, "unavailable"],
  ["a PNG without an IHDR", Buffer.concat([png.subarray(0, 8), png.subarray(33)]), {}, "unavailable"],
  ["a JPEG of a signature and nothing else", Buffer.from([0xff, 0xd8, 0xff]), { format: "jpeg" }, "unavailable"],
  ["an empty body", Buffer.alloc(0), {}, "unavailable"],
  ["a turned card", turned, { widthPx: 404 }, "image"],
  ["a strip of the asked width", await draw(640, 100), { widthPx: 640 }, "unavailable"],
  ["a square of the asked width", await draw(640, 640), { widthPx: 640 }, "unavailable"],
  ["a square, when no size was asked for", await draw(640, 640), {}, "unavailable"],
])("GetImage answered with %s", async (_what, bytes, change, kind) => {
  const { url } = await serve((response) => response.end(bytes));
  const outcome = await providerAt(url).getPreview(
    { cardImageId: id },
    { ...preview, ...change },
    AbortSignal.timeout(60_000),
  );
  expect(outcome.kind).toBe(kind);
});

test("whatever width is asked for, a card that a scaler rounds in its way is taken, upright or turned", () => {
  const rounding = fc.constantFrom(Math.round, Math.floor, Math.ceil);
  // The card itself, and the prints of our products with their bleed.
  const ratio = fc.constantFrom(85.6 / 53.98, 1036 / 664, 1059 / 686, 2100 / 1344);
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 2100 }), ratio, rounding, fc.boolean(), fc.boolean(), (...given) => {
      const [askedPx, uprightRatio, round, isTurned, fromHeight] = given;
      const ratioOf = isTurned ? 1 / uprightRatio : uprightRatio;
      const heightPx = round(askedPx / ratioOf);
      const widthPx = fromHeight ? Math.round(Math.round(askedPx / ratioOf) * ratioOf) : askedPx;
      expect(isAskedSize({ widthPx, heightPx }, { ...preview, widthPx: askedPx })).toBe(true);
      const other = Math.ceil(askedPx * 1.01) + 4;
      expect(isAskedSize({ widthPx: other, heightPx: round(other / ratioOf) }, { ...preview, widthPx: askedPx })).toBe(
        false,
      );
    }),
  );
});

/** A PNG's chunk; `crc` is what its check sum is changed by. */
function chunk(type: string, data: Uint8Array, crc = 0): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE((crc32(named) ^ crc) >>> 0);
  return Buffer.concat([length, named, sum]);
}
const withChunk = (...given: Parameters<typeof chunk>) =>
  Buffer.concat([png.subarray(0, 33), chunk(...given), png.subarray(33)]);
const spoil = (bytes: Buffer, at: number) =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ 0x55]), bytes.subarray(at + 1)]);
function declare(widthPx: number, heightPx: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", header), png.subarray(33)]);
}

test.each<[string, Buffer, "png" | "jpeg", string]>([
  ["a header and no pixels", png.subarray(0, 33), "png", "it ends too early"],
  ["a PNG that breaks off", png.subarray(0, png.length - 100), "png", "it ends too early"],
  ["a PNG without its IEND", png.subarray(0, png.length - 12), "png", "it ends too early"],
  ["a PNG with half an IEND", png.subarray(0, png.length - 2), "png", "it ends too early"],
  ["a PNG with more behind it", Buffer.concat([png, Buffer.from("<html>")]), "png", "6 bytes follow its end"],
  ["two PNGs", Buffer.concat([png, png]), "png", `${png.length} bytes follow its end`],
  ["a PNG with a changed pixel", spoil(png, png.length - 60), "png", "a check sum in it is wrong"],
  ["a PNG with a text that is damaged", withChunk("tEXt", Buffer.from("a\0b"), 1), "png", "a check sum in it is wrong"],
  [
    "a PNG whose pixels are no zlib stream",
    Buffer.concat([png.subarray(0, 33), chunk("IDAT", Buffer.from("pixels")), png.subarray(-12)]),
    "png",
    "its pixels cannot be decoded",
  ],
  ["a PNG with fewer rows than it declares", declare(6400, 4040), "png", "more than 16000000 pixels"],
  ["a PNG with half its rows", declare(640, 420), "png", "its pixels cannot be decoded"],
  ["a PNG that is a bomb", declare(60_000, 37_850), "png", "more than 16000000 pixels"],
  ["an animated PNG", withChunk("acTL", Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])), "png", "it is animated"],
  ["a JPEG that breaks off", jpeg.subarray(0, jpeg.length - 100), "jpeg", "it ends too early"],
  ["a JPEG without its end", jpeg.subarray(0, jpeg.length - 2), "jpeg", "it ends too early"],
  [
    "a progressive JPEG that breaks off",
    progressive.subarray(0, progressive.length - 100),
    "jpeg",
    "it ends too early",
  ],
  ["a JPEG with more behind it", Buffer.concat([jpeg, Buffer.from("x")]), "jpeg", "1 bytes follow its end"],
  [
    "a JPEG whose scan is missing",
    Buffer.concat([jpeg.subarray(0, jpeg.indexOf(Buffer.from([0xff, 0xda]))), Buffer.from([0xff, 0xd9])]),
    "jpeg",
    "its pixels cannot be decoded",
  ],
])("%s is no preview, and the operator reads why", async (_what, bytes, format, reason) => {
  const { url } = await serve((response) => response.end(bytes));
  const outcome = await providerAt(url).getPreview(
    { cardImageId: id },
    { ...preview, format },
    AbortSignal.timeout(60_000),
  );
  expect(outcome).toEqual({
    kind: "unavailable",
    detail: expect.stringMatching(new RegExp(`^GetImage answered a ${format} picture that is not whole: .*${reason}$`)),
  });
});

test.each([
  ["image/png", "image"],
  ["IMAGE/PNG; charset=binary", "image"],
  ["application/octet-stream", "image"],
  ["text/html", "unavailable"],
  ["image/jpeg", "unavailable"],
  ["application/json", "unavailable"],
])("a PNG that is called %s is %s", async (type, kind) => {
  const { url } = await serve((response) => response.setHeader("content-type", type).end(png));
  expect((await providerAt(url).getPreview({ cardImageId: id }, preview, AbortSignal.timeout(60_000))).kind).toBe(kind);
});

test("however a picture is spoilt, it is judged and nothing is thrown", async () => {
  const spoilt = fc.tuple(fc.constantFrom(png, jpeg, progressive), fc.nat(4_000), fc.nat(255), fc.nat(6_000));
  await fc.assert(
    fc.asyncProperty(spoilt, async ([file, at, value, length]) => {
      const bytes = Buffer.from(file.subarray(0, length));
      if (at < bytes.length) bytes[at] = value;
      const format = file === png ? "png" : "jpeg";
      const fault = await findPictureFault(bytes, format, { widthPx: 640, heightPx: 404 });
      // A JPEG has no check sums: some of its bytes may be anything.
      if (bytes.equals(file)) expect(fault).toBeUndefined();
      else if (format === "png" || bytes.length < file.length) expect(fault).toBeTypeOf("string");
    }),
    { numRuns: 300 },
  );
});

test("no bytes make the reader of sizes throw", () => {
  const files = [png, jpeg, Buffer.from([0xff, 0xd8, 0xff, 0xff, 0xff, 0xe0, 0, 0])];
  const spoilt = fc.tuple(fc.constantFrom(...files), fc.nat(2_500), fc.nat(255), fc.nat(3_000));
  fc.assert(
    fc.property(spoilt, fc.constantFrom("png", "jpeg"), ([file, at, value, length], format) => {
      const bytes = new Uint8Array(file.subarray(0, length));
      if (at < bytes.length) bytes[at] = value;
      const size = readSize(bytes, format);
      if (size !== undefined) expect(Math.min(size.widthPx, size.heightPx)).toBeGreaterThan(0);
    }),
  );
});

test("a preview of more than 12 MB is not taken in", async () => {
  const { url } = await serve((response) => response.end(Buffer.concat([png, Buffer.alloc(12 * 1024 * 1024)])));
  expect((await providerAt(url).getPreview({ cardImageId: id }, preview, AbortSignal.timeout(60_000))).kind).toBe(
    "unavailable",
  );
});
