import { setTimeout as sleep } from "node:timers/promises";
import type { DecisionRequest, SubmissionPage, SubmissionRecord } from "#contracts/submission.ts";
import { asIssuer } from "#server/testing/env.ts";

/** What a platform has of the issuer's verdict on one of its images. */
export interface ToldVerdict {
  readonly status: string;
  readonly reason: string | null;
  readonly memo: string | null;
  /** Writes that have been done: repeats of one are one. */
  readonly writes: number;
}

/** Tries again until it works: the server is killed all the time. */
type Persist = <Result>(work: () => Promise<Result>) => Promise<Result>;

const reasons = ["BRANDED", "COPYRIGHT", "INAPPROPRIATE", "OTHER", "PROMOTIONAL", "TRADEMARK"] as const;

/** Every second is approved, the others are rejected for one reason after the other. */
function choose(n: number): DecisionRequest {
  if (n % 2 === 0) return { verdict: "approve" };
  return { verdict: "reject", reason: reasons[(n >> 1) % reasons.length] ?? "OTHER", memo: `Verdict number ${n}` };
}

async function listState(url: string, state: string, persist: Persist): Promise<SubmissionRecord[]> {
  const records: SubmissionRecord[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const query = new URLSearchParams({ state, limit: "100", ...(after !== "" && { after }) });
    const page = await persist(async () => {
      const response = await fetch(`${url}/v1/submissions?${query.toString()}`, { headers: asIssuer });
      if (!response.ok) throw new Error(`list: ${response.status}`);
      return (await response.json()) as SubmissionPage;
    });
    records.push(...page.submissions);
    after = page.next;
  }
  return records;
}

async function give(url: string, submissionId: string, decision: DecisionRequest): Promise<void> {
  const response = await fetch(`${url}/v1/submissions/${submissionId}/decision`, {
    method: "POST",
    headers: { ...asIssuer, "content-type": "application/json" },
    body: JSON.stringify(decision),
  });
  if (response.status !== 202) throw new Error(`decision: ${response.status} ${await response.text()}`);
}

/** The issuer's reviewers: they decide about each picture of this product that the platform has taken, once. */
export function startDeciding(url: string, product: string, persist: Persist) {
  const given = new Map<string, DecisionRequest>();
  let stopping = false;

  /** Pictures that still wait for a verdict, or whose verdict is on its way. */
  async function decideAll(): Promise<number> {
    const waiting = [...(await listState(url, "accepted", persist)), ...(await listState(url, "in-review", persist))];
    const ours = waiting.filter(({ productId }) => productId === product);
    for (const { submissionId, note } of ours) {
      const before = given.get(submissionId);
      // What the platform has refused is decided once more, as a person would.
      if (before !== undefined && note === null) continue;
      const decision = before ?? choose(given.size);
      await persist(() => give(url, submissionId, decision));
      given.set(submissionId, decision);
    }
    return ours.length;
  }

  const running = (async () => {
    while (!stopping) {
      await decideAll();
      await sleep(1_000);
    }
  })();

  return {
    given,
    /** Resolves once every verdict has come to its state, or `timeoutMs` after. */
    async finish(timeoutMs: number): Promise<void> {
      stopping = true;
      await running;
      const deadline = Date.now() + timeoutMs;
      while ((await decideAll()) > 0 && Date.now() < deadline) await sleep(300);
    },
  };
}

/** A line for each verdict that has not come to both, or not once. */
export function compareVerdicts(
  given: ReadonlyMap<string, DecisionRequest>,
  records: ReadonlyMap<string, SubmissionRecord>,
  told: ReadonlyMap<string, ToldVerdict>,
): string[] {
  return [...given].flatMap(([submissionId, decision]) => {
    const record = records.get(submissionId);
    const there = told.get(record?.cardImageId ?? "");
    const reason = decision.verdict === "reject" ? decision.reason : null;
    const memo = decision.verdict === "reject" ? (decision.memo ?? null) : null;
    const wanted =
      decision.verdict === "approve"
        ? { state: "approved", status: "APPROVED", reason, memo }
        : { state: "rejected", status: "REJECTED", reason, memo };
    const here = {
      state: record?.state,
      status: there?.status,
      reason: record?.rejectionCode ?? null,
      memo: record?.rejectionMemo ?? null,
    };
    const isRight =
      JSON.stringify(here) === JSON.stringify(wanted) &&
      there?.reason === reason &&
      there.memo === memo &&
      there.writes === 1;
    return isRight
      ? []
      : [`verdict: ${submissionId} ${JSON.stringify({ decision, here, there, note: record?.note ?? null })}`];
  });
}
