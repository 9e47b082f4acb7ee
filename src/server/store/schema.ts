import type { Kysely } from "kysely";
import type { SubmissionState } from "#contracts/submission.ts";

/**
 * Portable columns only, so that PostgreSQL can take the same code: text ids, integer epoch milliseconds,
 * JSON as text, 0/1 flags.
 */
export interface SessionTable {
  id: string;
  cardholder_id: string;
  product_id: string;
  locale: string;
  /** JSON array of the origins that may frame the designer. */
  origins: string;
  created_at: number;
  /** After this moment no token is given out or refreshed any more. */
  expires_at: number;
}

/** One-time client secrets and access tokens, as SHA-256 hashes only. */
export interface CredentialTable {
  hash: string;
  session_id: string;
  kind: "client-secret" | "token";
  expires_at: number;
  /** Set when a client secret has been exchanged. */
  used_at: number | null;
}

export interface DesignTable {
  session_id: string;
  /** SHA-256 of the bytes of `document` as they arrived. */
  sha256: string;
  document: string;
  created_at: number;
}

export interface SubmissionTable {
  id: string;
  session_id: string;
  cardholder_id: string;
  product_id: string;
  state: SubmissionState;
  /** Grows by one with each change of state. Optimistic lock for every update. */
  sequence: number;
  design_sha256: string;
  picture_sha256: string;
  picture_bytes: number;
  idempotency_key: string;
  card_image_id: string | null;
  rejection_code: string | null;
  /** For operators, and so in the issuer's answers: no secret. Never shown to a cardholder. */
  note: string | null;
  attempts: number;
  /** When the courier may next look at it; null when nothing is due. */
  due_at: number | null;
  created_at: number;
  updated_at: number;
}

/** Committed before a single byte goes to the platform. */
export interface AttemptTable {
  id: string;
  submission_id: string;
  number: number;
  picture_sha256: string;
  started_at: number;
  deadline_at: number;
  /** Null while the attempt is open, or for ever if we died inside it. */
  outcome: string | null;
  ended_at: number | null;
}

/** Every change of state, kept so that an event stream can resume. */
export interface EventTable {
  submission_id: string;
  sequence: number;
  /** JSON of the SubmissionView after the change. */
  view: string;
  created_at: number;
}

/** The platform's word on an image id that no submission has (yet): a notification can overtake the reply that gives the id. */
export interface UnclaimedNotificationTable {
  card_image_id: string;
  state: "pending" | "accepted" | "rejected";
  rejection_code: string | null;
  received_at: number;
}

export interface Tables {
  sessions: SessionTable;
  credentials: CredentialTable;
  designs: DesignTable;
  submissions: SubmissionTable;
  attempts: AttemptTable;
  events: EventTable;
  unclaimed_notifications: UnclaimedNotificationTable;
}

export type Store = Kysely<Tables>;
