import { drafts, lateDrafts } from "./drafts-schema.ts";
import { manyIssuers } from "./many-issuers.ts";
import type { Migration } from "./migration.ts";
import { purgesInSight, purging, sealedPictures } from "./purge-migrations.ts";

const first: Migration = {
  name: "2026-11-22-first",
  mayBeHalfDone: true,
  statements: [
    `create table sessions (id text primary key, cardholder_id text not null, product_id text not null, locale text not null,
        origins text not null, created_at bigint not null, expires_at bigint not null)`,
    `create index sessions_expiry on sessions (expires_at)`,
    `create table credentials (hash text primary key, session_id text not null references sessions(id), kind text not null,
        expires_at bigint not null, used_at bigint)`,
    `create index credentials_expiry on credentials (expires_at)`,
    `create index credentials_session on credentials (session_id)`,
    `create table designs (session_id text not null references sessions(id), sha256 text not null, document text not null,
        created_at bigint not null, primary key (session_id, sha256))`,
    `create table submissions (id text primary key, session_id text not null references sessions(id), cardholder_id text not null,
        product_id text not null, state text not null, sequence integer not null, design_sha256 text not null,
        picture_sha256 text not null, picture_bytes integer not null, idempotency_key text not null, card_image_id text unique,
        rejection_code text, note text, attempts integer not null, due_at bigint, created_at bigint not null, updated_at bigint not null,
        unique (session_id, idempotency_key))`,
    `create index submissions_due on submissions (due_at) where due_at is not null`,
    // One live submission per session, enforced by the database.
    `create unique index submissions_live on submissions (session_id)
        where state not in ('rejected', 'rejected-image')`,
    `create table attempts (id text primary key, submission_id text not null references submissions(id), number integer not null,
        picture_sha256 text not null, started_at bigint not null, deadline_at bigint not null, outcome text, ended_at bigint,
        unique (submission_id, number))`,
    `create unique index attempts_open on attempts (submission_id) where ended_at is null`,
    `create index submissions_by_state on submissions (state, created_at, id)`,
    `create table unclaimed_notifications (card_image_id text primary key, state text not null, rejection_code text,
        received_at bigint not null)`,
    `create index unclaimed_notifications_age on unclaimed_notifications (received_at)`,
    `create table events (submission_id text not null references submissions(id), sequence integer not null, view text not null,
        created_at bigint not null, primary key (submission_id, sequence))`,
  ],
};

/** What is looked for often is found without walking or sorting the whole table. */
const indexes: Migration = {
  name: "2026-11-22-indexes",
  mayBeHalfDone: true,
  statements: [
    // The product is there so that those of a parked product are passed over without reading their rows.
    `create index submissions_by_due on submissions (state, due_at, id, product_id)`,
    `create index submissions_by_age on submissions (created_at, id)`,
    `create index submissions_by_picture on submissions (picture_sha256)`,
  ],
};

