import { type PurgeContext, purgeSubmission } from "./ask.ts";
import { deletedStates, purgeCardholder } from "./cardholder.ts";
import type { Store } from "../store/schema.ts";
import type { PurgeEntry, PurgeLog } from "./log.ts";

type CardholderEntry = Extract<PurgeEntry, { cardholderId: string }>;

const slice = 500;
const again = { actor: "system", reason: "deleted before this database was put back from a backup", by: null } as const;

/** What is done again is in the log already. */
function withoutLog(context: PurgeContext): PurgeContext {
  const purgeLog: PurgeLog = { ...context.purgeLog, append: async () => {} };
  return { ...context, purgeLog };
}

async function replaySubmissions(context: PurgeContext, ids: readonly string[]): Promise<number> {
  const rows = await context.store
    .selectFrom("submissions")
    .select(["id", "issuer_id", "state"])
    .where("id", "in", ids)
    .where("state", "not in", [...deletedStates])
    .execute();
  for (const row of rows) await purgeSubmission(context, row, again);
  return rows.length;
}

/** Of these, those of whom anything is left that was there by then. */
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
    for (const row of [...sessions, ...submissions]) left.add(toKey(issuerId, row.cardholder_id));
  }
  return asked.filter(({ issuerId, cardholderId }) => left.has(toKey(issuerId, cardholderId)));
}

async function replayCardholders(context: PurgeContext, asked: readonly CardholderEntry[]): Promise<number> {
  let count = 0;
  for (const { at, ...of } of await listLeft(context.store, asked))
    count += await purgeCardholder(context, of, again, at);
  return count;
}

/** Entries for what the database knows to be deleted and the log does not: it was lost, or is another one. */
async function complete({ store, purgeLog, now }: PurgeContext, known: ReadonlySet<string>): Promise<number> {
  let after = "";
  let count = 0;
  for (;;) {
    const rows = await store
      .selectFrom("submissions")
      .select(["id", "issuer_id"])
      .where("state", "in", [...deletedStates])
      .where("id", ">", after)
      .orderBy("id")
      .limit(slice)
      .execute();
    after = rows.at(-1)?.id ?? after;
    const missing = rows.filter(({ id }) => !known.has(id));
    if (missing.length > 0)
      await purgeLog.append(
        ...missing.map(({ id, issuer_id: issuerId }) => ({ at: now(), issuerId, submissionId: id })),
      );
    count += missing.length;
    if (rows.length < slice) return count;
  }
}

interface Replayed {
  /** Submissions that are deleted again. */
  readonly count: number;
  readonly unreadable: number;
  /** Submissions of which the log says that they were deleted. */
  readonly known: ReadonlySet<string>;
}

async function replayAll(context: PurgeContext): Promise<Replayed> {
  const known = new Set<string>();
  let submissions: string[] = [];
  let cardholders: CardholderEntry[] = [];
  let count = 0;
  let unreadable = 0;
  const flush = async (): Promise<void> => {
    if (submissions.length > 0) count += await replaySubmissions(context, submissions);
    if (cardholders.length > 0) count += await replayCardholders(context, cardholders);
    submissions = [];
    cardholders = [];
  };
  for await (const entry of context.purgeLog.read()) {
    if (entry === "unreadable") unreadable += 1;
    else if ("cardholderId" in entry) cardholders.push(entry);
    else {
      known.add(entry.submissionId);
      submissions.push(entry.submissionId);
    }
    if (submissions.length + cardholders.length >= slice) await flush();
  }
  await flush();
  return { count, unreadable, known };
}

/**
 * Deletes again what the log says was deleted, before anybody is answered: a backup that was put back has it once more. Gives
 * how many submissions there were.
 */
export async function replayPurges(context: PurgeContext): Promise<number> {
  const { log } = context;
  const { count, unreadable, known } = await replayAll(withoutLog(context));
  if (count > 0) log.warn({ count }, "submissions that had been deleted are deleted again: a backup was put back");
  if (unreadable > 0)
    log.error(
      { unreadable },
      "the log of deletions has lines that cannot be read: what they were about may be back. Is its disk failing, or is it from a later version?",
    );
  const added = await complete(context, known);
  if (added > 0)
    log.error(
      { added },
      "the log of deletions did not have all that the database knows to be deleted: it has now. Was it lost, or put back from a backup?",
    );
  return count;
}
