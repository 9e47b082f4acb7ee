import { deletedStates } from "../state/machine.ts";
import type { Store } from "../store/schema.ts";
import { type PurgeContext, purgeSubmissions } from "./ask.ts";
import { purgeCardholder, purgeEnded } from "./cardholder.ts";
import { findUnapplied, markApplied, type PurgeEntry, type PurgeLog } from "./log.ts";

const slice = 500;
const again = { actor: "system", reason: "deleted before this database was put back from a backup", by: null } as const;
const goOn = { actor: "system", reason: "its cardholder was being deleted when the server stopped", by: null } as const;

/** What is done again is in the log already. */
function withoutLog(context: PurgeContext): PurgeContext {
  const purgeLog: PurgeLog = { ...context.purgeLog, during: async (_entry, work) => work(undefined) };
  return { ...context, purgeLog };
}

/** What a database that knows nothing of it may still have. */
interface Read {
  readonly count: number;
  readonly submissionIds: ReadonlySet<string>;
}

async function replayFrom(context: PurgeContext, entries: AsyncIterable<PurgeEntry>): Promise<Read> {
  const submissionIds = new Set<string>();
  const cardholders: Extract<PurgeEntry, { cardholderId: string }>[] = [];
  let waiting: string[] = [];
  let count = 0;
  const replaySlice = async (): Promise<void> => {
    const rows = await context.store
      .selectFrom("submissions")
      .select(["id", "issuer_id", "state"])
      .where("id", "in", waiting)
      .where("state", "not in", [...deletedStates])
      .execute();
    waiting = [];
    count += await purgeSubmissions(context, rows, again);
  };
  for await (const entry of entries) {
    if ("cardholderId" in entry) cardholders.push(entry);
    else {
      submissionIds.add(entry.submissionId);
      waiting.push(entry.submissionId);
    }
    if (waiting.length >= slice) await replaySlice();
  }
  await replaySlice();
  for (const { at, ...of } of cardholders) count += await purgeCardholder(context, of, again, at);
  return { count, submissionIds };
}

/** Cardholders whose sessions were ended, and until when they had opened some. */
async function listEndedCardholders(store: Store): Promise<Extract<PurgeEntry, { cardholderId: string }>[]> {
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
  let added = 0;
  for (const state of deletedStates) {
    const rows = await store.selectFrom("submissions").select(["id", "issuer_id"]).where("state", "=", state).execute();
    for (const { id, issuer_id: issuerId } of rows.filter((row) => !known.has(row.id))) {
      await purgeLog.append({ at: now(), issuerId, submissionId: id });
      added += 1;
    }
  }
  if (added === 0) return 0;
  for (const entry of await listEndedCardholders(store)) await purgeLog.append(entry);
  return added;
}

/**
 * Deletes again what the log says was deleted and this database has not done, before anybody is answered: a backup that was put back
 * has it once more. Where the log is not the one that the database knows, all of it is done again, and it is completed. Gives how
 * many submissions there were.
 */
export async function replayPurges(given: PurgeContext): Promise<number> {
  const { store, purgeLog, log } = given;
  const from = await findUnapplied(store, await purgeLog.end());
  const { count, submissionIds } = await replayFrom(withoutLog(given), purgeLog.read(from));
  if (count > 0) log.warn({ count }, "submissions that had been deleted are deleted again: a backup was put back");
  const added = from === undefined ? await complete(given, submissionIds) : 0;
  if (added > 0)
    log.error(
      { added },
      "the log of deletions did not have all that the database knows to be deleted: it has now. Was it lost, or put back from a backup?",
    );
  await markApplied(store, await purgeLog.end());
  await purgeEnded(given, goOn);
  return count;
}
