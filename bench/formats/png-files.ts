import { chunk, exif, join, makePng, number, type PngHeader, profileChunk, profiles, withChunks } from "./bytes.ts";
import {
  decode,
  faded,
  fadedRgba,
  heightPx,
  mapPixels,
  onWhite,
  opacityAt,
  photo,
  sharpOf,
  source,
  storedAs,
  widthPx,
} from "./pictures.ts";
import type { Opens, TableFile } from "./table.ts";

/** Decoders may round where a profile is applied. */
const mostOfColours = 0.2;
/** Samples of 16 bits are cut by some, rounded by others: half a step of 8 bits on average. */
const mostOf16 = 0.3;
/** Half transparent pixels may be multiplied by their opacity in 8 bits, and again when they are laid on white. */
const mostOfOpacity = 0.5;

function exactly(name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> {
  return Promise.resolve({ name: `PNG, ${name}`, bytes, opens: { picture: photo, most: 0.02, ...change } });
}

async function opens(name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> {
  return exactly(name, bytes, { picture: await decode(bytes), ...change });
}

type Made = Promise<TableFile>;

/** Rows of samples of 1 to 16 bits, so many to a row. */
export function packRows(samples: ArrayLike<number>, perRow: number, bits: number): Uint8Array[] {
  return Array.from({ length: samples.length / perRow }, (_, y) => {
    const row = new Uint8Array(Math.ceil((perRow * bits) / 8));
    for (let x = 0; x < perRow; x++) {
      const value = samples[y * perRow + x] as number;
      if (bits === 16) row.set([value >> 8, value & 255], x * 2);
      else {
        const bit = x * bits;
        row[bit >> 3] = (row[bit >> 3] as number) | (value << (8 - bits - (bit & 7)));
      }
    }
    return row;
  });
}

export const grey = mapPixels(photo, (red, green, blue) => [Math.round(0.299 * red + 0.587 * green + 0.114 * blue)]);

/** Samples of 16 bits whose lower halves are anything. */
export function deep(samples: Uint8Array): Uint16Array {
  return Uint16Array.from(samples, (value, at) => value * 256 + ((at * 7919) & 255));
}

function packed(
  colourType: PngHeader["colourType"],
  bits: number,
  samples: ArrayLike<number>,
  ...before: readonly Uint8Array[]
): Buffer {
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType];
  return makePng({ widthPx, heightPx, bits, colourType }, packRows(samples, widthPx * channels, bits), ...before);
}

/** A palette of 6 x 7 x 6 colours, and the photo in it. */
function inPalette(): { palette: Uint8Array; indices: Uint8Array } {
  const palette = Uint8Array.from({ length: 252 }, (_, at) => at).reduce<number[]>((list, at) => {
    list.push(Math.floor(at / 42) * 51, Math.round((Math.floor(at / 6) % 7) * 42.5), (at % 6) * 51);
    return list;
  }, []);
  const indices = mapPixels(photo, (r, g, b) => [
    Math.round(r / 51) * 42 + Math.round(g / 42.5) * 6 + Math.round(b / 51),
  ]);
  return { palette: Uint8Array.from(palette), indices };
}

function palettes(): readonly Made[] {
  const { palette, indices } = inPalette();
  const opacities = Uint8Array.from({ length: 252 }, (_, at) => (at % 6 === 5 ? 0 : at % 6 === 4 ? 128 : 255));
  const small = (colours: number): Uint8Array => Uint8Array.from({ length: colours * 3 }, (_, at) => (at * 97) % 255);
  const few = (bits: number): Uint8Array => grey.map((value) => value >> (8 - bits));
  return [
    opens("palette of 8 bits", packed(3, 8, indices, chunk("PLTE", palette))),
    opens("palette of 4 bits", packed(3, 4, few(4), chunk("PLTE", small(16)))),
    opens("palette of 1 bit", packed(3, 1, few(1), chunk("PLTE", small(2)))),
    opens("palette with opacities", packed(3, 8, indices, chunk("PLTE", palette), chunk("tRNS", opacities)), {
      most: mostOfOpacity,
    }),
  ];
}

async function colours(): Promise<readonly Made[]> {
  const plain = await source().png().toBuffer();
  const rgba = fadedRgba();
  const seen = { picture: onWhite(rgba), most: mostOfOpacity };
  const key = Array.from(photo.rgb.subarray(0, 3)).flatMap((value) => [0, value]);
  return [
    exactly("RGB", plain),
    exactly("RGB, interlaced", await source().png({ progressive: true }).toBuffer()),
    exactly("RGB, sRGB and gamma stated", withChunks(plain, chunk("sRGB", [0]), chunk("gAMA", number(45455, 4)))),
    opens("RGB of 16 bits", packed(2, 16, deep(photo.rgb)), { most: mostOf16 }),
    opens("RGB, one colour transparent", packed(2, 8, photo.rgb, chunk("tRNS", key))),
    exactly("RGBA", await faded().png().toBuffer(), seen),
    opens("RGBA of 16 bits", packed(6, 16, deep(rgba)), { most: mostOf16 + mostOfOpacity }),
  ];
}

function greys(): readonly Made[] {
  const ofBits = (bits: number): Uint8Array => grey.map((value) => value >> (8 - bits));
  const fade = Uint8Array.from({ length: grey.length * 2 }, (_, at) =>
    at % 2 === 0 ? (grey[at >> 1] as number) : opacityAt((at >> 1) % widthPx),
  );
  return [
    opens("grey", packed(0, 8, grey)),
    opens("grey of 16 bits", packed(0, 16, deep(grey)), { most: mostOf16 }),
    opens("grey of 4 bits", packed(0, 4, ofBits(4))),
    opens("grey of 2 bits", packed(0, 2, ofBits(2))),
    opens("grey of 1 bit", packed(0, 1, ofBits(1))),
    opens("grey with opacity", packed(4, 8, fade), { most: mostOfOpacity }),
  ];
}

async function profiled(): Promise<readonly Made[]> {
  const plain = await source().png().toBuffer();
  const inP3 = withChunks(plain, profileChunk(profiles.p3));
  const p3 = await decode(inP3);
  const most = mostOfColours;
  return [
    opens("grey with a profile", withChunks(packed(0, 8, grey), profileChunk(profiles.grey)), { most }),
    exactly("Display P3", inP3, { picture: p3, most }),
    // sharp takes no profile of 16 bits.
    exactly("Display P3 of 16 bits", packed(2, 16, deep(photo.rgb), profileChunk(profiles.p3)), {
      picture: p3,
      most: mostOf16,
    }),
    opens("Adobe RGB", withChunks(plain, profileChunk(profiles.adobe)), { most }),
    exactly("Display P3 by numbers", withChunks(plain, chunk("cICP", [12, 13, 0, 1])), { picture: p3, most }),
  ];
}

/** The photo, then its negative. */
async function animation(): Promise<Buffer> {
  const plain = await source().png().toBuffer();
  const other = await source().negate().png().toBuffer();
  const otherData = other.subarray(other.indexOf("IDAT") + 4, other.indexOf("IEND") - 8);
  const size = join(number(widthPx, 4), number(heightPx, 4), number(0, 4), number(0, 4));
  const control = (index: number): Buffer => chunk("fcTL", join(number(index, 4), size, [0, 1, 0, 10, 0, 0]));
  const begun = withChunks(plain, chunk("acTL", join(number(2, 4), number(0, 4))), control(0));
  const end = begun.length - 12;
  return join(begun.subarray(0, end), control(1), chunk("fdAT", join(number(2, 4), otherData)), begun.subarray(end));
}

export async function makePngFiles(): Promise<TableFile[]> {
  const files: Made[] = [...(await colours()), ...greys(), ...palettes(), ...(await profiled())];
  files.push(exactly("animated", await animation()));
  for (let orientation = 1; orientation <= 8; orientation++) {
    const stored = await sharpOf(storedAs(orientation)).png().toBuffer();
    const turned = withChunks(stored, chunk("eXIf", exif(orientation)));
    files.push(exactly(`EXIF ${orientation}`, turned, { isTurned: true }));
  }
  return Promise.all(files);
}
