import type { Kysely } from "kysely";
import type { SubmissionState } from "#contracts/submission.ts";
import type { PixelOrigin } from "#providers/provider.ts";
import type { AssetTable, DraftTable } from "./drafts-schema.ts";
import type { AppliedPurgesTable, PurgedImageTable } from "./purge-schema.ts";
import type { CredentialTable, ServerKeyTable } from "./secrets-schema.ts";

/**
 * Portable columns only, so that PostgreSQL can take the same code: text ids, integer epoch milliseconds,
 * JSON as text, 0/1 flags. State (submissions), work (jobs) and history (attempts, events) are apart.
 */
export interface IssuerTable {
  id: string;
  /** Of the issuer's newest event. Taken under this row's lock, so that no later number commits before an earlier one. */
  last_seq: number;
}

export interface SessionTable {
  id: string;
  issuer_id: string;
  cardholder_id: string;
  product_id: string;
  /** Empty when the issuer has named none. */
  locale: string;
  /** JSON array of the origins that may frame the designer. */
  origins: string;
  /** JSON object of what is to be written beside the picture on the platform. */
  data_capture: string;
  /** The issuer's newest event then: what has happened since has a higher number, whatever the clock says. */
  opened_seq: number;
  created_at: number;
  /** After this moment no token is given out or refreshed any more. */
  expires_at: number;
  /** When the issuer has ended it; null while it has not. */
  revoked_at: number | null;
  /** Whether its tokens are bound to a key. 0 for those from before there were such: their pages know nothing of it. */
  binds_tokens: 0 | 1;
  /** JSON array of the products that its cardholder may have instead. */
  other_products: string;
  /** JSON of how a page of ours shows it and leads back, a `HostedRequest`; null when it is shown by the issuer's pages alone. */
  hosted: string | null;
}

export interface DesignTable {
  session_id: string;
  /** SHA-256 of the bytes of `document` as they arrived. */
  sha256: string;
  document: string;
  created_at: number;
}

/** Where a submission's picture lies and what opens it. No row: it is gone for good. `room`, which keeps the key apart, fills itself. */
export interface PictureTable {
  submission_id: string;
  file: string;
  /** Null for one of before, which lies readable in a file that others of the same content share. */
  key: string | null;
}

/** What is true now. */
export interface SubmissionTable {
  id: string;
  issuer_id: string;
  session_id: string;
  cardholder_id: string;
  product_id: string;
  /** The card platform's name. */
  provider: string;
  /** Sent along with the picture where the platform takes it: 20 of A-Z and 0-9, unique. */
  reference: string;
  state: SubmissionState;
  /** Grows by one with each change of state. Optimistic lock for every update. */
  sequence: number;
  design_sha256: string;
  picture_sha256: string;
  picture_bytes: number;
  media_type: "image/png";
  pixel_origin: PixelOrigin;
  idempotency_key: string;
  card_image_id: string | null;
  /** The platform's internal identifier beside the image id. */
  client_id: string | null;
  rejection_code: string | null;
  /** What the reviewer wrote for the cardholder. */
  rejection_memo: string | null;
  /** Which picture rules the cardholder has agreed to. Null, as `agreed_at` is, where an old document does not say. */
  rules_version: string | null;
  /** By the clock of the cardholder's browser. */
  agreed_at: number | null;
  /** When the platform gave its verdict, by its own clock; null when it has not said. */
  decided_at: number | null;
  /** For operators, and so in the issuer's answers: no secret. Never shown to a cardholder. */
  note: string | null;
  /** What the platform has to do with one that is `purging` or `purged`; null before. */
  purge_state: "waiting" | "refused" | "elsewhere" | "unsupported" | "unproven" | "gone" | null;
  /** Number of the latest attempt: an answer to an earlier one may end a doubt and do nothing else. */
  attempts: number;
  /**
   * 1 for one that may be live beside another of its cardholder and product: from before the database forbade it, or in doubt
   * again after it had ended.
   */
  is_double: 0 | 1;
  created_at: number;
  updated_at: number;
}

export type JobKind = "send" | "resolve" | "annotate" | "decide" | "poll" | "purge";

/** What is to be done. Whoever does it holds it under a lease; once that has run out, another may take it over. */
export interface JobTable {
  id: string;
  kind: JobKind;
  submission_id: string;
  /** Of what pauses together: the submission's issuer, provider and product, so that it is passed over without reading submissions. */
  lane: string;
  run_at: number;
  /** When `run_at` was set: one that lies in the future says that the clock has been set back. */
  scheduled_at: number;
  /** When the patience of what waits for something ends; null for work that is simply to be done. */
  ends_at: number | null;
  /** Times it has been taken up. With `locked_by` it tells one holder from the next. */
  attempt: number;
  locked_by: string | null;
  locked_until: number | null;
  last_error: string | null;
  /** JSON: what is to be done, where the submission does not say. No secret. */
  payload: string | null;
  /** W3C `traceparent` of what has put it into the queue; null when no traces were written. */
  trace: string | null;
}

/** How far the sending of a submission has come, on a platform that takes a picture in several steps. */
export interface CheckpointTable {
  submission_id: string;
  /** These two are the submission's. */
  issuer_id: string;
  provider: string;
  /** Of those that share it, one at a time may be without its image id: an index holds it. */
  lock: string;
  /** At random; what the platform recognises a repeated write by. */
  key: string;
  card_image_id: string | null;
  /** Of the bytes that the newest attempt sends. */
  sent_sha256: string;
}

