import type { Block } from "./tiff-blocks.ts";

/** The `channel`-th sample of each of `count` pixels of a row, put at every `step` of `out`, as whole numbers as they are written. */
function copySamples(
  block: Block,
  row: number,
  tileWidth: number,
  channel: number,
  count: number,
  out: Uint16Array,
  step: number,
) {
  const { bytes, bits, channels, littleEndian } = block;
  const start = row * Math.ceil((tileWidth * bits * channels) / 8);
  if (bits === 8) {
    for (let x = 0, at = start + channel; x < count; x++, at += channels) out[x * step] = bytes[at] as number;
  } else if (bits === 16) {
    const high = littleEndian ? 1 : 0;
    for (let x = 0, at = start + channel * 2; x < count; x++, at += channels * 2) {
      out[x * step] = ((bytes[at + high] as number) << 8) | (bytes[at + 1 - high] as number);
    }
  } else {
    // 1, 2 or 4: none lies in two bytes.
    for (let x = 0; x < count; x++) {
      const bit = (x * channels + channel) * bits;
      out[x * step] = ((bytes[start + (bit >> 3)] as number) >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }
  }
}

/** Reads channels of the rows of a strip or tile: of one block, or of a block for each channel. */
export function readChannels(
  blocks: readonly Block[],
  row: number,
  tileWidth: number,
  channels: readonly number[],
  count: number,
  out: Uint16Array,
): void {
  for (const [index, channel] of channels.entries()) {
    const [block, place] = blocks.length > 1 ? [blocks[channel], 0] : [blocks[0], channel];
    if (block !== undefined) copySamples(block, row, tileWidth, place, count, out.subarray(index), channels.length);
  }
}
