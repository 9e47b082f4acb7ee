import { createHash, randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import { findProduct } from "#card/products.ts";
import { judgePicture } from "./judge-picture.ts";
import { queueNotification } from "./notifier.ts";
import type { Platform } from "./platform.ts";

export interface Receipt {
  /** SendImage's result code: 0 stored, 1 image not valid, 2 handover key not valid. */
  readonly errorCode: 0 | 1 | 2;
  readonly cardImageId: string | null;
  readonly productId: string | null;
  readonly note: string | null;
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function planReview({ store }: Platform, now: number): { review_due_at: number | null; review_code: string | null } {
  const { mode, delaySeconds, code } = store.readSwitches().review;
  if (mode === "manual") return { review_due_at: null, review_code: null };
  return { review_due_at: now + delaySeconds * 1000, review_code: mode === "reject" ? code : "00" };
}

/** Takes one picture in: key, picture, file, row, and the first notification. */
export async function receivePicture(
  platform: Platform,
  call: { readonly image: Buffer; readonly handoverKey: string; readonly dataCapture: string | null },
): Promise<Receipt> {
  const { settings, store } = platform;
  const productId = Object.keys(settings.handoverKeys).find((id) => settings.handoverKeys[id] === call.handoverKey);
  const product = productId === undefined ? undefined : findProduct(productId);
  if (product === undefined) return { errorCode: 2, cardImageId: null, productId: null, note: "unknown handover key" };
  const judgement = await judgePicture(call.image, product);
  if ("refusedBecause" in judgement) {
    return { errorCode: 1, cardImageId: null, productId: product.id, note: judgement.refusedBecause };
  }
  const id = randomUUID();
  await writeSynced(store.picturePath(id), call.image);
  const now = Date.now();
  store.insertImage({
    id,
    product_id: product.id,
    sha256: createHash("sha256").update(call.image).digest("hex"),
    bytes: call.image.byteLength,
    media_type: judgement.mediaType,
    data_capture: call.dataCapture,
    state: "Pending",
    rejection_code: "00",
    received_at: now,
    checked_at: null,
    ...planReview(platform, now),
  });
  queueNotification(platform, id);
  return { errorCode: 0, cardImageId: id, productId: product.id, note: null };
}
