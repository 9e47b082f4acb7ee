import type { FastifyBaseLogger } from "fastify";
import type { SubmissionTable } from "../store/schema.ts";
import type { Attempt, Settlement } from "./attempts.ts";
import type { AttemptOutcome } from "./judgement.ts";
import { isWorthAlarm } from "./policy.ts";

/** An answer that the submission no longer waits for: it came late, or it contradicts what is known. */
function reportRefused(log: FastifyBaseLogger, fields: object, { outcome, orphan, row }: Settlement): void {
  if (orphan !== undefined)
    log.error(
      { ...fields, knownCardImageId: row.card_image_id },
      "the platform has a picture under an id that no submission takes",
    );
  else if (outcome.kind === "accepted") log.info(fields, "the platform repeats its answer: nothing changed");
  else log.warn(fields, "a late answer of the platform: nothing changed");
}

function reportBreaker(
  log: FastifyBaseLogger,
  { issuer_id: issuerId, product_id: productId, provider: platform }: SubmissionTable,
  { breaker }: Settlement,
): void {
  if (breaker.kind === "paused")
    log.error(
      { issuerId, productId, platform, cause: breaker.cause, until: breaker.until },
      "pictures of this product wait: the platform fails or refuses our settings. One is tried after the pause",
    );
  if (breaker.kind === "resumed")
    log.info({ issuerId, productId, platform }, "the platform takes pictures of this product again");
}

/** One line in the log for what has become of an attempt, and one for a product that is paused or goes on. */
export function report(log: FastifyBaseLogger, { attempt }: Attempt, given: AttemptOutcome, settled: Settlement): void {
  const { kind, row, outcome } = settled;
  const fields = {
    issuerId: row.issuer_id,
    submissionId: row.id,
    productId: row.product_id,
    platform: row.provider,
    attempt: attempt.number,
    outcome: outcome.kind,
    state: row.state,
    ...(given.kind === "accepted" && { cardImageId: given.cardImageId }),
    ...("detail" in outcome && { detail: outcome.detail }),
  };
  reportBreaker(log, row, settled);
  if (kind === "refused") return reportRefused(log, fields, settled);
  if (outcome.kind === "accepted" || outcome.kind === "image-refused") return log.info(fields, "delivered");
  if (outcome.kind === "not-sent" && isWorthAlarm(attempt.number))
    return log.error(fields, "not delivered after many tries, will be tried again: is the platform reachable?");
  if (outcome.kind === "not-sent") return log.warn(fields, "not delivered, will be tried again");
  if (outcome.kind === "misconfigured")
    return log.error(fields, "the platform refuses what we send: look at the settings. The picture waits");
  if (outcome.kind === "order-refused" && !outcome.isFinal) {
    const level = attempt.number === 1 || isWorthAlarm(attempt.number) ? "error" : "warn";
    return log[level](fields, "the platform refuses this one: it is tried again, and the others go on");
  }
  if (outcome.kind === "unknown") return log.warn(fields, "nobody knows yet whether the platform has this picture");
  return log.error(fields, "an operator has to look at this submission");
}
