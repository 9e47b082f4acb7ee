import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { club } from "#design/templates/testing/club.ts";
import { readOwnTemplates } from "./own-templates.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"))));
afterEach(() => rm(folder, { recursive: true }));

async function refusal(...elements: readonly object[]): Promise<string | undefined> {
  await writeFile(path.join(folder, "own.json"), JSON.stringify({ ...club, elements }));
  const sentences: string[] = [];
  readOwnTemplates((_at, sentence) => void sentences.push(sentence), [], ["own.json"], folder);
  expect(sentences.length).toBeLessThan(2);
  return sentences[0];
}

const [stripe, since] = club.elements;
const flat = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 20, rotationDeg: 0, mirrored: false };
const drawing = (...paths: readonly string[]) => ({
  kind: "drawing",
  id: "lines",
  box: flat,
  art: { width: 9, height: 9, ops: paths.map((d) => ({ path: d, fill: "#000000", rule: "nonzero" })) },
});
const part = (element: object | undefined, change: object = {}) => ({ element, locks: {}, prints: true, ...change });
const slot = { names: { en: "Name" } };

test("a template that no painter can print is refused where its outline ends in the middle", async () => {
  expect(await refusal(part(drawing("M0 0L9 0L9 9Z", "M0 0L9 0Q9 9Z")))).toBe(
    "cannot be used: at elements[0].element.art.ops[1].path of the file, expected an outline such as M0 0L9 0Q9 9 0 9Z, with all its numbers",
  );
  expect(await refusal(part(drawing("M0 0L9 0Q9 9 0 9Z")))).toBeUndefined();
});

test("a template that no card has room for is refused", async () => {
  const paths = Array.from({ length: 5 }, () => `M0 0${"L9 0".repeat(12_000)}Z`);
  expect(await refusal(part(drawing(...paths)))).toBe(
    "cannot be used: at elements of the file, expected drawings of at most 200000 characters",
  );
});

test.each([
  ["a text whose words are locked", since, { locks: { content: true, style: true } }],
  ["a colour that is never printed", stripe, { prints: false }],
  ["a drawing of two colours", undefined, {}],
])("a slot that nobody could fill is refused: %s", async (_, of, change) => {
  const { art, ...rest } = drawing("M0 0L9 0L9 9Z", "M0 0L9 9L0 9Z");
  const [first, ...others] = art.ops;
  const twoColours = { ...rest, art: { ...art, ops: [{ ...first, fill: "#ff0000" }, ...others] } };
  expect(await refusal(part(of?.element ?? twoColours, { slot, ...change }))).toBe(
    "cannot be used: at elements[0].slot of the file, expected a slot where a text or a colour is printed that is not locked",
  );
  expect(await refusal(part(since?.element, { slot }))).toBeUndefined();
});
