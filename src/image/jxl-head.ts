import { tagAt } from "./bytes.ts";
import type { PhotoHead } from "./photo-head.ts";

/** Where the codestream begins that a JPEG XL's boxes hold (ISO/IEC 18181-2, 9), looked for near the start of the file. */
function findCodestream(bytes: Uint8Array): number | undefined {
  if (bytes[0] === 0xff) return 0;
  for (let offset = 12; offset < Math.min(bytes.length, 4096); offset++) {
    const tag = tagAt(bytes, offset);
    if (tag === "jxlc") return offset + 4;
    // Before the part stands its number.
    if (tag === "jxlp") return offset + 8;
  }
  return undefined;
}

/** Widths by their ratio to the height: ISO/IEC 18181-1, D.2. */
const ratios = [1, 12 / 10, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2] as const;

/** Of a JPEG XL, bare or in boxes. */
export function readJxlHead(bytes: Uint8Array): PhotoHead {
  const start = findCodestream(bytes);
  const unknown = { format: "jxl", size: undefined, animated: false } as const;
  if (start === undefined || bytes[start] !== 0xff || bytes[start + 1] !== 0x0a) return unknown;
  let at = (start + 2) * 8;
  const read = (count: number): number => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) value += (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) * 2 ** bit;
    return value;
  };
  const isSmall = read(1) === 1;
  const readSide = (): number => (isSmall ? (read(5) + 1) * 8 : read([9, 13, 18, 30][read(2)] ?? 0) + 1);
  const heightPx = readSide();
  const ratio = ratios[read(3) - 1];
  const widthPx = ratio === undefined ? readSide() : Math.floor(heightPx * ratio);
  return { format: "jxl", size: { widthPx, heightPx }, animated: false };
}
