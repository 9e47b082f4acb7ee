import type { Writing } from "#design/elements.ts";
import { type FontName, listFonts } from "./faces.ts";
import type { Fonts } from "./set-text.ts";
import { listSlices, type SliceName, type SlicedFont } from "./slices.ts";
import { unpackWoff } from "./woff.ts";

/** How font files are come by: a browser fetches them, a server reads them. Each rejects with what hinders it. */
export interface FontFiles {
  /** The bytes of `fonts/NAME.woff`, or `fonts/slices/NAME.woff`. */
  readonly readWoff: (name: FontName | SliceName) => Promise<Uint8Array<ArrayBuffer>>;
  /** `fonts/slices/NAME.txt`: what each slice of the font holds. */
  readonly readRanges: (font: SlicedFont) => Promise<string>;
  /** Of a zlib stream. */
  readonly inflate: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;
}

/** Each once; one that could not be loaded is asked for again. */
function remember<Name, Loaded>(loadOne: (name: Name) => Promise<Loaded>): (name: Name) => Promise<Loaded> {
  const loaded = new Map<Name, Promise<Loaded>>();
  return (name) => {
    const one = loaded.get(name) ?? loadOne(name);
    loaded.set(name, one);
    one.catch(() => loaded.delete(name));
    return one;
  };
}

/** Gives what gathers the fonts that a text needs, unpacked, in the order that `setText` takes them in. It keeps each that it has had. */
export function createFontGatherer({ readWoff, readRanges, inflate }: FontFiles) {
  const findRanges = remember(readRanges);
  const findFont = remember(async (name: FontName | SliceName) => unpackWoff(await readWoff(name), inflate));
  return async ({ text, face }: Pick<Writing, "text" | "face">): Promise<Fonts> => {
    const names = [...listFonts(text, face), ...(await listSlices(text, findRanges))];
    return new Map(await Promise.all(names.map(async (name) => [name, await findFont(name)] as const)));
  };
}
