import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasRepeatedName } from "./repeated-names.ts";

describe("a name stands twice", () => {
  test.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"\\u00e9":1,"é":2}', true],
    ['{"\\ud83d\\ude00":1,"😀":2}', true],
    ['{"\\/":1,"/":2}', true],
    ['{"":1,"":2}', true],
    ['{"a" :1,\n\t"a"\r:2}', true],
    ['{"b":{"a":1,"a":2}}', true],
    ['[{"a":[{"b":{"c":1,"c":2}}]}]', true],
    ['{"a":{"b":1},"c":[],"a":3}', true],
    ['{"__proto__":1,"__proto__":2}', true],
    ['{"layers":[{"x":1},{"x":2},{"x":3}]}', false],
    ['[{"a":1},{"a":2},[{"a":3}]]', false],
    ['{"a":{"a":{"a":[{"a":1}]}}}', false],
    ['{"a":"a","b":"a"}', false],
    ['{"a":"\\"a\\":1,{","b":"}"}', false],
    ['{"a":"{\\\\","b":"a"}', false],
    ['{"A":1,"a":2}', false],
    ['"a"', false],
    ["[]", false],
  ])("%s: %s", (json, expected) => {
    JSON.parse(json);
    expect(hasRepeatedName(json)).toBe(expected);
  });
});

/** A JSON value as a tree in which an object's members are a list, so that a name may stand twice. */
type Tree = null | number | string | { readonly list: Tree[] } | { readonly members: [string, Tree][] };

const name = fc.oneof(
  fc.constantFrom("a", "b", "", '"', "\\", "é", "{", "}:", "\u2028"),
  fc.string({ unit: "binary" }),
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(null, 0, "a", '{"a":1,"a":2}'),
    fc.record({ list: fc.array(tie("tree"), { maxLength: 4 }) }),
    fc.record({ members: fc.array(fc.tuple(name, tie("tree")), { maxLength: 4 }) }),
  ),
}));

function isRepeated(of: Tree): boolean {
  if (of === null || typeof of !== "object") return false;
  if ("list" in of) return of.list.some(isRepeated);
  const names = of.members.map(([key]) => key);
  return new Set(names).size < names.length || of.members.some(([, value]) => isRepeated(value));
}

/** A text of the tree, in which `escape()` says of each character of a string whether it is written as \uXXXX. */
function write(of: Tree, escape: () => boolean): string {
  const quote = (text: string): string =>
    `"${text
      .split("")
      .map((unit) =>
        escape() ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}` : JSON.stringify(unit).slice(1, -1),
      )
      .join("")}"`;
  const blank = (): string => (escape() ? " \n" : "");
  if (typeof of === "string") return quote(of);
  if (of === null || typeof of === "number") return JSON.stringify(of);
  if ("list" in of) return `[${blank()}${of.list.map((one) => write(one, escape)).join(`${blank()},`)}]`;
  const members = of.members.map(([key, value]) => `${quote(key)}${blank()}:${blank()}${write(value, escape)}`);
  return `{${members.join(`,${blank()}`)}${blank()}}`;
}

test("whatever the text, it is found exactly when it is there", () => {
  fc.assert(
    fc.property(tree, fc.infiniteStream(fc.boolean()), (of, choices) => {
      const text = write(of, () => choices.next().value);
      JSON.parse(text);
      expect(hasRepeatedName(text)).toBe(isRepeated(of));
    }),
    { numRuns: 2_000 },
  );
});

test("a long text and a deep one are read in one go", () => {
  const deep = 30_000;
  expect(hasRepeatedName(`${'{"a":['.repeat(deep)}${"]}".repeat(deep)}`)).toBe(false);
  expect(hasRepeatedName(JSON.stringify({ a: '\\"{'.repeat(100_000) }))).toBe(false);
});
