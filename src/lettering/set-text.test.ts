import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FaceName, faceNames, type Writing } from "#design/elements.ts";
import { checkText, tidyText } from "#design/text-rules.ts";
import { readPath } from "#paint/read-path.ts";
import { faces } from "./faces.ts";
import { setText, type TextArt } from "./set-text.ts";
import { readFonts, readWoff } from "./testing/read-fonts.ts";
import { unpackWoff } from "./woff.ts";

async function write(text: string, how: Partial<Writing> = {}): Promise<TextArt> {
  const writing: Writing = { text, face: "plain", align: "start", ...how };
  return setText(writing, await readFonts(text, writing.face));
}

const pathOf = ({ art }: TextArt): string => art.ops[0]?.path ?? "";

/** From the left of its first to the right of its last point. */
function extentOf(written: TextArt): { readonly left: number; readonly right: number } {
  const points = [...pathOf(written).matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x]) => Number(x));
  return { left: Math.min(...points), right: Math.max(...points) };
}

describe("a text in each script", () => {
  test.each([
    ["Latin", "Grüße, Zoë!"],
    ["Latin with more marks", "Łódź, Việt Nam"],
    ["Cyrillic", "Привет, мир"],
    ["Greek", "Καλημέρα κόσμε"],
    ["Hebrew", "שלום עולם 2026"],
    ["Arabic", "مرحبا بالعالم ١٢٣"],
    ["Devanagari", "नमस्ते दुनिया क्षत्रिय"],
    ["several at once", "Hello שלום 12 مرحبا (ab)"],
    ["Japanese", "東京の桜、ありがとう"],
    ["Chinese", "你好，世界！我的卡片"],
    ["Korean", "안녕하세요, 내 카드"],
  ])("%s has the outlines that it had when it was released, in every face", async (_, text) => {
    const digests: Partial<Record<FaceName, string>> = {};
    for (const face of faceNames) {
      const written = await write(text, { face });
      expect(written.missing, `${face} has every letter`).toEqual([]);
      digests[face] = createHash("sha256").update(JSON.stringify(written.art)).digest("hex").slice(0, 16);
    }
    expect(digests).toMatchSnapshot();
  });

  test("joins Arabic letters, which are others alone", async () => {
    const joined = pathOf(await write("بب"));
    const alone = pathOf(await write("ب"));
    expect(joined.startsWith(alone)).toBe(false);
    expect(joined.length).toBeGreaterThan(alone.length);
  });

  test("puts what is read from the right there, and numbers within it from the left", async () => {
    const [hebrew, number] = [await write("שלום"), await write("12")];
    const both = await write("שלום 12");
    // The number is read last, and stands on the left.
    expect(pathOf(both).startsWith(pathOf(number))).toBe(true);
    expect(both.art.width).toBeGreaterThan(hebrew.art.width + number.art.width);
  });

  test("mirrors brackets where they are read from the right", async () => {
    const [left, right] = [pathOf(await write("(")), pathOf(await write(")"))];
    expect(left).not.toBe(right);
    expect(pathOf(await write("א(")).startsWith(right)).toBe(true);
  });
});

test.each([
  ["start", "wide line\nab", 0],
  ["end", "wide line\nab", 1],
  ["centre", "wide line\nab", 0.5],
  ["start", "שורה רחבה\nאב", 1],
  ["end", "שורה רחבה\nאב", 0],
] as const)("at its %s, the short line of %j stands there", async (align, text, share) => {
  const lone = await write(text.split("\n")[1] as string);
  const { art, ...rest } = await write(text, { align });
  const first = extentOf(await write(text.split("\n")[0] as string));
  const path = (art.ops[0]?.path ?? "").split(/(?=M)/);
  const second = path.slice(pathOf(await write(text.split("\n")[0] as string)).split(/(?=M)/).length);
  const { left } = extentOf({
    art: { ...art, ops: [{ path: second.join(""), fill: "#000000", rule: "nonzero" }] },
    ...rest,
  });
  expect(first.left).toBeGreaterThanOrEqual(0);
  expect(left - extentOf(lone).left).toBeCloseTo((art.width - lone.art.width) * share, 0);
});

test("letters that no font has are named once, and the others are drawn", async () => {
  const { missing, art } = await write("𠀂a😀b𠀂");
  expect(missing).toEqual(["𠀂", "😀"]);
  expect(art.ops[0]?.path).toBe(pathOf(await write("ab")));
});

