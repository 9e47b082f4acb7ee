import { tagAt, viewOf } from "./bytes.ts";

export interface Box {
  readonly tag: string;
  readonly start: number;
  /** Where what is in it begins. */
  readonly content: number;
  /** Behind it, by its own words. */
  readonly end: number;
}

/** The box at `offset`: ISO/IEC 14496-12, 4.2. Undefined when its header makes no sense. */
function readBox(bytes: Uint8Array, offset: number, limit: number): Box | undefined {
  if (offset + 8 > limit) return undefined;
  const view = viewOf(bytes);
  const tag = tagAt(bytes, offset + 4);
  const size = view.getUint32(offset);
  const box = { tag, start: offset, content: offset + 8 };
  if (!/^[ -~]{4}$/.test(tag)) return undefined;
  if (size === 0) return { ...box, end: limit };
  if (size !== 1) return size >= 8 ? { ...box, end: offset + size } : undefined;
  if (offset + 16 > limit) return undefined;
  const largeSize = Number(view.getBigUint64(offset + 8));
  return largeSize >= 16 ? { ...box, content: offset + 16, end: offset + largeSize } : undefined;
}

/** The boxes from `start` on, up to the first that is none. */
export function readBoxes(bytes: Uint8Array, start: number, limit: number): Box[] {
  const boxes: Box[] = [];
  for (let box = readBox(bytes, start, limit); box !== undefined; box = readBox(bytes, box.end, limit)) boxes.push(box);
  return boxes;
}
