import { createHash, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

const keptForMs = 7 * 24 * 60 * 60 * 1000;

/** Someone at the bank's page. The id in their cookie is kept as a hash only. */
export interface Visitor {
  readonly idHash: string;
  readonly cardholderId: string;
}

/** What the bank remembers over a restart: its visitors, and the designer session each has for each card. */
export interface Visits {
  /** The visitor with this cookie; null for one the bank does not know. */
  find(id: string): Visitor | null;
  welcome(): { readonly id: string; readonly visitor: Visitor };
  sessionOf(visitor: Visitor, productId: string): string | null;
  keepSession(visitor: Visitor, productId: string, sessionId: string): void;
  forgetSession(visitor: Visitor, productId: string): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS visitors (id_hash TEXT PRIMARY KEY, cardholder_id TEXT NOT NULL, came_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    id_hash TEXT NOT NULL REFERENCES visitors ON DELETE CASCADE,
    product_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    PRIMARY KEY (id_hash, product_id)
  ) STRICT;
`;

function hash(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}

/** Opens the bank's database in `dataFolder` and forgets visitors of more than a week ago. */
export function openVisits(dataFolder: string, now: () => number = Date.now): Visits {
  mkdirSync(dataFolder, { recursive: true });
  const db = new DatabaseSync(path.join(dataFolder, "bank.sqlite"), { enableForeignKeyConstraints: true });
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(schema);
  db.prepare("DELETE FROM visitors WHERE came_at < ?").run(now() - keptForMs);

  return {
    find(id) {
      const row = db.prepare("SELECT cardholder_id FROM visitors WHERE id_hash = ?").get(hash(id));
      return row ? { idHash: hash(id), cardholderId: String(row.cardholder_id) } : null;
    },
    welcome() {
      const id = randomBytes(24).toString("base64url");
      const visitor: Visitor = { idHash: hash(id), cardholderId: `visitor-${randomBytes(8).toString("hex")}` };
      db.prepare("INSERT INTO visitors VALUES (?, ?, ?)").run(visitor.idHash, visitor.cardholderId, now());
      return { id, visitor };
    },
    sessionOf({ idHash }, productId) {
      const row = db
        .prepare("SELECT session_id FROM sessions WHERE id_hash = ? AND product_id = ?")
        .get(idHash, productId);
      return row ? String(row.session_id) : null;
    },
    keepSession({ idHash }, productId, sessionId) {
      db.prepare("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)").run(idHash, productId, sessionId);
    },
    forgetSession({ idHash }, productId) {
      db.prepare("DELETE FROM sessions WHERE id_hash = ? AND product_id = ?").run(idHash, productId);
    },
    close: () => db.close(),
  };
}
