import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

interface PlanStep {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(":memory:");
});
afterEach(() => database.close());

function schemaOf(of: DatabaseSync): unknown[] {
  return of.prepare("select type, name, sql from sqlite_master where name not like '%kysely%' order by name").all();
}

function wholeSchema(): unknown[] {
  const fresh = new DatabaseSync(":memory:");
  migrate(fresh);
  const schema = schemaOf(fresh);
  fresh.close();
  return schema;
}

/** Those that could be left half done. */
const halfDone = migrations.filter((migration) => migration.mayBeHalfDone);

/** What a migration of before this file leaves when its process dies: the first statements, each committed, no record. */
function leaveHalf(name: string, statements: number): void {
  database.exec(
    `create table if not exists "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
     create table if not exists "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null)`,
  );
  for (const migration of halfDone) {
    if (migration.name === name) {
      for (const statement of migration.statements.slice(0, statements)) database.exec(statement);
      return;
    }
    for (const statement of migration.statements) database.exec(statement);
    database.prepare("insert into kysely_migration values (?, '2026-11-22T00:00:00.000Z')").run(migration.name);
    const session = "insert into sessions values ('ses_1', 'c', 'p', 'en', '[]', 1, 2)";
    database.exec(session);
  }
}

describe("a folder that an earlier version left half migrated starts, and keeps what is in it", () => {
  test.each(
    halfDone.flatMap(({ name, statements }) =>
      [...statements.keys(), statements.length].map((n) => [name, n] as const),
    ),
  )("%s after %i statements", (name, done) => {
    leaveHalf(name, done);
    const sessions = () =>
      done > 0 || name !== halfDone[0]?.name ? database.prepare("select id from sessions").all() : [];
    const before = sessions();
    migrate(database);
    expect(schemaOf(database)).toEqual(wholeSchema());
    expect(sessions()).toEqual(before);
    const recorded = database.prepare("select name from kysely_migration order by name").all();
    expect(recorded.map((row) => row.name)).toEqual(migrations.map((migration) => migration.name));
  });
});

test("migrating again changes nothing", () => {
  migrate(database);
  const before = database.prepare("select * from kysely_migration").all();
  migrate(database);
  expect(database.prepare("select * from kysely_migration").all()).toEqual(before);
});

test("a database of a newer version is left as it is, with a sentence that says so", () => {
  migrate(database);
  database.exec("insert into kysely_migration values ('2031-01-01-later', 'x'); drop index submissions_by_age");
  const before = schemaOf(database);
  expect(() => migrate(database)).toThrow(
    /newer version than this server knows \(2031-01-01-later\)\. Start that version/,
  );
  expect(schemaOf(database)).toEqual(before);
});

test("a table of somebody else's is neither taken for ours nor dropped", () => {
  database.exec("create table designs (mine text); insert into designs values ('kept')");
  expect(() => migrate(database)).toThrow("has a designs that is not this server's");
  expect(schemaOf(database)).toEqual([{ type: "table", name: "designs", sql: "CREATE TABLE designs (mine text)" }]);
  expect(database.prepare("select mine from designs").all()).toEqual([{ mine: "kept" }]);
});

test("what was sent before that was written down is known by its product and in the order in which it began", () => {
  database.exec(readFileSync(new URL("testing/released-2026-11-28.sql", import.meta.url), "utf8"));
  for (const statement of migrations[2]?.statements ?? []) database.exec(statement);
  database.exec("insert into kysely_migration values ('2026-11-28-work-apart', '2026-11-28T00:00:00.000Z')");
  const event =
    database.prepare(`insert into events select 'default', ?, id, ?, 'queued', 'sending', ?, 'system', ?, null, 0
    from submissions where cardholder_id = 'c-unknown'`);
  event.run(901, 901, "attempt-begun", 1);
  event.run(902, 902, "attempt-begun", 2);
  event.run(903, 903, "accepted", 2);
  database.exec(`insert into attempts select 'second', id, 2, '', 0, 'accepted', 0, null, 's', 1
    from submissions where cardholder_id = 'c-unknown'`);
  migrate(database);
  const query =
    "select number, begun_seq from attempts where submission_id = (select submission_id from attempts where id = 'second')";
  expect(database.prepare(`${query} order by number`).all()).toMatchObject([
    { number: 1, begun_seq: 901 },
    { number: 2, begun_seq: 902 },
  ]);
  expect(database.prepare("select 1 from attempts where begun_seq is null").all()).not.toEqual([]);
  const wrong = `select a.id from attempts a join submissions s on s.id = a.submission_id
    where (a.issuer_id, a.provider, a.product_id) <> (s.issuer_id, s.provider, s.product_id)`;
  expect(database.prepare(wrong).all()).toEqual([]);
});

