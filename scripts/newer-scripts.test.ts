import { expect, test } from "vitest";
import { findNewerInScript } from "./newer-scripts.mjs";

const find = (text: string) => findNewerInScript(text).map(({ what }) => what);

test.each([
  ["syntax", "{ using file = open(); }", /^syntax newer than 2022/],
  ["a regular expression's syntax", "/[\\p{L}--a]/v", /^syntax newer than 2022/],
  ["a regular expression's flag", 'new RegExp("a", "v")', "the flag v of regular expressions"],
  ["a method", "list.toSorted()", "toSorted"],
  ["a method by its text", 'list["toReversed"]()', "toReversed"],
  ["a method of an element", "element.checkVisibility()", "checkVisibility"],
  ["a method of a set", "one.union(other)", "union"],
  ["a method of an iterator", "list.values().map(Number)", "Iterator.map"],
  ["a static method", "Promise.withResolvers()", "Promise.withResolvers"],
  ["a static method of the page's", "AbortSignal.any(signals)", "AbortSignal.any"],
  ["a static method that is handed on", "texts.filter(URL.canParse)", "URL.canParse"],
  ["a class", 'new Intl.Segmenter("en")', "Intl.Segmenter"],
  ["a class of the page's", "new ImageDecoder({})", "ImageDecoder"],
  ["a function", "requestIdleCallback(work)", "requestIdleCallback"],
  ["a function of the window", "window.requestIdleCallback(work)", "requestIdleCallback"],
  ["a property of an object there is one of", "navigator.userActivation.isActive", "navigator.userActivation"],
  ["a property that is set", 'element.ariaLabel = "Card"', "ariaLabel"],
  ["an event", 'element.addEventListener("scrollend", stop)', "the event scrollend"],
  ["an option", 'createImageBitmap(file, { resizeQuality: "high" })', "the option createImageBitmap.resizeQuality"],
  [
    "an option's value",
    'createImageBitmap(file, { imageOrientation: "from-image" })',
    "the option createImageBitmap.imageOrientation.from-image",
  ],
  ["an option's value, as a minifier writes it", "createImageBitmap(a,{imageOrientation:`from-image`})", /from-image$/],
  ["a flag, as a minifier writes it", "RegExp(`a`,`v`)", /^the flag v/],
  ["the reading of a stream", "for await (const chunk of body) use(chunk)", /^for await/],
])("finds %s that is newer than the oldest browsers: %s", (_kind, text, what) => {
  expect(find(text)).toEqual([typeof what === "string" ? what : expect.stringMatching(what)]);
});

test.each([
  [
    "it is as old as the oldest browsers",
    "list.at(-1); Object.hasOwn(a, b); AbortSignal.timeout(1); crypto.randomUUID()",
  ],
  ["it is looked for first", 'if (typeof ImageDecoder === "function") go(); window.requestIdleCallback?.(work)'],
  ["nothing happens without it", "element.checkVisibility?.(); page.trustedTypes?.createPolicy(name)"],
  ["the script has its own", "const shape = { union() {} }; shape.union()"],
  ["its namesake is older", "CSS.escape(id); Object.values(table).map(Number)"],
])("lets pass what may be there, since %s", (_why, text) => {
  expect(find(text)).toEqual([]);
});

test("holds what has to speak in older browsers to older syntax", () => {
  expect(findNewerInScript("a ??= b", 2020)).toHaveLength(1);
  expect(findNewerInScript("const a = 1", 5)).toHaveLength(1);
  expect(findNewerInScript("var a = function () {};", 5)).toEqual([]);
});
