import { Problem } from "#contracts/problem.ts";
import type { SubmissionPage, SubmissionState } from "#contracts/submission.ts";
import type { Store } from "../store/schema.ts";
import { toRecord } from "./view.ts";

export interface PageRequest {
  readonly state?: SubmissionState | undefined;
  /** The last submission of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** One page of the issuer's submissions, oldest first. Throws Problem("bad-request") when `after` names none of them. */
export async function listSubmissions(
  store: Store,
  issuerId: string,
  { state, after, limit }: PageRequest,
): Promise<SubmissionPage> {
  let query = store
    .selectFrom("submissions")
    .selectAll()
    .where("issuer_id", "=", issuerId)
    .orderBy("created_at")
    .orderBy("id")
    .limit(limit + 1);
  if (state !== undefined) query = query.where("state", "=", state);
  if (after !== undefined) {
    const last = await store
      .selectFrom("submissions")
      .select(["id", "created_at"])
      .where("id", "=", after)
      .where("issuer_id", "=", issuerId)
      .executeTakeFirst();
    if (last === undefined) throw new Problem("bad-request", { detail: "query.after: there is no such submission." });
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple("created_at", "id"), ">", tuple(last.created_at, last.id)),
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  return { submissions: page.map(toRecord), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
