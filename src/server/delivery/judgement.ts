import type { SendOutcome } from "#providers/provider.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import type { Sign } from "./breaker.ts";
import { findOwner } from "./follow-up.ts";

/** `SendOutcome`, or that it cannot be sent: its file is gone or damaged, or the platform will not have this one. */
export type AttemptOutcome = SendOutcome | { readonly kind: "undeliverable"; readonly detail: string };

/** What it is taken for. */
export type Judged =
  | Exclude<AttemptOutcome, { kind: "order-refused" }>
  /** `isFinal`: the settings are proven, so that only a person can help. Otherwise it waits, and no other picture with it. */
  | { readonly kind: "order-refused"; readonly detail: string; readonly isFinal: boolean };

/** What a settled attempt says about the next pictures, and what it was taken for. */
export interface Judgement {
  readonly outcome: Judged;
  /** Undefined when it says nothing about the platform. */
  readonly sign: Sign | undefined;
}

function signOf(outcome: Judged): Sign | undefined {
  switch (outcome.kind) {
    case "accepted":
    case "image-refused":
      return { kind: "good" };
    case "misconfigured":
      return { kind: "pause", cause: outcome.detail };
    case "unknown":
      return { kind: outcome.symptom === undefined ? "doubt" : "pause", cause: outcome.detail };
    case "not-sent":
      return outcome.isOwn ? undefined : { kind: "not-sent", cause: outcome.detail };
    case "undeliverable":
    case "order-refused":
      return undefined;
  }
}

/** Pictures in a row that the platform may call invalid: ours have all passed our own check, so more say something else. */
const maxRefusals = 2;
/** Submissions in a row that the platform takes for none of its cardholders', say: one or two are theirs, more say something else. */
const maxRefusedOrders = 2;
/** Latest attempts of one outcome that are looked at. */
const maxLatest = 100;

/** What an attempt has ended with of whose picture nobody knows whether it has arrived. One that is open (null) is another. */
export const doubtful = ["unknown", "abandoned"] as const;
/** What an attempt has ended with whose picture may have arrived, or has. */
export const mayHaveArrived = ["accepted", ...doubtful] as const;

/**
 * Whether a picture has arrived with these settings, and not only refusals have come since: in the order in which the attempts
 * began, not by the clock.
 */
async function areProven(store: Store, issuerId: string, settings: string): Promise<boolean> {
  const sent = store.selectFrom("attempts").where("issuer_id", "=", issuerId).where("settings", "=", settings);
  const refusals = await sent
    .select("begun_seq")
    .where("outcome", "=", "image-refused")
    .orderBy("begun_seq", "desc")
    .limit(maxRefusals)
    .execute();
  const since = refusals[maxRefusals - 1]?.begun_seq ?? 0;
  const accepted = await sent
    .select("id")
    .where("outcome", "=", "accepted")
    .where("begun_seq", ">", since)
    .limit(1)
    .executeTakeFirst();
  if (accepted !== undefined) return true;
  for (const outcome of doubtful) {
    const latest = await sent
      .select("submission_id")
      .where("outcome", "=", outcome)
      .where("begun_seq", ">", since)
      .orderBy("begun_seq", "desc")
      .limit(maxLatest)
      .execute();
    const ids = latest.map(({ submission_id: id }) => id);
    if (ids.length > 0 && (await hasArrived(store, ids, settings, since))) return true;
  }
  return false;
}

/** Whether the platform has refused too many other submissions with these settings since it took one. */
async function areOrdersRefused(
  store: Store,
  { id, issuer_id }: Pick<SubmissionTable, "id" | "issuer_id">,
  settings: string,
): Promise<boolean> {
  const sent = store.selectFrom("attempts").where("issuer_id", "=", issuer_id).where("settings", "=", settings);
  const accepted = await sent
    .select("begun_seq")
    .where("outcome", "=", "accepted")
    .orderBy("begun_seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const others = new Set<string>();
  for (const outcome of ["order-refused", "misconfigured"]) {
    const latest = await sent
      .select("submission_id")
      .where("outcome", "=", outcome)
      .where("begun_seq", ">", accepted?.begun_seq ?? 0)
      .orderBy("begun_seq", "desc")
      .limit(maxLatest)
      .execute();
    for (const { submission_id: other } of latest) if (other !== id) others.add(other);
  }
  return others.size >= maxRefusedOrders;
}

/**
 * Whether one of these submissions is known to have arrived after all: by the search, a notification or a person. That does not
 * tell which of its attempts did, so none may have been sent before, or with other settings.
 */
async function hasArrived(store: Store, ids: readonly string[], settings: string, since: number): Promise<boolean> {
  const arrived = await store
    .selectFrom("submissions")
    .select("id")
    .where("id", "in", ids)
    .where(({ eb, or, exists, selectFrom }) =>
      or([
        eb("card_image_id", "is not", null),
        exists(
          selectFrom("events")
            .select("seq")
            .whereRef("events.submission_id", "=", "submissions.id")
            .where("cause", "=", "found"),
        ),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("attempts")
            .select("attempts.id")
            .whereRef("attempts.submission_id", "=", "submissions.id")
            .where(({ eb, or }) => or([eb("outcome", "is", null), eb("outcome", "in", mayHaveArrived)]))
            .where(({ eb, or }) =>
              or([
                eb("settings", "is", null),
                eb("settings", "!=", settings),
                eb("begun_seq", "is", null),
                eb("begun_seq", "<=", since),
              ]),
            ),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return arrived !== undefined;
}

/**
 * An id that another submission has says nothing about this one. That every picture sent with these settings is refused, from the
 * first or from now on, says that the settings are wrong or the service is, not the pictures. An order that is refused is that
 * one's matter, until others have been refused right before it.
 */
export async function judge(
  store: Store,
  row: Pick<SubmissionTable, "id" | "issuer_id" | "provider">,
  settings: string | null,
  given: AttemptOutcome,
): Promise<Judgement> {
  const outcome = await recognise(store, row, settings, given);
  return { outcome, sign: signOf(outcome) };
}

async function recognise(
  store: Store,
  row: Pick<SubmissionTable, "id" | "issuer_id" | "provider">,
  settings: string | null,
  given: AttemptOutcome,
): Promise<Judged> {
  if (given.kind === "accepted") {
    const owner = await findOwner(store, row, given.cardImageId);
    if (owner === undefined || owner === row.id) return given;
    return { kind: "unknown", detail: `the platform answered with the image id of submission ${owner}` };
  }
  const suspect = (detail: string): Judged => ({
    kind: "misconfigured",
    detail: `${detail}; no picture is accepted with these settings any more, or yet, so they are suspected and not the picture`,
  });
  if (given.kind === "image-refused")
    return settings !== null && (await areProven(store, row.issuer_id, settings)) ? given : suspect(given.detail);
  if (given.kind !== "order-refused") return given;
  if (given.isOwn) return { kind: "undeliverable", detail: given.detail };
  if (settings === null) return { ...given, isFinal: false };
  if (await areOrdersRefused(store, row, settings)) return suspect(given.detail);
  return { ...given, isFinal: await areProven(store, row.issuer_id, settings) };
}
