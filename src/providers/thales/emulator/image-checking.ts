import { randomUUID } from "node:crypto";
import { findProduct } from "#card/products.ts";
import { thalesDefaults } from "../defaults.ts";
import type { PlatformSettings } from "./config.ts";
import type { CaptureRow, Evidence, ImageRow, NotificationRow } from "./rows.ts";
import type { PlatformStore } from "./store.ts";

const answerTimeoutMs = 5_000;
/** Ten attempts over about two minutes. */
const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000] as const;
const longestSleepMs = 60_000;

/** The first word waits this long, so that SendImage is answered before it. */
const firstWordMs = 100;
/** Long enough for `early` to have told it itself. */
const keptForCallerMs = 2 * answerTimeoutMs;

/** The platform's image checking: verdicts on pictures, and the push notifications that tell the issuer. */
export interface ImageChecking {
  /** Queues the first word on a picture that has arrived, and says what the issuer will be told. */
  announce(image: ImageRow, hasReference: boolean): Evidence["notification"];
  /** What the issuer will still be told of a picture; null: nothing. */
  foresee(image: ImageRow, hasReference: boolean): Evidence["notification"];
  /** For the fault `early`: tells the first word now, once, whatever it is answered. */
  tellFirst(imageId: string): Promise<void>;
  /** Gives a verdict ("00": accepted) and tells the issuer. False when there was one already, or there is no such picture. */
  decide(imageId: string, code: string): boolean;
  /** Turns a verdict round, later than it by its time stamp. False when there was none. */
  revise(imageId: string, code: string): boolean;
  /** Looks anew at what is due. */
  wake(): void;
  stop(): Promise<void>;
}

/** `yyyyMMddHHmmss` in UTC. */
function timestamp(epochMs: number | null): string {
  return epochMs === null ? "" : new Date(epochMs).toISOString().replace(/\D/g, "").slice(0, 14);
}

type Verdict = Pick<ImageRow, "state" | "rejection_code" | "checked_at">;
const pending: Verdict = { state: "Pending", rejection_code: "00", checked_at: null };

