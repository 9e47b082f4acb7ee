import type { Migration } from "./migration.ts";

/** Each submission's picture has a file of its own, sealed with a key of its own. Those of before are sealed one after the other. */
export const sealedPictures: Migration = {
  name: "2026-12-08-sealed-pictures",
  statements: [
    // A row that moves from page to page leaves copies behind, which secure_delete knows nothing of. With so much room before it a key
    // stands in a page of its own (SQLite's overflow page), which never moves, and is overwritten with the row.
    `create table pictures (submission_id text primary key references submissions(id), file text not null,
        room blob not null default (zeroblob(4500)), key text)`,
    `insert into pictures (submission_id, file) select id, picture_sha256 from submissions`,
    `create index pictures_by_file on pictures (file)`,
    `create index pictures_unsealed on pictures (submission_id) where key is null`,
    `drop index submissions_by_picture`,
  ],
};

/** How many wait for the platform to delete its picture, and since when, is told without walking through what was ever sent. */
export const purgesInSight: Migration = {
  name: "2026-12-10-purges-in-sight",
  statements: [`create index submissions_purging on submissions (purge_state, updated_at) where state = 'purging'`],
};

/** Deleting, at any time and in any state, here and at the platform; what nobody owns there is deleted too. */
export const purging: Migration = {
  name: "2026-12-09-purging",
  statements: [
    `alter table submissions add column purge_state text`,
    `drop index submissions_live`,
    `create unique index submissions_live on submissions (issuer_id, cardholder_id, product_id) where is_double = 0
        and state not in ('approved', 'rejected', 'rejected-image', 'abandoned', 'purging', 'purged')`,
    `create index submissions_by_retention on submissions (state, product_id, updated_at, id)`,
    `create index sessions_by_cardholder on sessions (issuer_id, cardholder_id, created_at)`,
    `create table purged_images (issuer_id text not null references issuers(id), provider text not null, card_image_id text not null,
        submission_id text not null references submissions(id), answer text, taken_at bigint, shown_at bigint, proof text, gone_at bigint,
        primary key (issuer_id, provider, card_image_id))`,
    `create index purged_images_by_submission on purged_images (submission_id)`,
    `create table applied_purges (log text not null, position bigint not null)`,
    `insert into applied_purges values ('', 0)`,
    `insert into jobs (id, kind, submission_id, lane, run_at, scheduled_at, attempt)
        select 'job_' || lower(hex(randomblob(16))), 'purge', s.id, s.issuer_id || '/' || s.provider || '/' || s.product_id,
        now + 86400000, now, 0 from (select distinct submission_id from orphan_images) o join submissions s on s.id = o.submission_id,
        (select cast(unixepoch('subsec') * 1000 as integer) as now)`,
  ],
};
