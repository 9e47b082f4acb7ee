import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { CardImage } from "../wire.ts";
import { drawFault, type Fault, type FaultMethod, type FaultOrder, type Switches, switches } from "./faults.ts";

/** A card image as the platform keeps it. Times are epoch milliseconds. */
export interface StoredImage {
  readonly image: CardImage;
  readonly createdAt: number;
  readonly uploadedAt: number | null;
  /** Of its picture, hex. */
  readonly sha256: string | null;
}

/** One line of the ledger: every call, also one that failed or was never answered. */
export interface CallLine {
  readonly at: number;
  readonly method: FaultMethod;
  readonly fault: string | null;
  readonly idempotencyKey: string | null;
  /** Null when the connection was broken before the answer. */
  readonly status: number | null;
  readonly cardImageId: string | null;
  /** Of the body of an upload, hex. */
  readonly sha256: string | null;
}

/** A webhook that has been posted, and what it was answered; null: nothing. */
export interface WebhookLine {
  readonly at: number;
  readonly cardImageId: string;
  readonly status: string;
  readonly kind: "true" | "forged" | "replayed" | "changed";
  readonly answer: number | null;
}

const tables = `
  create table if not exists images (id text primary key, customer text not null, json text not null, data blob) strict;
  create index if not exists images_customer on images (customer);
  create table if not exists replies (key text primary key, request text not null, status integer not null, body text not null) strict;
  create table if not exists calls (id integer primary key, json text not null) strict;
  create table if not exists webhooks (id integer primary key, json text not null) strict;
  create table if not exists faults (id integer primary key, method text not null, json text not null) strict;
  create table if not exists draws (method text primary key, taken integer not null) strict;
  create table if not exists settings (name text primary key, json text not null) strict;
`;

type Database = ReturnType<typeof openDatabase>;

function openDatabase(folder: string) {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "synctera.sqlite"), { timeout: 5_000 });
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${tables}`);
  return {
    close: () => database.close(),
    run: (sql: string, ...values: SQLInputValue[]): void => void database.prepare(sql).run(...values),
    get: (sql: string, ...values: SQLInputValue[]) => database.prepare(sql).get(...values),
    /** Of rows with one column of JSON. */
    list: <Row>(sql: string, ...values: SQLInputValue[]): Row[] =>
      database
        .prepare(sql)
        .all(...values)
        .map(({ json }) => JSON.parse(String(json)) as Row),
  };
}

function imageTable({ run, get, list }: Database) {
  return {
    findImage: (id: string): StoredImage | undefined =>
      list<StoredImage>("select json from images where id = ?", id)[0],
    /** Oldest first. */
    listImages: (customer: string): StoredImage[] =>
      list("select json from images where customer = ? order by rowid", customer),
    listAllImages: (): StoredImage[] => list("select json from images order by rowid"),
    readData: (id: string): Uint8Array | undefined => {
      const data = get("select data from images where id = ?", id)?.data;
      return data instanceof Uint8Array ? data : undefined;
    },
    keepImage(stored: StoredImage, data?: Uint8Array): void {
      const { id, customer_id: customer } = stored.image;
      run(
        `insert into images (id, customer, json, data) values (?, ?, ?, ?)
          on conflict (id) do update set json = excluded.json, data = coalesce(excluded.data, data)`,
        id,
        customer,
        JSON.stringify(stored),
        data ?? null,
      );
    },
  };
}

function faultTable({ run, get, list }: Database) {
  const readSwitches = (): Switches =>
    switches.parse(list<unknown>("select json from settings where name = 'switches'")[0] ?? {});
  const takeOrdered = (method: FaultMethod): Fault | null => {
    const row = get("select id, json from faults where method = ? order by id limit 1", method);
    if (row === undefined) return null;
    const id = Number(row.id);
    const order = JSON.parse(String(row.json)) as FaultOrder;
    if (order.times === 1) run("delete from faults where id = ?", id);
    else run("update faults set json = ? where id = ?", JSON.stringify({ ...order, times: order.times - 1 }), id);
    return { name: order.fault, seconds: order.seconds };
  };
  return {
    readSwitches,
    /** What is named changes, the rest stays. */
    changeSwitches(change: Partial<Record<keyof Switches, unknown>>): Switches {
      const now = readSwitches();
      const cruel = { ...now.cruel, ...(change.cruel as object | undefined) };
      const next = switches.parse({ ...now, ...change, cruel });
      run("insert or replace into settings values ('switches', ?)", JSON.stringify(next));
      return next;
    },
    addFault: (order: FaultOrder) =>
      run("insert into faults (method, json) values (?, ?)", order.method, JSON.stringify(order)),
    clearFaults: () => run("delete from faults"),
    /** The fault that was ordered first, else one that `cruel` draws, else none. */
    takeFault(method: FaultMethod): Fault | null {
      const ordered = takeOrdered(method);
      const kept = readSwitches();
      if (ordered !== null || !kept.cruel.on) return ordered;
      const draw = `insert into draws values (?, 1) on conflict (method) do update set taken = taken + 1 returning taken`;
      return drawFault(kept, method, Number(get(draw, method)?.taken));
    },
  };
}

/** The platform's own database in `folder`. What it has written outlives the end of its process at any moment. */
export function openSyncteraStore(folder: string) {
  const database = openDatabase(folder);
  const { run, get, list, close } = database;
  return {
    close,
    ...imageTable(database),
    ...faultTable(database),
    findReply: (key: string) =>
      get("select request, status, body from replies where key = ?", key) as
        | { request: string; status: number; body: string }
        | undefined,
    keepReply: (key: string, request: string, status: number, body: string) =>
      run("insert into replies values (?, ?, ?, ?)", key, request, status, body),
    recordCall: (line: CallLine) => run("insert into calls (json) values (?)", JSON.stringify(line)),
    listCalls: (): CallLine[] => list("select json from calls order by id"),
    recordWebhook: (line: WebhookLine) => run("insert into webhooks (json) values (?)", JSON.stringify(line)),
    listWebhooks: (): WebhookLine[] => list("select json from webhooks order by id"),
  };
}

export type SyncteraStore = ReturnType<typeof openSyncteraStore>;
