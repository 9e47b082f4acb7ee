import type { ExpressionBuilder } from "kysely";
import type { SearchOutcome } from "#providers/provider.ts";
import { finishJob, postponeJob, schedule, whose } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import { type Context, type Step, transition } from "../state/transition.ts";
import type { AttemptTable, JobTable, Store, SubmissionTable, Tables } from "../store/schema.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { idBecameKnown } from "./follow-up.ts";
import { doubtful, mayHaveArrived } from "./judgement.ts";
import { backOffMs, type DeliveryPolicy, firstLookMs } from "./policy.ts";

export interface ResolveContext extends Context {
  readonly providers: Pick<Providers, "of">;
  readonly policy: DeliveryPolicy;
}

const searchTimeoutMs = 30_000;
/** A held submission is still looked for, as often as this at least; after a week or so a person is all that is left. */
const heldLookMs = 60 * 60_000;
const heldLooks = 7 * 24 * 4;
/** Of the pictures accepted later, so many are looked at for one whose being found proves that the search is up to date. */
const nearControls = 30;

/** What is known of a doubtful submission's attempts. */
interface Doubt {
  /** Attempts that may have arrived. */
  readonly doubts: number;
  /** Whether the search could find each of them. */
  readonly searchable: boolean;
}

const doubtfulOrOpen: ReadonlySet<string | null> = new Set([...doubtful, null]);

async function readDoubt({ store }: Context, row: SubmissionTable): Promise<Doubt> {
  const attempts: AttemptTable[] = await store
    .selectFrom("attempts")
    .selectAll()
    .where("submission_id", "=", row.id)
    .orderBy("number", "desc")
    .limit(100)
    .execute();
  const open = attempts.filter(({ outcome }) => doubtfulOrOpen.has(outcome));
  return {
    doubts: open.length,
    searchable: open.length > 0 && open.every(({ carried_reference }) => carried_reference === 1),
  };
}

/** Pictures of this product that went along with their reference and were accepted. */
function controlsOf(store: Store, row: SubmissionTable) {
  return store
    .selectFrom("attempts")
    .innerJoin("submissions", "submissions.id", "attempts.submission_id")
    .select([
      "submissions.id",
      "submissions.issuer_id",
      "submissions.provider",
      "submissions.reference",
      "submissions.cardholder_id",
      "submissions.product_id",
      "attempts.begun_seq",
    ])
    .where("attempts.issuer_id", "=", row.issuer_id)
    .where("attempts.provider", "=", row.provider)
    .where("attempts.product_id", "=", row.product_id)
    .where("attempts.carried_reference", "=", 1)
    .where("attempts.outcome", "=", "accepted");
}

/**
 * That none of the submission's other attempts can have brought its picture by then: the search finds a reference, not an attempt,
 * and one that came before says nothing.
 */
function cameOnlyLater(since: number | null) {
  return ({ exists, not, selectFrom }: ExpressionBuilder<Tables, "attempts">) =>
    not(
      exists(
        selectFrom("attempts as other")
          .select("other.id")
          .whereRef("other.submission_id", "=", "attempts.submission_id")
          .whereRef("other.id", "!=", "attempts.id")
          .where(({ eb, or }) => or([eb("other.outcome", "is", null), eb("other.outcome", "in", mayHaveArrived)]))
          .where(({ eb, or }) => or([eb("other.begun_seq", "is", null), eb("other.begun_seq", "<=", since)])),
      ),
    );
}

/**
 * Three such pictures that were sent after this submission became doubtful: a search that has come no further than
 * one that was sent before it may find that one and still miss this. The oldest should be the first to be found. But it may never
 * be, nor any of a whole hour: so with each look another of those right after it is asked for as well, and another from anywhere
 * up to the newest.
 */
