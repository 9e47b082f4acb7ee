import type { Migration } from "./migration.ts";

/** Image ids, words about them and steps on the way to them are an issuer's and its platform's own, as accounts there are. */
export const manyIssuers: Migration = {
  name: "2026-12-05-many-issuers",
  remakesTables: true,
  statements: [
    // SQLite cannot take back that the image id is unique by itself.
    `create table submissions_anew (id text primary key, issuer_id text not null references issuers(id),
        session_id text not null references sessions(id), cardholder_id text not null, product_id text not null, provider text not null,
        reference text not null, state text not null, sequence integer not null, design_sha256 text not null,
        picture_sha256 text not null, picture_bytes integer not null, media_type text not null, pixel_origin text not null,
        idempotency_key text not null, rules_version text, agreed_at bigint, card_image_id text, client_id text, rejection_code text,
        rejection_memo text, decided_at bigint, note text, attempts integer not null, is_double integer not null,
        created_at bigint not null, updated_at bigint not null, unique (session_id, idempotency_key))`,
    `insert into submissions_anew select id, issuer_id, session_id, cardholder_id, product_id, provider, reference, state, sequence,
        design_sha256, picture_sha256, picture_bytes, media_type, pixel_origin, idempotency_key, rules_version, agreed_at,
        card_image_id, client_id, rejection_code, rejection_memo, decided_at, note, attempts, is_double, created_at, updated_at
        from submissions`,
    `drop table submissions`,
    `alter table submissions_anew rename to submissions`,
    `create index submissions_by_state on submissions (issuer_id, state, created_at, id)`,
    `create index submissions_by_age on submissions (issuer_id, created_at, id)`,
    `create index submissions_by_picture on submissions (picture_sha256)`,
    `create unique index submissions_by_reference on submissions (reference)`,
    `create index submissions_by_cardholder on submissions (issuer_id, cardholder_id, product_id, created_at)`,
    `create unique index submissions_live on submissions (issuer_id, cardholder_id, product_id)
        where is_double = 0 and state not in ('approved', 'rejected', 'rejected-image', 'abandoned', 'purged')`,
    `create index submissions_doubles on submissions (id) where is_double = 1`,
    `create unique index submissions_by_image on submissions (issuer_id, provider, card_image_id) where card_image_id is not null`,

    `alter table unclaimed_notifications rename to unclaimed_before`,
    `create table unclaimed_notifications (issuer_id text not null references issuers(id), provider text not null,
        card_image_id text not null, state text not null, rejection_code text, rejection_memo text, decided_at bigint,
        received_at bigint not null, primary key (issuer_id, provider, card_image_id))`,
    `insert into unclaimed_notifications select 'default', provider, card_image_id, state, rejection_code, rejection_memo, decided_at,
        received_at from unclaimed_before`,
    `drop table unclaimed_before`,
    `create index unclaimed_notifications_age on unclaimed_notifications (issuer_id, received_at)`,

    `alter table checkpoints add column issuer_id text not null default 'default'`,
    `update checkpoints set issuer_id = s.issuer_id from submissions s where s.id = checkpoints.submission_id`,
    `drop index checkpoints_lock`,
    `drop index checkpoints_image`,
    `create unique index checkpoints_lock on checkpoints (issuer_id, provider, lock) where card_image_id is null`,
    `create unique index checkpoints_image on checkpoints (issuer_id, provider, card_image_id) where card_image_id is not null`,

    `alter table orphan_images rename to orphans_before`,
    `create table orphan_images (issuer_id text not null references issuers(id), provider text not null, card_image_id text not null,
        submission_id text not null references submissions(id), reason text not null, found_at bigint not null,
        primary key (issuer_id, provider, card_image_id))`,
    `insert into orphan_images select s.issuer_id, s.provider, o.card_image_id, o.submission_id, o.reason, o.found_at
        from orphans_before o join submissions s on s.id = o.submission_id`,
    `drop table orphans_before`,
    `create index orphan_images_by_submission on orphan_images (submission_id)`,

    `alter table webhook_endpoints add column is_listed integer not null default 0`,
  ],
};
