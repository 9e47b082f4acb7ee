import { tagAt } from "./bytes.ts";
import { readJxlHead } from "./jxl-head.ts";
import {
  type PhotoHead,
  readAvifHead,
  readBmpHead,
  readGifHead,
  readHeicHead,
  readJpegHead,
  readPngHead,
  readWebpHead,
} from "./photo-head.ts";
import type { PhotoProblemCode } from "./protocol.ts";
import { inspectTiff } from "./rare/tiff-head.ts";

export type Inspection =
  /** `start` is the offset at which the photo's own bytes begin. */
  { readonly head: PhotoHead; readonly start: number } | { readonly problem: PhotoProblemCode };

const heifBrands = ["heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "msf1"];
// Films alone: the same boxes also hold raw photos and sound.
const filmBrands = /^(?:iso[m2-9]|mp4[12]|avc1|M4V[ HP]|3g[p2ers].|qt {2}|dash|MSNV|mmp4|f4v |XAVC)$/;
const quicktimeBoxes = ["moov", "mdat", "wide", "free", "skip", "pnot"];

function startsWith(bytes: Uint8Array, ...signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** By their first bytes, in Latin-1. */
const signatures: readonly (readonly [signature: string, problem: PhotoProblemCode])[] = [
  ["\0\0\0\fjP  ", "jpeg-2000-image"],
  ["\xff\x4f\xff\x51", "jpeg-2000-image"],
  ["II\xbc\x01", "jpeg-xr-image"],
  ["8BPS", "photoshop-file"],
  ["%!PS", "postscript-file"],
  ["\xc5\xd0\xd3\xc6", "postscript-file"],
  ["\0\0\x01\0", "icon-file"],
  ["\0\0\x02\0", "icon-file"],
  ["icns", "icon-file"],
  // Fujifilm, Olympus, Panasonic, Canon, Sigma, Minolta.
  ["FUJIFILMCCD-RAW", "raw-image"],
  ["IIRO", "raw-image"],
  ["IIRS", "raw-image"],
  ["MMOR", "raw-image"],
  ["IIU\0", "raw-image"],
  ["II\x1a\0\0\0HEAPCCDR", "raw-image"],
  ["FOVb", "raw-image"],
  ["\0MRM", "raw-image"],
  ["\x1aE\xdf\xa3", "video-file"],
  ["\0\0\x01\xba", "video-file"],
  ["\0\0\x01\xb3", "video-file"],
];

/** TIFF and BigTIFF, and what most cameras write as raw: the latter is a TIFF of its own kind. */
function isTiff(bytes: Uint8Array): boolean {
  return [0x2a, 0x2b].some(
    (version) => startsWith(bytes, 0x49, 0x49, version, 0) || startsWith(bytes, 0x4d, 0x4d, 0, version),
  );
}

/** The first bytes as text, one character a byte: enough to find ASCII in any encoding that contains it. */
function textHead(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 4096).filter((byte) => byte !== 0));
}

function inspectFileTypeBox(bytes: Uint8Array): Inspection {
  const brands: string[] = [];
  const boxBytes = Math.min(((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), 256);
  for (let offset = 8; offset < boxBytes; offset += 4) if (offset !== 12) brands.push(tagAt(bytes, offset));
  if (brands.includes("avif") || brands.includes("avis")) {
    return { head: readAvifHead(bytes, brands[0] === "avis"), start: 0 };
  }
  // Canon's CR3.
  if (brands.includes("crx ")) return { problem: "raw-image" };
  if (brands.some((brand) => heifBrands.includes(brand))) return { head: readHeicHead(bytes), start: 0 };
  return { problem: filmBrands.test(brands[0] ?? "") ? "video-file" : "not-an-image" };
}

function inspectRiff(bytes: Uint8Array): Inspection {
  const form = tagAt(bytes, 8);
  if (form === "WEBP") return { head: readWebpHead(bytes), start: 0 };
  return { problem: form === "AVI " ? "video-file" : "not-an-image" };
}

function inspectText(bytes: Uint8Array): Inspection {
  const text = textHead(bytes);
  if (text.slice(0, 1024).includes("%PDF-")) return { problem: "pdf-file" };
  const isMarkup = /^[^\x21-\x7e]*</.test(text);
  const isSvg = isMarkup && /<(?:[\w-]+:)?svg[\s>]/i.test(text) && !/<html[\s>]/i.test(text);
  return { problem: isSvg ? "svg-image" : "not-an-image" };
}

function inspectPng(bytes: Uint8Array, start: number): Inspection {
  // Xcode's own kind, which is for Apple's programs alone.
  return tagAt(bytes, 12) === "CgBI" ? { problem: "apple-png" } : { head: readPngHead(bytes), start };
}

/** By the first bytes of a photo that all browsers open. */
function inspectPhoto(bytes: Uint8Array, start: number): Inspection | undefined {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return { head: readJpegHead(bytes), start };
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return inspectPng(bytes, start);
  return undefined;
}

/** How far into a file a photo is looked for behind what a transfer has put before it. */
const maxLeadInBytes = 1024;
/** Sound, archives, programs and documents, in which there may be a photo that is not meant. */
const containers = [
  "ID3",
  "fLaC",
  "OggS",
  "PK",
  "Rar!",
  "7z",
  "{\\rtf",
  "MZ",
  "\x7fELF",
  "\xd0\xcf\x11\xe0",
  "\x1f\x8b",
];
const photoSignatures = ["\xff\xd8\xff", "\x89PNG\r\n\x1a\n"];

function inspectBehindLeadIn(bytes: Uint8Array): Inspection | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, maxLeadInBytes));
  // The last are the pictures of hospitals.
  if (containers.some((signature) => head.startsWith(signature)) || head.startsWith("DICM", 128)) return undefined;
  const [start] = photoSignatures.map((signature) => head.indexOf(signature)).filter((at) => at > 0);
  const found = start === undefined ? undefined : inspectPhoto(bytes.subarray(start), start);
  return found !== undefined && "head" in found && found.head.size !== undefined ? found : undefined;
}

function inspectOther(bytes: Uint8Array): Inspection {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  const known = signatures.find(([signature]) => head.startsWith(signature));
  if (known !== undefined) return { problem: known[1] };
  if (quicktimeBoxes.includes(tagAt(bytes, 4))) return { problem: "video-file" };
  return inspectBehindLeadIn(bytes) ?? inspectText(bytes);
}

/** Says what a file is by its bytes, never by its name or stated type. Nothing is decoded. */
export function inspectFile(bytes: Uint8Array): Inspection {
  const photo = inspectPhoto(bytes, 0);
  if (photo !== undefined) return photo;
  if (startsWith(bytes, 0x47, 0x49, 0x46, 0x38)) return { head: readGifHead(bytes), start: 0 };
  if (tagAt(bytes, 0) === "RIFF") return inspectRiff(bytes);
  if (tagAt(bytes, 4) === "ftyp") return inspectFileTypeBox(bytes);
  if (startsWith(bytes, 0x42, 0x4d) && bytes[15] === 0 && bytes[16] === 0)
    return { head: readBmpHead(bytes), start: 0 };
  if (startsWith(bytes, 0xff, 0x0a) || tagAt(bytes, 4) === "JXL ") return { head: readJxlHead(bytes), start: 0 };
  if (isTiff(bytes)) return inspectTiff(bytes);
  return inspectOther(bytes);
}
