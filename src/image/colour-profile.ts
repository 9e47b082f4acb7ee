import { joinPieces, tagAt, viewOf } from "./bytes.ts";
import type { Edit } from "./edits.ts";
import type { PhotoFormat } from "./photo-head.ts";

/** An ICC profile, one known by name, or something that only a browser understands. */
export type ColourProfile = { readonly icc: Uint8Array } | "display-p3" | "other";

/** What a photo's file says of its colours, and its bytes without saying so. */
export interface FileColours {
  readonly profile: ColourProfile;
  readonly edits: readonly Edit[];
}

/** The numbers of a profile's own pixels: `RGB `, `GRAY`, `CMYK`. */
export function spaceOf(icc: Uint8Array): string {
  return tagAt(icc, 16);
}

/** A profile of greys says nothing of colours. */
function ofProfile(icc: Uint8Array, edits: readonly Edit[], isGrey: boolean): FileColours | undefined {
  return spaceOf(icc) === "GRAY" && !isGrey ? undefined : { profile: { icc }, edits };
}

/** The numbers of ITU-T H.273 for primaries and transfer. */
function profileOfCodes(primaries: number, transfer: number): ColourProfile | undefined {
  // Unspecified is sRGB's; BT.709's and BT.601's transfer are taken for sRGB's, as everybody does.
  const isLikeSrgb = [1, 2, 6, 13].includes(transfer);
  if (primaries === 12 && isLikeSrgb) return "display-p3";
  return isLikeSrgb && [1, 2, 5, 6].includes(primaries) ? undefined : "other";
}

const jpegName = "ICC_PROFILE\0";

/** Of which the frame says how many components there are, and is not one of the tables that lie among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** The parts of the profile lie in segments that say which part they are: ICC.1:2022, B.4. */
function findInJpeg(bytes: Uint8Array): FileColours | undefined {
  const view = viewOf(bytes);
  const parts: { readonly number: number; readonly data: Uint8Array }[] = [];
  const edits: Edit[] = [];
  let isGrey = false;
  let at = 2;
  while (at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 4 + jpegName.length));
    const data = at + 4 + jpegName.length;
    if (isFrame(marker)) isGrey = bytes[at + 9] === 1;
    if (marker === 0xe2 && name === jpegName && data + 2 <= end) {
      parts.push({ number: bytes[data] as number, data: bytes.subarray(data + 2, end) });
      edits.push({ from: at, to: end, bytes: [] });
    }
    at = end;
  }
  if (parts.length === 0) return undefined;
  const ordered = parts.sort((one, other) => one.number - other.number);
  return ofProfile(joinPieces(ordered.map(({ data }) => data)), edits, isGrey);
}

/** A press's profiles have 1 to 3 MB. */
const maxProfileBytes = 8_000_000;

async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinPieces(pieces);
    pieces.push(value);
    bytes += value.length;
    if (bytes <= maxProfileBytes) continue;
    await reader.cancel();
    throw new RangeError("a profile of no use");
  }
}

/** sRGB's gamma and primaries as older programmes write them, in 100,000ths: PNG, third edition, 11.3.2. */
const srgbGamma = 45_455;
const srgbPrimaries = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];

const pngColours = ["cICP", "iCCP", "sRGB", "gAMA", "cHRM"];

