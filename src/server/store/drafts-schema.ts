import type { Migration } from "./migration.ts";

/** Whose drafts and photos they are: one cardholder of an issuer, and one product. */
export interface DraftOwner {
  readonly issuer_id: string;
  readonly cardholder_id: string;
  readonly product_id: string;
}

/** A design as its cardholder has left it: one of each owner. */
export interface DraftTable extends DraftOwner {
  /** SHA-256 of the bytes of `document` as they arrived. */
  sha256: string;
  document: string;
  changed_at: number;
  /** The submission that was made of it, where it came in only after that. */
  submission_id: string | null;
}

/** A photo that was placed on a card, as its file was opened. `room`, which keeps the key apart, fills itself: see `sealedPictures`. */
export interface AssetTable extends DraftOwner {
  /** Of the photo's own bytes. */
  sha256: string;
  bytes: number;
  media_type: string;
  /** Where it lies, and what opens it. */
  file: string;
  key: string;
  /** When it last came in. */
  stored_at: number;
  /** Since when no draft has named it; null while one does. */
  unused_since: number | null;
}

/** Designs that are not finished, with their photos, so that they are there on whichever device its cardholder goes on. */
export const drafts: Migration = {
  name: "2026-12-13-drafts",
  statements: [
    `create table drafts (issuer_id text not null references issuers(id), cardholder_id text not null, product_id text not null,
        sha256 text not null, document text not null, changed_at bigint not null, primary key (issuer_id, cardholder_id, product_id))`,
    `create index drafts_by_age on drafts (changed_at)`,
    `create table assets (issuer_id text not null references issuers(id), cardholder_id text not null, product_id text not null,
        sha256 text not null, bytes bigint not null, media_type text not null, file text not null unique, stored_at bigint not null,
        unused_since bigint, room blob not null default (zeroblob(4500)), key text not null,
        primary key (issuer_id, cardholder_id, product_id, sha256))`,
    `create index assets_unused on assets (unused_since) where unused_since is not null`,
  ],
};

/** A draft may come in when its card has been sent already. */
export const lateDrafts: Migration = {
  name: "2026-12-14-late-drafts",
  statements: [`alter table drafts add column submission_id text`],
};
