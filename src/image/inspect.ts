import {
  type PhotoHead,
  readAvifHead,
  readBmpHead,
  readGifHead,
  readJpegHead,
  readPngHead,
  readWebpHead,
  tagAt,
} from "./photo-head.ts";
import type { PhotoProblemCode } from "./protocol.ts";
import { inspectTiff } from "./rare/tiff-head.ts";

type Inspection = { readonly head: PhotoHead } | { readonly problem: PhotoProblemCode };

const heifBrands = ["heic", "heix", "hevc", "hevx", "heim", "heis", "hevm", "hevs", "mif1", "msf1"];
// Films alone: the same boxes also hold raw photos and sound.
const filmBrands = /^(?:iso[m2-9]|mp4[12]|avc1|M4V[ HP]|3g[p2ers].|qt {2}|dash|MSNV|mmp4|f4v |XAVC)$/;
const quicktimeBoxes = ["moov", "mdat", "wide", "free", "skip", "pnot"];

function startsWith(bytes: Uint8Array, ...signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** TIFF and BigTIFF, and what most cameras write as raw: the latter is a TIFF of its own kind. */
function isTiff(bytes: Uint8Array): boolean {
  return [0x2a, 0x2b].some(
    (version) => startsWith(bytes, 0x49, 0x49, version, 0) || startsWith(bytes, 0x4d, 0x4d, 0, version),
  );
}

/** Raw photos of Olympus, Panasonic and Fujifilm. */
const rawSignature = /^(?:IIR[OS]|MMOR|IIU\0|FUJI)/;

/** The first bytes as text, one character a byte: enough to find ASCII in any encoding that contains it. */
function textHead(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 4096).filter((byte) => byte !== 0));
}

function inspectFileTypeBox(bytes: Uint8Array): Inspection {
  const brands: string[] = [];
  const boxBytes = Math.min(((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), 256);
  for (let offset = 8; offset < boxBytes; offset += 4) if (offset !== 12) brands.push(tagAt(bytes, offset));
  if (brands.includes("avif") || brands.includes("avis")) {
    return { head: readAvifHead(bytes, brands[0] === "avis") };
  }
  // Canon's CR3.
  if (brands.includes("crx ")) return { problem: "raw-image" };
  // The same boxes as AVIF's.
  if (brands.some((brand) => heifBrands.includes(brand)))
    return { head: { ...readAvifHead(bytes, false), format: "heic" } };
  return { problem: filmBrands.test(brands[0] ?? "") ? "video-file" : "not-an-image" };
}

function inspectRiff(bytes: Uint8Array): Inspection {
  const form = tagAt(bytes, 8);
  if (form === "WEBP") return { head: readWebpHead(bytes) };
  return { problem: form === "AVI " ? "video-file" : "not-an-image" };
}

function inspectText(bytes: Uint8Array): Inspection {
  const text = textHead(bytes);
  if (text.slice(0, 1024).includes("%PDF-")) return { problem: "pdf-file" };
  const isMarkup = /^[^\x21-\x7e]*</.test(text);
  const isSvg = isMarkup && /<(?:[\w-]+:)?svg[\s>]/i.test(text) && !/<html[\s>]/i.test(text);
  return { problem: isSvg ? "svg-image" : "not-an-image" };
}

/** Says what a file is by its bytes, never by its name or stated type. Nothing is decoded. */
export function inspectFile(bytes: Uint8Array): Inspection {
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return { head: readJpegHead(bytes) };
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { head: readPngHead(bytes) };
  if (startsWith(bytes, 0x47, 0x49, 0x46, 0x38)) return { head: readGifHead(bytes) };
  if (tagAt(bytes, 0) === "RIFF") return inspectRiff(bytes);
  if (tagAt(bytes, 4) === "ftyp") return inspectFileTypeBox(bytes);
  if (startsWith(bytes, 0x42, 0x4d) && bytes[15] === 0 && bytes[16] === 0) return { head: readBmpHead(bytes) };
  if (isTiff(bytes)) return inspectTiff(bytes);
  if (rawSignature.test(tagAt(bytes, 0))) return { problem: "raw-image" };
  const isMatroska = startsWith(bytes, 0x1a, 0x45, 0xdf, 0xa3);
  const isMpeg = startsWith(bytes, 0, 0, 1, 0xba) || startsWith(bytes, 0, 0, 1, 0xb3);
  if (isMatroska || isMpeg || quicktimeBoxes.includes(tagAt(bytes, 4))) return { problem: "video-file" };
  return inspectText(bytes);
}
