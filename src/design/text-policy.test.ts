import { describe, expect, test } from "vitest";
import { findProduct, type TextPolicy } from "#card/products.ts";
import type { Design } from "./design.ts";
import { clampBox } from "./element-box.ts";
import type { Text } from "./elements.ts";
import { findUnoffered, keepOffered } from "./offered.ts";
import { checkTextFor, findTextFault, textLimitsOf } from "./text-policy.ts";

const plain = findProduct("photo-landscape")!;
const withTexts = (texts: boolean | TextPolicy) => ({ ...plain, features: { texts } });
const bank = withTexts({
  scripts: ["latin", "greek"],
  lines: 1,
  letters: 10,
  leastPoints: 12,
  colours: ["#14274e", "#ffffff"],
});
const box = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 6, rotationDeg: 0, mirrored: false };
const text: Text = { kind: "text", id: "e1", box, text: "Zoë", face: "plain", align: "start", fill: "#ffffff" };

describe("a text of a product with a policy", () => {
  test.each([
    ["of its letters, with digits and signs", { text: "Zoë & Ωμ 7" }, null],
    ["of other letters", { text: "Мир" }, { path: "text", expected: "letters of latin, greek alone" }],
    ["of letters that no face has", { text: "日本" }, { path: "text", expected: "letters of latin, greek alone" }],
    ["of two lines", { text: "a\nb" }, { path: "text", expected: "at most 1 line of at most 10 letters" }],
    ["of 11 letters", { text: "a".repeat(11) }, { path: "text", expected: "at most 1 line of at most 10 letters" }],
    ["in another colour", { fill: "#000000" }, { path: "fill", expected: "one of #14274e, #ffffff" }],
    [
      "too small",
      { box: { ...box, heightMm: 5.5 } },
      { path: "box.heightMm", expected: "letters of at least 12 points" },
    ],
  ])("%s is judged by it", (_, change, fault) => {
    expect(findTextFault({ ...text, ...change }, bank)).toEqual(fault);
  });

  test("is kept as large and in such a colour as it has to be, and left out where its letters are not printed", () => {
    const other = { ...text, id: "e2", text: "Мир" };
    const small = { ...text, fill: "#c0272d", box: { ...box, heightMm: 3 } };
    const photo = { kind: "photo" } as unknown as Design["elements"][number];
    const design = { elements: [photo, small, other, text] } as unknown as Design;
    expect(findUnoffered(design, bank)).toBe("elements[2]");
    const [, mended, ...others] = keepOffered(design, bank).elements as Text[];
    expect(mended).toMatchObject({ id: "e1", fill: "#14274e" });
    expect(findTextFault(mended!, bank)).toBeNull();
    expect(mended!.box.widthMm / mended!.box.heightMm).toBeCloseTo(20 / 3);
    expect(others).toEqual([text]);
    const allowed = { elements: [photo, text] } as unknown as Design;
    expect(keepOffered(allowed, bank)).toBe(allowed);
  });

  test("is no smaller than it may be, whatever is done to it", () => {
    const { heightMm } = clampBox({ ...box, widthMm: 2, heightMm: 0.6 }, bank, text);
    expect(findTextFault({ ...text, box: { ...box, heightMm } }, bank)).toBeNull();
    expect(heightMm).toBeGreaterThan(clampBox({ ...box, widthMm: 2, heightMm: 0.6 }, withTexts(true), text).heightMm);
  });
});

test("without a policy any letters may be typed: those that no face has are told", () => {
  expect(checkTextFor("日本 Мир", textLimitsOf(withTexts(true)))).toBeNull();
  expect(checkTextFor("日本 Мир", textLimitsOf(withTexts({ letters: 20 })))).toBeNull();
});

test.each([
  ["latin", "Đặng Łódź ẞ"],
  ["greek", "Ωμέγα"],
  ["cyrillic", "Київ ґ"],
  ["hebrew", "שָׁלוֹם"],
  ["arabic", "مَرحبا ٢٠٢٦ ۱۲"],
  ["devanagari", "नमस्ते १२।"],
] as const)("the letters of %s, with their marks and digits, are its own", (script, written) => {
  expect(checkTextFor(written, textLimitsOf(withTexts({ scripts: [script] })))).toBeNull();
  const others = (["latin", "greek"] as const).filter((one) => one !== script);
  expect(checkTextFor(written, textLimitsOf(withTexts({ scripts: others })))).toBe("other-script");
});
