import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { CallEntry, CallRow, CaptureRow, ImageRow, NotificationRow } from "./rows.ts";
import { faultTable, insert, settingsTable } from "./store-settings.ts";

const emptyCall = {
  fault: null,
  http_status: null,
  result_code: null,
  sha256: null,
  bytes: null,
  product_id: null,
  card_image_id: null,
  answered_id: null,
  data_capture: null,
  reference: null,
  evidence: null,
  note: null,
} as const satisfies Partial<CallRow>;

const tables = `
  create table if not exists images (id text primary key, product_id text not null, sha256 text not null, bytes integer not null,
    media_type text not null, state text not null, rejection_code text not null, received_at integer not null,
    checked_at integer, review_due_at integer, review_code text) strict;
  create index if not exists images_due on images (review_due_at) where review_due_at is not null;
  create index if not exists images_sha256 on images (sha256);
  create table if not exists captures (image_id text not null references images(id), field text not null, value text not null,
    searchable_at integer, primary key (image_id, field)) strict;
  create index if not exists captures_value on captures (field, value);
  create table if not exists calls (id integer primary key autoincrement, at integer not null, method text not null,
    binding text not null, http_status integer, result_code integer, sha256 text, bytes integer, product_id text,
    card_image_id text, ms integer not null, note text) strict;
  create table if not exists notifications (id integer primary key autoincrement, image_id text not null references images(id),
    body text not null, correlation_id text not null, attempts integer not null, due_at integer, delivered_at integer) strict;
  create index if not exists notifications_due on notifications (due_at) where due_at is not null;
  create index if not exists notifications_image on notifications (image_id);
  create table if not exists faults (id integer primary key autoincrement, method text not null, name text not null,
    amount real not null, times integer) strict;
  create table if not exists draws (method text primary key, taken integer not null) strict;
  create table if not exists settings (name text primary key, value text not null) strict;
`;

/** Columns that came later than their table, so that the data of an earlier version can be read. */
const laterColumns = {
  images: [
    "image_type text not null default 'Custom'",
    "viewable_at integer not null default 0",
    "told text",
    "told_seconds real not null default 0",
    "indexed text",
    "search_lag_ms integer",
    "purge_due_at integer",
  ],
  calls: ["fault text", "answered_id text", "data_capture text", "reference text", "evidence text"],
} as const;

function prepareTables(database: DatabaseSync): void {
  database.exec(tables);
  for (const [table, columns] of Object.entries(laterColumns)) {
    const known = new Set(
      database
        .prepare(`pragma table_info(${table})`)
        .all()
        .map(({ name }) => name),
    );
    for (const column of columns) {
      if (!known.has(column.split(" ")[0] ?? "")) database.exec(`alter table ${table} add column ${column}`);
    }
  }
}

/** Of a picture that was to be gone by the moment that is bound here, nobody hears any more. */
const isThere = "(purge_due_at is null or purge_due_at > ?)";

function imageTable(database: DatabaseSync, picturePath: (id: string) => string) {
  return {
    insertImage: (row: ImageRow) => insert(database, "images", row),
    findImage: (id: string) =>
      database.prepare(`select * from images where id = ? and ${isThere}`).get(id, Date.now()) as unknown as
        | ImageRow
        | undefined,
    /** Newest first, older than the picture `before`, if that is named. */
    listImages: (limit: number, before: string | null = null) =>
      database
        .prepare(
          `select * from images where (?1 is null or rowid < (select rowid from images where id = ?1)) and ${isThere}
            order by rowid desc limit ?`,
        )
        .all(before, Date.now(), limit) as unknown as ImageRow[],
    listIdsWithSha256: (sha256: string) =>
      database
        .prepare(`select id from images where sha256 = ? and ${isThere} order by rowid`)
        .all(sha256, Date.now())
        .map(({ id }) => String(id)),
    listImagesDue: (now: number) =>
      database
        .prepare("select * from images where review_due_at <= ? order by review_due_at limit 50")
        .all(now) as unknown as ImageRow[],
    /** It is gone at this moment, or at the earlier one that it was marked with before. */
    markForPurge: (id: string, dueAt: number) => {
      database.prepare("update images set purge_due_at = coalesce(purge_due_at, ?) where id = ?").run(dueAt, id);
    },
    /** Takes away what was to be gone by now: its file, its data capture, what was still to be told of it. */
    deletePurged: (now: number) => {
      for (const { id } of database.prepare("select id from images where purge_due_at <= ? limit 50").all(now)) {
        rmSync(picturePath(String(id)), { force: true });
        database.prepare("delete from notifications where image_id = ?").run(String(id));
        database.prepare("delete from captures where image_id = ?").run(String(id));
        database.prepare("delete from images where id = ?").run(String(id));
      }
    },
    updateVerdict: (
      row: Pick<ImageRow, "id" | "state" | "rejection_code" | "checked_at" | "review_due_at" | "review_code">,
    ) => {
      database
        .prepare(
          `update images set state = :state, rejection_code = :rejection_code, checked_at = :checked_at,
            review_due_at = :review_due_at, review_code = :review_code where id = :id`,
        )
        .run(row);
    },
  };
}

