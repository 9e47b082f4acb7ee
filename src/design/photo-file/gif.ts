import { type Ask, type Cursor, type Found, skip, take, type Walk } from "./walk.ts";

const nothing = new Uint8Array(0);
/** How often it is shown, and its colours. */
const neededApplications = new Set(["NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"]);

function* skipBlocks(): Generator<Ask, boolean, Uint8Array> {
  for (;;) {
    const length = (yield* take(1))?.[0];
    if (length === 0) return true;
    if (length === undefined || !(yield* skip(length))) return false;
  }
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

function* walkExtension(cursor: Cursor, found: Found, from: number): Walk {
  const label = (yield* take(1))?.[0];
  let name = label === 0xfe ? "comment" : "text";
  let isNeeded = label === 0xf9;
  if (label === 0xff) {
    const start = (yield* take(12)) ?? nothing;
    name = "application";
    isNeeded = neededApplications.has(String.fromCharCode(...start.subarray(1)));
  }
  yield* skipBlocks();
  if (!isNeeded) found.extras.push({ from, to: cursor.position, name, instead: nothing });
}

/** A GIF (89a, sections 18 to 27). */
export function* walkGif(cursor: Cursor, found: Found): Walk {
  const head = yield* take(13);
  if (head === undefined) return void (found.isBroken = true);
  const view = new DataView(head.buffer);
  found.size = { widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) };
  yield* skip(tableBytes(head[10] ?? 0));
  for (;;) {
    const from = cursor.position;
    const block = (yield* take(1))?.[0];
    if (block === 0x3b) break;
    if (block === 0x21) yield* walkExtension(cursor, found, from);
    else if (block === 0x2c) {
      const image = yield* take(9);
      found.hasPixels = true;
      if (image === undefined || !(yield* skip(tableBytes(image[8] ?? 0) + 1)) || !(yield* skipBlocks())) break;
    } else {
      found.isBroken ||= block !== undefined || !found.hasPixels;
      break;
    }
  }
}
