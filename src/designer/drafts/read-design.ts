import type { Design } from "#design/design.ts";

/** A kept design by its schema, since another version of the designer may have written it; null for what is none. */
export async function readDesign(document: unknown): Promise<Design | null> {
  const { designDocument, designOf } = await import("#design/document.ts");
  const read = designDocument.safeParse(document);
  return read.success ? designOf(read.data) : null;
}
