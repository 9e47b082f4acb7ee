import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { IssuerEvent } from "#contracts/webhook.ts";

/** One thing that has happened to a card, for its page. */
interface Item {
  readonly id: string;
  readonly productId: string;
  readonly state: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What the designer's server has told the bank. */
export interface News {
  /** The bank's own webhook endpoint; null before it has one. */
  endpoint(): { readonly id: string; readonly secret: string } | null;
  setEndpoint(endpoint: { readonly id: string; readonly secret: string }): void;
  /** Keeps an event; one that is known changes nothing. */
  keep(event: IssuerEvent): void;
  /** Of one cardholder the newest twenty, oldest first. */
  of(cardholderId: string): Item[];
  close(): void;
}

const tables = `
  CREATE TABLE IF NOT EXISTS endpoint (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, secret TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS news (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    cardholder_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS news_by_cardholder ON news (cardholder_id, seq);
`;

export function openNews(dataFolder: string): News {
  mkdirSync(dataFolder, { recursive: true });
  const db = new DatabaseSync(path.join(dataFolder, "news.sqlite"));
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(tables);
  return {
    endpoint() {
      const row = db.prepare("SELECT id, secret FROM endpoint").get();
      return row ? { id: String(row.id), secret: String(row.secret) } : null;
    },
    setEndpoint({ id, secret }) {
      db.prepare("INSERT OR REPLACE INTO endpoint VALUES (1, ?, ?)").run(id, secret);
    },
    keep({ id, seq, data }) {
      db.prepare("INSERT OR IGNORE INTO news VALUES (?, ?, ?, ?, ?, ?)").run(
        id,
        seq,
        data.cardholderId,
        data.productId,
        data.state,
        data.updatedAt,
      );
    },
    of(cardholderId) {
      const newest = db.prepare(
        "SELECT id, product_id, state, at FROM news WHERE cardholder_id = ? ORDER BY seq DESC LIMIT 20",
      );
      const items = newest.all(cardholderId).map((row) => ({
        id: String(row.id),
        productId: String(row.product_id),
        state: String(row.state),
        at: Number(row.at),
      }));
      return items.toReversed();
    },
    close: () => db.close(),
  };
}
