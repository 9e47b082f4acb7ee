import type { PhotoHead } from "../photo-head.ts";
import type { PhotoProblemCode } from "../protocol.ts";
import { readTiff, type TiffPage } from "./tiff-page.ts";

const compressions = { none: 1, lzw: 5, jpeg: 7, deflate: [8, 32946], packBits: 32773 };
const known = Object.values(compressions).flat();
/** How many channels are colour, by photometric interpretation: white is 0, black is 0, RGB, palette, CMYK, YCbCr. */
const colourChannels: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };
// Tiles may reach beyond the picture, but all of them together not so far that unpacking them has no end.
const maxSparePixels = 4_000_000;
const maxSpareShare = 4;
const maxBlocks = 200_000;

/** Strips or tiles of one plane. */
export function blocksOf({ widthPx, heightPx, tileWidth, tileHeight }: TiffPage): number {
  return Math.ceil(widthPx / tileWidth) * Math.ceil(heightPx / tileHeight);
}

/** Whether the picture is packed and its colours are written in a way that is known here. */
function isKnown(page: TiffPage): boolean {
  const { compression, photometric, bits, channels, predictor } = page;
  const colours = colourChannels[photometric];
  if (colours === undefined || !known.includes(compression) || !page.isPlain || channels > 8) return false;
  if (compression === compressions.jpeg) {
    return bits === 8 && photometric !== 3 && !page.isPlanar && (photometric !== 5 || channels === 4);
  }
  if (photometric === 6 || ![1, 2].includes(predictor)) return false;
  if (page.fillOrder !== 1 && bits < 8) return false;
  return [1, 2, 4, 8, 16].includes(bits) && (predictor === 1 || bits >= 8);
}

/** Whether everything is there that the picture is made of. */
function isComplete(page: TiffPage, fileBytes: number): boolean {
  const { widthPx, heightPx, tileWidth, tileHeight, channels, photometric, offsets, byteCounts } = page;
  if (widthPx === 0 || heightPx === 0 || tileWidth === 0 || tileHeight === 0) return false;
  if (channels < (colourChannels[photometric] ?? 1)) return false;
  if (photometric === 3 && page.palette.length < 3 * 2 ** page.bits) return false;
  const blocks = blocksOf(page) * (page.isPlanar ? channels : 1);
  const unpacked = blocksOf(page) * tileWidth * tileHeight;
  if (unpacked > widthPx * heightPx * maxSpareShare + maxSparePixels) return false;
  if (blocks > maxBlocks || offsets.length < blocks || byteCounts.length < blocks) return false;
  for (let block = 0; block < blocks; block++) {
    const count = byteCounts[block] ?? 0;
    if (count === 0 || (offsets[block] ?? 0) + count > fileBytes) return false;
  }
  return true;
}

/** What a TIFF's directories say of the photo, or why it cannot be opened. Nothing is decoded. */
export function inspectTiff(
  bytes: Uint8Array,
): { readonly head: PhotoHead; readonly start: number } | { readonly problem: PhotoProblemCode } {
  const read = readTiff(bytes);
  if (read === "raw") return { problem: "raw-image" };
  if (read === undefined) return { problem: "damaged-image" };
  const { page, pages } = read;
  if (page.widthPx * page.heightPx > 0 && page.offsets.length > 0 && !isKnown(page)) return { problem: "unusual-tiff" };
  if (!isComplete(page, bytes.length)) return { problem: "damaged-image" };
  const size = { widthPx: page.widthPx, heightPx: page.heightPx };
  const inks = page.photometric === 5 && page.profile === undefined && { inks: true as const };
  return { head: { format: "tiff", size, animated: pages > 1, ...inks }, start: 0 };
}