function writeBody(image: ImageRow, verdict: Verdict, captures: readonly CaptureRow[]): string {
  const product = findProduct(image.product_id);
  return JSON.stringify({
    ImageId: image.id,
    Orientation: product !== undefined && product.heightPx > product.widthPx ? "Vertical" : "Horizontal",
    ImageType: image.image_type,
    ImageState: verdict.state,
    RejectionCode: verdict.rejection_code,
    SubmissionTimeStamp: timestamp(image.received_at),
    ImageCheckingTimeStamp: timestamp(verdict.checked_at),
    ...(image.told === "no-data-capture"
      ? {}
      : { DataCapture: Object.fromEntries(captures.map(({ field, value }) => [field, value])) }),
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

/** Queues what the issuer is to be told of a picture, as the picture's fault has it. */
function queue(store: PlatformStore, image: ImageRow, verdicts: readonly Verdict[], waitMs: number): void {
  const captures = store.listCaptures(image.id);
  const dueAt = Date.now() + waitMs + (image.told === "delayed" ? Math.round(image.told_seconds * 1000) : 0);
  for (const verdict of verdicts) {
    const body = writeBody(image, verdict, captures);
    for (let copy = 0; copy < (image.told === "twice" ? 2 : 1); copy += 1) {
      store.insertNotification({
        image_id: image.id,
        body,
        correlation_id: randomUUID(),
        attempts: 0,
        due_at: dueAt,
        delivered_at: null,
      });
    }
  }
}

/** One attempt; afterwards the row is delivered, due again later, or given up. */
async function deliver(
  settings: PlatformSettings,
  store: PlatformStore,
  row: NotificationRow,
  stopped: AbortSignal,
): Promise<void> {
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

/** Whether Pending is to be told after the verdict; of the gallery's pictures there is no Pending. */
function hidesPending({ told, state }: ImageRow): boolean {
  return told === "reordered" && state === "Pending";
}

function foreseeFor(settings: PlatformSettings, image: ImageRow, hasReference: boolean, firstAt: number | null) {
  if (settings.notifyUrl === undefined || image.told === "never") return null;
  const lateMs = image.told === "delayed" ? Math.round(image.told_seconds * 1000) : 0;
  const add = (at: number | null) => (at === null ? null : at + lateMs);
  return {
    firstAt: add(hidesPending(image) ? image.review_due_at : firstAt),
    verdictAt: add(image.state === "Pending" ? image.review_due_at : firstAt),
    carriesReference: hasReference && image.told !== "no-data-capture",
    fault: image.told,
  };
}

function writeVerdict(code: string, checkedAt: number): Verdict {
  return { state: code === "00" ? "Accepted" : "Rejected", rejection_code: code, checked_at: checkedAt };
}

/** Verdicts: what is written of a picture, and what its issuer is told of it. */
function startReview(settings: PlatformSettings, store: PlatformStore, wake: () => void) {
  const isTold = ({ told }: ImageRow) => settings.notifyUrl !== undefined && told !== "never";

  function settle(image: ImageRow, verdict: Verdict, next: Pick<ImageRow, "review_due_at" | "review_code">): true {
    const words = hidesPending(image) ? [verdict, pending] : [verdict];
    store.inTransaction(() => {
      store.updateVerdict({ id: image.id, ...verdict, ...next });
      if (isTold(image)) queue(store, image, words, 0);
    });
    wake();
    return true;
  }

  return {
    announce(image: ImageRow, hasReference: boolean): Evidence["notification"] {
      const waits = image.told === "early" ? keptForCallerMs : firstWordMs;
      if (isTold(image) && !hidesPending(image)) queue(store, image, [image], waits);
      const firstAt = image.told === "early" ? image.received_at : image.received_at + firstWordMs;
      return foreseeFor(settings, image, hasReference, firstAt);
    },
    foresee(image: ImageRow, hasReference: boolean): Evidence["notification"] {
      return image.review_due_at === null && image.state !== "Pending"
        ? null
        : foreseeFor(settings, image, hasReference, image.review_due_at);
    },
    decide(imageId: string, code: string): boolean {
      const image = store.findImage(imageId);
      if (image?.state !== "Pending") return false;
      const now = Date.now();
      const turned = image.told === "changed";
      return settle(image, writeVerdict(code, now), {
        review_due_at: turned ? now + Math.max(1000, Math.round(image.told_seconds * 1000)) : null,
        review_code: turned ? (code === "00" ? "INAPPROPRIATE" : "00") : null,
      });
    },
    revise(imageId: string, code: string): boolean {
      const image = store.findImage(imageId);
      if (image === undefined || image.state === "Pending") return false;
      // The time stamp counts whole seconds.
      const checkedAt = Math.max(Date.now(), (image.checked_at ?? 0) + 1000);
      return settle(image, writeVerdict(code, checkedAt), { review_due_at: null, review_code: null });
    },
  };
}

/** Gives the verdicts and sends the notifications that are due, now and later, until stopped. */
export function startImageChecking(
  settings: PlatformSettings,
  store: PlatformStore,
  stopping: AbortSignal,
): ImageChecking {
  const { wake, stop } = startTimer(store, async (stopped) => {
    store.deletePurged(Date.now());
    for (const { id, state, review_code } of store.listImagesDue(Date.now())) {
      const judge = state === "Pending" ? review.decide : review.revise;
      judge(id, review_code ?? "00");
    }
    await Promise.all(store.listNotificationsDue(Date.now()).map((row) => deliver(settings, store, row, stopped)));
  });
  const review = startReview(settings, store, wake);

  async function tellFirst(imageId: string): Promise<void> {
    const [row] = store.listNotifications(imageId);
    if (row !== undefined) await deliver(settings, store, row, stopping);
  }

  wake();
  return { ...review, tellFirst, wake, stop };
}
