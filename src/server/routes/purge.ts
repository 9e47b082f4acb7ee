import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import { cardholderExport, type PurgeRequest, purgeReport, purgeRequest } from "#contracts/purge.ts";
import { readPicture } from "../blobs/pictures.ts";
import { listSecrets } from "../config.ts";
import type { App, AppParts } from "../parts.ts";
import { type PurgeContext, type PurgeOrder, purgeSubmission } from "../purge/ask.ts";
import { type Cardholder, isKnown, purgeCardholder, reportCardholder, reportSubmission } from "../purge/cardholder.ts";
import { exportCardholder } from "../purge/export.ts";
import { createScrub } from "../scrub.ts";
import { requireIssuer } from "../sessions/authenticate.ts";
import { requireIssuersSubmission } from "../state/find.ts";
import { isDeleted } from "../state/machine.ts";
import { answers, bodyFailures } from "./answers.ts";

const submissionParams = z.object({ submissionId: z.string().max(64) });
const cardholderParams = z.object({ cardholderId: z.string().max(64) });
const security = [{ issuerKey: [] }];
const failures = ["not-authenticated", "not-found", ...bodyFailures] as const;

type Request = Parameters<typeof requireIssuer>[0];

/** Deleting what is held about a submission or a cardholder, and what is held about one. */
export function registerPurge(app: App, parts: AppParts): void {
  registerDeleting(app, parts);
  registerExport(app, parts);
}

async function requireCardholder(request: Request, parts: AppParts, cardholderId: string): Promise<Cardholder> {
  const of = { issuerId: requireIssuer(request, parts).id, cardholderId };
  if (await isKnown(parts.store, of)) return of;
  throw new Problem("not-found", { detail: "Nothing is held about such a cardholder." });
}

function registerDeleting(app: App, parts: AppParts): void {
  const onRequest = async (request: Request) => requireIssuer(request, parts);
  const scrub = createScrub(listSecrets(parts.config));
  const policy = { quietWindowMs: parts.config.quietWindowSeconds * 1000 };
  const contextOf = (request: Request): PurgeContext => ({ ...parts, policy, log: request.log });
  const orderOf = ({ reason, by }: PurgeRequest): PurgeOrder => ({
    actor: "operator",
    reason: scrub(reason),
    by: by === undefined ? null : scrub(by),
  });

  app.post(
    "/v1/submissions/:submissionId/purge",
    {
      onRequest,
      schema: {
        summary: "Delete one submission's picture, here and at the card platform; without confirm: what would go",
        security,
        params: submissionParams,
        body: purgeRequest,
        response: answers({ 200: purgeReport }, failures),
      },
    },
    async (request) => {
      const row = await requireIssuersSubmission(request, parts, request.params.submissionId);
      const report = await reportSubmission(parts, row);
      if (request.body.confirm) await purgeSubmission(contextOf(request), row, orderOf(request.body));
      return { isDone: request.body.confirm, ...report };
    },
  );

  app.post(
    "/v1/cardholders/:cardholderId/purge",
    {
      onRequest,
      schema: {
        summary:
          "Delete everything that is held about one cardholder, here and at the card platforms; without confirm: what would go",
        security,
        params: cardholderParams,
        body: purgeRequest,
        response: answers({ 200: purgeReport }, failures),
      },
    },
    async (request) => {
      const of = await requireCardholder(request, parts, request.params.cardholderId);
      const report = await reportCardholder(parts, of);
      if (request.body.confirm) await purgeCardholder(contextOf(request), of, orderOf(request.body));
      return { isDone: request.body.confirm, ...report };
    },
  );
}

function registerExport(app: App, parts: AppParts): void {
  const onRequest = async (request: Request) => requireIssuer(request, parts);

  app.get(
    "/v1/cardholders/:cardholderId/export",
    {
      onRequest,
      schema: {
        summary: "Everything that is held about one cardholder",
        security,
        params: cardholderParams,
        response: answers({ 200: cardholderExport }, ["not-authenticated", "not-found"]),
      },
    },
    async (request) => exportCardholder(parts, await requireCardholder(request, parts, request.params.cardholderId)),
  );

  app.get(
    "/v1/submissions/:submissionId/picture",
    {
      onRequest,
      schema: {
        summary: "The picture itself, as it was sent to this server",
        produces: ["image/png"],
        security,
        params: submissionParams,
        response: answers({ 200: z.any().meta({ description: "image/png" }) }, ["not-authenticated", "not-found"]),
      },
    },
    async (request, reply) => {
      const row = await requireIssuersSubmission(request, parts, request.params.submissionId);
      const bytes = await readPicture(parts.store, parts.blobs, row);
      if (typeof bytes === "string")
        throw new Problem("not-found", {
          detail: isDeleted(row) ? "The picture has been deleted." : `The picture's file is ${bytes}.`,
        });
      return reply
        .header("cache-control", "private, no-store")
        .type(row.media_type)
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
}
