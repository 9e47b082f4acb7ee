import type { Product } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import type { Draft } from "./draft-store.ts";
import { LaterVersion, readDesign } from "./read-design.ts";

/** How the cardholder's own copy of a design begins. Then come its document in one line of JSON, and the photo's own file to the end; nothing of a card without one. */
const beginning = "Fullbleed design 1\n";
/** As long as that: how a copy will begin whose form is another. */
const laterBeginning = /^Fullbleed design [2-9]\n$/;
const mediaType = "application/x-fullbleed";
/** A document takes half a kilobyte, and with as much drawn as there may be 230. */
const mostDocumentBytes = 256 * 1024;

/** A copy to be kept wherever the cardholder likes. */
export function makeDesignFile({ design, photo }: Draft): Blob {
  return new Blob([beginning, JSON.stringify(design), "\n", ...(photo === null ? [] : [photo.bytes])], {
    type: mediaType,
  });
}

async function readDraft(file: Blob, product: Pick<Product, "maxPhotoBytes">): Promise<Draft | null> {
  const head = file.slice(beginning.length, beginning.length + mostDocumentBytes + 1);
  const bytes = new Uint8Array(await head.arrayBuffer());
  const length = bytes.indexOf(0x0a);
  if (length < 0) return null;
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  const design = await readDesign(JSON.parse(text));
  const photoFile = file.slice(beginning.length + length + 1);
  if (design === null) return null;
  const photo = photoOf(design);
  if (photo === null) return photoFile.size === 0 ? { design, photo } : null;
  if (photoFile.size === 0 || photoFile.size > product.maxPhotoBytes) return null;
  return { design, photo: { sha256: photo.sha256, bytes: photoFile } };
}

/**
 * Reads such a copy, whoever has made or changed it: "none" of any other file, "later" where a later version of the designer has made it,
 * "damaged" where it is not whole. That its photo is the design's is seen once that is open. Never rejects: what cannot be read is none.
 */
export async function readDesignFile(
  file: Blob,
  product: Pick<Product, "maxPhotoBytes">,
): Promise<Draft | "none" | "later" | "damaged"> {
  const start = await file
    .slice(0, beginning.length)
    .text()
    .catch(() => "");
  if (laterBeginning.test(start)) return "later";
  if (start !== beginning) return "none";
  const refuse = (error: unknown): "later" | null => (error instanceof LaterVersion ? "later" : null);
  return (await readDraft(file, product).catch(refuse)) ?? "damaged";
}
