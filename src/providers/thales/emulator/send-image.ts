import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { findProduct } from "#card/products.ts";
import type { PlatformSettings } from "./config.ts";
import { readKnownFields, readReference, searchableFrom } from "./data-capture.ts";
import type { Fault } from "./faults.ts";
import { judgePicture } from "./judge-picture.ts";
import type { Evidence, ImageRow } from "./rows.ts";
import type { PlatformStore } from "./store.ts";
import { nothingDone, type Platform, type Work } from "./work.ts";

/** Two keys for each product: pictures sent with the gallery's are not checked. */
function findProductOfKey({ handoverKeys, galleryHandoverKeys }: PlatformSettings, handoverKey: string | null) {
  for (const [keys, imageType] of [
    [handoverKeys, "Custom"],
    [galleryHandoverKeys, "Gallery"],
  ] as const) {
    const product = findProduct(Object.keys(keys).find((id) => keys[id] === handoverKey) ?? "");
    if (product !== undefined) return { product, imageType };
  }
  return undefined;
}

function planReview(store: PlatformStore, imageType: ImageRow["image_type"], now: number) {
  if (imageType === "Gallery")
    return { state: "Accepted", checked_at: now, review_due_at: null, review_code: null } as const;
  const { mode, delaySeconds, code } = store.readSwitches().review;
  const open = { state: "Pending", checked_at: null } as const;
  if (mode === "manual") return { ...open, review_due_at: null, review_code: null };
  return {
    ...open,
    review_due_at: now + Math.round(delaySeconds * 1000),
    review_code: mode === "reject" ? code : "00",
  };
}

function planIndex(store: PlatformStore, fault: Fault | null) {
  const { searchDelaySeconds } = store.readSwitches().imageApi;
  const lateSeconds = fault?.name === "search-late" ? fault.amount : 0;
  const lag = fault?.name === "search-never" ? null : Math.round((searchDelaySeconds + lateSeconds) * 1000);
  return { indexed: fault?.name ?? null, search_lag_ms: lag };
}

/** Keeps row, data capture and first notifications, and says what they will tell. In a transaction. */
function keep({ settings, store, checking }: Platform, row: ImageRow, dataCapture: string | null): Evidence {
  const { dataCaptureFields } = settings;
  const reference = readReference(settings, dataCapture);
  const sameReference = reference === null ? [] : store.listIdsWithCapture(dataCaptureFields[0] ?? "", reference);
  const sameSha256 = store.listIdsWithSha256(row.sha256);
  store.insertImage(row);
  const searchable = searchableFrom(row.search_lag_ms, row.received_at);
  for (const [field, value] of readKnownFields(settings, dataCapture)) {
    store.setCapture({ image_id: row.id, field, value, searchable_at: searchable });
  }
  return {
    cardImageId: row.id,
    reference,
    notification: checking.announce(row, reference !== null),
    previewFrom: row.viewable_at,
    searchableFrom: reference === null ? null : searchable,
    sameReference,
    sameSha256,
  };
}

/** Judges one picture and, if it is valid, writes its file; `commit` keeps it. */
export async function prepareSendImage(
  platform: Platform,
  call: { image: Buffer | null; handoverKey: string | null; dataCapture: string | null },
  sha256: string,
): Promise<Work> {
  const { settings, store } = platform;
  const { image, handoverKey, dataCapture } = call;
  if (image === null) return nothingDone(1, "the picture is null");
  const found = findProductOfKey(settings, handoverKey);
  if (found === undefined)
    return nothingDone(2, handoverKey === null ? "the handover key is null" : "unknown handover key");
  const { product, imageType } = found;
  const judgement = await judgePicture(image, product);
  if ("refusedBecause" in judgement) return nothingDone(1, judgement.refusedBecause, product.id);
  const id = randomUUID();
  await writeFile(store.picturePath(id), image, { flag: "wx" });
  const commit = () => {
    const now = Date.now();
    const told = store.takeFault("Notification");
    const row: ImageRow = {
      id,
      product_id: product.id,
      sha256,
      bytes: image.byteLength,
      media_type: judgement.mediaType,
      image_type: imageType,
      rejection_code: "00",
      received_at: now,
      ...planReview(store, imageType, now),
      viewable_at: now + Math.round(store.readSwitches().imageApi.previewDelaySeconds * 1000),
      purge_due_at: null,
      told: told?.name ?? null,
      told_seconds: told?.amount ?? 0,
      ...planIndex(store, store.takeFault("Index")),
    };
    return keep(platform, row, dataCapture);
  };
  return { code: 0, cardImageId: id, productId: product.id, note: null, commit };
}
