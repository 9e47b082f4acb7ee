import fc from "fast-check";
import { expect, it } from "vitest";
import { formOfBlob, formOfBytes } from "./file-form.ts";
import { fileInForm } from "./testing/file-in-form.ts";

/** Bytes with many lines that begin with hyphens. */
const bytes = fc
  .array(fc.constantFrom("\n", "-", "\r\n", "--", "\n--", "x", "\0", "é"), { maxLength: 30 })
  // As every format of photos, it begins with something else.
  .map((pieces) => new Uint8Array(Buffer.from(`P${pieces.join("")}`, "latin1")));

/** The lines that begin with two hyphens and are no boundary: what ModSecurity takes for an attack. */
function strayLines(contentType: string, body: Uint8Array): number {
  const boundary = contentType.split("boundary=")[1] ?? "";
  const text = Buffer.from(body).toString("latin1");
  return [...text.matchAll(/\n--/g)].filter(({ index }) => !text.startsWith(boundary, index + 3)).length;
}

it("a form holds the very bytes of its file, and no line of theirs begins with two hyphens", async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (file) => {
      const { contentType, body } = formOfBytes(file);
      expect(await fileInForm(contentType, body)).toEqual(Buffer.from(file));
      const lines = [
        ...Buffer.from(file)
          .toString("latin1")
          .matchAll(/\n-(-+)/g),
      ];
      if (lines.reduce((sum, [, more = ""]) => sum + more.length, 0) <= 9)
        expect(strayLines(contentType, body)).toBe(0);
      const blob = await formOfBlob(new Blob([file]));
      expect(await fileInForm(blob.contentType, await blob.body.arrayBuffer())).toEqual(Buffer.from(file));
    }),
    { numRuns: 300 },
  );
});

it("such a line is found across the pieces in which a large file is looked through", async () => {
  const file = new Uint8Array(1024 * 1024 + 8);
  file.set(Buffer.from("\n--"), 1024 * 1024 - 2);
  file.set(Buffer.from("\n\n--"), 100);
  const { contentType, body } = await formOfBlob(new Blob([file]));
  const sent = new Uint8Array(await body.arrayBuffer());
  expect(strayLines(contentType, sent)).toBe(0);
  expect((await fileInForm(contentType, sent)).equals(file)).toBe(true);
});

it("every form has a boundary of its own, which no file can know", () => {
  const types = Array.from({ length: 10 }, () => formOfBytes(new Uint8Array(1)).contentType);
  expect(new Set(types).size).toBe(10);
});
