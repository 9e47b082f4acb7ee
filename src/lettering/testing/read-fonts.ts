import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import type { FaceName } from "#design/elements.ts";
import { type FontName, listFonts } from "../faces.ts";
import type { Fonts } from "../set-text.ts";
import { unpackWoff } from "../woff.ts";

const inflated = promisify(inflate);
const folder = new URL("../fonts/", import.meta.url);
const read = new Map<FontName, Promise<Uint8Array<ArrayBuffer>>>();

export async function readWoff(name: FontName): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`${name}.woff`, folder)));
}

/** The fonts that a text needs. */
export async function readFonts(text: string, face: FaceName): Promise<Fonts> {
  const fonts = new Map<FontName, Uint8Array<ArrayBuffer>>();
  for (const name of listFonts(text, face)) {
    const known = read.get(name) ?? readWoff(name).then((file) => unpackWoff(file, (bytes) => inflated(bytes)));
    read.set(name, known);
    fonts.set(name, await known);
  }
  return fonts;
}