/** State, work and history in tables of their own; one live submission per cardholder and product. */
const workApart: Migration = {
  name: "2026-11-28-work-apart",
  statements: [
    `create table issuers (id text primary key, last_seq bigint not null)`,
    `insert into issuers values ('default', 0)`,
    `alter table sessions add column issuer_id text not null default 'default'`,
    `alter table sessions add column data_capture text not null default '{}'`,
    `alter table sessions add column opened_seq bigint not null default 0`,

    `create table jobs (id text primary key, kind text not null, submission_id text not null references submissions(id),
        product_id text not null, run_at bigint not null, scheduled_at bigint not null, ends_at bigint, attempt integer not null, locked_by text,
        locked_until bigint, last_error text, unique (submission_id, kind))`,
    `create index jobs_by_time on jobs (kind, run_at, id, product_id)`,
    `create index jobs_by_schedule on jobs (scheduled_at)`,
    `create index jobs_by_holder on jobs (locked_by) where locked_by is not null`,
    `insert into jobs select 'job_' || lower(hex(randomblob(16))), 'send', id, product_id, coalesce(due_at, updated_at), updated_at,
        null, attempts, null, null, null from submissions where state in ('stored', 'queued', 'blocked-config')`,
    // Of one that died while it was sending: its lease is the attempt's.
    `insert into jobs select 'job_' || lower(hex(randomblob(16))), 'send', s.id, s.product_id, a.started_at, a.started_at, null, s.attempts,
        'a server before this version', a.deadline_at, null from submissions s join attempts a on a.submission_id = s.id
        where s.state = 'sending' and a.ended_at is null`,
    `insert into jobs select 'job_' || lower(hex(randomblob(16))), 'resolve', id, product_id, coalesce(due_at, updated_at), updated_at,
        coalesce(due_at, updated_at), 0, null, null, null from submissions where state = 'unknown'`,

    `drop index submissions_due`,
    `drop index submissions_by_due`,
    `drop index submissions_live`,
    `alter table submissions drop column due_at`,
    `alter table submissions add column issuer_id text not null default 'default'`,
    `alter table submissions add column provider text not null default 'thales'`,
    `alter table submissions add column reference text not null default ''`,
    `update submissions set reference = hex(randomblob(10))`,
    `create unique index submissions_by_reference on submissions (reference)`,
    `alter table submissions add column media_type text not null default 'image/png'`,
    `alter table submissions add column pixel_origin text not null default 'cardholder'`,
    `alter table submissions add column client_id text`,
    `alter table submissions add column decided_at bigint`,
    `alter table submissions add column is_double integer not null default 0`,
    `update submissions set state = 'queued' where state in ('stored', 'blocked-config')`,
    // Before the doubles are looked for: each submission is held against those of its cardholder, and not against all.
    `create index submissions_by_cardholder on submissions (issuer_id, cardholder_id, product_id, created_at)`,
    `update submissions set is_double = 1
        where state not in ('approved', 'rejected', 'rejected-image') and exists (select 1 from submissions other
        where other.issuer_id = submissions.issuer_id and other.cardholder_id = submissions.cardholder_id and other.product_id = submissions.product_id
        and other.state not in ('approved', 'rejected', 'rejected-image')
        and (other.created_at, other.id) < (submissions.created_at, submissions.id))`,
    `create unique index submissions_live on submissions (issuer_id, cardholder_id, product_id)
        where is_double = 0 and state not in ('approved', 'rejected', 'rejected-image', 'abandoned', 'purged')`,
    `create index submissions_doubles on submissions (id) where is_double = 1`,

    `alter table attempts drop column deadline_at`,
    `alter table attempts add column detail text`,
    `alter table attempts add column settings text`,
    `alter table attempts add column carried_reference integer not null default 0`,
    `create index attempts_by_settings on attempts (settings, outcome)`,

    `alter table events rename to events_before`,
    `create table events (issuer_id text not null references issuers(id), seq bigint not null,
        submission_id text not null references submissions(id), sequence integer not null, from_state text, to_state text not null,
        cause text not null, actor text not null, attempt integer, detail text, at bigint not null, primary key (issuer_id, seq),
        unique (submission_id, sequence))`,
    `insert into events select 'default', row_number() over (order by created_at, submission_id, sequence), submission_id, sequence,
        lag(replace(json_extract(view, '$.state'), 'blocked-config', 'queued')) over (partition by submission_id order by sequence),
        replace(json_extract(view, '$.state'), 'blocked-config', 'queued'), 'before-causes-were-kept', 'system', null,
        case when json_extract(view, '$.rejectionCode') is null then null
        else json_object('rejectionCode', json_extract(view, '$.rejectionCode')) end, created_at from events_before`,
    `drop table events_before`,
    `update issuers set last_seq = (select count(*) from events)`,
    `update sessions set opened_seq = known.seq from (select id, max(seq) over (order by at, is_event) as seq
        from (select id, created_at as at, 0 as is_event, 0 as seq from sessions union all select null, at, 1, seq from events)) known
        where known.id = sessions.id`,

    `create table breakers (issuer_id text not null references issuers(id), provider text not null, product_id text not null,
        failures integer not null, pause_ms bigint not null, paused_until bigint, cause text not null,
        primary key (issuer_id, provider, product_id))`,
    `create table orphan_images (card_image_id text primary key, submission_id text not null references submissions(id),
        reason text not null, found_at bigint not null)`,
    `create index orphan_images_by_submission on orphan_images (submission_id)`,
    `alter table unclaimed_notifications add column decided_at bigint`,
  ],
};

/** What was sent of a product since a moment, or with certain settings, is found without walking through all that was sent. */
const attemptsInOrder: Migration = {
  name: "2026-11-29-attempts-in-order",
  statements: [
    `alter table attempts add column issuer_id text not null default ''`,
    `alter table attempts add column provider text not null default ''`,
    `alter table attempts add column product_id text not null default ''`,
    `alter table attempts add column begun_seq bigint`,
    `update attempts set issuer_id = s.issuer_id, provider = s.provider, product_id = s.product_id,
        begun_seq = (select max(seq) from events where events.submission_id = attempts.submission_id
        and events.attempt = attempts.number and events.cause = 'attempt-begun')
        from submissions s where s.id = attempts.submission_id`,
    `create index attempts_by_product on attempts (issuer_id, provider, product_id, carried_reference, outcome, begun_seq)`,
    `drop index attempts_by_settings`,
    `create index attempts_by_settings on attempts (issuer_id, settings, outcome, begun_seq)`,
  ],
};

/** What the cardholder has agreed to is the submission's; of those before, it stands in their design documents. */
const agreements: Migration = {
  name: "2026-11-30-agreements",
  statements: [
    `alter table submissions add column rules_version text`,
    `alter table submissions add column agreed_at bigint`,
    `update submissions set rules_version = to_rules_version(json_extract(document, '$.agreement.rulesVersion')),
        agreed_at = cast(json_extract(document, '$.agreement.agreedAt') as integer) from designs
        where designs.session_id = submissions.session_id and sha256 = design_sha256
        and case when json_valid(document) then json_type(document, '$.agreement.rulesVersion') = 'text'
        and json_type(document, '$.agreement.agreedAt') in ('integer', 'real') end`,
  ],
};