async function listControls(store: Store, row: SubmissionTable, look: number): Promise<Asked[]> {
  const doubt = await store
    .selectFrom("events")
    .select(({ fn }) => fn.max<number | null>("seq").as("seq"))
    .where("submission_id", "=", row.id)
    .where("to_state", "=", "unknown")
    .executeTakeFirst();
  const since = doubt?.seq ?? null;
  const later = controlsOf(store, row).where("begun_seq", ">", since).where(cameOnlyLater(since));
  const [oldest, ...near] = await later.orderBy("begun_seq").limit(nearControls).execute();
  if (oldest === undefined) return [];
  const isAll = near.length < nearControls - 1;
  const another = isAll
    ? near[(look + (near.length >> 1)) % near.length]
    : await pickAnywhere(later, oldest.begun_seq ?? 0, look);
  const chosen = [oldest, near[look % near.length], another].filter((control) => control !== undefined);
  return [...new Map(chosen.map((control) => [control.id, control])).values()];
}

/** Multiples of it lie ever more densely in 0..1, and evenly: the golden section. */
const goldenSection = (Math.sqrt(5) - 1) / 2;

async function pickAnywhere(later: ReturnType<typeof controlsOf>, first: number, look: number) {
  const newest = await later.orderBy("begun_seq", "desc").limit(1).executeTakeFirst();
  const point = Math.round(first + ((look * goldenSection) % 1) * ((newest?.begun_seq ?? first) - first));
  return later.where("begun_seq", ">=", point).orderBy("begun_seq").limit(1).executeTakeFirst();
}

type Asked = Pick<SubmissionTable, "id" | "issuer_id" | "provider" | "reference" | "cardholder_id" | "product_id">;

async function search({ providers, store }: ResolveContext, asked: Asked): Promise<SearchOutcome> {
  const picture = {
    reference: asked.reference,
    cardholderId: asked.cardholder_id,
    productId: asked.product_id,
    checkpoint: createCheckpoint(store, asked),
  };
  try {
    return await providers.of(asked).find(picture, AbortSignal.timeout(searchTimeoutMs));
  } catch {
    return { kind: "cannot-tell", detail: "the search failed" };
  }
}

/** Whether the search finds a picture that came later: only then its not finding this one says anything. */
async function findsLater(context: ResolveContext, row: SubmissionTable, look: number): Promise<boolean> {
  for (const control of await listControls(context.store, row, look)) {
    if ((await search(context, control)).kind === "found") return true;
  }
  return false;
}

export type Finding =
  | { readonly kind: "found"; readonly cardImageId?: string }
  | { readonly kind: "absent" }
  /** Why it cannot be told, for the operator; `final` when waiting longer will not help. */
  | { readonly kind: "open"; readonly detail: string; readonly final?: true };

/** What can be found out about a picture of which nobody knows whether it has arrived: see `resolve`. */
export async function investigate(
  context: ResolveContext,
  row: SubmissionTable,
  quietEndsAt: number,
  look: number,
): Promise<Finding> {
  const { policy, providers } = context;
  if (!providers.of(row).capabilities(row.product_id).search)
    return { kind: "open", detail: "the platform cannot be searched for pictures of this product", final: true };
  const doubt = await readDoubt(context, row);
  if (!doubt.searchable)
    return {
      kind: "open",
      detail: "the picture was sent without our reference, so that no search can find it",
      final: true,
    };
  const isQuiet = context.now() >= quietEndsAt;
  const isEnough = isQuiet && doubt.doubts < policy.maxDoubts;
  // First: a search that catches up between the two would find a later one and have missed this one just before.
  const isUpToDate = isEnough && (await findsLater(context, row, look));
  const found = await search(context, row);
  if (found.kind === "found") return found;
  if (found.kind === "cannot-tell")
    return { kind: "open", detail: `the platform's search: ${found.detail}`, ...(found.final && { final: true }) };
  const isSure = isQuiet || found.proof === "now";
  if (!isSure) return { kind: "open", detail: "the platform's search does not find it so far" };
  if (doubt.doubts >= policy.maxDoubts)
    return { kind: "open", detail: `the platform's search does not find it, after ${doubt.doubts} doubtful attempts` };
  if (isUpToDate || found.proof !== "control") return found;
  return { kind: "open", detail: "the platform's search finds neither it nor anything that was accepted later" };
}

/** When to look again: soon at first, later and later, when the quiet window ends, and when patience does. */
function nextLookAt(now: number, quietEndsAt: number, attempt: number, policy: DeliveryPolicy): number {
  const ends = [quietEndsAt, quietEndsAt + policy.quietWindowMs].filter((end) => end > now);
  const pauseMs = Math.min(
    firstLookMs(policy) * 2 ** Math.min(attempt - 1, 20),
    Math.max(policy.quietWindowMs / 4, 10),
  );
  return Math.min(now + pauseMs, ...ends);
}

