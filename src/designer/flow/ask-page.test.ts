import { expect, test } from "vitest";
import { askBeforeSubmit } from "./ask-page.ts";

const summary = { productId: "photo-landscape", pictureSha256: "a".repeat(64), rulesVersion: "1" };
const wrong = "beforeSubmit has to answer true, false or a sentence";

test.each([
  [true, null],
  [false, { kind: "declined" }],
  [" ", { kind: "declined" }],
  [" Please call us. ", { kind: "declined", sentence: "Please call us." }],
  [{ refuse: "Please call us." }, { kind: "declined", sentence: "Please call us." }],
  ["x".repeat(9999), { kind: "declined", sentence: "x".repeat(500) }],
  [`${"x".repeat(499)}\u{1F4B3}`, { kind: "declined", sentence: "x".repeat(499) }],
  [undefined, { kind: "failed", code: "send-not-confirmed", cause: wrong }],
  [{ refuse: 1 }, { kind: "failed", code: "send-not-confirmed", cause: wrong }],
  [{}, { kind: "failed", code: "send-not-confirmed", cause: wrong }],
])("a page that answers %j is understood as %j", async (answer, expected) => {
  expect(await askBeforeSubmit(async () => answer, summary, new AbortController().signal)).toEqual(expected);
});
