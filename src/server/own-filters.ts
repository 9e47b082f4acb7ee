import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as z from "zod";
import type { Features, OwnFilter } from "#card/products.ts";
import { packTable } from "#design/colour-table.ts";
import { CubeError, readCube } from "#design/filters/cube.ts";
import { filterIds, isFilterId } from "#design/filters/filters.ts";
import { filterIdForm } from "#design/look.ts";
import { fields, type Path, type Refuse, text } from "./json-file.ts";
import { nameField, namesOf, plainNameOf } from "./names.ts";

/** An issuer's own filter, with its table as it goes over the wire: compressed by gzip. */
export interface OwnFilterFile extends OwnFilter {
  readonly gzip: Buffer;
}

const mostFilters = 12;
/** 64 nodes along each side, with all digits that anybody writes. */
const mostCubeBytes = 16 * 1024 * 1024;
const expected = `an object from at most ${mostFilters} ids, each 1 to 40 of a-z, 0-9 and - and none of ${filterIds.join(", ")}, to the filters`;

export const ownFiltersField = z
  .record(
    text(expected, (id) => filterIdForm.test(id) && !isFilterId(id)),
    fields({
      cube: text("the path of a .cube file", (given) => given.trim() !== "" && given.length <= 1000),
      name: nameField,
    }),
    expected,
  )
  .refine((given) => Object.keys(given).length <= mostFilters, expected);

function readTable(refuse: Refuse, at: Path, name: string): Uint8Array | undefined {
  try {
    const found = statSync(name);
    if (!found.isFile() || found.size > mostCubeBytes)
      return refuse(at, `cannot be used: expected a file of at most ${mostCubeBytes / 1024 / 1024} MB`);
    return packTable(readCube(readFileSync(name, "utf8")));
  } catch (cause) {
    if (cause instanceof CubeError)
      return refuse(at, `cannot be used: at line ${cause.line} of the file, expected ${cause.message}`);
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    return refuse(at, `cannot be read (${code}): expected the path of a file, as seen from the folder of this one`);
  }
}

/** The filters of an issuer, whose files' names are seen from `folder`. Those that were refused are left out. */
export function readOwnFilters(
  refuse: Refuse,
  at: Path,
  given: z.output<typeof ownFiltersField>,
  folder: string,
): readonly OwnFilterFile[] {
  return Object.entries(given).flatMap(([id, { cube, name }]) => {
    const table = readTable(refuse, [...at, id, "cube"], path.resolve(folder, cube));
    if (table === undefined) return [];
    const hash = createHash("sha256").update(table).digest("hex");
    const names = { en: plainNameOf(name), ...namesOf(name) };
    return [{ id, names, address: `/filters/${hash}.bin`, gzip: gzipSync(table) }];
  });
}

/** Refuses the ids that a product offers and nobody has. */
export function refuseUnknownFilters(
  refuse: Refuse,
  at: Path,
  offered: Features["filters"],
  own: readonly OwnFilter[],
): void {
  if (typeof offered !== "object") return;
  const known = [...filterIds, ...own.map(({ id }) => id)];
  for (const [index, id] of offered.entries())
    if (!known.includes(id)) refuse([...at, index], `is not known: expected one of ${known.join(", ")}`);
}