/** History of sends. Committed before a single byte goes to the platform. */
export interface AttemptTable {
  id: string;
  submission_id: string;
  /** These three are the submission's, so that what was sent of a product is found without reading its submissions. */
  issuer_id: string;
  provider: string;
  product_id: string;
  number: number;
  /** The issuer's number of the event that says so: which of two attempts began first, whatever the clock says. Null before such were kept. */
  begun_seq: number | null;
  picture_sha256: string;
  started_at: number;
  /** Null while the attempt is open. */
  outcome: string | null;
  detail: string | null;
  ended_at: number | null;
  /** Fingerprint of the settings that it was sent with. Null before such were written down. */
  settings: string | null;
  /** Of the bytes that it sends, hex: the picture's own, or those that the platform's adapter makes of it. Null until they are made. */
  sent_sha256: string | null;
  /** Whether our reference went along, so that a search or a notification can tell what became of it. */
  carried_reference: 0 | 1;
}

export type Actor = "system" | "provider" | "issuer" | "operator";

/** History of states: the browser's stream, the issuer's and the audit trail are projections of it. */
export interface EventTable {
  issuer_id: string;
  seq: number;
  submission_id: string;
  /** The submission's own count. */
  sequence: number;
  from_state: SubmissionState | null;
  to_state: SubmissionState;
  cause: string;
  actor: Actor;
  /** Number of the attempt that it is about. */
  attempt: number | null;
  /** JSON object: what else was known. No secret. */
  detail: string | null;
  at: number;
  /** These three as the submission had them right after it: with what is in the other columns, all of its record that changes. */
  card_image_id: string | null;
  client_id: string | null;
  note: string | null;
}

/** Of a product whose last sends have failed: its pictures wait, and one at a time is tried. No row: all is well. */
export interface BreakerTable {
  issuer_id: string;
  provider: string;
  product_id: string;
  /** In a row. */
  failures: number;
  pause_ms: number;
  /** Nothing is sent before; after it one picture is. Null while the failures are too few. */
  paused_until: number | null;
  /** What the last failure looked like, for the operator. */
  cause: string;
}

/** A picture that the platform has and no submission owns: to be purged there. */
export interface OrphanImageTable {
  issuer_id: string;
  provider: string;
  card_image_id: string;
  /** Of the submission that it was sent for. */
  submission_id: string;
  reason: string;
  found_at: number;
}

/** The platform's word on an image id that no submission has (yet): a notification can overtake the reply that gives the id. */
export interface UnclaimedNotificationTable {
  /** Whose account at the platform it is about: others may have the same id there. */
  issuer_id: string;
  provider: string;
  card_image_id: string;
  state: "pending" | "accepted" | "rejected";
  rejection_code: string | null;
  rejection_memo: string | null;
  decided_at: number | null;
  received_at: number;
}

/** Where an issuer is told of its events, and up to which it has been: who delivers the next one holds the row under a lease. */
export interface WebhookEndpointTable {
  id: string;
  issuer_id: string;
  url: string;
  /** JSON array, the newest first: `secret`, and `until`, after which those of before are not signed with any more. */
  secrets: string;
  /** Of the request that has created it. */
  idempotency_key: string | null;
  /** Whether it is the file of issuers that has it. */
  is_listed: 0 | 1;
  /** Null while it is enabled. */
  disabled_because: "issuer" | "gone" | "failing" | "unlisted" | null;
  /** The last event that was delivered or given up: the next one is what there is to do. */
  delivered_seq: number;
  /** Failed tries of that next one. */
  attempt: number;
  /** Whether the event before that next one was given up, and no replay has come between. */
  has_just_given_up: 0 | 1;
  last_error: string | null;
  run_at: number;
  /** When `run_at` was set: one that lies in the future says that the clock has been set back. */
  scheduled_at: number;
  locked_by: string | null;
  locked_until: number | null;
  /** Grows when the issuer changes the row: what a try that was under way then has come to is not applied. */
  revision: number;
  created_at: number;
}

/** An event that an endpoint has not taken in all its tries. Gone once a replay has delivered it. */
export interface WebhookGivenUpTable {
  endpoint_id: string;
  seq: number;
  last_error: string | null;
  given_up_at: number;
}

export interface Tables {
  issuers: IssuerTable;
  sessions: SessionTable;
  credentials: CredentialTable;
  server_keys: ServerKeyTable;
  designs: DesignTable;
  drafts: DraftTable;
  assets: AssetTable;
  submissions: SubmissionTable;
  pictures: PictureTable;
  jobs: JobTable;
  checkpoints: CheckpointTable;
  attempts: AttemptTable;
  events: EventTable;
  breakers: BreakerTable;
  orphan_images: OrphanImageTable;
  purged_images: PurgedImageTable;
  applied_purges: AppliedPurgesTable;
  unclaimed_notifications: UnclaimedNotificationTable;
  webhook_endpoints: WebhookEndpointTable;
  webhook_given_up: WebhookGivenUpTable;
}

export type Store = Kysely<Tables>;

/** The one of the environment, and of every row from before there were others. */
export const defaultIssuer = "default";
