import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import type { FaceName } from "#design/elements.ts";
import { type FontName, listFonts } from "../faces.ts";
import type { Fonts } from "../set-text.ts";
import { listSlices, type SliceName, type SlicedFont } from "../slices.ts";
import { unpackWoff } from "../woff.ts";

const inflated = promisify(inflate);
const folder = new URL("../fonts/", import.meta.url);
const read = new Map<FontName | SliceName, Promise<Uint8Array<ArrayBuffer>>>();
const slices = new URL("slices/", folder);

export async function readWoff(name: FontName | SliceName): Promise<Uint8Array<ArrayBuffer>> {
  const isSlice = /-(jp|sc|kr)-\d+$/.test(name);
  return new Uint8Array(await readFile(new URL(`${name}.woff`, isSlice ? slices : folder)));
}

function readRanges(font: SlicedFont): Promise<string> {
  return readFile(new URL(`${font}.txt`, slices), "utf8");
}

/** The fonts that a text needs. */
export async function readFonts(text: string, face: FaceName): Promise<Fonts> {
  const fonts = new Map<FontName | SliceName, Uint8Array<ArrayBuffer>>();
  for (const name of [...listFonts(text, face), ...(await listSlices(text, readRanges))]) {
    const known = read.get(name) ?? readWoff(name).then((file) => unpackWoff(file, (bytes) => inflated(bytes)));
    read.set(name, known);
    fonts.set(name, await known);
  }
  return fonts;
}
