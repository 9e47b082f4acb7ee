import { createHash, randomFillSync } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import { findProduct, type Product } from "#card/products.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  named.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}

export interface TestPicture {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly channels?: 3 | 4;
  /** Another number, another picture. */
  readonly shade?: number;
  /** Painted into the first pixel: 16 million different pictures. */
  readonly mark?: number;
  /** So many rows at the top are noise, in no two pictures the same. */
  readonly noisyRows?: number;
  /** Put between pHYs and IDAT. */
  readonly extra?: { readonly type: string; readonly data: Uint8Array };
  readonly trailing?: Uint8Array;
}

function product(id: string): Product {
  const found = findProduct(id);
  if (found === undefined) throw new Error(`no product ${id}`);
  return found;
}

/** A PNG as the worker makes it for photo-landscape, unless told otherwise. */
export function makePicture(options: TestPicture = {}): Buffer {
  const { dpi, widthPx, heightPx } = { ...product("photo-landscape"), ...options };
  const channels = options.channels ?? 3;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, channels === 3 ? 2 : 6, 0, 0, 0], 8);
  const resolution = Buffer.alloc(9);
  const pxPerMetre = Math.round(dpi / 0.0254);
  resolution.writeUInt32BE(pxPerMetre, 0);
  resolution.writeUInt32BE(pxPerMetre, 4);
  resolution[8] = 1;
  const rows = Buffer.alloc(heightPx * (1 + channels * widthPx), 0);
  for (let y = 0; y < heightPx; y += 1) {
    const start = y * (1 + channels * widthPx);
    rows.fill((y + (options.shade ?? 0)) % 256, start + 1, start + 1 + channels * widthPx);
  }
  for (let y = 0; y < (options.noisyRows ?? 0); y += 1)
    randomFillSync(rows, y * (1 + channels * widthPx) + 1, channels * widthPx);
  if (options.mark !== undefined) rows.writeUIntBE(options.mark, 1, 3);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("sRGB", Buffer.from([0])),
    chunk("pHYs", resolution),
    ...(options.extra === undefined ? [] : [chunk(options.extra.type, options.extra.data)]),
    chunk("IDAT", deflateSync(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
    ...(options.trailing === undefined ? [] : [options.trailing]),
  ]);
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A file as the only content of a form. */
export function formOf(file: Uint8Array): { readonly contentType: string; readonly body: Buffer } {
  const head = '--a-boundary\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), file, Buffer.from("\r\n--a-boundary--\r\n")]);
  return { contentType: "multipart/form-data; boundary=a-boundary", body };
}
