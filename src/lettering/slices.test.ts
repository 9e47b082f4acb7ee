import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { listSlices, type SlicedFont } from "./slices.ts";
import { readFonts } from "./testing/read-fonts.ts";
import { setText } from "./set-text.ts";

const asked: SlicedFont[] = [];

async function slicesOf(text: string): Promise<readonly string[]> {
  asked.length = 0;
  const read = (font: SlicedFont): Promise<string> => {
    asked.push(font);
    return readFile(new URL(`fonts/slices/${font}.txt`, import.meta.url), "utf8");
  };
  return listSlices(text, read);
}

const fontsOf = (slices: readonly string[]): readonly string[] => [
  ...new Set(slices.map((name) => name.slice(10, 12))),
];

test("a text in other letters asks for none", async () => {
  expect(await slicesOf("Grüße, Привет, नमस्ते!")).toEqual([]);
  expect(asked).toEqual([]);
});

test.each([
  ["桜", ["sc"]],
  ["桜の木", ["jp"]],
  ["カード", ["jp"]],
  ["내 카드", ["kr"]],
  ["！", ["sc"]],
] as const)("%s is in the letters of %j, whose table alone is read", async (text, fonts) => {
  expect(fontsOf(await slicesOf(text))).toEqual(fonts);
  expect(asked).toEqual(fonts);
});

test("several at once are each in letters that have them", async () => {
  expect(fontsOf(await slicesOf("桜の 카드"))).toEqual(["jp", "kr"]);
});

test("a letter that no font has asks for none", async () => {
  expect(await slicesOf("\u{20002}")).toEqual([]);
  expect(asked).toEqual(["sc", "jp", "kr"]);
});

test("only what a text needs is loaded: the commonest letters of each are in few files", async () => {
  expect((await slicesOf("안녕하세요")).length).toBeLessThanOrEqual(5);
  expect((await slicesOf("ありがとう")).length).toBeLessThanOrEqual(2);
});

test("letters of one word stand on one line, whichever slices they are from", async () => {
  const text = "東京の桜";
  const { art, missing } = setText({ text, face: "hand", align: "start" }, await readFonts(text, "hand"));
  expect(missing).toEqual([]);
  // Each is as wide as it is high: an em.
  expect(art.width).toBe(4000);
});