async function findInPng(bytes: Uint8Array): Promise<FileColours | undefined> {
  const view = viewOf(bytes);
  const chunks = new Map<string, { readonly at: number; readonly end: number }>();
  for (let at = 8; at + 12 <= bytes.length && tagAt(bytes, at + 4) !== "IDAT"; at += 12 + view.getUint32(at)) {
    chunks.set(tagAt(bytes, at + 4), { at: at + 8, end: at + 8 + view.getUint32(at) });
  }
  // All of them: what one of them hides would count without it.
  const edits = [...chunks]
    .filter(([name]) => pngColours.includes(name))
    .map(([, { at, end }]): Edit => ({ from: at - 8, to: end + 4, bytes: [] }))
    // A chunk that is there twice stands where it was met first.
    .sort((one, other) => one.from - other.from);
  const [cicp, iccp, gamma, primaries] = ["cICP", "iCCP", "gAMA", "cHRM"].map((name) => chunks.get(name));
  if (cicp !== undefined) {
    const profile = profileOfCodes(bytes[cicp.at] as number, bytes[cicp.at + 1] as number);
    return profile && { profile, edits };
  }
  if (iccp !== undefined) {
    const name = bytes.indexOf(0, iccp.at);
    const isGrey = bytes[25] === 0 || bytes[25] === 4;
    return inflate(bytes.subarray(name + 2, iccp.end)).then(
      (icc) => ofProfile(icc, edits, isGrey),
      () => ({ profile: "other", edits }),
    );
  }
  if (chunks.has("sRGB") || gamma === undefined || primaries === undefined) return undefined;
  const isNear = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= 1000;
  const isSrgb =
    isNear(view.getUint32(gamma.at), srgbGamma) &&
    srgbPrimaries.every((wanted, index) => isNear(view.getUint32(primaries.at + index * 4), wanted));
  return isSrgb ? undefined : { profile: "other", edits };
}

/** Of `VP8X`'s flags, RFC 9649, 2.7.1.1. */
const webpHasProfile = 0x20;

function findInWebp(bytes: Uint8Array): FileColours | undefined {
  const view = viewOf(bytes);
  // Without it the other chunks have no meaning.
  if (tagAt(bytes, 12) !== "VP8X") return undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length & 1);
    if (tagAt(bytes, at) === "ICCP") {
      const size = new Uint8Array(4);
      viewOf(size).setUint32(0, view.getUint32(4, true) - (end - at), true);
      const edits = [
        { from: 4, to: 8, bytes: [...size] },
        { from: 20, to: 21, bytes: [(bytes[20] as number) & ~webpHasProfile] },
        { from: at, to: end, bytes: [] },
      ];
      return ofProfile(bytes.subarray(at + 8, at + 8 + length), edits, false);
    }
    at = end;
  }
  return undefined;
}

/** What describes an AVIF's pictures lies within this. */
const avifHeadBytes = 262_144;

/** ISO/IEC 14496-12, 12.1.5. A picture's parts, and what is in the file beside the picture, have the same colours. */
function findInAvif(bytes: Uint8Array): FileColours | undefined {
  const view = viewOf(bytes);
  const head = bytes.subarray(0, avifHeadBytes);
  const edits: Edit[] = [];
  let icc: Uint8Array | undefined;
  let named: ColourProfile | undefined;
  for (let at = head.indexOf(0x63, 4); at !== -1; at = head.indexOf(0x63, at + 1)) {
    if (tagAt(head, at) !== "colr") continue;
    const kind = tagAt(bytes, at + 4);
    if (kind === "prof" || kind === "rICC") {
      icc ??= bytes.subarray(at + 8, at - 4 + view.getUint32(at - 4));
      // A box of no meaning: the others keep their numbers.
      edits.push({ from: at, to: at + 4, bytes: [0x66, 0x72, 0x65, 0x65] });
    } else if (kind === "nclx") {
      named ??= profileOfCodes(view.getUint16(at + 8), view.getUint16(at + 10));
      // The numbers of sRGB. Those of YCbCr behind them count as they are.
      edits.push({ from: at + 8, to: at + 12, bytes: [0, 1, 0, 13] });
    }
  }
  // Whether a picture is of greys only its decoder knows for sure.
  if (icc !== undefined) return { profile: spaceOf(icc) === "GRAY" ? "other" : { icc }, edits };
  return named && { profile: named, edits };
}

/** The colours of a photo's file, of which `bytes` is the beginning; undefined where they are sRGB's, or nothing is said of them. */
export async function findColours(bytes: Uint8Array, format: PhotoFormat): Promise<FileColours | undefined> {
  try {
    if (format === "jpeg") return findInJpeg(bytes);
    if (format === "png") return await findInPng(bytes);
    if (format === "webp") return findInWebp(bytes);
    return format === "avif" ? findInAvif(bytes) : undefined;
  } catch {
    return { profile: "other", edits: [] };
  }
}
