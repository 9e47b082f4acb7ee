import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { CardImage } from "../wire.ts";
import type { SyncteraEmulatorSettings } from "./config.ts";
import type { SyncteraStore, WebhookLine } from "./store.ts";

const answerTimeoutMs = 5_000;
/** Six attempts within half a minute. */
const retryDelaysMs = [300, 1_000, 3_000, 8_000, 16_000] as const;
/** So that a call is answered before its webhook comes. */
const usualWaitMs = 100;
const anHourMs = 3_600_000;

export interface Webhooks {
  /** Tells the issuer that an image has changed. Resolves once it has been told, where it is told before the call's answer. */
  tell(image: CardImage): Promise<void>;
  stop(): Promise<void>;
}

/** As Synctera signs: over time, a dot and the body, one value for each secret. */
export function signWebhook(secrets: readonly string[], body: string, atMs: number): Record<string, string> {
  const time = String(Math.floor(atMs / 1000));
  const values = secrets.map((secret) => createHmac("sha256", secret).update(`${time}.${body}`).digest("hex"));
  return { "content-type": "application/json", "request-timestamp": time, "synctera-signature": values.join(".") };
}

export function writeWebhook(image: CardImage): string {
  return JSON.stringify({
    id: randomUUID(),
    type: "CARD.IMAGE.UPDATED",
    event_time: new Date().toISOString(),
    event_resource: JSON.stringify(image),
  });
}

/** Posts webhooks about an image, as they are or as somebody else would have them. */
function createTeller(
  { webhookUrl = "", webhookSecrets }: SyncteraEmulatorSettings,
  store: SyncteraStore,
  stopping: AbortSignal,
) {
  async function post(
    image: CardImage,
    kind: WebhookLine["kind"],
    secrets: readonly string[],
    atMs: number,
  ): Promise<boolean> {
    const body = writeWebhook(kind === "forged" ? { ...image, status: "REJECTED", rejection_reason: "OTHER" } : image);
    const headers = signWebhook(secrets, body, atMs);
    const sent = kind === "changed" ? body.replace('"type"', '"typE"') : body;
    let answer: number | null = null;
    try {
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(answerTimeoutMs)]);
      const response = await fetch(webhookUrl, { method: "POST", headers, body: sent, redirect: "manual", signal });
      await response.body?.cancel();
      answer = response.status;
    } catch {
      // Nobody answers: it is told again.
    }
    if (!stopping.aborted)
      store.recordWebhook({ at: Date.now(), cardImageId: image.id, status: image.status, kind, answer });
    return answer !== null && answer < 300;
  }

  async function tellTruly(image: CardImage): Promise<void> {
    for (const delayMs of [...retryDelaysMs, 0]) {
      if (stopping.aborted || (await post(image, "true", webhookSecrets, Date.now()))) return;
      await wait(delayMs, undefined, { signal: stopping, ref: false }).catch(() => undefined);
    }
  }

  return async (image: CardImage, fault: string | undefined): Promise<void> => {
    if (fault === "forged") await post(image, "forged", ["somebody else's secret"], Date.now());
    if (fault === "changed") await post(image, "changed", webhookSecrets, Date.now());
    await tellTruly(image);
    if (fault === "told-twice") await tellTruly(image);
    if (fault === "replayed") await post(image, "replayed", webhookSecrets, Date.now() - anHourMs);
  };
}

export function startWebhooks(
  settings: SyncteraEmulatorSettings,
  store: SyncteraStore,
  stopping: AbortSignal,
): Webhooks {
  const running = new Set<Promise<void>>();
  const tellOne = createTeller(settings, store, stopping);
  /** Told after the next one. */
  let waiting: CardImage[] = [];

  function track(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => running.delete(settled));
    running.add(settled);
  }

  return {
    async tell(image) {
      const fault = settings.webhookUrl === undefined ? "never" : store.takeFault("Webhook")?.name;
      if (fault === "never") return;
      if (fault === "reordered") {
        waiting.push(image);
        return;
      }
      const behind = waiting;
      waiting = [];
      const all = async (): Promise<void> => {
        await tellOne(image, fault);
        for (const earlier of behind) await tellOne(earlier, undefined);
      };
      if (fault === "early") return all();
      track(wait(usualWaitMs, undefined, { signal: stopping, ref: false }).then(all));
    },
    async stop() {
      await Promise.all(running);
    },
  };
}
