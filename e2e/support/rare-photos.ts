import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import sharp from "sharp";
import { decodeHeic } from "#image/rare/heic.ts";
import { startHeif } from "#image/rare/heif.ts";
import { makeHeic, readPictures, turn } from "#image/testing/make-heic.ts";
import { makeOwnJpeg, type OwnJpeg } from "#image/testing/own-jpegs.ts";
import { photographPath } from "./photos.ts";

const folder = join(import.meta.dirname, "../../.cache/photos");
const require = createRequire(import.meta.url);

/** A file, and a PNG of what Node makes of it: a browser has to make the same, to the byte. */
export interface RarePhoto {
  readonly path: string;
  readonly pngPath: string;
}

/** An iPhone's photo, of 3 megapixels: parts of 512 pixels, held upright. `name` keeps tests apart that run at the same time. */
export async function heicPhoto(name: string): Promise<RarePhoto> {
  mkdirSync(folder, { recursive: true });
  const tiles = readFileSync(new URL("../../src/image/testing/heic/tiles.heic", import.meta.url));
  const bytes = makeHeic(readPictures(tiles), {
    columns: 4,
    rows: 3,
    widthPx: 2016,
    heightPx: 1512,
    properties: [turn(3)],
    exifOrientation: 6,
  });
  const wasm = new Uint8Array(readFileSync(require.resolve("libheif-js/libheif-wasm/libheif.wasm")));
  const { rgba, widthPx, heightPx } = await decodeHeic(startHeif(wasm.buffer), bytes, async () => {});
  const [path, pngPath] = [join(folder, `${name}.heic`), join(folder, `${name}-heic.png`)];
  writeFileSync(path, bytes);
  await sharp(rgba, { raw: { width: widthPx, height: heightPx, channels: 4 } })
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toFile(pngPath);
  return { path, pngPath };
}

/** A photo of 3 megapixels as a TIFF, packed as most programmes do; the PNG is libvips's reading. */
export async function tiffPhoto(name: string): Promise<RarePhoto> {
  mkdirSync(folder, { recursive: true });
  const [path, pngPath] = [join(folder, `${name}.tif`), join(folder, `${name}-tif.png`)];
  const photo = sharp(photographPath("march-pastoral")).resize(2000, 1500, { fit: "cover" });
  await photo.tiff({ compression: "lzw", predictor: "horizontal" }).toFile(path);
  await sharp(path).png({ compressionLevel: 1 }).toFile(pngPath);
  return { path, pngPath };
}

/** A JPEG that no browser decodes for us. */
export async function ownJpeg(name: string, kind: OwnJpeg): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${kind}.jpg`);
  const bytes = await makeOwnJpeg(kind);
  writeFileSync(path, bytes);
  return { path, bytes };
}
