import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import { idStartOf, readShortReference, shortReference } from "#contracts/short-reference.ts";
import { finalStates, statesThatAllowAnother } from "#contracts/submission.ts";
import { noteFound } from "../request-log.ts";
import { requireIssuer, requireSession, type SessionParts } from "../sessions/authenticate.ts";
import type { SessionTable, Store, SubmissionTable } from "../store/schema.ts";

/** Whoever's it is, for what runs by itself; with `issuerId` only that issuer's. Throws Problem("not-found"). */
export async function findSubmission(store: Store, id: string, issuerId?: string): Promise<SubmissionTable> {
  const row = await store
    .selectFrom("submissions")
    .selectAll()
    .where("id", "=", id)
    .$if(issuerId !== undefined, (query) => query.where("issuer_id", "=", issuerId ?? ""))
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found", { detail: "There is no such submission." });
  return row;
}

/** The one of which a cardholder has read out the short reference. Throws Problem("not-found"), also where it is of several. */
async function findByReference(store: Store, short: string, issuerId: string): Promise<SubmissionTable> {
  const start = idStartOf(short);
  // Among all issuers': with its issuer in the query SQLite would rather read every submission that this one has.
  const rows = await store
    .selectFrom("submissions")
    .selectAll()
    .where("id", ">=", start)
    // After every letter that an id may have, as bytes are compared: where a language's order counts, the column needs that of bytes.
    .where("id", "<", `${start}~`)
    .execute();
  const [found, second] = rows.filter((row) => row.issuer_id === issuerId && shortReference(row.id) === short);
  if (found !== undefined && second === undefined) return found;
  const detail = found ? "Several submissions have this short reference." : "There is no such submission.";
  throw new Problem("not-found", { detail });
}

/**
 * The submission, if it is the issuer's whose key the request carries. What only reads may name it by its short reference. Throws
 * Problem: not-authenticated, not-found.
 */
export async function requireIssuersSubmission(
  request: FastifyRequest,
  deps: SessionParts,
  submissionId: string,
): Promise<SubmissionTable> {
  const { id: issuerId } = requireIssuer(request, deps);
  const short = request.method === "GET" ? readShortReference(submissionId) : null;
  if (short === null) return findSubmission(deps.store, submissionId, issuerId);
  const row = await findByReference(deps.store, short, issuerId);
  noteFound(request, row.id);
  return row;
}

/**
 * The one submission that a session is about: of all that its cardholder has sent for its product, in whatever session, the one
 * that is live; else the session's own, or one that has ended since the session was opened, the latest. Of what was approved
 * before, a later session knows nothing: it is there for the next card.
 */
export async function findSubmissionOf(
  store: Store,
  session: Pick<SessionTable, "id" | "issuer_id" | "cardholder_id" | "product_id" | "opened_seq">,
): Promise<SubmissionTable | undefined> {
  return (
    store
      .selectFrom("submissions")
      .selectAll()
      .where("issuer_id", "=", session.issuer_id)
      .where("cardholder_id", "=", session.cardholder_id)
      .where("product_id", "=", session.product_id)
      .where(({ eb, or, exists, selectFrom }) =>
        or([
          eb("state", "not in", [...finalStates]),
          eb("session_id", "=", session.id),
          exists(
            selectFrom("events")
              .select("seq")
              .whereRef("submission_id", "=", "submissions.id")
              .where("seq", ">", session.opened_seq),
          ),
        ]),
      )
      // Not by age alone: clocks are set back.
      .orderBy(({ eb }) => eb("state", "in", [...statesThatAllowAnother]))
      .orderBy(({ eb }) => eb("state", "in", [...finalStates]))
      .orderBy("created_at", "desc")
      .limit(1)
      .executeTakeFirst()
  );
}

/** The submission, if it is of the cardholder and product for which the request's token is. Throws Problem. */
export async function requireOwnSubmission(
  request: FastifyRequest,
  deps: SessionParts,
  submissionId: string,
): Promise<SubmissionTable> {
  const session = await requireSession(request, deps);
  const row = await findSubmission(deps.store, submissionId, session.issuer_id);
  const isOwn = row.cardholder_id === session.cardholder_id && row.product_id === session.product_id;
  if (isOwn) return row;
  throw new Problem("not-allowed", { detail: "The submission is another cardholder's, or for another product." });
}
