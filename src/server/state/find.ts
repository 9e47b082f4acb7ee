import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import type { AppParts } from "../parts.ts";
import { requireSession } from "../sessions/authenticate.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";

/** Throws Problem("not-found"). */
export async function findSubmission(store: Store, id: string): Promise<SubmissionTable> {
  const row = await store.selectFrom("submissions").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) throw new Problem("not-found", { detail: "There is no such submission." });
  return row;
}

/** The submission, if it belongs to the session whose token the request carries. Throws Problem. */
export async function requireOwnSubmission(
  request: FastifyRequest,
  parts: Pick<AppParts, "store" | "now">,
  submissionId: string,
): Promise<SubmissionTable> {
  const session = await requireSession(request, parts);
  const row = await findSubmission(parts.store, submissionId);
  if (row.session_id === session.id) return row;
  throw new Problem("not-allowed", { detail: "The submission belongs to another session." });
}
