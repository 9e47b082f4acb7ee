/** A string with, if it is a name, the colon behind it; or where an object begins or ends. */
const token = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;

/**
 * Whether an object in a valid JSON text, at any depth, has two members of the same name. Names are compared as they are
 * read, so that `"\u0061"` is `"a"`. JSON.parse keeps only the last of them.
 */
export function hasRepeatedName(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [mark, text, colon] of json.matchAll(token)) {
    if (mark === "{") open.push(new Set());
    else if (mark === "}") open.pop();
    else if (text !== undefined && colon !== undefined) {
      const name = JSON.parse(text) as string;
      const names = open.at(-1);
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}
