import type { Store, WebhookEndpointTable } from "../store/schema.ts";

/** An endpoint that has something to be told. */
export type Waiting = Pick<
  WebhookEndpointTable,
  "id" | "run_at" | "scheduled_at" | "locked_by" | "locked_until" | "revision" | "attempt"
>;

/** What a try has come to. */
export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "again"; readonly error: string; readonly pauseMs: number }
  /** The event is left out. */
  | { readonly kind: "given-up"; readonly error: string }
  /** The event waits. */
  | { readonly kind: "disabled"; readonly because: "gone" | "failing"; readonly error: string };

/** Those that have not been told all, whoever holds them, the longest due first: a few, since an issuer has a few endpoints. */
export async function listWaiting(store: Store): Promise<Waiting[]> {
  const rows = await store
    .selectFrom("webhook_endpoints")
    .innerJoin("issuers", "issuers.id", "webhook_endpoints.issuer_id")
    .select([
      "webhook_endpoints.id",
      "webhook_endpoints.run_at",
      "webhook_endpoints.scheduled_at",
      "webhook_endpoints.locked_by",
      "webhook_endpoints.locked_until",
      "webhook_endpoints.revision",
      "webhook_endpoints.attempt",
    ])
    .where("disabled_because", "is", null)
    .whereRef("delivered_seq", "<", "last_seq")
    .execute();
  return rows.toSorted((a, b) => a.run_at - b.run_at);
}

/** A clock is never read twice at the same moment, and is corrected by a little now and then. */
const toleranceMs = 2_000;

/** Undoes what a clock that has been set back does: pauses and leases count from now on. Gives the jump in milliseconds, 0 for none. */
export async function repair(store: Store, waiting: readonly Waiting[], now: number, leaseMs: number): Promise<number> {
  const late = waiting.filter(
    (one) => one.scheduled_at > now + toleranceMs || (one.locked_until ?? 0) > now + leaseMs + toleranceMs,
  );
  for (const { id, run_at, scheduled_at, locked_until } of late)
    await store
      .updateTable("webhook_endpoints")
      .set({
        ...(scheduled_at > now && { run_at: run_at - (scheduled_at - now), scheduled_at: now }),
        ...(locked_until !== null && { locked_until: Math.min(locked_until, now + leaseMs) }),
      })
      .where("id", "=", id)
      .where("scheduled_at", "=", scheduled_at)
      // One that was let go meanwhile would be nobody's, and held all the same.
      .$if(locked_until !== null, (query) => query.where("locked_until", "=", locked_until))
      .execute();
  return Math.max(0, ...late.map((one) => Math.max(one.scheduled_at, (one.locked_until ?? 0) - leaseMs) - now));
}

/** Takes the endpoint, unless another has it, or it has been changed since it was read. */
export async function claim(
  store: Store,
  { id, revision }: Waiting,
  holder: string,
  now: number,
  leaseMs: number,
): Promise<WebhookEndpointTable | undefined> {
  return store
    .updateTable("webhook_endpoints")
    .set({ locked_by: holder, locked_until: now + leaseMs })
    .where("id", "=", id)
    .where("revision", "=", revision)
    .where("disabled_because", "is", null)
    .where(({ eb, or }) => or([eb("locked_until", "is", null), eb("locked_until", "<=", now)]))
    .returningAll()
    .executeTakeFirst();
}

export async function renew(store: Store, ids: readonly string[], holder: string, until: number): Promise<void> {
  if (ids.length === 0) return;
  await store
    .updateTable("webhook_endpoints")
    .set({ locked_until: until })
    .where("id", "in", ids)
    .where("locked_by", "=", holder)
    .execute();
}

export async function release(store: Store, id: string, holder: string): Promise<void> {
  await store
    .updateTable("webhook_endpoints")
    .set({ locked_by: null, locked_until: null })
    .where("id", "=", id)
    .where("locked_by", "=", holder)
    .execute();
}

function toChange(
  verdict: Verdict,
  row: WebhookEndpointTable,
  seq: number,
  now: number,
): Partial<WebhookEndpointTable> {
  const due = { attempt: 0, run_at: now, scheduled_at: now };
  switch (verdict.kind) {
    case "delivered":
      return { ...due, delivered_seq: seq, has_just_given_up: 0, last_error: null };
    case "given-up":
      return { ...due, delivered_seq: seq, has_just_given_up: 1, last_error: verdict.error };
    case "again":
      return { ...due, attempt: row.attempt + 1, run_at: now + verdict.pauseMs, last_error: verdict.error };
    case "disabled":
      return { ...due, disabled_because: verdict.because, last_error: verdict.error };
  }
}

/**
 * Writes down what a try of the event `seq` has come to. Undefined, and nothing is written, when the endpoint is another's by now
 * or the issuer has changed it meanwhile.
 */
export async function settle(
  store: Store,
  row: WebhookEndpointTable,
  seq: number,
  now: number,
  verdict: Verdict,
): Promise<WebhookEndpointTable | undefined> {
  return store.transaction().execute(async (trx) => {
    const settled = await trx
      .updateTable("webhook_endpoints")
      .set(toChange(verdict, row, seq, now))
      .where("id", "=", row.id)
      .where("locked_by", "=", row.locked_by)
      .where("revision", "=", row.revision)
      .returningAll()
      .executeTakeFirst();
    if (settled === undefined) return undefined;
    if (verdict.kind === "delivered" || verdict.kind === "given-up")
      await trx.deleteFrom("webhook_given_up").where("endpoint_id", "=", row.id).where("seq", "=", seq).execute();
    if (verdict.kind === "given-up")
      await trx
        .insertInto("webhook_given_up")
        .values({ endpoint_id: row.id, seq, last_error: verdict.error, given_up_at: now })
        .execute();
    return settled;
  });
}
