import { type PurgeContext, purgeSubmission } from "./ask.ts";
import { deletedStates, purgeCardholder } from "./cardholder.ts";
import type { PurgeEntry, PurgeLog } from "./log.ts";

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
    for (const { id, issuer_id: issuerId } of rows) {
      after = id;
      if (known.has(id)) continue;
      await purgeLog.append({ at: now(), issuerId, submissionId: id });
      count += 1;
    }
    if (rows.length < slice) return count;
  }
}

/**
 * Deletes again what the log says was deleted, before anybody is answered: a backup that was put back has it once more. Gives
 * how many submissions there were.
 */
export async function replayPurges(given: PurgeContext): Promise<number> {
  const context = withoutLog(given);
  const known = new Set<string>();
  let waiting: string[] = [];
  let count = 0;
  const cardholders: Extract<PurgeEntry, { cardholderId: string }>[] = [];
  for await (const entry of given.purgeLog.read()) {
    if ("cardholderId" in entry) cardholders.push(entry);
    else {
      known.add(entry.submissionId);
      waiting.push(entry.submissionId);
    }
    if (waiting.length < slice) continue;
    count += await replaySubmissions(context, waiting);
    waiting = [];
  }
  if (waiting.length > 0) count += await replaySubmissions(context, waiting);
  for (const { at, ...of } of cardholders) count += await purgeCardholder(context, of, again, at);
  if (count > 0)
    given.log.warn({ count }, "submissions that had been deleted are deleted again: a backup was put back");
  const added = await complete(given, known);
  if (added > 0)
    given.log.error(
      { added },
      "the log of deletions did not have all that the database knows to be deleted: it has now. Was it lost, or put back from a backup?",
    );
  return count;
}
