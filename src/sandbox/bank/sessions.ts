import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod/mini";
import { problemDetails } from "#contracts/problem-details.ts";
import { type SessionRequest, sessionCredentials, sessionSecret } from "#contracts/session.ts";
import type { Brand } from "./brands/brand.ts";
import type { CallDesigner } from "./call.ts";
import type { BankConfig } from "./config.ts";

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

const tables = `
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

const nameCardholder: Readonly<Record<Brand["cardholderIds"], () => string>> = {
  opaque: () => `visitor-${randomBytes(8).toString("hex")}`,
  uuid: () => randomUUID(),
};

/** Opens the bank's database in its data folder and forgets visitors of more than a week ago. */
export function openVisits({ dataFolder, brand }: Pick<BankConfig, "dataFolder" | "brand">): Visits {
  mkdirSync(dataFolder, { recursive: true });
  const db = new DatabaseSync(path.join(dataFolder, "bank.sqlite"), { enableForeignKeyConstraints: true });
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(tables);
  db.prepare("DELETE FROM visitors WHERE came_at < ?").run(Date.now() - keptForMs);

  return {
    find(id) {
      const row = db.prepare("SELECT cardholder_id FROM visitors WHERE id_hash = ?").get(hash(id));
      return row ? { idHash: hash(id), cardholderId: String(row.cardholder_id) } : null;
    },
    welcome() {
      const id = randomBytes(24).toString("base64url");
      const visitor: Visitor = { idHash: hash(id), cardholderId: nameCardholder[brand.cardholderIds]() };
      db.prepare("INSERT INTO visitors VALUES (?, ?, ?)").run(visitor.idHash, visitor.cardholderId, Date.now());
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

const givenSecret = z.extend(sessionCredentials, { hostedUrl: sessionSecret.shape.hostedUrl });
type GivenSecret = z.output<typeof givenSecret>;

/** `over`: the session has ended or is unknown. `unavailable`: the designer's server cannot or will not answer now. */
export type SecretOutcome =
  | { readonly kind: "secret"; readonly secret: GivenSecret }
  | { readonly kind: "over" }
  | { readonly kind: "unavailable"; readonly reason: string };

/** The designer's server as the bank's server sees it. */
interface DesignerClient {
  openSession(request: SessionRequest): Promise<SecretOutcome>;
  /** A further one-time client secret for a session that lives; from now on pages of `origins` may frame it. */
  renewSecret(sessionId: string, more: Pick<SessionRequest, "origins" | "hosted">): Promise<SecretOutcome>;
}

/** Failures are values. */
function createDesignerClient(call: CallDesigner): DesignerClient {
  const post = async (path: string, body: object): Promise<SecretOutcome> => {
    try {
      const { status, json } = await call("POST", path, { body });
      const content = json();
      const secret = givenSecret.safeParse(content);
      if (status === 201 && secret.success) return { kind: "secret", secret: secret.data };
      const code = problemDetails.safeParse(content).data?.code;
      if (status === 404 || code === "session-expired") return { kind: "over" };
      return { kind: "unavailable", reason: `answered ${status}${code ? ` ${code}` : ""}` };
    } catch (error) {
      return { kind: "unavailable", reason: error instanceof Error ? error.name : "unknown error" };
    }
  };
  return {
    openSession: (request) => post("/sessions", request),
    renewSecret: (sessionId, more) => post(`/sessions/${encodeURIComponent(sessionId)}/client-secrets`, more),
  };
}

interface CardSessionRequest {
  readonly why: "start" | "refresh";
  readonly productId: string;
  readonly otherProductIds: readonly string[];
  readonly locale?: string | undefined;
  /** The designer is to be shown by a page of its own server, which leads back to this address. */
  readonly returnUrl?: string;
}

/** Opens and renews the designer sessions of the bank's visitors. */
export function createCardSessions(
  call: CallDesigner,
  visits: Visits,
  { theme }: Pick<Brand, "theme">,
  bankOrigin: () => string,
) {
  const designer = createDesignerClient(call);
  const running = new Map<string, Promise<unknown>>();

  const describe = ({ returnUrl }: CardSessionRequest) => ({
    // The bank may have been restarted at another port since the session was opened.
    origins: [bankOrigin()],
    ...(returnUrl !== undefined && { hosted: { returnUrl, theme } }),
  });
  const openNew = async (visitor: Visitor, request: CardSessionRequest): Promise<SecretOutcome> => {
    const { productId, otherProductIds, locale } = request;
    const outcome = await designer.openSession({
      cardholderId: visitor.cardholderId,
      productId,
      otherProductIds: [...otherProductIds],
      ...describe(request),
      ...(locale !== undefined && { locale }),
    });
    if (outcome.kind === "secret") visits.keepSession(visitor, productId, outcome.secret.sessionId);
    return outcome;
  };
  const give = async (visitor: Visitor, request: CardSessionRequest): Promise<SecretOutcome> => {
    const known = visits.sessionOf(visitor, request.productId);
    if (known !== null) {
      const outcome = await designer.renewSecret(known, describe(request));
      if (outcome.kind !== "over") return outcome;
    }
    // An open designer belongs to the session it was started with and cannot be given another.
    return request.why === "start" ? openNew(visitor, request) : { kind: "over" };
  };

  /** One at a time for a visitor and card, so that two tabs opened at once share one session. */
  return async (visitor: Visitor, request: CardSessionRequest): Promise<SecretOutcome> => {
    const key = `${visitor.idHash} ${request.productId}`;
    const before = running.get(key) ?? Promise.resolve();
    const mine = before.then(() => give(visitor, request));
    running.set(key, mine);
    return mine.finally(() => {
      if (running.get(key) === mine) running.delete(key);
    });
  };
}
