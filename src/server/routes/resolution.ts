import * as z from "zod";
import { resolution, submissionHistory, submissionRecord } from "#contracts/submission.ts";
import { resolveByHand } from "../delivery/by-hand.ts";
import { listSecretsOf } from "../config.ts";
import type { App, AppParts } from "../parts.ts";
import { createScrub } from "../scrub.ts";
import { requireIssuer } from "../sessions/authenticate.ts";
import { requireIssuersSubmission } from "../state/find.ts";
import { readHistory } from "../state/history.ts";
import { toRecord } from "../state/view.ts";
import { answers, bodyFailures } from "./answers.ts";

const params = z.object({ submissionId: z.string().max(64) });

/** What an operator can see of a submission, and do about one of which nothing else can tell. */
export function registerResolution(app: App, parts: AppParts): void {
  const onRequest = async (request: Parameters<typeof requireIssuer>[0]) => requireIssuer(request, parts);
  const security = [{ issuerKey: [] }];

  app.get(
    "/v1/submissions/:submissionId/history",
    {
      onRequest,
      schema: {
        summary:
          "All that is known of one submission: its states with their causes, its attempts, what is still to be done",
        security,
        params,
        response: answers({ 200: submissionHistory }, ["not-authenticated", "not-found"]),
      },
    },
    async (request) => {
      const { id } = await requireIssuersSubmission(request, parts, request.params.submissionId);
      return readHistory(parts.store, parts.providers, id);
    },
  );

  app.post(
    "/v1/submissions/:submissionId/resolution",
    {
      onRequest,
      schema: {
        summary: "What a person decides: the image id of a submission, that it is sent again, or that it is given up",
        security,
        params,
        body: resolution,
        response: answers({ 200: submissionRecord }, [
          "not-authenticated",
          "not-found",
          "not-possible",
          "confirmation-needed",
          ...bodyFailures,
        ]),
      },
    },
    async (request) => {
      const { id } = await requireIssuersSubmission(request, parts, request.params.submissionId);
      // The history is shown to all who may see it, and kept for ever.
      const scrub = createScrub(listSecretsOf(parts.config, requireIssuer(request, parts)));
      const { reason, by, ...wanted } = request.body;
      const decision = { ...wanted, reason: scrub(reason), ...(by !== undefined && { by: scrub(by) }) };
      const row = await resolveByHand({ ...parts, log: request.log }, id, decision);
      parts.courier?.wake();
      return toRecord(row);
    },
  );
}
