import type { Migration } from "./migration.ts";

/** Each submission's picture has a file of its own, sealed with a key of its own. Those of before are sealed one after the other. */
export const sealedPictures: Migration = {
  name: "2026-12-08-sealed-pictures",
  statements: [
    `create table pictures (submission_id text primary key references submissions(id), file text not null, key text)`,
    `insert into pictures select id, picture_sha256, null from submissions`,
    `create index pictures_by_file on pictures (file)`,
    `create index pictures_unsealed on pictures (submission_id) where key is null`,
    `drop index submissions_by_picture`,
  ],
};
