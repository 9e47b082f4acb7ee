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

test.each([
  ["emoji", "😀 👍🏽"],
  ["letters that no font has", "สวัสดี"],
])("a template whose text is never printed is refused: %s", async (_, text) => {
  expect(await refusal(part({ ...since?.element, text }))).toBe(
    "cannot be used: at elements[0].element.text of the file, expected letters that can be printed, and no emoji",
  );
  expect(await refusal(part({ ...since?.element, text: "Seit 1921 – ①銀" }))).toBeUndefined();
  // What a font has of it is.
  expect(await refusal(part({ ...since?.element, text: "Love ♥ 😀" }))).toBeUndefined();
});

test("a template with which every design would be refused is refused: a card number in a text, or in several", async () => {
  const write = (text: string, id = "since") => ({ ...since?.element, id, text });
  const why = "expected texts without a card number, with which every design would be refused";
  expect(await refusal(part(stripe?.element), part(write("4111 1111 1111 1111")))).toBe(
    `cannot be used: at elements[1].element.text of the file, ${why}`,
  );
  expect(await refusal(part(write("4111 1111")), part(write("1111 1111", "more")))).toBe(
    `cannot be used: at elements of the file, ${why}`,
  );
  // A hint is in no design.
  expect(await refusal(part(stripe?.element), part(write("4111 1111 1111 1111"), { prints: false }))).toBeUndefined();
});

test.each([
  ["written from right to left by a control", "\u202eABC"],
  ["not seen", "\u200b"],
])("a template whose name is %s is refused", async (_, name) => {
  const refusals = async (names: object): Promise<readonly string[]> => {
    await writeFile(path.join(folder, "own.json"), JSON.stringify({ ...club, names }));
    const sentences: string[] = [];
    readOwnTemplates((_at, sentence) => void sentences.push(sentence), [], ["own.json"], folder);
    return sentences;
  };
  expect(await refusals({ en: "Family", fa: "خانه\u200cما" })).toEqual([]);
  expect(await refusals({ en: name })).toEqual([
    "cannot be used: at names.en of the file: expected a text in one line, without what is not seen",
  ]);
});
