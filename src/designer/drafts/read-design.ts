import type { Design } from "#design/design.ts";
import type { designDocument } from "#design/document.ts";

/** A design that a later version of the designer has written, which this one cannot read: it is left as it is. */
export class LaterVersion extends Error {}

/**
 * A kept design by its schema, since another version of the designer may have written it; null for what is none. Rejects with LaterVersion for
 * what has something that only a later one knows.
 */
export async function readDesign(document: unknown): Promise<Design | null> {
  const { designDocument: schema, designOf, photoFilter } = await import("#design/document.ts");
  const read = schema.safeParse(withKnownFilter(document, (filter) => photoFilter.safeParse(filter).success));
  if (read.success) return designOf(read.data);
  if (isOfLaterVersion(document, read.error.issues)) throw new LaterVersion();
  return null;
}

const version = 2 satisfies Design["version"];

type Schema = typeof designDocument;
type Issue = NonNullable<ReturnType<Schema["safeParse"]>["error"]>["issues"][number];

/** Whether nothing is wrong with a document but that it has more than is known here: another version, names that are new, or kinds. */
function isOfLaterVersion(document: unknown, issues: readonly Issue[]): boolean {
  const written = (document as { readonly version?: unknown } | null)?.version;
  if (typeof written === "number" && Number.isInteger(written) && written > version) return true;
  return written === version && issues.every((issue) => isUnknown(document, issue));
}

/** How names and kinds are written, whatever they will be. */
const nameForm = /^[a-z][a-zA-Z0-9-]{0,39}$/;

function isUnknown(document: unknown, issue: Issue): boolean {
  if (issue.code === "unrecognized_keys") return issue.keys.every((key) => nameForm.test(key));
  if (issue.code !== "invalid_union" && issue.code !== "invalid_value") return false;
  const inUnion = issue.code === "invalid_union" ? issue.errors.flat() : [];
  if (inUnion.some(({ code }) => code === "unrecognized_keys")) return true;
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], document);
  return typeof value === "string" && nameForm.test(value);
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
