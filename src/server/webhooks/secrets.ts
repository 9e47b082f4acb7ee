import { createHmac, randomBytes } from "node:crypto";
import { Problem } from "#contracts/problem.ts";
import type { WebhookEndpointTable } from "../store/schema.ts";

/** `until`: epoch milliseconds after which it is not signed with any more; null for the newest. */
interface Kept {
  readonly secret: string;
  readonly until: number | null;
  /** Whether it is the one that the endpoint was created with. */
  readonly isFirst: boolean;
}

/** Signatures in one header; with each rotation inside the overlap there is one more. */
const most = 5;

function read({ secrets }: Pick<WebhookEndpointTable, "secrets">, now: number): Kept[] {
  const kept = JSON.parse(secrets) as Kept[];
  return kept.filter(({ until }) => until === null || until > now);
}

/** `whsec_` and 256 random bits in base64, as Standard Webhooks has it, unless one is given; the row's text for it alone. */
export function createSecret(given?: string): { secret: string; secrets: string } {
  const secret = given ?? `whsec_${randomBytes(32).toString("base64")}`;
  return { secret, secrets: JSON.stringify([{ secret, until: null, isFirst: true }] satisfies Kept[]) };
}

/**
 * Another secret, beside which those of before are good for `overlapMs` from now, or less where they were to end sooner. Throws
 * Problem("beyond-limit") rather than end one: after answers that were lost, the oldest is the one that the receiver has.
 */
export function addSecret(row: Pick<WebhookEndpointTable, "secrets">, now: number, overlapMs: number, given?: string) {
  const { secret } = createSecret(given);
  const end = now + overlapMs;
  const before =
    overlapMs === 0 ? [] : read(row, now).map((one) => ({ ...one, until: Math.min(one.until ?? end, end) }));
  if (before.length >= most)
    throw new Problem("beyond-limit", {
      detail: `At most ${most} secrets are signed with at the same time. Wait until those of before end, or end them with overlapSeconds: 0.`,
    });
  const kept: Kept[] = [{ secret, until: null, isFirst: false }, ...before];
  return { secret, secrets: JSON.stringify(kept) };
}

/** The secret that is newest, whether it is the only one that there ever was, and when the last of the others ends. */
export function describeSecrets(row: Pick<WebhookEndpointTable, "secrets">, now: number) {
  const [newest, ...before] = read(row, now);
  const ends = before.map(({ until }) => until ?? 0);
  const isFirst = newest?.isFirst === true;
  return {
    secret: newest?.secret ?? "",
    isFirst,
    previousSecretsExpireAt: ends.length === 0 ? null : Math.max(...ends),
  };
}

/** The headers of Standard Webhooks for these very bytes, signed with every secret that is good. `now` in epoch milliseconds. */
export function signMessage(
  row: Pick<WebhookEndpointTable, "secrets">,
  id: string,
  now: number,
  body: string,
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = read(row, now).map(({ secret }) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
