import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { applyChange, initialSwitches, type Switches, type SwitchesChange, switchesChange } from "./switches.ts";

/** A picture that the platform keeps. Times are epoch milliseconds. */
export interface ImageRow {
  id: string;
  product_id: string;
  sha256: string;
  bytes: number;
  media_type: string;
  data_capture: string | null;
  state: "Pending" | "Accepted" | "Rejected";
  /** "00" unless rejected. */
  rejection_code: string;
  received_at: number;
  checked_at: number | null;
  /** When the review switch decides; null when a person does, or it is decided. */
  review_due_at: number | null;
  review_code: string | null;
}

/** One line of the ledger: every call, also one that failed or was never answered. */
export interface CallRow {
  id: number;
  at: number;
  method: string;
  binding: "soap" | "query";
  /** Null when the connection was broken instead of answered. */
  http_status: number | null;
  /** SendImage's ErrorCode as answered, or as it would have been; null when it never came to one. */
  result_code: number | null;
  /** Of the image bytes as they arrived. */
  sha256: string | null;
  bytes: number | null;
  product_id: string | null;
  /** Set when the platform has kept the picture, whatever it answered. */
  card_image_id: string | null;
  client_reference: string | null;
  ms: number;
  note: string | null;
}

/** What is said of a call; the rest is null. */
export type CallEntry = Pick<CallRow, "method" | "binding"> & Partial<CallRow>;

const emptyCall = {
  http_status: null,
  result_code: null,
  sha256: null,
  bytes: null,
  product_id: null,
  card_image_id: null,
  client_reference: null,
  note: null,
} as const satisfies Partial<CallRow>;

/** A push notification, kept until delivered or given up. */
export interface NotificationRow {
  id: number;
  image_id: string;
  body: string;
  correlation_id: string;
  attempts: number;
  due_at: number | null;
  delivered_at: number | null;
}

const schema = `
  create table if not exists images (id text primary key, product_id text not null, sha256 text not null, bytes integer not null,
    media_type text not null, data_capture text, state text not null, rejection_code text not null, received_at integer not null,
    checked_at integer, review_due_at integer, review_code text) strict;
  create index if not exists images_due on images (review_due_at) where review_due_at is not null;
  create table if not exists calls (id integer primary key autoincrement, at integer not null, method text not null,
    binding text not null, http_status integer, result_code integer, sha256 text, bytes integer, product_id text,
    card_image_id text, client_reference text, ms integer not null, note text) strict;
  create table if not exists notifications (id integer primary key autoincrement, image_id text not null references images(id),
    body text not null, correlation_id text not null, attempts integer not null, due_at integer, delivered_at integer) strict;
  create index if not exists notifications_due on notifications (due_at) where due_at is not null;
  create table if not exists settings (name text primary key, value text not null) strict;
`;

function insert(database: DatabaseSync, table: string, row: object): void {
  const names = Object.keys(row);
  const places = names.map((name) => `:${name}`).join(", ");
  database
    .prepare(`insert into ${table} (${names.join(", ")}) values (${places})`)
    .run(row as Record<string, string | number | null>);
}

function imageTable(database: DatabaseSync) {
  return {
    insertImage: (row: ImageRow) => insert(database, "images", row),
    findImage: (id: string) =>
      database.prepare("select * from images where id = ?").get(id) as unknown as ImageRow | undefined,
    /** Newest first. */
    listImages: (limit: number) =>
      database
        .prepare("select * from images order by received_at desc, rowid desc limit ?")
        .all(limit) as unknown as ImageRow[],
    listImagesDue: (now: number) =>
      database
        .prepare("select * from images where review_due_at <= ? order by review_due_at limit 50")
        .all(now) as unknown as ImageRow[],
    /** False when it had been decided before. */
    decideImage: (id: string, state: ImageRow["state"], code: string, now: number) =>
      database
        .prepare(
          `update images set state = ?, rejection_code = ?, checked_at = ?, review_due_at = null
            where id = ? and state = 'Pending'`,
        )
        .run(state, code, now, id).changes === 1,
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
            (select min(id) from notifications where due_at is not null group by image_id) order by due_at limit 10`,
        )
        .all(now) as unknown as NotificationRow[],
    /** The newest of one picture. */
    findNotification: (imageId: string) =>
      database
        .prepare("select * from notifications where image_id = ? order by id desc limit 1")
        .get(imageId) as unknown as NotificationRow | undefined,
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
            select min(due_at) from notifications where id in
            (select min(id) from notifications where due_at is not null group by image_id))`,
        )
        .get()?.due as number | null,
  };
}

function settingsTable(database: DatabaseSync) {
  const readSwitches = (): Switches => {
    const row = database.prepare("select value from settings where name = 'switches'").get();
    // What an earlier version has kept lacks the switches that came since.
    return row === undefined
      ? initialSwitches
      : applyChange(initialSwitches, switchesChange.parse(JSON.parse(String(row.value))));
  };
  const writeSwitches = (value: Switches): Switches => {
    database.prepare("insert or replace into settings (name, value) values ('switches', ?)").run(JSON.stringify(value));
    return value;
  };
  return {
    readSwitches,
    changeSwitches: (change: SwitchesChange) => writeSwitches(applyChange(readSwitches(), change)),
    /** The SendImage switch for one call; counts it when it holds for a number of calls only. */
    takeSendImageSwitch(): Switches["sendImage"] {
      const current = readSwitches();
      const { sendImage } = current;
      if (sendImage.times !== null && sendImage.mode !== "normal") {
        const left = sendImage.times - 1;
        const next = left > 0 ? { ...sendImage, times: left } : { ...sendImage, mode: "normal" as const, times: null };
        writeSwitches({ ...current, sendImage: next });
      }
      return sendImage;
    },
  };
}

/** The platform's own database and picture files, both inside `folder`. What it has written is synced before it returns. */
export function openPlatformStore(folder: string) {
  const pictures = join(folder, "pictures");
  mkdirSync(pictures, { recursive: true });
  const database = new DatabaseSync(join(folder, "platform.sqlite"), { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  database.exec(schema);
  return {
    close: () => database.close(),
    picturePath: (id: string) => join(pictures, id),
    ...imageTable(database),
    ...callTable(database),
    ...notificationTable(database),
    ...settingsTable(database),
  };
}

export type PlatformStore = ReturnType<typeof openPlatformStore>;
