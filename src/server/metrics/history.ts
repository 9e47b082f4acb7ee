import { type SubmissionState, submissionState } from "#contracts/submission.ts";
import type { Issuer } from "../issuers.ts";
import { type Cause, transitions } from "../state/machine.ts";
import type { Store } from "../store/schema.ts";
import { type CountedOutcome, type Metrics, sendOutcomes } from "./metrics.ts";

/** Events read in one go, so that catching up holds up nobody. */
const slice = 500;

/** How an attempt has ended whose submission was being sent; the cause alone does not tell an order that was refused. */
const endOfSend: Partial<Record<Cause, CountedOutcome>> = {
  accepted: "accepted",
  notified: "accepted",
  "image-refused": "image-refused",
  misconfigured: "misconfigured",
  "not-sent": "not-sent",
  undeliverable: "undeliverable",
  unclear: "unknown",
  "purge-asked": "given-up",
};

/** The platform has it, whether or not its id is known. */
const arrived = new Set<SubmissionState>(["accepted", "accepted-no-id"]);

function readEvents(store: Store, issuerId: string, after: number) {
  return store
    .selectFrom("events")
    .innerJoin("submissions", "submissions.id", "events.submission_id")
    .leftJoin("attempts", (join) =>
      join.onRef("attempts.submission_id", "=", "events.submission_id").onRef("attempts.number", "=", "events.attempt"),
    )
    .select([
      "events.seq",
      "events.from_state as from",
      "events.to_state as to",
      "events.cause",
      "events.at",
      "submissions.provider as platform",
      "submissions.product_id as product",
      "submissions.created_at as acknowledgedAt",
      "attempts.outcome",
    ])
    .where("events.issuer_id", "=", issuerId)
    .where("events.seq", ">", after)
    .orderBy("events.seq")
    .limit(slice)
    .execute();
}
type Told = Awaited<ReturnType<typeof readEvents>>[number];

function tell({ submissions, stateChanges, sends, acceptance }: Metrics, issuer: string, event: Told): void {
  const { from, to: state, cause, platform, product, outcome } = event;
  stateChanges.inc({ platform, state, cause });
  if (from !== null) submissions.dec({ issuer, state: from });
  submissions.inc({ issuer, state });
  const ended = from === "sending" ? endOfSend[cause as Cause] : undefined;
  if (ended !== undefined)
    sends.inc({ issuer, platform, product, outcome: outcome === "order-refused" ? outcome : ended });
  if (arrived.has(state) && from !== null && !arrived.has(from))
    acceptance.observe({ platform, product }, Math.max(0, event.at - event.acknowledgedAt) / 1000);
}

/** What might never happen is 0 from the beginning, so that the first time is an increase. */
function begin(metrics: Metrics, { id: issuer, products }: Issuer): void {
  const { submissions, stateChanges, sends, acceptance, webhookTries } = metrics;
  for (const state of submissionState.options) submissions.set({ issuer, state }, 0);
  for (const outcome of ["delivered", "again", "given-up", "disabled"]) webhookTries.inc({ issuer, outcome }, 0);
  for (const [product, { provider: platform }] of Object.entries(products)) {
    acceptance.zero({ platform, product });
    for (const outcome of sendOutcomes) sends.inc({ issuer, platform, product, outcome }, 0);
    for (const possible of Object.values(transitions))
      for (const [cause, state] of Object.entries(possible)) stateChanges.inc({ platform, state, cause }, 0);
  }
}

/**
 * Counts the submissions once, and from then on goes by the events, as the issuer's stream and webhooks do: who asks for numbers
 * never walks through all there is. Gives what takes in all that has happened since; calls at the same time share one.
 */
export async function followHistory(
  store: Store,
  issuers: readonly Issuer[],
  metrics: Metrics,
): Promise<() => Promise<void>> {
  const told = new Map<string, number>();
  for (const issuer of issuers) begin(metrics, issuer);
  await store.transaction().execute(async (trx) => {
    for (const { id, last_seq: seq } of await trx.selectFrom("issuers").selectAll().execute()) told.set(id, seq);
    const counts = await trx
      .selectFrom("submissions")
      .select(({ fn }) => ["issuer_id as issuer", "state", fn.countAll<number>().as("count")])
      .groupBy(["issuer_id", "state"])
      .execute();
    for (const { issuer, state, count } of counts) metrics.submissions.set({ issuer, state }, count);
  });
  const readOn = async (issuerId: string, lastSeq: number): Promise<void> => {
    for (let seq = told.get(issuerId) ?? 0; seq < lastSeq; ) {
      const events = await readEvents(store, issuerId, seq);
      for (const event of events) tell(metrics, issuerId, event);
      seq = events.length < slice ? Math.max(lastSeq, events.at(-1)?.seq ?? 0) : (events.at(-1)?.seq ?? lastSeq);
      told.set(issuerId, seq);
    }
  };
  let following: Promise<void> | undefined;
  const follow = async (): Promise<void> => {
    const rows = await store.selectFrom("issuers").selectAll().execute();
    for (const { id, last_seq: lastSeq } of rows) await readOn(id, lastSeq);
  };
  return () => (following ??= follow().finally(() => (following = undefined)));
}
