import { deliver, queueNotification } from "./notifier.ts";
import type { Platform } from "./platform.ts";

/** Gives a verdict ("00": accepted) on a picture and tells the issuer. False when it had one, or there is no such picture. */
export function decideReview(platform: Platform, imageId: string, code: string): boolean {
  const decided = platform.store.decideImage(imageId, code === "00" ? "Accepted" : "Rejected", code, Date.now());
  if (decided) queueNotification(platform, imageId);
  return decided;
}

const longestSleepMs = 60_000;

/** Gives the verdicts and sends the notifications that are due, now and later, until stopped. */
export function startReviewer(platform: () => Platform): { wake(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function runOnce(): Promise<void> {
    const { store } = platform();
    for (const image of store.listImagesDue(Date.now())) decideReview(platform(), image.id, image.review_code ?? "00");
    await Promise.all(store.listNotificationsDue(Date.now()).map((row) => deliver(platform(), row, stopping.signal)));
  }

  function wake(): void {
    if (running !== undefined || stopping.signal.aborted) return;
    clearTimeout(timer);
    const dueAt = platform().store.nextDueAt();
    if (dueAt === null) return;
    const delayMs = Math.min(Math.max(dueAt - Date.now(), 0), longestSleepMs);
    timer = setTimeout(() => {
      running = Promise.resolve()
        .then(runOnce)
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
