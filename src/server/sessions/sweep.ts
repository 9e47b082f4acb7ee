import type { AppParts } from "../parts.ts";

/** How long something expired is still known, so that its owner is told "expired" and not "unknown". */
const keptMs = 24 * 60 * 60 * 1000;
/** A session makes about fifty credentials in its life, and each new session sweeps once. */
const maxCredentials = 200;
const maxSessions = 10;

/** Deletes some of what expired a day ago: credentials, and sessions in which nothing was ever sent, with their designs. */
export async function sweepExpired({ store, now }: Pick<AppParts, "store" | "now">): Promise<void> {
  const before = now() - keptMs;
  await store.transaction().execute(async (transaction) => {
    const old = transaction
      .selectFrom("credentials")
      .select("hash")
      .where("expires_at", "<", before)
      .limit(maxCredentials);
    await transaction.deleteFrom("credentials").where("hash", "in", old).execute();
    const abandoned = await transaction
      .selectFrom("sessions")
      .select("id")
      .where("expires_at", "<", before)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom("submissions").select("id").whereRef("session_id", "=", "sessions.id"))),
      )
      .limit(maxSessions)
      .execute();
    const ids = abandoned.map(({ id }) => id);
    if (ids.length === 0) return;
    await transaction.deleteFrom("credentials").where("session_id", "in", ids).execute();
    await transaction.deleteFrom("designs").where("session_id", "in", ids).execute();
    await transaction.deleteFrom("sessions").where("id", "in", ids).execute();
  });
}
