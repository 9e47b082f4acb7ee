import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as z from "zod";
import type { OwnSticker } from "#card/products.ts";
import type { Art } from "#design/elements.ts";
import { fields, line, type Path, type Refuse, text } from "./json-file.ts";
import { language, nameField, namesOf, plainNameOf } from "./names.ts";
import { readSvg, svgLimits } from "./stickers/read-svg.ts";

/** An issuer's own sticker, with its outlines as they go over the wire: JSON, compressed by gzip. */
export interface OwnStickerFile extends OwnSticker {
  readonly gzip: Buffer;
}

const mostStickers = 24;
const mostWords = 20;
/** Units of the longer side, which are rounded to a hundredth. */
const side = 100;
const expected = `an object from at most ${mostStickers} ids, each 1 to 40 of a-z, 0-9 and -, to the stickers`;
const words = `an object from language, such as en, to at most ${mostWords} words`;

export const ownStickersField = z
  .record(
    text(expected, (id) => /^[a-z0-9-]{1,40}$/.test(id)),
    fields({
      svg: text("the path of an SVG file", (given) => given.trim() !== "" && given.length <= 1000),
      name: nameField,
      words: z.record(language, z.array(line(40), words).max(mostWords, words), words).optional(),
    }),
    expected,
  )
  .refine((given) => Object.keys(given).length <= mostStickers, expected);

function readArt(refuse: Refuse, at: Path, name: string): Art | undefined {
  let bytes: Buffer;
  try {
    const found = statSync(name);
    if (!found.isFile() || found.size > svgLimits.bytes)
      return refuse(at, `cannot be used: expected an SVG file of at most ${svgLimits.bytes / 1000} kB`);
    bytes = readFileSync(name);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    return refuse(at, `cannot be read (${code}): expected the path of a file, as seen from the folder of this one`);
  }
  try {
    return readSvg(bytes, side);
  } catch (cause) {
    return refuse(at, `cannot be used: the file ${(cause as Error).message}`);
  }
}

/** The stickers of an issuer, whose files' names are seen from `folder`. Those that were refused are left out. */
export function readOwnStickers(
  refuse: Refuse,
  at: Path,
  given: z.output<typeof ownStickersField>,
  folder: string,
): readonly OwnStickerFile[] {
  return Object.entries(given).flatMap(([id, { svg, name, words: found }]) => {
    const art = readArt(refuse, [...at, id, "svg"], path.resolve(folder, svg));
    if (art === undefined) return [];
    const json = JSON.stringify(art);
    const hash = createHash("sha256").update(json).digest("hex");
    return [
      {
        id,
        names: allNamesOf(name),
        ...(found && { words: found }),
        address: `/stickers/${hash}.json`,
        gzip: gzipSync(json),
      },
    ];
  });
}

/** By language, English among them. */
export function allNamesOf(given: z.output<typeof nameField>): Readonly<Record<string, string>> {
  return { en: plainNameOf(given), ...namesOf(given) };
}
