import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { statesThatAllowAnother } from "#contracts/submission.ts";
import type { Store } from "./schema.ts";

function statements(...all: readonly string[]): Migration {
  return {
    async up(db: Kysely<never>) {
      for (const statement of all) await sql.raw(statement).execute(db);
    },
  };
}

const first = statements(
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
        where state not in (${[...statesThatAllowAnother].map((state) => `'${state}'`).join(", ")})`,
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
);

/** What is looked for often is found without walking or sorting the whole table. */
const indexes = statements(
  // The product is there so that those of a parked product are passed over without reading their rows.
  `create index submissions_by_due on submissions (state, due_at, id, product_id)`,
  `create index submissions_by_age on submissions (created_at, id)`,
  `create index submissions_by_picture on submissions (picture_sha256)`,
);

/** By name, oldest first. One that has been released is never changed: data made with it exists. */
const migrations: Readonly<Record<string, Migration>> = {
  "2026-11-22-first": first,
  "2026-11-22-indexes": indexes,
};

/** Brings the database to the newest schema. Throws what the database says when it cannot. */
export async function migrate(store: Store): Promise<void> {
  const migrator = new Migrator({
    db: store,
    provider: { getMigrations: async () => migrations },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
