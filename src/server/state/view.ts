import type { SubmissionRecord, SubmissionView } from "#contracts/submission.ts";
import type { SubmissionTable } from "../store/schema.ts";

/** What the cardholder's browser may know. */
export function toView(row: SubmissionTable): SubmissionView {
  return {
    submissionId: row.id,
    state: row.state,
    sequence: row.sequence,
    rejectionCode: row.rejection_code,
    hasPreview: row.card_image_id !== null,
    pictureSha256: row.picture_sha256,
    updatedAt: row.updated_at,
  };
}

/** What the issuer may know, over its secret key only. */
export function toRecord(row: SubmissionTable): SubmissionRecord {
  return {
    ...toView(row),
    sessionId: row.session_id,
    cardholderId: row.cardholder_id,
    productId: row.product_id,
    cardImageId: row.card_image_id,
    note: row.note,
  };
}
