import { randomUUID } from "node:crypto";
import { Problem } from "#contracts/problem.ts";
import type { DecisionRequest, SubmissionState } from "#contracts/submission.ts";
import type { Decision, Review, ReviewOutcome } from "#providers/provider.ts";
import { finishJob, postponeJob, schedule, whose } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import { findSubmission } from "../state/find.ts";
import { type Context, takeTurn, transition } from "../state/transition.ts";
import type { JobTable, Store, SubmissionTable } from "../store/schema.ts";
import { stepOfWord } from "./follow-up.ts";
import { backOffMs, type DeliveryPolicy, isWorthAlarm } from "./policy.ts";

export interface DecisionContext extends Context {
  readonly providers: Pick<Providers, "of">;
}

/** What the job carries: the verdict, and the key under which each repeat of it goes out. */
interface Order {
  readonly decision: Decision;
  readonly by: string | null;
  readonly key: string;
}

/** Verdicts that a picture may be given; an approval can be taken back, a rejection cannot. */
const possible: Readonly<Partial<Record<SubmissionState, readonly Decision["verdict"][]>>> = {
  accepted: ["approve", "reject"],
  "in-review": ["approve", "reject"],
  approved: ["reject"],
};

const states = { approve: "approved", reject: "rejected" } as const;

const toReview = (decision: Decision): Review =>
  decision.verdict === "approve"
    ? { state: "accepted", rejectionCode: null, rejectionMemo: null, decidedAt: null }
    : { state: "rejected", rejectionCode: decision.reason, rejectionMemo: decision.memo, decidedAt: null };

function isSame(one: Decision, { verdict, ...about }: Decision): boolean {
  return (
    one.verdict === verdict &&
    (one.verdict === "approve" || ("reason" in about && one.reason === about.reason && one.memo === about.memo))
  );
}

function mayBe({ state }: SubmissionTable, { verdict }: Decision): boolean {
  return possible[state]?.includes(verdict) === true;
}

function isGiven(row: SubmissionTable, decision: Decision): boolean {
  if (row.state !== states[decision.verdict]) return false;
  return decision.verdict === "approve" || row.rejection_code === decision.reason;
}

/** Throws Problem: bad-request, not-possible. */
function toDecision({ providers }: DecisionContext, row: SubmissionTable, given: DecisionRequest): Decision {
  const can = providers.of(row).capabilities(row.product_id);
  if (can.decision === null)
    throw new Problem("not-possible", {
      detail: `The settings of the card platform ${row.provider} are missing on this server, so it can be told nothing. Put them back, then decide.`,
    });
  if (can.decision === "theirs")
    throw new Problem("not-possible", {
      detail: "The card platform's own reviewers decide about this picture; their verdict comes by itself.",
    });
  if (given.verdict === "approve") return { verdict: "approve" };
  if (!can.rejectionReasons.includes(given.reason))
    throw new Problem("bad-request", { detail: `body.reason: choose one of ${can.rejectionReasons.join(", ")}.` });
  return { verdict: "reject", reason: given.reason, memo: given.memo ?? null };
}

const notTaken = "the card platform has not taken the verdict";

/** What was said of an earlier verdict does not stand beside a later one. */
async function forgetNotTaken(store: Store, row: SubmissionTable): Promise<SubmissionTable> {
  if (row.note?.startsWith(notTaken) !== true) return row;
  await store.updateTable("submissions").set({ note: null }).where("id", "=", row.id).execute();
  return { ...row, note: null };
}

async function findOrder(store: Store, submissionId: string): Promise<Order | undefined> {
  const job = await store
    .selectFrom("jobs")
    .select("payload")
    .where("submission_id", "=", submissionId)
    .where("kind", "=", "decide")
    .executeTakeFirst();
  return job && (JSON.parse(job.payload ?? "{}") as Order);
}

/**
 * Takes the issuer's verdict on a picture and queues it for the platform; the state changes once the platform has it. The same
 * verdict again changes nothing. Throws Problem: not-found, not-possible, bad-request.
 */
export async function requestDecision(
  context: DecisionContext,
  submissionId: string,
  given: DecisionRequest,
): Promise<SubmissionTable> {
  const before = await findSubmission(context.store, submissionId);
  const decision = toDecision(context, before, given);
  const order: Order = { decision, by: given.by ?? null, key: randomUUID() };
  return context.store.transaction().execute(async (trx) => {
    await takeTurn(trx, before.issuer_id);
    const row = await findSubmission(trx, submissionId);
    const underWay = await findOrder(trx, submissionId);
    if (underWay !== undefined && isSame(underWay.decision, decision)) return row;
    if (underWay !== undefined)
      throw new Problem("not-possible", { detail: "Another verdict is on its way to the card platform. Wait for it." });
    if (isGiven(row, decision)) return forgetNotTaken(trx, row);
    const can = possible[row.state] ?? [];
    if (row.card_image_id === null || !can.includes(decision.verdict)) {
      const instead = can.length === 0 ? "Nothing can be decided now" : `What can be decided: ${can.join(", ")}`;
      throw new Problem("not-possible", {
        detail: `A picture that is ${row.state} cannot be ${states[decision.verdict]}. ${instead}.`,
      });
    }
    await schedule(trx, "decide", row, context.now(), context.now(), null, order);
    return forgetNotTaken(trx, row);
  });
}

