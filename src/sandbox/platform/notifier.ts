import { randomUUID } from "node:crypto";
import { findProduct } from "#card/products.ts";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import type { Platform } from "./platform.ts";
import type { ImageRow, NotificationRow } from "./store.ts";

const answerTimeoutMs = 5_000;
/** Ten attempts over about two minutes. */
const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000] as const;

/** `yyyyMMddHHmmss` in UTC. */
function timestamp(epochMs: number | null): string {
  return epochMs === null ? "" : new Date(epochMs).toISOString().replace(/\D/g, "").slice(0, 14);
}

function writeBody(image: ImageRow): string {
  const product = findProduct(image.product_id);
  return JSON.stringify({
    ImageId: image.id,
    Orientation: product !== undefined && product.heightPx > product.widthPx ? "Vertical" : "Horizontal",
    ImageType: "Custom",
    ImageState: image.state,
    RejectionCode: image.rejection_code,
    SubmissionTimeStamp: timestamp(image.received_at),
    ImageCheckingTimeStamp: timestamp(image.checked_at),
    DataCapture: Object.fromEntries(new URLSearchParams(image.data_capture ?? "")),
  });
}

/** Puts the picture's present state into the queue of push notifications. */
export function queueNotification(platform: Platform, imageId: string): void {
  const image = platform.store.findImage(imageId);
  if (image !== undefined && platform.settings.notifyUrl !== undefined) {
    platform.store.insertNotification({
      image_id: imageId,
      body: writeBody(image),
      correlation_id: randomUUID(),
      attempts: 0,
      due_at: Date.now(),
      delivered_at: null,
    });
  }
  platform.wake();
}

async function push(platform: Platform, row: NotificationRow, stopped: AbortSignal): Promise<boolean> {
  const { notifyUrl = "", notifySecret = "" } = platform.settings;
  try {
    const response = await fetch(notifyUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-correlation-id": row.correlation_id,
        [thalesDefaults.notificationHeader]: notifySecret,
      },
      body: row.body,
      redirect: "manual",
      signal: AbortSignal.any([stopped, AbortSignal.timeout(answerTimeoutMs)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** One attempt to deliver; afterwards the row is delivered, due again later, or given up. */
export async function deliver(platform: Platform, row: NotificationRow, stopped: AbortSignal): Promise<void> {
  const delivered = await push(platform, row, stopped);
  if (stopped.aborted) return;
  const delayMs = retryDelaysMs[row.attempts];
  const now = Date.now();
  platform.store.updateNotification({
    id: row.id,
    attempts: row.attempts + 1,
    due_at: delivered || delayMs === undefined ? null : now + delayMs,
    delivered_at: delivered ? now : null,
  });
}
