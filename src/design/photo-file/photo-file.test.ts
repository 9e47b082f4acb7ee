import fc from "fast-check";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { createPhotoReader, listBareParts, type PhotoReport } from "./photo-file.ts";

function read(bytes: Uint8Array, pieceBytes = bytes.length): PhotoReport {
  const reader = createPhotoReader();
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
  return reader.end();
}

function strip(bytes: Uint8Array): Buffer {
  const report = read(bytes);
  if (report.kind !== "photo") throw new Error(`it is ${report.kind}`);
  const parts = listBareParts(report.extras, bytes.length);
  return Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : bytes.subarray(part.from, part.to))));
}

const namesOf = (report: PhotoReport): string[] =>
  report.kind === "photo" ? report.extras.map(({ name }) => name) : [];
const pixelsOf = (bytes: Uint8Array) => sharp(bytes).rotate().raw().toBuffer({ resolveWithObject: true });

const place = "52/1 31/1 12/1";
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N"/></rdf:RDF></x:xmpmeta>`;
/** A picture whose corners differ, with all that a phone writes beside it, on its side. */
function draw() {
  const side = Array.from({ length: 48 * 32 * 3 }, (_, at) => (at * 37 + (at >> 5)) % 256);
  return sharp(Buffer.from(side), { raw: { width: 48, height: 32, channels: 3 } })
    .withIccProfile("p3")
    .withXmp(xmp)
    .withExifMerge({ IFD0: { Make: "Phone" }, IFD3: { GPSLatitudeRef: "N", GPSLatitude: place } })
    .withMetadata({ orientation: 6 });
}
const comment = Buffer.from([0xff, 0xfe, 0, 6, 0x48, 0x69, 0x21, 0x21]);
const textChunk = Buffer.concat([Buffer.from("\0\0\0\x05tEXt"), Buffer.from("a\0b c"), Buffer.alloc(4)]);

let files: Record<string, Buffer>;
beforeAll(async () => {
  const jpeg = await draw().jpeg({ progressive: true }).toBuffer();
  const png = await draw().png().toBuffer();
  const gif = await sharp(Buffer.alloc(48 * 32 * 3, 90), { raw: { width: 48, height: 32, channels: 3 } })
    .gif()
    .toBuffer();
  const note = Buffer.from([0x21, 0xfe, 3, 0x61, 0x62, 0x63, 0]);
  files = {
    JPEG: Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), Buffer.from("ftypmp42 a film behind it")]),
    PNG: Buffer.concat([png.subarray(0, 33), textChunk, png.subarray(33)]),
    WebP: await draw().webp({ lossless: true }).toBuffer(),
    GIF: Buffer.concat([gif.subarray(0, -1), note, gif.subarray(-1)]),
  };
});

describe.each(["JPEG", "PNG", "WebP", "GIF"])("of a %s", (format) => {
  test("all that is not its picture is found, and taken out it shows the same, upright, in its colours", async () => {
    const file = files[format] as Buffer;
    const report = read(file);
    expect(report).toMatchObject({ kind: "photo", format, size: { widthPx: 48, heightPx: 32 } });
    expect(namesOf(report)).not.toEqual([]);
    const bare = strip(file);
    expect(namesOf(read(bare))).toEqual([]);
    const [before, after] = [await pixelsOf(file), await pixelsOf(bare)];
    expect([after.info.width, after.info.height]).toEqual([before.info.width, before.info.height]);
    expect(after.data.equals(before.data)).toBe(true);
    const [was, is] = [await sharp(file).metadata(), await sharp(bare).metadata()];
    expect([is.icc?.equals(was.icc ?? Buffer.alloc(0)), is.orientation, is.xmp]).toEqual([
      was.icc && true,
      was.orientation,
      undefined,
    ]);
    for (const secret of ["GPS", "Phone", "adobe", "film", "b c", "abc", "Hi!"])
      expect(bare.includes(secret)).toBe(false);
  });

  test("the same is found in pieces of any length, and cut anywhere nothing is missed that is still in it", () => {
    const file = files[format] as Buffer;
    const whole = read(file);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: file.length }), (pieceBytes, end) => {
        expect(read(file, pieceBytes)).toEqual(whole);
        const cut = file.subarray(0, end);
        const report = read(cut);
        if (report.kind !== "photo") return;
        const bare = strip(cut);
        expect(namesOf(read(bare))).toEqual([]);
        for (const secret of ["GPSLatitude", "adobe:ns", "Phone", "a film"]) expect(bare.includes(secret)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("whatever bytes are in it, a report comes of it, and what is taken out leaves nothing to take out", () => {
    const file = files[format] as Buffer;
    const change = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 12 });
    fc.assert(
      fc.property(change, (changes) => {
        const damaged = Buffer.from(file);
        for (const [at, byte] of changes) damaged[at] = byte;
        const report = read(damaged);
        if (report.kind !== "photo") return;
        const again = read(strip(damaged));
        if (again.kind === "photo") expect(namesOf(again)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test("what is no photo, or of a format that is not looked through, is named", async () => {
  const tiff = await draw().tiff().toBuffer();
  const avif = await draw().avif({ effort: 0 }).toBuffer();
  const nameOf = (bytes: Uint8Array) => {
    const report = read(bytes);
    return report.kind === "other" ? report.name : report.kind;
  };
  expect([nameOf(tiff), nameOf(avif)]).toEqual(["TIFF", "AVIF"]);
  expect(nameOf(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"))).toBe("HEIC");
  for (const text of ["", "<svg/>", "no photo", "%PDF-1.4 and so on and so on and so on"])
    expect(nameOf(Buffer.from(text))).toBeUndefined();
  expect(nameOf((files["JPEG"] as Buffer).subarray(0, 40))).toBe("broken");
});
