import { createHash } from "node:crypto";
import type { EventPage, IssuerEvent } from "#contracts/webhook.ts";
import { toRecordAt } from "../state/view.ts";
import type { EventTable, Store } from "../store/schema.ts";

/** The same for this event for ever, and another's even where a backup was put back and numbers are given again. */
function idOf({ issuer_id, seq, submission_id, sequence, to_state, cause, at }: EventTable): string {
  const facts = JSON.stringify([issuer_id, seq, submission_id, sequence, to_state, cause, at]);
  return `evt_${createHash("sha256").update(facts).digest("base64url").slice(0, 24)}`;
}

/** The issuer's events after this one, oldest first. */
export async function readEvents(store: Store, issuerId: string, after: number, limit: number): Promise<IssuerEvent[]> {
  const events = await store
    .selectFrom("events")
    .selectAll()
    .where("issuer_id", "=", issuerId)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
  if (events.length === 0) return [];
  const submissions = await store
    .selectFrom("submissions")
    .selectAll()
    .where("id", "in", [...new Set(events.map((event) => event.submission_id))])
    .execute();
  const rows = new Map(submissions.map((row) => [row.id, row]));
  return events.flatMap((event) => {
    const row = rows.get(event.submission_id);
    if (row === undefined) return [];
    const { seq, from_state: from, to_state: to, cause, actor, attempt } = event;
    return {
      id: idOf(event),
      type: `submission.${to}`,
      timestamp: new Date(event.at).toISOString(),
      seq,
      event: { from, to, cause, actor, attempt },
      data: toRecordAt(row, event),
    };
  });
}

/** Numbers of the issuer's oldest event that is kept and of its newest; 0 where there is none. */
export async function readBounds(store: Store, issuerId: string): Promise<{ firstSeq: number; lastSeq: number }> {
  const issuer = await store.selectFrom("issuers").select("last_seq").where("id", "=", issuerId).executeTakeFirst();
  const first = await store
    .selectFrom("events")
    .select("seq")
    .where("issuer_id", "=", issuerId)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  return { firstSeq: first?.seq ?? 0, lastSeq: issuer?.last_seq ?? 0 };
}

export async function listEvents(store: Store, issuerId: string, after: number, limit: number): Promise<EventPage> {
  const events = await readEvents(store, issuerId, after, limit);
  return { events, ...(await readBounds(store, issuerId)) };
}