function stepFor(finding: Exclude<Finding, { kind: "open" }>): Step {
  const about = { cause: finding.kind, actor: "provider" } as const;
  if (finding.kind === "absent") return { ...about, set: { note: "the platform does not have it: sent again" } };
  const { cardImageId } = finding;
  if (cardImageId === undefined)
    return { ...about, set: { note: "the platform has it; its image id is not known yet" } };
  return {
    cause: "identified",
    actor: "provider",
    detail: { cardImageId },
    set: { card_image_id: cardImageId, note: null },
  };
}

/**
 * One look at a submission of which nobody knows whether the platform has it. It may be sent again only if the platform does not
 * have it, with the proof that its kind of answer needs: see `SearchOutcome`. What cannot be told within two quiet
 * windows is held for a person, and looked for now and then.
 */
export async function resolve(context: ResolveContext, job: JobTable): Promise<void> {
  const { store, policy } = context;
  const row = await store
    .selectFrom("submissions")
    .selectAll()
    .where("id", "=", job.submission_id)
    .executeTakeFirstOrThrow();
  if (row.state !== "unknown" && row.state !== "held") return void (await finishJob(store, job));
  const quietEndsAt = job.ends_at ?? job.run_at;
  const finding = await investigate(context, row, quietEndsAt, job.attempt);
  const now = context.now();
  if (finding.kind !== "open") return conclude(context, job, row, finding);
  const isOver = now >= quietEndsAt + (finding.final ? 0 : policy.quietWindowMs);
  if (row.state === "unknown" && isOver) await hold(context, row, finding.detail);
  if (row.state === "held" || isOver) {
    if (finding.final || job.attempt >= heldLooks) return void (await finishJob(store, job));
    return postponeJob(store, job, now + Math.min(heldLookMs, policy.quietWindowMs), now, finding.detail);
  }
  const at = finding.final ? quietEndsAt : nextLookAt(now, quietEndsAt, job.attempt, policy);
  return postponeJob(store, job, at, now, finding.detail);
}

/** At once after the first attempt; one that ends in doubt again waits as any other that fails. */
function resendAt({ attempts, updated_at: now }: SubmissionTable, policy: DeliveryPolicy): number {
  return attempts > 1 ? now + backOffMs(attempts, policy) : now;
}

async function conclude(
  context: ResolveContext,
  job: JobTable,
  { id, sequence }: SubmissionTable,
  finding: Exclude<Finding, { kind: "open" }>,
): Promise<void> {
  // What has moved meanwhile may be in doubt for another attempt, of which that search says nothing.
  const decide = (current: SubmissionTable) => (current.sequence === sequence ? stepFor(finding) : "refused");
  const { kind, row } = await transition(context, id, decide, async (trx, moved) => {
    await finishJob(trx, job);
    if (moved.state === "queued") await schedule(trx, "send", moved, resendAt(moved, context.policy), moved.updated_at);
    if (moved.state !== "accepted") return moved;
    return idBecameKnown(trx, context.providers.of(moved), moved, moved.updated_at);
  });
  if (kind === "refused") return void (await finishJob(context.store, job));
  const sentence = {
    found: "the platform has a picture that was in doubt",
    absent: "the platform does not have a picture that was in doubt: it is sent again",
  };
  context.log.warn({ ...whose(job), reference: row.reference, state: row.state }, sentence[finding.kind]);
}

async function hold(context: ResolveContext, row: SubmissionTable, detail: string): Promise<void> {
  const note = [row.note, detail].filter((part) => part !== null).join("; ");
  const step: Step = { cause: "undecided", actor: "system", detail: { note }, set: { note } };
  const { kind } = await transition(context, row.id, ({ sequence }) => (sequence === row.sequence ? step : "refused"));
  if (kind === "moved")
    context.log.error(
      { issuerId: row.issuer_id, submissionId: row.id, reference: row.reference, detail: note },
      "an operator has to look at this submission",
    );
}
