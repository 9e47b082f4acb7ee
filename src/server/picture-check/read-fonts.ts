import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import type { FontName } from "#lettering/faces.ts";
import { createFontGatherer } from "#lettering/gather-fonts.ts";
import type { SliceName } from "#lettering/slices.ts";

const inflated = promisify(inflate);
const folder = new URL("../../lettering/fonts/", import.meta.url);
const slices = new URL("slices/", folder);

export async function readWoff(name: FontName | SliceName): Promise<Uint8Array<ArrayBuffer>> {
  const isSlice = /-(jp|sc|kr)-\d+$/.test(name);
  return new Uint8Array(await readFile(new URL(`${name}.woff`, isSlice ? slices : folder)));
}

/** The fonts that a text needs, from the files of this installation. */
export const readFonts = createFontGatherer({
  readWoff,
  readRanges: (font) => readFile(new URL(`${font}.txt`, slices), "utf8"),
  inflate: (bytes) => inflated(bytes),
});
