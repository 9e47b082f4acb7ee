import { deleteDraft } from "../drafts/drafts.ts";
import { deletedStates } from "../state/machine.ts";
import type { Store } from "../store/schema.ts";
import { type PurgeContext, purgeSubmissions } from "./ask.ts";
import { purgeCardholder, purgeEnded } from "./cardholder.ts";
import { findUnapplied, markComplete, type PurgeEntry, type PurgeLog } from "./log.ts";

type DraftEntry = Extract<PurgeEntry, { draftOf: string }>;
type CardholderEntry = Extract<PurgeEntry, { cardholderId: string }>;

const slice = 500;
const again = { actor: "system", reason: "deleted before this database was put back from a backup", by: null } as const;
const goOn = { actor: "system", reason: "its cardholder was being deleted when the server stopped", by: null } as const;

/** What is done again is in the log already. */
function withoutLog(context: PurgeContext): PurgeContext {
  const purgeLog: PurgeLog = { ...context.purgeLog, during: async (_entry, work) => work(undefined) };
  return { ...context, purgeLog };
}

async function replaySubmissions(context: PurgeContext, ids: readonly string[]): Promise<number> {
  const rows = await context.store
    .selectFrom("submissions")
    .select(["id", "issuer_id", "state"])
    .where("id", "in", ids)
    .where("state", "not in", [...deletedStates])
    .execute();
  return purgeSubmissions(context, rows, again);
}

/** Of these, those of whom anything is left. */
async function listLeft(store: Store, asked: readonly CardholderEntry[]): Promise<CardholderEntry[]> {
  const left = new Set<string>();
  const toKey = (issuerId: string, cardholderId: string) => JSON.stringify([issuerId, cardholderId]);
  for (const issuerId of new Set(asked.map((entry) => entry.issuerId))) {
    const ids = asked.flatMap((entry) => (entry.issuerId === issuerId ? [entry.cardholderId] : []));
    const findIn = (table: "sessions" | "submissions") =>
      store
        .selectFrom(table)
        .select("cardholder_id")
        .where("issuer_id", "=", issuerId)
        .where("cardholder_id", "in", ids);
    // One that a deletion has ended has nothing in it any more.
    const sessions = await findIn("sessions").where("expires_at", ">", 0).execute();
    const submissions = await findIn("submissions")
      .where("state", "not in", [...deletedStates])
      .execute();
    const findDrafts = (table: "drafts" | "assets") =>
      store
        .selectFrom(table)
        .select("cardholder_id")
        .where("issuer_id", "=", issuerId)
        .where("cardholder_id", "in", ids)
        .execute();
    const drafts = [...(await findDrafts("drafts")), ...(await findDrafts("assets"))];
    for (const row of [...sessions, ...submissions, ...drafts]) left.add(toKey(issuerId, row.cardholder_id));
  }
  return asked.filter(({ issuerId, cardholderId }) => left.has(toKey(issuerId, cardholderId)));
}

async function replayCardholders(context: PurgeContext, asked: readonly CardholderEntry[]): Promise<number> {
  let count = 0;
  for (const { at, ...of } of await listLeft(context.store, asked))
    count += await purgeCardholder(context, of, again, at);
  return count;
}

/** Only what was there then: a draft of later was never deleted. */
async function replayDrafts(context: PurgeContext, asked: readonly DraftEntry[]): Promise<void> {
  for (const { at, issuerId, draftOf, productId } of asked)
    await deleteDraft(context, { issuer_id: issuerId, cardholder_id: draftOf, product_id: productId }, { until: at });
}

/** Cardholders whose sessions were ended, and until when they had opened some. */
async function listEndedCardholders(store: Store): Promise<CardholderEntry[]> {
  const rows = await store
    .selectFrom("sessions")
    .select(({ fn }) => ["issuer_id", "cardholder_id", fn.max<number>("created_at").as("at")])
    .where("expires_at", "=", 0)
    .groupBy(["issuer_id", "cardholder_id"])
    .execute();
  return rows.map(({ at, issuer_id: issuerId, cardholder_id: cardholderId }) => ({ at, issuerId, cardholderId }));
}

/** Entries for what the database knows to be deleted and the log does not. */
async function complete({ store, purgeLog, now }: PurgeContext, known: ReadonlySet<string>): Promise<number> {
  const missing: PurgeEntry[] = [];
  for (const state of deletedStates) {
    const rows = await store.selectFrom("submissions").select(["id", "issuer_id"]).where("state", "=", state).execute();
    for (const { id, issuer_id: issuerId } of rows)
      if (!known.has(id)) missing.push({ at: now(), issuerId, submissionId: id });
  }
  if (missing.length === 0) return 0;
  const all = [...missing, ...(await listEndedCardholders(store))];
  for (let start = 0; start < all.length; start += slice) await purgeLog.append(...all.slice(start, start + slice));
  return missing.length;
}

interface Replayed {
  /** Submissions that are deleted again. */
  readonly count: number;
  readonly unreadable: number;
  /** Submissions of which the log says that they were deleted. */
  readonly known: ReadonlySet<string>;
}

async function replayFrom(context: PurgeContext, entries: AsyncIterable<PurgeEntry | "unreadable">): Promise<Replayed> {
  const known = new Set<string>();
  let submissions: string[] = [];
  let cardholders: CardholderEntry[] = [];
  let drafts: DraftEntry[] = [];
  let count = 0;
  let unreadable = 0;
  const flush = async (): Promise<void> => {
    if (submissions.length > 0) count += await replaySubmissions(context, submissions);
    if (cardholders.length > 0) count += await replayCardholders(context, cardholders);
    await replayDrafts(context, drafts);
    submissions = [];
    cardholders = [];
    drafts = [];
  };
  for await (const entry of entries) {
    if (entry === "unreadable") unreadable += 1;
    else if ("cardholderId" in entry) cardholders.push(entry);
    else if ("draftOf" in entry) drafts.push(entry);
    else {
      known.add(entry.submissionId);
      submissions.push(entry.submissionId);
    }
    if (submissions.length + cardholders.length + drafts.length >= slice) await flush();
  }
  await flush();
  return { count, unreadable, known };
}

/**
 * Deletes again what the log says was deleted and this database has not done, before anybody is answered: a backup that was put back
 * has it once more. Where the log is not the one that the database knows, all of it is done again, and it is completed. Gives how
 * many submissions there were.
 */
export async function replayPurges(given: PurgeContext): Promise<number> {
  const { store, purgeLog, log } = given;
  const from = await findUnapplied(store, await purgeLog.end());
  const { count, unreadable, known } = await replayFrom(withoutLog(given), purgeLog.read(from));
  if (count > 0) log.warn({ count }, "submissions that had been deleted are deleted again: a backup was put back");
  if (unreadable > 0)
    log.error(
      { unreadable },
      "the log of deletions has lines that cannot be read: what they were about may be back. Is its disk failing, or is it from a later version?",
    );
  const added = from === undefined ? await complete(given, known) : 0;
  if (added > 0)
    log.error(
      { added },
      "the log of deletions did not have all that the database knows to be deleted: it has now. Was it lost, or put back from a backup?",
    );
  await markComplete(store, await purgeLog.end());
  await purgeEnded(given, goOn);
  return count;
}
