import { type Loop, startLoop } from "../jobs/loop.ts";
import { measureSweep } from "../metrics/metrics.ts";
import type { AppParts } from "../parts.ts";
import { deletedStates } from "../state/machine.ts";
import type { SessionTable, Store } from "../store/schema.ts";

/** How long something expired is still known, so that its owner is told "expired" and not "unknown". */
const keptMs = 24 * 60 * 60 * 1000;
/** Rows looked at in one go, so that no sweep holds up the event loop. */
const slice = { credentials: 200, sessions: 50 } as const;
const betweenSlicesMs = 250;
const restMs = 60 * 60 * 1000;

/** Where the walk over the sessions stands; those in which something was sent stay, and are not looked at twice. */
type Cursor = Pick<SessionTable, "id" | "expires_at">;
const start: Cursor = { id: "", expires_at: 0 };

async function deleteCredentials(store: Store, before: number): Promise<boolean> {
  const old = store.selectFrom("credentials").select("hash").where("expires_at", "<", before).limit(slice.credentials);
  const { numDeletedRows } = await store.deleteFrom("credentials").where("hash", "in", old).executeTakeFirstOrThrow();
  return Number(numDeletedRows) === slice.credentials;
}

async function nextSessions(store: Store, after: Cursor, before: number): Promise<Cursor[]> {
  return store
    .selectFrom("sessions")
    .select(["id", "expires_at"])
    .where("expires_at", ">=", after.expires_at)
    .where("expires_at", "<", before)
    .where(({ eb, or }) => or([eb("expires_at", ">", after.expires_at), eb("id", ">", after.id)]))
    .orderBy("expires_at")
    .orderBy("id")
    .limit(slice.sessions)
    .execute();
}

async function deleteAbandoned(store: Store, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const used = await store.selectFrom("submissions").select("session_id").where("session_id", "in", ids).execute();
  const kept = new Set(used.map(({ session_id }) => session_id));
  const abandoned = ids.filter((id) => !kept.has(id));
  if (abandoned.length === 0) return;
  await store.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("credentials").where("session_id", "in", abandoned).execute();
    await transaction.deleteFrom("designs").where("session_id", "in", abandoned).execute();
    await transaction.deleteFrom("sessions").where("id", "in", abandoned).execute();
  });
}

/** Of sessions whose submissions have all been deleted, what they hold for a card goes too. */
async function emptyDeleted(store: Store, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const held = await store
    .selectFrom("submissions")
    .select("session_id")
    .where("session_id", "in", ids)
    .where("state", "not in", [...deletedStates])
    .execute();
  const kept = new Set(held.map(({ session_id }) => session_id));
  const empty = ids.filter((id) => !kept.has(id));
  if (empty.length === 0) return;
  await store.transaction().execute(async (trx) => {
    await trx.updateTable("sessions").set({ data_capture: "{}", hosted: null }).where("id", "in", empty).execute();
    await trx.deleteFrom("designs").where("session_id", "in", empty).execute();
  });
}

/**
 * A function that deletes one slice of what expired a day ago: credentials, and sessions in which nothing was ever sent,
 * with their designs, and what sessions hold whose submissions have been deleted. It gives the milliseconds until it wants to be called again.
 */
export function createSweep({ store, now }: Pick<AppParts, "store" | "now">): () => Promise<number> {
  let cursor = start;
  return async () => {
    const before = now() - keptMs;
    const moreCredentials = await deleteCredentials(store, before);
    const sessions = await nextSessions(store, cursor, before);
    const ids = sessions.map(({ id }) => id);
    await deleteAbandoned(store, ids);
    await emptyDeleted(store, ids);
    cursor = sessions.at(-1) ?? cursor;
    return moreCredentials || sessions.length === slice.sessions ? betweenSlicesMs : restMs;
  };
}

/** Sweeps until stopped: at once, and then every hour. */
export function startSweeping(parts: Pick<AppParts, "store" | "now" | "log" | "metrics">): Loop {
  return startLoop(measureSweep(parts.metrics, "expired", createSweep(parts)), restMs, (cause) =>
    parts.log.error({ err: cause }, "what has expired could not be deleted; tried again in an hour"),
  );
}
