import sharp from "sharp";
import { products } from "#card/products.ts";
import { hashSha256 } from "#image/checksums.ts";
import type { PhotoFile } from "#image/client.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import type { Draft } from "../draft-store.ts";

const [product] = products;
export const placement = { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true } as const;

/** Of a few pixels, with a place in it. */
async function makeJpeg(background: string): Promise<PhotoFile> {
  const picture = sharp({ create: { width: 8, height: 6, channels: 3, background } });
  const plain = new Uint8Array(await picture.jpeg().toBuffer());
  const place = new TextEncoder().encode("taken at 52.5 N 13.4 E");
  const comment = Uint8Array.of(0xff, 0xfe, 0, place.length + 2, ...place);
  const bytes = new Blob([plain.slice(0, 2), comment, plain.slice(2)]);
  return { sha256: await hashSha256(new Uint8Array(await bytes.arrayBuffer())), bytes };
}
export const [photo, otherPhoto] = [await makeJpeg("teal"), await makeJpeg("navy")];
export const heic = { sha256: "e".repeat(64), bytes: new Blob(["\0\0\0\x18ftypheic", new Uint8Array(64)]) };

export const cardOf = (ground: string, of: PhotoFile = photo): Draft => ({
  design: { ...designOf(makeOpenPhoto(of), placement, product), ground },
  photo: of,
});

/** What would be sent now has been, a digest included. */
export async function rested(): Promise<void> {
  for (let n = 0; n < 10; n += 1) {
    await crypto.subtle.digest("SHA-256", new Uint8Array(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
