import type { SubmissionState } from "#contracts/submission.ts";
import { type Context, type Step, transition } from "../state/transition.ts";
import type { Store } from "../store/schema.ts";
import type { CourierPolicy } from "./policy.ts";

/** Rows looked at in one go; the rest wait for the next pass. */
const batch = 200;

async function moveAll(context: Context, state: SubmissionState, step: Step, whenDue: boolean): Promise<number> {
  let query = context.store.selectFrom("submissions").select("id").where("state", "=", state).limit(batch);
  if (whenDue) query = query.where("due_at", "<=", context.now());
  const rows = await query.execute();
  for (const { id } of rows) await transition(context, id, step);
  return rows.length;
}

/** Ends quiet windows and cool-downs. */
export async function moveWhatIsDue(context: Context): Promise<void> {
  await moveAll(context, "unknown", { evidence: "quiet-window-over" }, true);
  await moveAll(context, "blocked-config", { evidence: "cool-down-over", set: { due_at: context.now() } }, true);
}

/** Settings are corrected by a restart, so what they blocked is tried once more. */
export async function unpark(context: Context): Promise<void> {
  const step: Step = { evidence: "cool-down-over", set: { due_at: context.now() } };
  while ((await moveAll(context, "blocked-config", step, false)) === batch);
}

/**
 * Attempts that nobody is carrying out any more: the picture may or may not have arrived, so their submissions become
 * unknown and are never sent again. `expiredBefore` (epoch ms) spares attempts of a process that may still be alive,
 * `own` holds the ids of those of this one: how they end is known here, if not yet written.
 */
export async function abandonAttempts(
  context: Context,
  policy: CourierPolicy,
  expiredBefore: number,
  own: { has(attemptId: string): boolean },
): Promise<number> {
  const open = await context.store
    .selectFrom("attempts")
    .select(["id", "submission_id"])
    .where("ended_at", "is", null)
    .where("deadline_at", "<=", expiredBefore)
    .limit(batch)
    .execute();
  const abandoned = open.filter(({ id }) => !own.has(id));
  for (const attempt of abandoned) {
    const ended = { outcome: "abandoned", ended_at: context.now() };
    const set = { note: "the server stopped during the attempt", due_at: context.now() + policy.quietWindowMs };
    const end = (store: Store) => store.updateTable("attempts").set(ended).where("id", "=", attempt.id).execute();
    const { kind } = await transition(
      context,
      attempt.submission_id,
      { evidence: "unclear", set },
      async (trx, row) => {
        await end(trx);
        return row;
      },
    );
    if (kind === "refused") await end(context.store);
  }
  return abandoned.length;
}