/** Webhooks. Of events from before, the newest of each submission says what it has now; the others the id that their state needs. */
const webhooks: Migration = {
  name: "2026-12-02-webhooks",
  statements: [
    `alter table events add column card_image_id text`,
    `alter table events add column client_id text`,
    `alter table events add column note text`,
    `update events set card_image_id = s.card_image_id, client_id = s.client_id,
        note = case when events.sequence = s.sequence then s.note end from submissions s where s.id = events.submission_id
        and (events.sequence = s.sequence or events.to_state in ('accepted', 'in-review', 'approved', 'rejected'))`,
    `create table webhook_endpoints (id text primary key, issuer_id text not null references issuers(id), url text not null,
        secrets text not null, idempotency_key text, disabled_because text, delivered_seq bigint not null, attempt integer not null,
        has_just_given_up integer not null,
        last_error text, run_at bigint not null, scheduled_at bigint not null, locked_by text, locked_until bigint,
        revision integer not null, created_at bigint not null, unique (issuer_id, idempotency_key))`,
    `create index webhook_endpoints_by_age on webhook_endpoints (issuer_id, created_at, id)`,
    `create table webhook_given_up (endpoint_id text not null references webhook_endpoints(id), seq bigint not null, last_error text,
        given_up_at bigint not null, primary key (endpoint_id, seq))`,
  ],
};

/** Several platforms beside each other, and those that take a picture in several steps. */
const manyPlatforms: Migration = {
  name: "2026-12-03-many-platforms",
  statements: [
    `alter table submissions add column rejection_memo text`,
    `alter table jobs rename column product_id to lane`,
    `alter table jobs add column payload text`,
    `update jobs set lane = (select issuer_id || '/' || provider || '/' || product_id from submissions where id = submission_id)`,
    `alter table unclaimed_notifications rename to unclaimed_before`,
    `create table unclaimed_notifications (provider text not null, card_image_id text not null, state text not null, rejection_code text,
        rejection_memo text, decided_at bigint, received_at bigint not null, primary key (provider, card_image_id))`,
    `insert into unclaimed_notifications select 'thales', card_image_id, state, rejection_code, null, decided_at, received_at
        from unclaimed_before`,
    `drop table unclaimed_before`,
    `create index unclaimed_notifications_age on unclaimed_notifications (received_at)`,
    `create table checkpoints (submission_id text primary key references submissions(id), provider text not null, lock text not null,
        key text not null, card_image_id text, sent_sha256 text not null)`,
    `create unique index checkpoints_lock on checkpoints (provider, lock) where card_image_id is null`,
    `create unique index checkpoints_image on checkpoints (card_image_id) where card_image_id is not null`,
  ],
};

/** Which bytes each attempt has sent. Where the platform can be asked what has become of a picture, it is, spread over a while. */
const askedAgain: Migration = {
  name: "2026-12-06-asked-again",
  statements: [
    `alter table attempts add column sent_sha256 text`,
    `update attempts set sent_sha256 = picture_sha256 where provider = 'thales'`,
    `update attempts set sent_sha256 = c.sent_sha256 from checkpoints c join submissions s on s.id = c.submission_id
        where attempts.submission_id = c.submission_id and attempts.number = s.attempts`,
    `insert into jobs (id, kind, submission_id, lane, run_at, scheduled_at, attempt)
        select 'job_' || lower(hex(randomblob(16))), 'poll', id, issuer_id || '/' || provider || '/' || product_id,
        now + abs(random() % 21600000), now, 0 from submissions, (select cast(unixepoch('subsec') * 1000 as integer) as now)
        where provider = 'synctera' and card_image_id is not null
        and (state in ('accepted', 'in-review') or (state = 'approved' and updated_at > now - 1382400000))`,
  ],
};

/** Tokens are bound to a key of the frame's, and an issuer can end a session. Sessions that are open then go on without. */
const boundTokens: Migration = {
  name: "2026-12-11-bound-tokens",
  statements: [
    `alter table credentials add column thumbprint text`,
    `alter table sessions add column revoked_at bigint`,
    `alter table sessions add column binds_tokens integer not null default 0`,
    `create table server_keys (name text primary key, value text not null)`,
  ],
};

/** What is put off goes on in the trace of the request that has made it, also after a restart. */
const traces: Migration = {
  name: "2026-12-12-traces",
  statements: [`alter table jobs add column trace text`],
};

/** Which other products the cardholder may have. */
const otherProducts: Migration = {
  name: "2026-12-15-other-products",
  statements: [`alter table sessions add column other_products text not null default '[]'`],
};

/** Sessions that a page of ours shows. */
const hostedPages: Migration = {
  name: "2026-12-16-hosted-pages",
  statements: [`alter table sessions add column hosted text`],
};

/** Oldest first. A new one goes to the end. */
export const migrations: readonly Migration[] = [
  first,
  indexes,
  workApart,
  attemptsInOrder,
  agreements,
  webhooks,
  manyPlatforms,
  manyIssuers,
  askedAgain,
  sealedPictures,
  purging,
  purgesInSight,
  boundTokens,
  traces,
  drafts,
  lateDrafts,
  otherProducts,
  hostedPages,
];