test("work that waits is told apart by issuer, platform and product, and kept words belong to the one platform of before", () => {
  database.exec(readFileSync(new URL("testing/released-2026-11-28.sql", import.meta.url), "utf8"));
  database.exec("insert into unclaimed_notifications values ('img-1', 'accepted', null, 1)");
  migrate(database);
  const lanes = database
    .prepare("select distinct lane, product_id from jobs join submissions on submissions.id = submission_id")
    .all();
  expect(lanes).not.toEqual([]);
  for (const { lane, product_id: productId } of lanes) expect(lane).toBe(`default/thales/${String(productId)}`);
  expect(
    database
      .prepare("select provider, card_image_id, decided_at from unclaimed_notifications where card_image_id = 'img-1'")
      .all(),
  ).toMatchObject([{ provider: "thales", card_image_id: "img-1", decided_at: null }]);
});

test("no step of a migration looks through half a table for each row: 100,000 submissions take seconds, not hours", () => {
  const nested: string[] = [];
  const { exec } = DatabaseSync.prototype;
  vi.spyOn(database, "exec").mockImplementation(function (this: DatabaseSync, statement) {
    if (/^(insert|update|delete)/.test(statement)) {
      const steps = database.prepare(`explain query plan ${statement}`).all() as unknown as PlanStep[];
      const parents = new Map(steps.map((step) => [step.id, step]));
      const isRepeated = ({ parent }: PlanStep): boolean => {
        const above = parents.get(parent);
        return above !== undefined && (above.detail.startsWith("CORRELATED") || isRepeated(above));
      };
      const isLookUp = ({ detail }: PlanStep): boolean => !/^(SCAN|SEARCH)/.test(detail) || detail.includes("=?");
      nested.push(...steps.filter((step) => isRepeated(step) && !isLookUp(step)).map(() => statement));
    }
    exec.call(this, statement);
  });
  migrate(database);
  expect(nested).toEqual([]);
});

