import { Problem } from "#contracts/problem.ts";
import type {
  Replay,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointPage,
  WebhookEndpointSecret,
} from "#contracts/webhook.ts";
import { findIssuer } from "../issuers.ts";
import type { AppParts } from "../parts.ts";
import { createId } from "../sessions/credentials.ts";
import { type Trx, takeTurn } from "../state/transition.ts";
import type { Store, WebhookEndpointTable, WebhookGivenUpTable } from "../store/schema.ts";
import { readBounds } from "./events.ts";
import { addSecret, createSecret, describeSecrets } from "./secrets.ts";

export const maxEndpoints = 20;
export const maxReplayed = 10_000;
const maxGivenUp = 100;
/** For how long a repeated request for an endpoint is answered with its secret again. */
const repeatableMs = 24 * 60 * 60 * 1000;

type Parts = Pick<AppParts, "store" | "now">;

function describe(
  row: WebhookEndpointTable,
  lastSeq: number,
  givenUp: readonly WebhookGivenUpTable[],
  now: number,
): WebhookEndpoint {
  const isWaiting = row.disabled_because === null && row.delivered_seq < lastSeq;
  return {
    webhookEndpointId: row.id,
    url: row.url,
    state: row.disabled_because === null ? "enabled" : "disabled",
    disabledBecause: row.disabled_because,
    createdAt: row.created_at,
    deliveredSeq: row.delivered_seq,
    lastSeq,
    failedTries: row.attempt,
    lastError: row.last_error,
    nextTryAt: isWaiting ? row.run_at : null,
    previousSecretsExpireAt: describeSecrets(row, now).previousSecretsExpireAt,
    givenUp: givenUp.map((one) => ({ seq: one.seq, lastError: one.last_error, givenUpAt: one.given_up_at })),
  };
}

async function readRow(store: Store | Trx, issuerId: string, id: string): Promise<WebhookEndpointTable> {
  const row = await store
    .selectFrom("webhook_endpoints")
    .selectAll()
    .where("id", "=", id)
    .where("issuer_id", "=", issuerId)
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found", { detail: "There is no such webhook endpoint." });
  return row;
}

/** What the issuer may know of a row. */
async function view({ store, now }: Parts, row: WebhookEndpointTable): Promise<WebhookEndpoint> {
  const { lastSeq } = await readBounds(store, row.issuer_id);
  const givenUp = await store
    .selectFrom("webhook_given_up")
    .selectAll()
    .where("endpoint_id", "=", row.id)
    .orderBy("seq", "desc")
    .limit(maxGivenUp)
    .execute();
  return describe(row, lastSeq, givenUp.toReversed(), now());
}

/** One of the issuer's endpoints, with all that its deliveries need. Throws Problem("not-found"). */
export async function findEndpoint({ store }: Parts, issuerId: string, id: string): Promise<WebhookEndpointTable> {
  return readRow(store, issuerId, id);
}

/** Throws Problem("not-found"). */
export async function readEndpoint(parts: Parts, issuerId: string, id: string): Promise<WebhookEndpoint> {
  return view(parts, await readRow(parts.store, issuerId, id));
}

