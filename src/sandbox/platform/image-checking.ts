import { randomUUID } from "node:crypto";
import { findProduct } from "#card/products.ts";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import type { PlatformSettings } from "./config.ts";
import type { ImageRow, NotificationRow, PlatformStore } from "./store.ts";

const answerTimeoutMs = 5_000;
/** Ten attempts over about two minutes. */
const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000] as const;
const longestSleepMs = 60_000;

/** The platform's image checking: verdicts on pictures, and the push notifications that tell the issuer. */
export interface ImageChecking {
  /** Tells the issuer in which state a picture is now. */
  notify(imageId: string): void;
  /** Gives a verdict ("00": accepted) and tells the issuer. False when there was one already, or there is no such picture. */
  decide(imageId: string, code: string): boolean;
  stop(): Promise<void>;
}

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

async function push(settings: PlatformSettings, row: NotificationRow, stopped: AbortSignal): Promise<boolean> {
  const { notifyUrl = "", notifySecret = "" } = settings;
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

/** Runs `work` whenever something is due, until stopped. `wake` looks anew at what is due. */
function startTimer(store: PlatformStore, work: (stopped: AbortSignal) => Promise<void>) {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  function wake(): void {
    if (running !== undefined || stopping.signal.aborted) return;
    clearTimeout(timer);
    const dueAt = store.nextDueAt();
    if (dueAt === null) return;
    const delayMs = Math.min(Math.max(dueAt - Date.now(), 0), longestSleepMs);
    timer = setTimeout(() => {
      running = Promise.resolve()
        .then(() => work(stopping.signal))
        .finally(() => {
          running = undefined;
          wake();
        });
    }, delayMs);
  }

  return {
    wake,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

/** Gives the verdicts and sends the notifications that are due, now and later, until stopped. */
export function startImageChecking(settings: PlatformSettings, store: PlatformStore): ImageChecking {
  const { wake, stop } = startTimer(store, async (stopped) => {
    for (const image of store.listImagesDue(Date.now())) decide(image.id, image.review_code ?? "00");
    await Promise.all(store.listNotificationsDue(Date.now()).map((row) => deliver(row, stopped)));
  });

  function notify(imageId: string): void {
    const image = store.findImage(imageId);
    if (image !== undefined && settings.notifyUrl !== undefined) {
      store.insertNotification({
        image_id: imageId,
        body: writeBody(image),
        correlation_id: randomUUID(),
        attempts: 0,
        due_at: Date.now(),
        delivered_at: null,
      });
    }
    wake();
  }

  function decide(imageId: string, code: string): boolean {
    const decided = store.decideImage(imageId, code === "00" ? "Accepted" : "Rejected", code, Date.now());
    if (decided) notify(imageId);
    return decided;
  }

  /** One attempt; afterwards the row is delivered, due again later, or given up. */
  async function deliver(row: NotificationRow, stopped: AbortSignal): Promise<void> {
    const delivered = await push(settings, row, stopped);
    if (stopped.aborted) return;
    const delayMs = retryDelaysMs[row.attempts];
    const now = Date.now();
    store.updateNotification({
      id: row.id,
      attempts: row.attempts + 1,
      due_at: delivered || delayMs === undefined ? null : now + delayMs,
      delivered_at: delivered ? now : null,
    });
  }

  wake();
  return { notify, decide, stop };
}