describe("a database of the version of 2026-11-28, as that version has left it", () => {
  beforeEach(() => {
    database.exec("PRAGMA foreign_keys = ON");
    database.exec(readFileSync(new URL("testing/released-2026-11-28.sql", import.meta.url), "utf8"));
  });
  const all = (query: string): Record<string, unknown>[] =>
    database
      .prepare(query)
      .all()
      .map((row) => ({ ...row }));

  test("becomes what a new one is, with every submission, attempt and word in it", () => {
    const before = all(
      "select id, session_id, picture_sha256, card_image_id, note, attempts from submissions order by id",
    );
    const attempts = all("select id, outcome, ended_at from attempts order by id");
    migrate(database);
    const kept = "select id, session_id, picture_sha256, card_image_id, note, attempts from submissions order by id";
    expect(all(kept)).toEqual(before);
    expect(all("select id, outcome, ended_at from attempts order by id")).toEqual(attempts);
    expect(all("select card_image_id, state, rejection_code from unclaimed_notifications")).toHaveLength(1);
    expect(all("pragma foreign_key_check")).toEqual([]);
    const columns = (of: DatabaseSync): unknown =>
      ["submissions", "jobs", "attempts", "events", "sessions", "breakers"].map((table) =>
        of.prepare(`select name from pragma_table_info('${table}') order by name`).all(),
      );
    const fresh = new DatabaseSync(":memory:");
    migrate(fresh);
    expect(columns(database)).toEqual(columns(fresh));
    fresh.close();
  });

  test("has work for everything that waited, and a lease for what was on its way", () => {
    migrate(database);
    const jobs = all(
      "select kind, state, cardholder_id, locked_until from jobs join submissions s on s.id = submission_id",
    );
    const sorted = jobs
      .map(({ cardholder_id, kind, state }) => `${String(cardholder_id)}: ${String(kind)}, ${String(state)}`)
      .sort();
    expect(sorted).toEqual([
      "c-blocked: send, queued",
      "c-queued: send, queued",
      "c-queued: send, queued",
      "c-sending: send, sending",
      "c-unknown: resolve, unknown",
      "c-waiting: send, queued",
    ]);
    expect(jobs.filter((job) => job.locked_until !== null)).toMatchObject([{ cardholder_id: "c-sending" }]);
  });

  test("knows of each submission what its cardholder has agreed to, where the document says it", () => {
    const document = (change: string, cardholder: string): void =>
      database.exec(`update designs set document = ${change} where session_id =
        (select session_id from submissions where cardholder_id = '${cardholder}')`);
    document("json_remove(document, '$.agreement')", "c-approved");
    document('\'{"agreement":"cut off\'', "c-rejected");
    document("json_set(document, '$.agreement', 'all of it')", "c-sending");
    document("replace(document, '1767225600000', '1.767225600001e12')", "c-unknown");
    document("json_set(document, '$.agreement.rulesVersion', ' 1' || char(0, 10, 8238, 173))", "c-blocked");
    migrate(database);
    const agreed = all(
      "select cardholder_id, rules_version, agreed_at from submissions where rules_version is not null",
    );
    expect(agreed).toHaveLength(9);
    expect(agreed).toContainEqual({ cardholder_id: "c-unknown", rules_version: "1", agreed_at: 1_767_225_600_001 });
    expect(agreed).toContainEqual({ cardholder_id: "c-waiting", rules_version: "1", agreed_at: 1_767_225_600_000 });
    expect(agreed).toContainEqual({ cardholder_id: "c-blocked", rules_version: "1", agreed_at: 1_767_225_600_000 });
    const without = "select cardholder_id from submissions where rules_version is null and agreed_at is null";
    expect(all(`${without} order by cardholder_id`).map((row) => row.cardholder_id)).toEqual([
      "c-approved",
      "c-rejected",
      "c-sending",
    ]);
  });

  test("says of its events which picture the platform had by then, and of the newest why it is where it is", () => {
    migrate(database);
    const events =
      all(`select e.to_state, e.card_image_id, e.note, s.card_image_id as id, s.note as why, e.sequence = s.sequence as last
      from events e join submissions s on s.id = e.submission_id`);
    expect(events.length).toBeGreaterThan(20);
    for (const { to_state: state, card_image_id: imageId, note, id, why, last } of events) {
      const isThere = last === 1 || ["accepted", "in-review", "approved", "rejected"].includes(String(state));
      expect([imageId, note]).toEqual([isThere ? id : null, last === 1 ? why : null]);
    }
    expect(events.filter(({ card_image_id: imageId }) => imageId !== null)).not.toEqual([]);
  });

  test("leaves nothing in a state from which nothing is sent", () => {
    database.exec("update submissions set state = 'stored' where state = 'queued'");
    migrate(database);
    expect(all("select state from submissions where state = 'stored'")).toEqual([]);
  });

  test("knows of each session what had happened when it was opened", () => {
    migrate(database);
    const wrong = all(`select s.id, opened_seq from sessions s where opened_seq <>
      (select count(*) from events where at < s.created_at)`);
    expect(wrong).toEqual([]);
    expect(all("select 1 from sessions where opened_seq > 0")).not.toEqual([]);
  });

  test("has references of its own for all, and doubles that are kept and named", () => {
    migrate(database);
    const references = all("select reference from submissions").map((row) => String(row.reference));
    expect(new Set(references).size).toBe(12);
    for (const reference of references) expect(reference).toMatch(/^[A-Z0-9]{20}$/);
    expect(all("select cardholder_id, state from submissions where is_double = 1")).toEqual([
      { cardholder_id: "c-queued", state: "queued" },
    ]);
  });

  test("has its history in one order, numbered without a gap, with what it went from", () => {
    migrate(database);
    const events = all(
      "select seq, from_state, to_state from events where submission_id in (select id from submissions where cardholder_id = 'c-rejected') order by seq",
    );
    expect(events.map(({ from_state, to_state }) => [from_state, to_state])).toEqual([
      [null, "stored"],
      ["stored", "queued"],
      ["queued", "sending"],
      ["sending", "accepted"],
      ["accepted", "in-review"],
      ["in-review", "rejected"],
    ]);
    const [{ count, last } = {}] = all("select count(*) as count, max(seq) as last from events");
    expect(all("select last_seq from issuers")).toEqual([{ last_seq: last }]);
    expect(count).toBe(last);
  });
});