export interface DecideContext extends DecisionContext {
  readonly policy: DeliveryPolicy;
}

const timeoutMs = 30_000;

/** The platform has it: the submission follows, unless a notification was quicker. */
async function conclude(context: DecideContext, job: JobTable, { decision, by }: Order): Promise<void> {
  const step = stepOfWord(toReview(decision));
  const said = { ...step, actor: "issuer", detail: { ...step.detail, ...(by !== null && { by }) } } as const;
  const result = await transition(
    context,
    job.submission_id,
    // What has come meanwhile holds: a rejection is never taken back.
    (row) => (!isGiven(row, decision) && mayBe(row, decision) ? said : "refused"),
    async (trx, row) => {
      await finishJob(trx, job);
      return row;
    },
  );
  if (result.kind === "refused") await finishJob(context.store, job);
  context.log.info({ ...whose(job), state: result.row.state, by }, "the platform has the issuer's verdict");
}

async function giveUp({ store, log }: DecideContext, job: JobTable, detail: string): Promise<void> {
  const note = `${notTaken}: ${detail}`;
  await store.transaction().execute(async (trx) => {
    if (await finishJob(trx, job))
      await trx.updateTable("submissions").set({ note }).where("id", "=", job.submission_id).execute();
  });
  log.error({ ...whose(job), detail }, "the card platform has not taken the issuer's verdict");
}

/** The platform has rejected the picture by itself, and that was not told, or not yet. */
async function takeRejection(context: DecideContext, job: JobTable, answer: ReviewOutcome): Promise<void> {
  if (answer.kind !== "known") return;
  const note = `${notTaken}: it has rejected the picture by itself`;
  const step = stepOfWord(answer.review);
  const result = await transition(
    context,
    job.submission_id,
    (row) => (possible[row.state]?.includes("reject") ? { ...step, set: { ...step.set, note } } : "refused"),
    async (trx, row) => {
      await finishJob(trx, job);
      return row;
    },
  );
  if (result.kind === "refused") await finishJob(context.store, job);
  context.log.error({ ...whose(job), state: result.row.state }, note);
}

/** Whether the platform has the verdict already, cannot take it any more, or is to be asked to. */
function compare(answer: ReviewOutcome, decision: Decision): "has it" | "has another" | "open" {
  if (answer.kind !== "known") return "open";
  const { state, rejectionCode } = answer.review;
  const wanted = toReview(decision);
  if (state === wanted.state && (state === "accepted" || rejectionCode === wanted.rejectionCode)) return "has it";
  return state === "rejected" ? "has another" : "open";
}

/** Brings the issuer's verdict to the platform, under the same key each time. What may have arrived is read back first. */
export async function decide(context: DecideContext, job: JobTable): Promise<void> {
  const { store, providers, policy } = context;
  const row = await findSubmission(store, job.submission_id);
  const order = JSON.parse(job.payload ?? "{}") as Order;
  const { decision, key } = order;
  if (isGiven(row, decision)) return void (await finishJob(store, job));
  const { card_image_id: cardImageId } = row;
  if (cardImageId === null || !mayBe(row, decision)) return giveUp(context, job, `the picture is ${row.state} by now`);
  const provider = providers.of(row);
  const readBack = (): Promise<ReviewOutcome> =>
    provider
      .getReview(cardImageId, AbortSignal.timeout(timeoutMs))
      .catch(() => ({ kind: "cannot-tell", detail: "the adapter failed" }) as const);
  const settled = async (answer: ReviewOutcome): Promise<boolean> => {
    const known = compare(answer, decision);
    if (known === "has it") await conclude(context, job, order);
    if (known === "has another") await takeRejection(context, job, answer);
    return known !== "open";
  };
  if (job.attempt > 1 && (await settled(await readBack()))) return;
  const outcome = await provider
    .decide(cardImageId, decision, key, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "failed", detail: "the adapter failed" }) as const);
  if (outcome.kind === "done") return conclude(context, job, order);
  if (outcome.kind === "refused") {
    const answer = await readBack();
    if (await settled(answer)) return;
    if (answer.kind === "known" || isWorthAlarm(job.attempt)) return giveUp(context, job, outcome.detail);
  }
  const fields = { ...whose(job), attempt: job.attempt, detail: outcome.detail };
  if (isWorthAlarm(job.attempt)) context.log.error(fields, "the issuer's verdict does not reach the card platform");
  await postponeJob(store, job, context.now() + backOffMs(job.attempt, policy), context.now(), outcome.detail);
}
