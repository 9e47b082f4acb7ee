import { type PhotoHead, viewOf } from "./photo-head.ts";

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/** The offset behind a chain of data sub-blocks, or undefined when the file ends inside it. */
function skipSubBlocks(bytes: Uint8Array, start: number): number | undefined {
  let offset = start;
  while (offset < bytes.length) {
    const length = bytes[offset] as number;
    offset += length + 1;
    if (length === 0) return offset;
  }
  return undefined;
}

/** Walks a GIF's blocks far enough to know whether its first picture is whole and whether a second one follows. */
export function readGifHead(bytes: Uint8Array): PhotoHead {
  const view = viewOf(bytes);
  if (bytes.length < 13) return { format: "gif", size: undefined, complete: false, animated: false };
  const size = { widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) };
  let pictures = 0;
  let offset: number | undefined = 13 + colourTableBytes(view.getUint8(10));
  while (offset !== undefined && offset < bytes.length && pictures < 2) {
    const block: number | undefined = bytes[offset];
    if (block === 0x21) offset = skipSubBlocks(bytes, offset + 2);
    else if (block === 0x2c && offset + 11 <= bytes.length) {
      offset = skipSubBlocks(bytes, offset + 11 + colourTableBytes(view.getUint8(offset + 9)));
      if (offset !== undefined) pictures += 1;
    } else break;
  }
  return { format: "gif", size, complete: pictures > 0, animated: pictures > 1 };
}
