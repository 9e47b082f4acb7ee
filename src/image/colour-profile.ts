import { joinPieces, tagAt, viewOf } from "./bytes.ts";
import type { PhotoFormat } from "./photo-head.ts";

/** What a photo's file says of its colours: an ICC profile, one known by name, or something that only a browser understands. */
export type ColourProfile = { readonly icc: Uint8Array } | "display-p3" | "other";

/** The numbers of ITU-T H.273 for primaries and transfer. */
function profileOfCodes(primaries: number, transfer: number): ColourProfile | undefined {
  // Unspecified is sRGB's; BT.709's and BT.601's transfer are taken for sRGB's, as everybody does.
  const isLikeSrgb = [1, 2, 6, 13].includes(transfer);
  if (primaries === 12 && isLikeSrgb) return "display-p3";
  return isLikeSrgb && [1, 2, 5, 6].includes(primaries) ? undefined : "other";
}

const jpegName = "ICC_PROFILE\0";

/** The parts of the profile lie in segments that say which part they are: ICC.1:2022, B.4. */
function findInJpeg(bytes: Uint8Array): ColourProfile | undefined {
  const view = viewOf(bytes);
  const parts: { readonly number: number; readonly data: Uint8Array }[] = [];
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
    if (marker === 0xe2 && name === jpegName && data + 2 <= end) {
      parts.push({ number: bytes[data] as number, data: bytes.subarray(data + 2, end) });
    }
    at = end;
  }
  if (parts.length === 0) return undefined;
  return { icc: joinPieces(parts.sort((one, other) => one.number - other.number).map(({ data }) => data)) };
}

async function inflate(packed: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** sRGB's gamma and primaries as older programmes write them, in 100,000ths: PNG, third edition, 11.3.2. */
const srgbGamma = 45_455;
const srgbPrimaries = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000];

async function findInPng(bytes: Uint8Array): Promise<ColourProfile | undefined> {
  const view = viewOf(bytes);
  const chunks = new Map<string, { readonly at: number; readonly end: number }>();
  for (let at = 8; at + 12 <= bytes.length && tagAt(bytes, at + 4) !== "IDAT"; at += 12 + view.getUint32(at)) {
    chunks.set(tagAt(bytes, at + 4), { at: at + 8, end: at + 8 + view.getUint32(at) });
  }
  const [cicp, iccp, gamma, primaries] = ["cICP", "iCCP", "gAMA", "cHRM"].map((name) => chunks.get(name));
  if (cicp !== undefined) return profileOfCodes(bytes[cicp.at] as number, bytes[cicp.at + 1] as number);
  if (iccp !== undefined) {
    const name = bytes.indexOf(0, iccp.at);
    return inflate(bytes.subarray(name + 2, iccp.end)).then(
      (icc) => ({ icc }),
      () => "other",
    );
  }
  if (chunks.has("sRGB") || gamma === undefined || primaries === undefined) return undefined;
  const isNear = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= 1000;
  const isSrgb =
    isNear(view.getUint32(gamma.at), srgbGamma) &&
    srgbPrimaries.every((wanted, index) => isNear(view.getUint32(primaries.at + index * 4), wanted));
  return isSrgb ? undefined : "other";
}

function findInWebp(bytes: Uint8Array): ColourProfile | undefined {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (tagAt(bytes, at) === "ICCP") return { icc: bytes.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length & 1);
  }
  return undefined;
}

/** What describes an AVIF's pictures lies within this. */
const avifHeadBytes = 262_144;

/** ISO/IEC 14496-12, 12.1.5. A picture's parts, and what is in the file beside the picture, have the same colours. */
function findInAvif(bytes: Uint8Array): ColourProfile | undefined {
  const view = viewOf(bytes);
  const head = bytes.subarray(0, avifHeadBytes);
  let named: ColourProfile | undefined;
  for (let at = head.indexOf(0x63, 4); at !== -1; at = head.indexOf(0x63, at + 1)) {
    if (tagAt(head, at) !== "colr") continue;
    const kind = tagAt(bytes, at + 4);
    if (kind === "prof" || kind === "rICC") {
      return { icc: bytes.subarray(at + 8, at - 4 + view.getUint32(at - 4)) };
    }
    if (kind === "nclx") named ??= profileOfCodes(view.getUint16(at + 8), view.getUint16(at + 10));
  }
  return named;
}

/** The colours of a photo's file, of which `bytes` is the beginning; undefined where they are sRGB's, or nothing is said of them. */
export async function findColourProfile(bytes: Uint8Array, format: PhotoFormat): Promise<ColourProfile | undefined> {
  try {
    if (format === "jpeg") return findInJpeg(bytes);
    if (format === "png") return await findInPng(bytes);
    if (format === "webp") return findInWebp(bytes);
    return format === "avif" ? findInAvif(bytes) : undefined;
  } catch {
    return "other";
  }
}
