import { type Agreement, toRulesVersion } from "#contracts/agreement.ts";
import type { SubmissionRecord, SubmissionState, SubmissionView } from "#contracts/submission.ts";
import type { EventTable, SubmissionTable } from "../store/schema.ts";

const statesWithPreview: ReadonlySet<SubmissionState> = new Set([
  "accepted-no-id",
  "accepted",
  "in-review",
  "approved",
  "rejected",
]);

/** What the cardholder's browser may know. */
export function toView(row: SubmissionTable): SubmissionView {
  return {
    submissionId: row.id,
    state: row.state,
    sequence: row.sequence,
    rejectionCode: row.state === "rejected" ? row.rejection_code : null,
    ...(row.state === "rejected" && row.rejection_memo !== null && { rejectionMemo: row.rejection_memo }),
    hasPreview: statesWithPreview.has(row.state),
    pictureSha256: row.picture_sha256,
    updatedAt: row.updated_at,
  };
}

function readRejection({ detail }: Pick<EventTable, "detail">) {
  const { rejectionCode = null, rejectionMemo } = JSON.parse(detail ?? "{}") as Partial<Record<string, string>>;
  return { rejectionCode, ...(rejectionMemo !== undefined && { rejectionMemo }) };
}

/** The view as it was right after this event. */
export function toViewAt(
  { id, picture_sha256 }: Pick<SubmissionTable, "id" | "picture_sha256">,
  event: Pick<EventTable, "to_state" | "sequence" | "detail" | "at">,
): SubmissionView {
  return {
    submissionId: id,
    state: event.to_state,
    sequence: event.sequence,
    ...(event.to_state === "rejected" ? readRejection(event) : { rejectionCode: null }),
    hasPreview: statesWithPreview.has(event.to_state),
    pictureSha256: picture_sha256,
    updatedAt: event.at,
  };
}

function agreementOf({ rules_version: rulesVersion, agreed_at: agreedAt }: SubmissionTable): Agreement | null {
  return rulesVersion === null || agreedAt === null ? null : { rulesVersion: toRulesVersion(rulesVersion), agreedAt };
}

/** What the issuer may know, over its secret key only. */
export function toRecord(row: SubmissionTable): SubmissionRecord {
  return {
    ...toView(row),
    sessionId: row.session_id,
    cardholderId: row.cardholder_id,
    productId: row.product_id,
    cardImageId: row.card_image_id,
    clientId: row.client_id,
    reference: row.reference,
    agreement: agreementOf(row),
    purgeState: row.purge_state,
    note: row.note,
  };
}

/** The record as it was right after this event. */
export function toRecordAt(
  row: SubmissionTable,
  event: Pick<EventTable, "to_state" | "sequence" | "detail" | "at" | "card_image_id" | "client_id" | "note">,
): SubmissionRecord {
  const { card_image_id: cardImageId, client_id: clientId, note } = event;
  return { ...toRecord(row), ...toViewAt(row, event), cardImageId, clientId, note };
}