test("nothing is drawn of spaces, or of marks that the letters' font has not", async () => {
  expect((await write("  ")).art.ops).toEqual([]);
  const { missing } = await write("x\u20e3");
  expect(missing).toEqual(["\u20e3"]);
});

test.each([
  ["an emoji that is told apart by what is not seen", "a❤\ufe0f", ["❤"]],
  ["a family", "a👩\u200d👧", ["👩", "👧"]],
  ["a flag", "🏴\u{e0067}\u{e007f}b", ["🏴"]],
])("of %s only what would be seen is missing", async (_, text, missing) => {
  expect((await write(text)).missing).toEqual(missing);
});

test("the most intricate text that may be written is one that painters take", async () => {
  for (const word of ["\ufdfa", "\ufdfd", "\ufd4c", "\ufdcf", "\ufdfe", "飝"]) {
    const most = Array.from({ length: 25 }, (_, count) => word.repeat(count)).findLast(
      (line) => checkText(line) === null,
    );
    for (const face of faceNames) {
      const { art } = await write(`${most}\n${most}`, { face });
      expect(typeof readPath(art.ops[0]!.path), `${word} in ${face}`).not.toBe("string");
    }
  }
});

test("whatever is written has outlines of the commands and size that painters take", async () => {
  const anyText = fc.string({
    unit: fc.constantFrom(...Array.from("aÉжΩשבمرनक्ि\u0301 \n12(!😀\u200d")),
    maxLength: 48,
  });
  const check = async (typed: string, face: FaceName): Promise<void> => {
    const { art } = await write(tidyText(typed), { face });
    expect(art.width).toBeGreaterThan(0);
    expect(art.height).toBeGreaterThan(0);
    for (const { path } of art.ops) expect(path).toMatch(/^M[-MLQCZ0-9. ]*$/);
  };
  await fc.assert(fc.asyncProperty(anyText, fc.constantFrom(...faceNames), check));
});

describe("the fonts", () => {
  test("are those of the list, unchanged", async () => {
    const folder = new URL("fonts/", import.meta.url);
    const list = await readFile(new URL("README.md", folder), "utf8");
    const listed = Object.fromEntries(
      [...list.matchAll(/^\| (\S+)\.woff \| \S+ \| \S+ \| ([0-9a-f]{64}) \|$/gm)].map(([, name, digest]) => [
        name,
        digest,
      ]),
    );
    const there = (await readdir(folder)).flatMap((name) => (name.endsWith(".woff") ? [name.slice(0, -5)] : []));
    expect(there.toSorted()).toEqual(
      [...new Set(Object.values(faces).flatMap((face) => Object.values(face)))].toSorted(),
    );
    for (const name of there) {
      const bytes = await readFile(new URL(`${name}.woff`, folder));
      expect(createHash("sha256").update(bytes).digest("hex"), name).toBe(listed[name]);
    }
  });

  test("that come in slices are unchanged, too", async () => {
    const folder = new URL("fonts/slices/", import.meta.url);
    const sums = await readFile(new URL("SHA256SUMS", folder), "utf8");
    const listed = new Map([...sums.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)].map(([, sum, name]) => [name, sum]));
    const there = (await readdir(folder)).filter((name) => name !== "SHA256SUMS");
    expect(new Set(there)).toEqual(new Set(listed.keys()));
    for (const name of there) {
      const bytes = await readFile(new URL(name, folder));
      expect(createHash("sha256").update(bytes).digest("hex"), name).toBe(listed.get(name));
    }
  });

  test("that are damaged are refused", async () => {
    const file = await readWoff("noto-sans-latin");
    const asIs = async (bytes: Uint8Array): Promise<Uint8Array> => bytes;
    await expect(unpackWoff(file, asIs)).rejects.toThrow("a table of another length");
    await expect(unpackWoff(Uint8Array.of(...file.slice(0, 3), 0, ...file.slice(4)), asIs)).rejects.toThrow(
      "not a WOFF",
    );
    await expect(unpackWoff(new Uint8Array(10), asIs)).rejects.toThrow(RangeError);
    const huge = file.slice();
    new DataView(huge.buffer).setUint32(16, 2 ** 31);
    await expect(unpackWoff(huge, asIs)).rejects.toThrow("a font of");
  });
});
