import type { FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { draftStored } from "#contracts/draft.ts";
import { Problem } from "#contracts/problem.ts";
import { designDocument, designOf } from "#design/document.ts";
import { deleteDraft, type Expected, expiryOf, findDraft, putDraft } from "../drafts/drafts.ts";
import { requireOffers } from "../offers.ts";
import type { App, AppParts } from "../parts.ts";
import { requireSession } from "../sessions/authenticate.ts";
import { answers, bodyFailures, tokenFailures } from "./answers.ts";
import { readDocuments } from "./document-body.ts";

const params = z.object({ sessionId: z.string().max(64) });
const security = [{ sessionToken: [] }];
const headers = z.object({
  "if-match": z
    .string()
    .max(1_000)
    .optional()
    .describe("ETag of the draft that this one replaces; one of the two is required"),
  "if-none-match": z.string().max(1_000).optional().describe("`*`: there is no draft yet"),
});

const late = z.object({
  submissionId: z
    .string()
    .max(64)
    .optional()
    .describe("The submission that was made of it, where that was sent before it: its card takes the draft away"),
});

const etagOf = (sha256: string): string => `"${sha256}"`;

/** Throws Problem: precondition-missing, bad-request. */
function readExpected(given: z.output<typeof headers>): Expected {
  const { "if-match": match, "if-none-match": noneMatch } = given;
  if (match === undefined && noneMatch === undefined) throw new Problem("precondition-missing");
  if (match !== undefined && noneMatch !== undefined)
    throw new Problem("bad-request", { detail: "If-Match and If-None-Match: send one of them." });
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === "*") return "none";
    throw new Problem("bad-request", { detail: "If-None-Match: expected *." });
  }
  if (match?.trim() === "*") return "any";
  return (match ?? "").split(",").flatMap((tag) => /^\s*"([0-9a-f]{64})"\s*$/.exec(tag)?.[1] ?? []);
}

function refuseOvertaken(reply: FastifyReply, sha256: string | undefined): never {
  if (sha256 === undefined)
    throw new Problem("draft-changed", { detail: "There is no draft any more: it was deleted, or its card was made." });
  void reply.header("etag", etagOf(sha256));
  throw new Problem("draft-changed");
}

const path = "/v1/sessions/:sessionId/draft";

/** The design as its cardholder has left it: one for each card, whichever session or device asks. */
export function registerDrafts(app: App, parts: AppParts): void {
  const onRequest = async (request: FastifyRequest) => void (await requireSession(request, parts));
  registerReading(app, parts, onRequest);
  registerKeeping(app, parts, onRequest);
  registerDeleting(app, parts, onRequest);
}

type OnRequest = (request: FastifyRequest) => Promise<void>;

function registerReading(app: App, parts: AppParts, onRequest: OnRequest): void {
  app.get(
    path,
    {
      onRequest,
      schema: {
        summary: "The draft, byte for byte as it was stored. ETag names it, Sunset says when it may be deleted",
        security,
        params,
        response: answers({ 200: z.any().meta({ description: "The design document" }) }, [
          ...tokenFailures,
          "not-found",
        ]),
      },
    },
    async (request, reply) => {
      const draft = await findDraft(parts.store, await requireSession(request, parts));
      if (draft === undefined) throw new Problem("not-found", { detail: "There is no draft of this card." });
      return reply
        .headers({
          "cache-control": "private, no-store",
          etag: etagOf(draft.sha256),
          "last-modified": new Date(draft.changed_at).toUTCString(),
          sunset: new Date(expiryOf(draft, parts.config)).toUTCString(),
        })
        .type("application/json")
        .serializer((text: string) => text)
        .send(draft.document);
    },
  );
}

function registerKeeping(app: App, parts: AppParts, onRequest: OnRequest): void {
  const readDocument = readDocuments(app);
  app.route({
    method: ["POST", "PUT"],
    url: path,
    onRequest,
    schema: {
      summary: "Store the draft in place of the one that was seen, whose photos are stored",
      security,
      params,
      querystring: late,
      headers,
      body: designDocument,
      response: answers({ 200: draftStored, 201: draftStored }, [
        ...tokenFailures,
        ...bodyFailures,
        "draft-changed",
        "precondition-missing",
        "asset-unknown",
        "not-offered",
        "template-broken",
      ]),
    },
    handler: async (request, reply) => {
      const session = await requireSession(request, parts);
      const arrived = readDocument(request, session);
      requireOffers(parts, session, request.body);
      const photos = designOf(request.body).elements.flatMap((element) =>
        element.kind === "photo" ? [element.sha256] : [],
      );
      const { submissionId } = request.query;
      const put = await putDraft(parts, session, { ...arrived, photos, submissionId }, readExpected(request.headers));
      if (put.kind === "overtaken") return refuseOvertaken(reply, put.sha256);
      const { sha256, changed_at: changedAt } = put.draft;
      void reply.header("etag", etagOf(sha256));
      const stored = { draftSha256: sha256, changedAt, expiresAt: expiryOf(put.draft, parts.config) };
      return reply.code(put.kind === "created" ? 201 : 200).send(stored);
    },
  });
}

function registerDeleting(app: App, parts: AppParts, onRequest: OnRequest): void {
  for (const [method, url] of [
    ["POST", `${path}/delete`],
    ["DELETE", path],
  ] as const)
    app.route({
      method,
      url,
      onRequest,
      schema: {
        summary: "Delete the draft and its photos, at once and for good; again is harmless",
        security,
        params,
        headers: z.object({
          "if-match": z.string().max(1_000).optional().describe("ETag of the draft that is meant; any without it"),
        }),
        response: answers({ 204: z.void() }, [...tokenFailures, ...bodyFailures, "draft-changed"]),
      },
      handler: async (request, reply) => {
        const session = await requireSession(request, parts);
        const match = request.headers["if-match"];
        const only = match === undefined ? {} : { expected: readExpected({ "if-match": match }) };
        const deleted = await deleteDraft({ ...parts, log: request.log }, session, only);
        if (deleted.kind === "overtaken") return refuseOvertaken(reply, deleted.sha256);
        if (deleted.kind === "deleted") request.log.info({ productId: session.product_id }, "a draft is deleted");
        return reply.code(204).send();
      },
    });
}
