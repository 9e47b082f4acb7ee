import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Design, vectorElementsOf } from "#design/design.ts";
import { type Art, type FindArt, nameWriting } from "#design/elements.ts";
import { findSticker, loadStickers } from "#design/stickers/stickers.ts";
import { setText } from "#lettering/set-text.ts";
import { readFonts } from "./read-fonts.ts";

const unpacked = promisify(gunzip);

/**
 * The outlines of everything that a design names, from the files of this installation; an issuer's own stickers, JSON compressed by gzip,
 * are given by their names in designs. A text that shows nothing in its lettering has none. Rejects where a file cannot be read.
 */
export async function readArts(design: Design, own: ReadonlyMap<string, Uint8Array>): Promise<FindArt> {
  const elements = vectorElementsOf(design);
  const arts = new Map<string, Art>();
  for (const [name, gzip] of own) arts.set(name, JSON.parse((await unpacked(gzip)).toString()) as Art);
  const names = elements.flatMap((element) => (element.kind === "sticker" ? [element.art] : []));
  await loadStickers(names.filter((name) => !arts.has(name)));
  for (const element of elements) {
    if (element.kind !== "text") continue;
    const { art } = setText(element, await readFonts(element));
    if (art.ops.length > 0) arts.set(nameWriting(element), art);
  }
  return (name) => arts.get(name) ?? findSticker(name);
}
