import type { Trx } from "../state/transition.ts";
import type { BreakerTable, Store } from "../store/schema.ts";
import type { DeliveryPolicy } from "./policy.ts";

export type BreakerKey = Pick<BreakerTable, "issuer_id" | "provider" | "product_id">;

/**
 * What a send says about the next one. "pause": the platform's service or our settings are not what they should be, and every
 * further picture would be burnt. "doubt" and "not-sent": one such is chance, several in a row are not.
 */
export type Sign =
  | { readonly kind: "good" }
  | { readonly kind: "pause" | "doubt" | "not-sent"; readonly cause: string };

export type BreakerChange =
  | { readonly kind: "paused"; readonly until: number; readonly cause: string }
  | { readonly kind: "resumed" }
  | { readonly kind: "none" };

function rowOf(store: Store, key: BreakerKey) {
  return store
    .selectFrom("breakers")
    .selectAll()
    .where("issuer_id", "=", key.issuer_id)
    .where("provider", "=", key.provider)
    .where("product_id", "=", key.product_id)
    .executeTakeFirst();
}

/** No probe takes longer. */
const longestProbeMs = 10 * 60_000;

/** A pause that ends later than any pause does was set before the clock was set back. */
function rests({ paused_until: until, pause_ms: pauseMs }: BreakerTable, now: number): boolean {
  return until !== null && until > now && until - now <= Math.max(pauseMs, longestProbeMs);
}

/** Products of which nothing is sent now, with what made them wait. */
export async function listPaused(store: Store, now: number): Promise<BreakerTable[]> {
  const rows = await store.selectFrom("breakers").selectAll().where("paused_until", ">", now).execute();
  return rows.filter((row) => rests(row, now));
}

/**
 * In the transaction that begins an attempt: "refused" while the product rests; "probe" for the one that is tried after the
 * pause, during which (`probeMs`) all others go on waiting.
 */
export async function admit(
  trx: Trx,
  key: BreakerKey,
  now: number,
  probeMs: number,
): Promise<"free" | "probe" | "refused"> {
  const row = await rowOf(trx, key);
  if (row === undefined || row.paused_until === null) return "free";
  if (rests(row, now)) return "refused";
  const { numUpdatedRows } = await trx
    .updateTable("breakers")
    .set({ paused_until: now + probeMs })
    .where("issuer_id", "=", key.issuer_id)
    .where("provider", "=", key.provider)
    .where("product_id", "=", key.product_id)
    .where("paused_until", "=", row.paused_until)
    .executeTakeFirst();
  return numUpdatedRows > 0n ? "probe" : "refused";
}

/** A probe that has said nothing about the platform: another may be tried at once. */
export async function endProbe(trx: Trx, key: BreakerKey, now: number): Promise<void> {
  await trx
    .updateTable("breakers")
    .set({ paused_until: now })
    .where("issuer_id", "=", key.issuer_id)
    .where("provider", "=", key.provider)
    .where("product_id", "=", key.product_id)
    .where("paused_until", "is not", null)
    .execute();
}

/** Takes down what a send has said. Only a probe that fails makes the pause longer: others began before it. */
export async function takeSign(
  trx: Trx,
  key: BreakerKey,
  sign: Sign,
  { now, isProbe, policy }: { readonly now: number; readonly isProbe: boolean; readonly policy: DeliveryPolicy },
): Promise<BreakerChange> {
  const row = await rowOf(trx, key);
  if (sign.kind === "good") {
    if (row === undefined) return { kind: "none" };
    await trx
      .deleteFrom("breakers")
      .where("issuer_id", "=", key.issuer_id)
      .where("provider", "=", key.provider)
      .where("product_id", "=", key.product_id)
      .execute();
    return row.paused_until === null ? { kind: "none" } : { kind: "resumed" };
  }
  const failures = (row?.failures ?? 0) + 1;
  const isPaused = row !== undefined && row.paused_until !== null;
  const trips = isPaused ? isProbe : sign.kind === "pause" || failures >= policy.maxFailures;
  // What provably was not sent burns nothing: it may be tried again soon.
  const firstMs = sign.kind === "not-sent" ? policy.firstBackOffMs : policy.firstPauseMs;
  const pauseMs = trips
    ? Math.min(Math.max(policy.longestPauseMs, firstMs), Math.max(firstMs, (row?.pause_ms ?? 0) * 2))
    : (row?.pause_ms ?? 0);
  const until = trips ? now + pauseMs : (row?.paused_until ?? null);
  const { issuer_id, provider, product_id } = key;
  const next: BreakerTable = {
    issuer_id,
    provider,
    product_id,
    failures,
    pause_ms: pauseMs,
    paused_until: until,
    cause: sign.cause,
  };
  await trx
    .insertInto("breakers")
    .values(next)
    .onConflict((conflict) =>
      conflict
        .columns(["issuer_id", "provider", "product_id"])
        .doUpdateSet({ failures, pause_ms: pauseMs, paused_until: until, cause: sign.cause }),
    )
    .execute();
  return trips ? { kind: "paused", until: now + pauseMs, cause: sign.cause } : { kind: "none" };
}

/** Settings are corrected by a restart: every product that rests is tried once more. Gives which. */
export async function tryPausedNow(store: Store, now: number): Promise<BreakerKey[]> {
  return store
    .updateTable("breakers")
    .set({ paused_until: now })
    .where("paused_until", "is not", null)
    .returning(["issuer_id", "provider", "product_id"])
    .execute();
}
