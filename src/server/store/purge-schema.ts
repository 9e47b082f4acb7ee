/** A picture that the platform has been told to delete, or that is known to be gone: what is left of it. */
export interface PurgedImageTable {
  issuer_id: string;
  provider: string;
  card_image_id: string;
  submission_id: string;
  /** To the order, and when; null where it has not answered so, or was never asked. */
  answer: "taken" | "unknown-id" | null;
  taken_at: number | null;
  /** When its preview showed it last. */
  shown_at: number | null;
  /** Why the platform is believed not to have it: see `describeProof`. */
  proof: "shown" | "unknown-id" | "control" | null;
  /** When the platform was found not to have it any more. */
  gone_at: number | null;
}

/** One row: how much of which log of deletions this database has done. */
export interface AppliedPurgesTable {
  /** `PurgeLog.id`; empty: of none. */
  log: string;
  /** Bytes. */
  position: number;
}
