import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { coverPlacement, type PhotoSize, type Placement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { makeOddFiles } from "#image/testing/odd-files.ts";
import { digestOfOwnJpeg } from "#image/testing/own-jpegs.ts";
import { psnr } from "#image/testing/psnr.ts";
import { renderReference } from "#image/testing/reference.ts";
import { paintedDigests } from "#paint/testing/painted-cases.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { type Made, type PhotoToMake, picturesIn, type Visit } from "./made-pictures.ts";
import { chart, cutOutChart, cutOutPhoto, largePhoto } from "./photos.ts";
import { cornersOf, decode, digestInNode } from "./pictures.ts";
import { heicPhoto, ownJpeg, tiffPhoto } from "./rare-photos.ts";

const [product] = products;
const ground = "#14274e";
const plain: PhotoSize = { widthPx: 2400, heightPx: 1800 };
const noAdjustments = { brightness: 0, contrast: 0, warmth: 0, saturation: 0, lift: 0 };
const film = { filter: { id: "film", percent: 100 } };
const filmOverLight = { adjust: { ...noAdjustments, brightness: 1 }, filter: { id: "film", percent: 99 } };

/** Turned, larger than it has to be, and not in the middle. */
function place(size: PhotoSize): Placement {
  const covering = coverPlacement(size, product, 5);
  return { ...covering, mmPerPx: covering.mmPerPx * 1.2, xMm: 1.5, yMm: -1 };
}

/** A photo, and the picture that it has to be. */
interface Same extends PhotoToMake, PhotoSize {
  readonly sha256: string;
}

async function photosWithoutLoss(engine: string): Promise<Same[]> {
  const [heic, tiff] = [await heicPhoto(engine), await tiffPhoto(engine)];
  const [whole, cutOut] = [await chart(2400, 1800), await cutOutChart(2400, 1800)];
  const photos = [
    { name: "a PNG", file: whole, size: plain },
    { name: "a PNG of 12 megapixels", file: await chart(4000, 3000), size: { widthPx: 4000, heightPx: 3000 } },
    { name: "a PNG under a filter", file: whole, size: plain, look: film },
    { name: "a PNG under a filter, over what is adjusted", file: whole, size: plain, look: filmOverLight },
    { name: "a PNG that is cut out, on a ground, under a filter", file: cutOut, size: plain, look: film, ground },
    { name: "a HEIC", file: heic.path, readable: heic.pngPath, size: { widthPx: 1512, heightPx: 2016 } },
    { name: "a TIFF", file: tiff.path, readable: tiff.pngPath, size: { widthPx: 2000, heightPx: 1500 } },
  ];
  return Promise.all(
    photos.map(async ({ size, readable, ...photo }) => {
      const placement = place(size);
      return {
        ...photo,
        ...size,
        placement,
        sha256: await digestInNode(readable ?? photo.file, placement, product, photo),
      };
    }),
  );
}

/** JPEGs that no browser decodes for us. */
async function ownJpegs(engine: string): Promise<Same[]> {
  const kinds = [
    ["a JPEG of four inks", "inks", { widthPx: 1200, heightPx: 1600 }],
    ["a JPEG of 25 megapixels in Display P3", "large", { widthPx: 4350, heightPx: 5800 }],
  ] as const;
  return Promise.all(
    kinds.map(async ([name, kind, size]) => {
      const { path, bytes } = await ownJpeg(engine, kind);
      const placement = place(size);
      const sha256 = await digestOfOwnJpeg(bytes, () => placement, product);
      return { name, file: path, ...size, placement, sha256 };
    }),
  );
}

/** Each is one that at least one engine does not decode as it stands, or decodes to less than a viewer shows. */
const oddNames = [
  "a JPEG without its end",
  "a progressive JPEG with a stray marker before its end",
  "a PNG with a wrong sum in its pixels",
  "a PNG without an Adler sum",
  "a lossy WebP that says it is longer",
  "an AVIF with zeros behind its boxes",
];

const goodOf = (name: string): string => `${name}, before it was made odd`;
const cutName = "half a JPEG";

async function oddPhotos(): Promise<PhotoToMake[]> {
  const { odd, hidden } = await makeOddFiles();
  const placement = coverPlacement({ widthPx: 640, heightPx: 420 }, product);
  const photos = oddNames.flatMap((name) => {
    const file = [...odd, ...hidden].find((each) => each.name === name);
    if (file === undefined) throw new Error(`there is no file called ${name}`);
    return [
      { name: goodOf(name), file: file.good, placement },
      { name, file: file.odd, placement },
    ];
  });
  const [first] = odd;
  return [...photos, { name: cutName, file: first!.good.subarray(0, first!.good.length >> 1), placement }];
}

function expectOddAsGood({ made }: Made): void {
  for (const name of oddNames) {
    const good = made[goodOf(name)];
    expect.soft(good, goodOf(name)).toMatchObject({ widthPx: expect.any(Number), shown: expect.stringMatching(/\d/) });
    expect.soft(made[name], name).toEqual(good);
  }
  expect.soft(made[cutName], cutName).toEqual({ problem: "damaged-image" });
}

/** What the browser itself decodes, which no two decoders do alike. */
async function photosWithLoss(): Promise<PhotoToMake[]> {
  const [large, cutOut] = [await largePhoto("french-alpine-landscape", 4000, 3000), await cutOutPhoto("webp")];
  const { width: widthPx, height: heightPx } = await decode(await readFile(cutOut));
  const fading = { placement: coverPlacement({ widthPx, heightPx }, product), ground };
  return [
    { name: "a large JPEG", file: large, placement: place({ widthPx: 4000, heightPx: 3000 }) },
    { name: "a WebP that fades", file: cutOut, ...fading },
    { name: "a PNG that fades", file: await cutOutPhoto("png"), ...fading },
  ];
}

async function expectLossyAlike(lossy: readonly PhotoToMake[], { pictures, made }: Made): Promise<void> {
  const [large, ...cutOuts] = lossy;
  const pictureOf = async (name = ""): Promise<Awaited<ReturnType<typeof decode>>> => {
    const bytes = pictures.get(name);
    if (bytes === undefined) throw new Error(`${name}: ${JSON.stringify(made[name])}`);
    return decode(bytes);
  };
  const wanted = await renderReference(String(large!.file), large!.placement, product);
  expect.soft(psnr((await pictureOf(large!.name)).data, wanted), large!.name).toBeGreaterThanOrEqual(33);
  for (const { name } of cutOuts) expect.soft(cornersOf(await pictureOf(name)), name).toEqual(Array(4).fill(ground));
}

/** Photos of all kinds, and vectors, become the same picture in this browser as in Node. `engine` keeps tests apart that run at the same time. */
export async function expectSamePictures(engine: string, visit: Visit): Promise<void> {
  const same = [...(await photosWithoutLoss(engine)), ...(await ownJpegs(engine))];
  const lossy = await photosWithLoss();
  const made = await picturesIn(visit, [...same, ...(await oddPhotos()), ...lossy], true);
  expect(made.missing, "what the browser lacks").toEqual([]);
  expect(made.faults, "what the page did that it may not do").toEqual([]);
  for (const { name, widthPx, heightPx, sha256 } of same) {
    expect.soft(made.made[name], name).toMatchObject({ widthPx, heightPx, sha256, coloursMayDiffer: false });
  }
  expectOddAsGood(made);
  await expectLossyAlike(lossy, made);
  expect(Object.keys(made.painted).length).toBeGreaterThan(7);
  expect(made.painted, "vectors").toEqual(await paintedDigests(readPaint()));
}
