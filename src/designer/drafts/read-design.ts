import type { Design } from "#design/design.ts";

/** A kept design by its schema, since another version of the designer may have written it; null for what is none. */
export async function readDesign(document: unknown): Promise<Design | null> {
  const { designDocument, designOf, photoFilter } = await import("#design/document.ts");
  const read = designDocument.safeParse(withKnownFilter(document, (filter) => photoFilter.safeParse(filter).success));
  return read.success ? designOf(read.data) : null;
}

/** Of no filter that anybody offers. */
const unknownFilter = { id: "unknown", percent: 100 };

/** A filter that only a later version can read is none that is offered here: so that is said, and the rest of the design is gone on with. */
function withKnownFilter(document: unknown, isKnown: (filter: unknown) => boolean): unknown {
  const { look } = (document ?? {}) as { readonly look?: { readonly filter?: unknown } | null };
  const filter = look?.filter;
  return filter === undefined || isKnown(filter)
    ? document
    : { ...(document as object), look: { ...look, filter: unknownFilter } };
}
