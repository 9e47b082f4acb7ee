import * as z from "zod";
import { decisionRequest, submissionRecord } from "#contracts/submission.ts";
import { requestDecision } from "../delivery/decide.ts";
import { listSecretsOf } from "../config.ts";
import type { App, AppParts } from "../parts.ts";
import { createScrub } from "../scrub.ts";
import { requireIssuer } from "../sessions/authenticate.ts";
import { requireIssuersSubmission } from "../state/find.ts";
import { toRecord } from "../state/view.ts";
import { answers, bodyFailures } from "./answers.ts";

const params = z.object({ submissionId: z.string().max(64) });

/** The issuer's verdict, where it is the issuer's. */
export function registerDecision(app: App, parts: AppParts): void {
  app.post(
    "/v1/submissions/:submissionId/decision",
    {
      onRequest: async (request) => requireIssuer(request, parts),
      schema: {
        summary: "The issuer's verdict on a picture, for card platforms where the issuer decides; the state follows",
        security: [{ issuerKey: [] }],
        params,
        body: decisionRequest,
        response: answers({ 202: submissionRecord }, [
          "not-authenticated",
          "not-found",
          "not-possible",
          ...bodyFailures,
        ]),
      },
    },
    async (request, reply) => {
      const { id } = await requireIssuersSubmission(request, parts, request.params.submissionId);
      const scrub = createScrub(listSecretsOf(parts.config, requireIssuer(request, parts)));
      const { by, ...given } = request.body;
      const memo = "memo" in given && given.memo !== undefined ? { memo: scrub(given.memo) } : {};
      const decision = { ...given, ...memo, ...(by !== undefined && { by: scrub(by) }) };
      const row = await requestDecision({ ...parts, log: request.log }, id, decision);
      parts.courier?.wake();
      return reply.code(202).send(toRecord(row));
    },
  );
}
