import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { formOfBytes } from "#designer/api/file-form.ts";
import { createFileReader, isForm } from "./form-file.ts";

const boundary = "b.1";
const type = `multipart/form-data; boundary=${boundary}`;
const head = `Content-Disposition: form-data; name="file"; filename="card.png"`;
const part = (bytes: Buffer | string, lines = head): Buffer =>
  Buffer.concat([Buffer.from(`--${boundary}\r\n${lines}\r\n\r\n`), Buffer.from(bytes), Buffer.from("\r\n")]);
const end = Buffer.from(`--${boundary}--\r\n`);
const form = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, end]);

function* cutAt(bytes: Buffer, places: readonly number[]): Generator<Buffer> {
  const edges = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).sort((one, other) => one - other),
    bytes.length,
  ];
  for (let at = 1; at < edges.length; at += 1) yield Buffer.from(bytes.subarray(edges[at - 1], edges[at]));
}

/** The file in a body, whose pieces are gone as soon as they have been looked at. */
function read(pieces: Iterable<Buffer>, contentType = type): Buffer {
  const reader = createFileReader(contentType);
  const found: Buffer[] = [];
  for (const piece of pieces) {
    found.push(...reader.push(piece).map((bytes) => Buffer.from(bytes)));
    piece.fill(0xff);
  }
  reader.end();
  return Buffer.concat(found);
}

/** What is said of a body that is refused, or its file. */
function look(pieces: Iterable<Buffer>, contentType?: string): string | Buffer {
  try {
    return read(pieces, contentType);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.code).toBe("bad-request");
    return error.detail ?? "";
  }
}

/** Bytes that are nearly a boundary again and again. */
const tricky = fc
  .array(
    fc.constantFrom("\r", "\n", "-", "--", `\r\n--${boundary.slice(0, 2)}`, `--${boundary}`, "\r\n\r\n", "x", "\0"),
    {
      maxLength: 30,
    },
  )
  .map((pieces) => Buffer.from(pieces.join(""), "latin1"))
  .filter(
    (bytes) => !bytes.includes(`\r\n--${boundary}`) && !bytes.subarray(0, 5).equals(Buffer.from(`--${boundary}`)),
  );

test("a file comes out as it was put in, however the form is cut on its way", () => {
  fc.assert(
    fc.property(
      fc.array(tricky, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(400), { maxLength: 12 }),
      (files, places) => {
        const body = form(...files.map((file) => part(file)));
        expect(read(cutAt(body, places))).toEqual(Buffer.concat(files));
      },
    ),
    { numRuns: 1000 },
  );
  const body = form(part("\r\n--b.\r\n-\r\n--b"), part("-"));
  const pieces = Array.from(body, (_, at) => Buffer.from(body.subarray(at, at + 1)));
  expect(read(pieces).toString()).toBe("\r\n--b.\r\n-\r\n--b-");
});

test("what the designer cuts most often comes out as it was put in", () => {
  for (const lines of [9, 12]) {
    const file = Buffer.from(`P${"\n--".repeat(lines)}`);
    const { contentType, body } = formOfBytes(new Uint8Array(file));
    expect(Buffer.from(body).toString("latin1").split("content-disposition")).toHaveLength(1 + 10);
    expect(read([Buffer.from(body)], contentType)).toEqual(file);
  }
});

test("a form that is not whole is refused wherever it breaks off", () => {
  const body = form(part("some bytes"), part("more"));
  for (let length = 0; length < body.length - 2; length += 1)
    expect(look([Buffer.from(body.subarray(0, length))]), `${length} bytes`).toMatch(/^The form breaks off\. Send/);
  expect(read([Buffer.from(body.subarray(0, -2))]).toString()).toBe("some bytesmore");
});

test("a form in which a byte is changed, put in or left out gives a file, or is refused by name", () => {
  const body = form(part("some\r\n--bytes"), part("more"));
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.nat(255), fc.nat(2), fc.array(fc.nat(300)), (at, byte, kind, places) => {
      const changed = Buffer.concat([
        body.subarray(0, at),
        kind === 0 ? Buffer.of() : Buffer.of(byte),
        body.subarray(kind === 2 ? at : at + 1),
      ]);
      const outcome = look(cutAt(changed, places));
      expect(outcome).toEqual(look([changed]));
    }),
    { numRuns: 2000 },
  );
});

describe("is refused with what is wrong with it:", () => {
  test.each<[string, Buffer, RegExp]>([
    ["nothing", Buffer.of(), /breaks off/],
    ["no part", end, /has no part/],
    ["something before it", Buffer.concat([Buffer.from("x"), form(part("x"))]), /does not begin with its boundary/],
    ["something behind it", Buffer.concat([form(part("x")), Buffer.from("x")]), /goes on behind its end/],
    ["another boundary", Buffer.from("--other\r\n"), /does not begin with its boundary/],
    ["a boundary that goes on", Buffer.from(`--${boundary}0\r\n`), /has a boundary with something behind it/],
    [
      "a field beside the file",
      form(part("x"), part("y", 'Content-Disposition: form-data; name="note"')),
      /is not form-data/,
    ],
    ["a file of another name", form(part("x", head.replace('"file"', '"photo"'))), /is not form-data/],
    ["a part that says nothing of itself", form(part("x", "Content-Type: image/png")), /is not form-data/],
    ["a part that says it twice", form(part("x", `${head}\r\n${head}`)), /content-disposition twice/],
    ["a header that is none", form(part("x", `${head}\r\nwhat`)), /cannot be read/],
    ["a folded header", form(part("x", `${head}\r\n and: more`)), /cannot be read/],
    ["base64", form(part("x", `${head}\r\nContent-Transfer-Encoding: base64`)), /another encoding/],
    ["a head without an end", form(part("x", `${head}\r\nX: ${"x".repeat(2_000)}`)), /exceeds 1024 bytes/],
    ["many parts", form(...Array.from({ length: 11 }, () => part("x"))), /more than 10 parts/],
  ])("%s", (_, body, reason) => {
    expect(look([body])).toMatch(reason);
    expect(look([body])).toMatch(/Send the file as the part "file" with a filename, and nothing else\.$/);
  });

  test.each([
    "multipart/form-data",
    "multipart/form-data; boundary=",
    `multipart/form-data; boundary=${"b".repeat(71)}`,
  ])("%s", (contentType) => expect(look([form(part("x"))], contentType)).toMatch(/no boundary of 1 to 70 characters/));
});

test("a head that never ends is refused before it has taken memory", () => {
  const reader = createFileReader(type);
  reader.push(Buffer.from(`--${boundary}\r\n`));
  const line = Buffer.alloc(100, "x");
  let pushed = 0;
  expect(() => {
    for (; pushed < 100; pushed += 1) reader.push(line);
  }).toThrow(Problem);
  expect(pushed * line.length).toBeLessThan(2_000);
});

test("the boundary may stand in quotes, and only a form is read as one", () => {
  expect(look([form(part("x"))], `multipart/form-data;boundary="${boundary}"`)).toEqual(Buffer.from("x"));
  expect([isForm("Multipart/Form-Data; boundary=x"), isForm("multipart/form-data")]).toEqual([true, true]);
  expect([isForm("multipart/form-database"), isForm("image/png"), isForm(undefined)]).toEqual([false, false, false]);
  expect(read([form(part("x"))], "image/png")).toEqual(form(part("x")));
});
