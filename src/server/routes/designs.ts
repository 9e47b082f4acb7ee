import * as z from "zod/mini";
import { designStored } from "#contracts/submission.ts";
import { designDocument } from "#design/document.ts";
import { requireOffers } from "../offers.ts";
import type { App, AppParts } from "../parts.ts";
import { requireSession } from "../sessions/authenticate.ts";
import { requireKept } from "../sessions/sessions.ts";
import type { Store } from "../store/schema.ts";
import { refuseCardNumbers } from "../texts.ts";
import { answers, bodyFailures, tokenFailures } from "./answers.ts";
import { readDocuments } from "./document-body.ts";

/** Older ones that no submission names make room. */
const maxDesignsPerSession = 50;

const params = z.object({ sessionId: z.string().check(z.maxLength(64)) });
const security = [{ sessionToken: [] }];
const failures = [...tokenFailures, ...bodyFailures, "not-offered", "template-broken", "text-refused"] as const;

async function keepDesign(store: Store, sessionId: string, text: string, sha256: string, now: number): Promise<void> {
  const row = { session_id: sessionId, sha256, document: text, created_at: now };
  await store.transaction().execute(async (trx) => {
    await requireKept(trx, sessionId);
    await trx
      .insertInto("designs")
      .values(row)
      .onConflict((conflict) => conflict.columns(["session_id", "sha256"]).doUpdateSet({ created_at: now }))
      .execute();
    const submitted = trx.selectFrom("submissions").select("design_sha256").where("session_id", "=", sessionId);
    const excess = trx
      .selectFrom("designs")
      .select("sha256")
      .where("session_id", "=", sessionId)
      .orderBy("created_at", "desc")
      .limit(maxDesignsPerSession)
      .offset(maxDesignsPerSession);
    await trx
      .deleteFrom("designs")
      .where("session_id", "=", sessionId)
      .where("sha256", "in", excess)
      .where("sha256", "not in", submitted)
      .execute();
  });
}

/** The design document, stored byte for byte as it arrived: its SHA-256 is its name. */
export function registerDesigns(app: App, parts: AppParts): void {
  const readDocument = readDocuments(app);
  app.route({
    method: ["POST", "PUT"],
    url: "/v1/sessions/:sessionId/design",
    onRequest: async (request) => void (await requireSession(request, parts)),
    schema: {
      summary: "Store a design document; storing the same bytes again is harmless",
      security,
      params,
      body: designDocument,
      response: answers({ 200: designStored }, failures),
    },
    handler: async (request) => {
      const session = await requireSession(request, parts);
      const arrived = readDocument(request, session);
      refuseCardNumbers(request.body);
      requireOffers(parts, session, request.body);
      await keepDesign(parts.store, session.id, arrived.text, arrived.sha256, parts.now());
      return { designSha256: arrived.sha256 };
    },
  });
}
