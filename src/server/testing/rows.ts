import type { AttemptTable, SessionTable, SubmissionTable } from "../store/schema.ts";

/** A session's row: nothing in it matters unless a test says so. */
export function makeSessionRow(change: Partial<SessionTable> & Pick<SessionTable, "id">): SessionTable {
  return {
    issuer_id: "default",
    cardholder_id: "A1",
    product_id: "photo-landscape",
    locale: "en",
    origins: "[]",
    data_capture: "{}",
    opened_seq: 0,
    created_at: 0,
    expires_at: 0,
    revoked_at: null,
    binds_tokens: 1,
    other_products: "[]",
    hosted: null,
    ...change,
  };
}

/** A submission's row, queued unless a test says otherwise. Its session must be there. */
export function makeSubmissionRow(
  change: Partial<SubmissionTable> & Pick<SubmissionTable, "id" | "session_id">,
): SubmissionTable {
  return {
    issuer_id: "default",
    cardholder_id: "A1",
    product_id: "photo-landscape",
    provider: "scripted",
    reference: change.id,
    state: "queued",
    sequence: 2,
    design_sha256: "d",
    picture_sha256: "0".repeat(64),
    picture_bytes: 1,
    media_type: "image/png",
    pixel_origin: "cardholder",
    idempotency_key: "k",
    rules_version: "1",
    agreed_at: 0,
    card_image_id: null,
    client_id: null,
    rejection_code: null,
    rejection_memo: null,
    decided_at: null,
    note: null,
    purge_state: null,
    attempts: 0,
    is_double: 0,
    created_at: 0,
    updated_at: 0,
    ...change,
  };
}

/** The row of a submission's first attempt, accepted unless a test says otherwise. The submission must be there. */
export function makeAttemptRow(
  submission: Pick<SubmissionTable, "id" | "issuer_id" | "provider" | "product_id">,
  change: Partial<AttemptTable> = {},
): AttemptTable {
  const { id, issuer_id, provider, product_id } = submission;
  return {
    id: `attempt of ${id}`,
    submission_id: id,
    issuer_id,
    provider,
    product_id,
    number: 1,
    begun_seq: null,
    picture_sha256: "",
    started_at: 0,
    outcome: "accepted",
    detail: null,
    ended_at: 0,
    settings: "settings",
    sent_sha256: null,
    carried_reference: 1,
    ...change,
  };
}