function captureTable(database: DatabaseSync) {
  return {
    setCapture: ({ image_id, field, value, searchable_at }: CaptureRow) => {
      database
        .prepare("insert or replace into captures (image_id, field, value, searchable_at) values (?, ?, ?, ?)")
        .run(image_id, field, value, searchable_at);
    },
    listCaptures: (imageId: string) =>
      database
        .prepare("select * from captures where image_id = ? order by rowid")
        .all(imageId) as unknown as CaptureRow[],
    /** Oldest first, whether the search finds them or not. */
    listIdsWithCapture: (field: string, value: string) =>
      database
        .prepare(
          `select image_id from captures join images on images.id = image_id
            where field = ? and value = ? and ${isThere} order by images.rowid`,
        )
        .all(field, value, Date.now())
        .map((row) => String(row.image_id)),
    /** The newest that the search finds by now. */
    searchImage: (field: string, value: string, now: number) =>
      database
        .prepare(
          `select images.* from captures join images on images.id = image_id
            where field = ? and value = ? and searchable_at <= ? and ${isThere} order by images.rowid desc limit 1`,
        )
        .get(field, value, now, now) as unknown as ImageRow | undefined,
  };
}

function callTable(database: DatabaseSync) {
  return {
    /** A line for a call that began at `startedAt` (epoch milliseconds); written before the call is answered. */
    recordCall: (startedAt: number, call: CallEntry) =>
      insert(database, "calls", { ...emptyCall, ...call, at: startedAt, ms: Date.now() - startedAt }),
    /** Oldest first, from the call after `after`. */
    listCalls: (after: number, limit: number) =>
      database
        .prepare("select * from calls where id > ? order by id limit ?")
        .all(after, limit) as unknown as CallRow[],
    /** Newest first. */
    listLatestCalls: (limit: number) =>
      database.prepare("select * from calls order by id desc limit ?").all(limit) as unknown as CallRow[],
  };
}

function notificationTable(database: DatabaseSync) {
  return {
    insertNotification: (row: Omit<NotificationRow, "id">) => insert(database, "notifications", row),
    /** At most one per picture, so that what happened first is told first. */
    listNotificationsDue: (now: number) =>
      database
        .prepare(
          `select * from notifications where due_at <= ? and id in
            (select min(id) from notifications where due_at is not null group by image_id) order by due_at limit 20`,
        )
        .all(now) as unknown as NotificationRow[],
    /** Of one picture, oldest first. */
    listNotifications: (imageId: string) =>
      database
        .prepare("select * from notifications where image_id = ? order by id")
        .all(imageId) as unknown as NotificationRow[],
    updateNotification: (row: Pick<NotificationRow, "id" | "attempts" | "due_at" | "delivered_at">) => {
      const { id, attempts, due_at, delivered_at } = row;
      database
        .prepare("update notifications set attempts = ?, due_at = ?, delivered_at = ? where id = ?")
        .run(attempts, due_at, delivered_at, id);
    },
    /** When the next verdict or notification is due; null when nothing is. Notifications behind another of their picture wait. */
    nextDueAt: () =>
      database
        .prepare(
          `select min(due) as due from (select min(review_due_at) as due from images union all
            select min(purge_due_at) from images union all
            select min(due_at) from notifications where id in
            (select min(id) from notifications where due_at is not null group by image_id))`,
        )
        .get()?.due as number | null,
  };
}

/**
 * The platform's own database and picture files, both inside `folder`. What it has written outlives the end of its process at
 * any moment; that of the machine it may not.
 */
export function openPlatformStore(folder: string) {
  const pictures = join(folder, "pictures");
  mkdirSync(pictures, { recursive: true });
  const database = new DatabaseSync(join(folder, "platform.sqlite"), { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
  prepareTables(database);
  const settings = settingsTable(database);
  const picturePath = (id: string) => join(pictures, id);
  return {
    close: () => database.close(),
    picturePath,
    /** All of what `work` writes, or nothing of it. */
    inTransaction<Result>(work: () => Result): Result {
      database.exec("begin immediate");
      try {
        const result = work();
        database.exec("commit");
        return result;
      } catch (error) {
        database.exec("rollback");
        throw error;
      }
    },
    ...imageTable(database, picturePath),
    ...captureTable(database),
    ...callTable(database),
    ...notificationTable(database),
    ...settings,
    ...faultTable(database, settings.readSwitches),
  };
}

export type PlatformStore = ReturnType<typeof openPlatformStore>;