/** Oldest first. Throws Problem("bad-request") when `after` names none. */
export async function listEndpoints(
  parts: Parts,
  issuerId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<WebhookEndpointPage> {
  let query = parts.store
    .selectFrom("webhook_endpoints")
    .selectAll()
    .where("issuer_id", "=", issuerId)
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit + 1);
  if (after !== undefined) {
    const last = await readRow(parts.store, issuerId, after).catch(() => {
      throw new Problem("bad-request", { detail: "query.after: there is no such webhook endpoint." });
    });
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("created_at", "id"), ">", tuple(last.created_at, last.id)),
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const webhookEndpoints = await Promise.all(page.map((row) => view(parts, row)));
  return { webhookEndpoints, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

function requireSameRequest(row: WebhookEndpointTable, url: string, now: number): void {
  if (row.url !== url || row.created_at + repeatableMs <= now || !describeSecrets(row, now).isFirst)
    throw new Problem("idempotency-key-reused", {
      detail: `This Idempotency-Key has created the endpoint ${row.id}, a day ago or more, with another address, or one that has another secret by now. Read that endpoint, or use a new key.`,
    });
}

interface NewEndpoint {
  readonly issuerId: string;
  readonly url: string;
  readonly secrets: string;
  readonly idempotencyKey: string | null;
  readonly isListed: boolean;
}

/** An endpoint that is told what happens from now on. In a transaction that has the issuer's turn. */
export async function insertEndpoint(
  trx: Trx,
  { issuerId, url, secrets, idempotencyKey, isListed }: NewEndpoint,
  now: number,
): Promise<WebhookEndpointTable> {
  const { lastSeq } = await readBounds(trx, issuerId);
  const row: WebhookEndpointTable = {
    id: createId("whe"),
    issuer_id: issuerId,
    url,
    secrets,
    idempotency_key: idempotencyKey,
    is_listed: isListed ? 1 : 0,
    disabled_because: null,
    delivered_seq: lastSeq,
    attempt: 0,
    has_just_given_up: 0,
    last_error: null,
    run_at: now,
    scheduled_at: now,
    locked_by: null,
    locked_until: null,
    revision: 0,
    created_at: now,
  };
  await trx.insertInto("webhook_endpoints").values(row).execute();
  return row;
}

/** An endpoint for what happens from now on. Repeated under its key, it is the one that there is. Throws Problem. */
export async function createEndpoint(
  parts: Parts,
  issuerId: string,
  url: string,
  idempotencyKey: string | null,
): Promise<{ endpoint: WebhookEndpointSecret; replayed: boolean }> {
  const now = parts.now();
  const { secret, secrets } = createSecret();
  const { row, replayed } = await parts.store.transaction().execute(async (trx) => {
    await takeTurn(trx, issuerId);
    const own = await trx.selectFrom("webhook_endpoints").selectAll().where("issuer_id", "=", issuerId).execute();
    const earlier = own.find((one) => idempotencyKey !== null && one.idempotency_key === idempotencyKey);
    if (earlier !== undefined) return { row: earlier, replayed: true };
    if (own.filter((one) => one.is_listed === 0).length >= maxEndpoints)
      throw new Problem("beyond-limit", { detail: `At most ${maxEndpoints} webhook endpoints. Delete one first.` });
    const row = await insertEndpoint(trx, { issuerId, url, secrets, idempotencyKey, isListed: false }, now);
    return { row, replayed: false };
  });
  if (replayed) requireSameRequest(row, url, now);
  const known = replayed ? describeSecrets(row, now).secret : secret;
  return { endpoint: { ...(await view(parts, row)), secret: known }, replayed };
}

/** Throws Problem("not-possible"): at the next start it would be as the file has it. */
function requireUnlisted(row: WebhookEndpointTable): void {
  const detail =
    "This endpoint is in the file of issuers: there its address and secret are changed, or it is taken out, by the server's operator. Here it can be disabled.";
  if (row.is_listed === 1) throw new Problem("not-possible", { detail });
}

/** Throws Problem("not-possible") for one that the file has no more: nothing may be posted there until it is back. */
function requireStillListed({ issuers }: AppParts["config"], row: WebhookEndpointTable): void {
  const listed = findIssuer(issuers, row.issuer_id)?.webhooks ?? [];
  const detail =
    "The server's operator has taken this endpoint out of the file of issuers. What happens waits until it is there again; or create one of your own.";
  if (row.is_listed === 1 && !listed.some(({ url }) => url === row.url)) throw new Problem("not-possible", { detail });
}

type Change = Partial<Omit<WebhookEndpointTable, "id" | "issuer_id">>;

/** What the issuer wants of an endpoint. Of a try that is under way, the outcome is not applied any more, and the next is due now. */
async function change(
  { store, now }: Parts,
  issuerId: string,
  id: string,
  plan: (row: WebhookEndpointTable, trx: Trx) => Change | Promise<Change>,
): Promise<WebhookEndpointTable> {
  const at = now();
  return store.transaction().execute(async (trx) => {
    await takeTurn(trx, issuerId);
    const row = await readRow(trx, issuerId, id);
    const fresh = { attempt: 0, run_at: at, scheduled_at: at, revision: row.revision + 1 };
    return trx
      .updateTable("webhook_endpoints")
      .set({ ...fresh, ...(await plan(row, trx)) })
      .where("id", "=", id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/** Throws Problem: not-found, not-possible. */
export async function changeEndpoint(
  parts: Parts & Pick<AppParts, "config">,
  issuerId: string,
  id: string,
  { url, enabled }: WebhookEndpointChange,
): Promise<WebhookEndpoint> {
  if (url === undefined && enabled === undefined) return readEndpoint(parts, issuerId, id);
  const row = await change(parts, issuerId, id, (before) => {
    if (url !== undefined) requireUnlisted(before);
    if (enabled === true) requireStillListed(parts.config, before);
    return {
      ...(url !== undefined && { url }),
      ...(enabled !== undefined && { disabled_because: enabled ? null : "issuer" }),
    };
  });
  return view(parts, row);
}

/** What waits for another try of an endpoint that takes something again is tried now, and has all its tries before it. */
export async function tryNow(
  { store, now }: Pick<Parts, "store" | "now">,
  { id, revision }: WebhookEndpointTable,
): Promise<void> {
  const at = now();
  await store
    .updateTable("webhook_endpoints")
    .set({ attempt: 0, run_at: at, scheduled_at: at })
    .where("id", "=", id)
    .where("revision", "=", revision)
    .where("attempt", ">", 0)
    .execute();
}

/** Another secret; those of before are signed with for `overlapMs` more. Throws Problem: not-found, not-possible, beyond-limit. */
export async function rotateSecret(
  parts: Parts,
  issuerId: string,
  id: string,
  overlapMs: number,
): Promise<WebhookEndpointSecret> {
  const row = await change(parts, issuerId, id, (before) => {
    requireUnlisted(before);
    const { secrets } = addSecret(before, parts.now(), overlapMs);
    // A try that is under way counts as ever.
    const { attempt, run_at, scheduled_at, revision } = before;
    return { secrets, attempt, run_at, scheduled_at, revision };
  });
  return { ...(await view(parts, row)), secret: describeSecrets(row, parts.now()).secret };
}

/** Throws Problem: not-found, not-possible. */
export async function deleteEndpoint({ store }: Parts, issuerId: string, id: string): Promise<void> {
  await store.transaction().execute(async (trx) => {
    await takeTurn(trx, issuerId);
    requireUnlisted(await readRow(trx, issuerId, id));
    await trx.deleteFrom("webhook_given_up").where("endpoint_id", "=", id).execute();
    await trx.deleteFrom("webhook_endpoints").where("id", "=", id).execute();
  });
}

/** The first of the newest events that happened at this time or later; undefined when none did. Throws Problem("beyond-limit"). */
async function findSince(trx: Trx, issuerId: string, since: number, oldest: number): Promise<number | undefined> {
  const found = await trx
    .selectFrom("events")
    .select("seq")
    .where("issuer_id", "=", issuerId)
    .where("seq", ">=", oldest - 1)
    .where("at", ">=", since)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  return found?.seq;
}

/**
 * The endpoint is set back: what was delivered from there on is delivered again, in order, and what is new after it. Nothing that
 * has not been delivered yet is passed over. Throws Problem: not-found, bad-request, beyond-limit.
 */
export async function replayEvents(
  parts: Parts,
  issuerId: string,
  id: string,
  wanted: Replay,
): Promise<WebhookEndpoint> {
  const row = await change(parts, issuerId, id, async (before, trx) => {
    const { lastSeq } = await readBounds(trx, issuerId);
    const oldest = Math.max(1, lastSeq - maxReplayed + 1);
    const from = "fromSeq" in wanted ? wanted.fromSeq : await findSince(trx, issuerId, wanted.since, oldest);
    if (from !== undefined && from > lastSeq)
      throw new Problem("bad-request", { detail: `body.fromSeq: the newest event is number ${lastSeq}.` });
    if (from !== undefined && from < oldest)
      throw new Problem("beyond-limit", {
        detail: `At most ${maxReplayed} events are replayed: those from number ${oldest} on. Read earlier ones with GET /v1/events.`,
      });
    return { delivered_seq: Math.min(before.delivered_seq, (from ?? lastSeq + 1) - 1), has_just_given_up: 0 };
  });
  return view(parts, row);
}
