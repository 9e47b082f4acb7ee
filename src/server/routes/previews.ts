import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { PictureName, PreviewOutcome, PreviewRequest } from "#providers/provider.ts";
import { createFairLine, type FairLine } from "../fair-line.ts";
import { createSharedCalls } from "../joint-calls.ts";
import type { App, AppParts } from "../parts.ts";
import { findSubmission, requireIssuersSubmission, requireOwnSubmission } from "../state/find.ts";
import { toView } from "../state/view.ts";
import type { SubmissionTable } from "../store/schema.ts";
import { createUnreadAnswers } from "../unread-answers.ts";
import { answers, tokenFailures } from "./answers.ts";
import { whenReaderGone } from "./reader-gone.ts";
import { isIssuer } from "./submissions.ts";

const timeoutMs = 10_000;
const asking = { slots: 4, places: 32 } as const;
/** Of previews that their readers have not taken yet, all together. */
const maxUnreadBytes = 64 * 1024 * 1024;

const params = z.object({ submissionId: z.string().max(64) });
const query = z.object({
  width: z.coerce.number().int().min(16).max(2100).optional().describe("Pixels; the platform keeps the aspect ratio"),
  format: z.enum(["png", "jpeg"]).default("png"),
  corner: z.enum(["round", "square"]).default("round"),
  type: z.enum(["print", "review", "design-with-template", "design", "original"]).default("print"),
  rotate: z.enum(["0", "90", "180", "270"]).optional(),
});

function toRequest({ width, format, corner, type, rotate }: z.output<typeof query>): PreviewRequest {
  return {
    format,
    corner,
    designType: type,
    ...(width !== undefined && { widthPx: width }),
    ...(rotate !== undefined && { rotateDeg: Number(rotate) as 0 | 90 | 180 | 270 }),
  };
}

/**
 * Asks each issuer's platform a few times at once, in turn by session, so that none waits for another's; for what is being asked
 * already, not again. Readers who leave make room:
 * while they wait, or by ending the call for them. The given function resolves to undefined when its reader has gone, and throws Problem("overloaded") when too many wait.
 */
function createPreviewQueue({ providers, metrics }: Pick<AppParts, "providers" | "metrics">) {
  const lines = new Map<string, FairLine>();
  metrics?.onCollect(({ lineBusy, lineWaiting }) => {
    const sizes = [...lines.values()].map((line) => line.size());
    lineBusy.set(
      { line: "previews" },
      sizes.reduce((sum, { busy }) => sum + busy, 0),
    );
    lineWaiting.set(
      { line: "previews" },
      sizes.reduce((sum, { waiting }) => sum + waiting, 0),
    );
  });
  const lineOf = ({ issuer_id: issuerId }: SubmissionTable): FairLine => {
    const line = lines.get(issuerId) ?? createFairLine(asking);
    lines.set(issuerId, line);
    return line;
  };
  const ask = async (row: SubmissionTable, asked: PreviewRequest, gone: AbortSignal) => {
    if (gone.aborted) return undefined;
    const signal = AbortSignal.any([gone, AbortSignal.timeout(timeoutMs)]);
    const outcome = await providers.of(row).getPreview(nameOf(row), asked, signal);
    return gone.aborted ? undefined : outcome;
  };
  const share = createSharedCalls<PreviewOutcome | undefined>();
  return (row: SubmissionTable, asked: PreviewRequest, gone: AbortSignal): Promise<PreviewOutcome | undefined> =>
    share(JSON.stringify([row.id, nameOf(row), asked]), gone, (allGone) =>
      lineOf(row).run(row.session_id, allGone, () => ask(row, asked, allGone)),
    );
}

function nameOf(row: SubmissionTable): PictureName {
  return row.card_image_id === null
    ? { reference: row.reference, productId: row.product_id }
    : { cardImageId: row.card_image_id };
}

/** The platform's own rendering of what it received, fetched here because the Image API wants its key in the address. */
export function registerPreviews(app: App, parts: AppParts): void {
  const queue = createPreviewQueue(parts);
  const unread = createUnreadAnswers(maxUnreadBytes);
  app.get(
    "/v1/submissions/:submissionId/preview",
    {
      schema: {
        summary: "The card as the platform renders it",
        produces: ["image/png", "image/jpeg"],
        security: [{ issuerKey: [] }, { sessionToken: [] }],
        params,
        querystring: query,
        response: answers({ 200: z.any().meta({ description: "image/png or image/jpeg" }) }, [
          ...tokenFailures,
          "not-found",
          "preview-not-ready",
          "platform-unavailable",
          "overloaded",
        ]),
      },
    },
    async (request, reply) => {
      const { submissionId } = request.params;
      const row = isIssuer(request, parts)
        ? await requireIssuersSubmission(request, parts, submissionId)
        : await requireOwnSubmission(request, parts, submissionId);
      if (!toView(row).hasPreview) throw new Problem("preview-not-ready");
      const gone = whenReaderGone(reply);
      const outcome = await queue(row, toRequest(request.query), gone);
      if (outcome === undefined || gone.aborted) return reply.hijack();
      if (outcome.kind === "not-ready") throw new Problem("preview-not-ready");
      if (outcome.kind === "unavailable") {
        const fields = { issuerId: row.issuer_id, submissionId: row.id, ...nameOf(row), detail: outcome.detail };
        request.log.warn(fields, "no preview from the platform");
        throw new Problem("platform-unavailable");
      }
      // It may have been deleted while the platform was asked.
      if (!toView(await findSubmission(parts.store, row.id)).hasPreview) throw new Problem("preview-not-ready");
      return reply
        .header("cache-control", "private, no-store")
        .type(outcome.mediaType)
        .send(unread.hold(reply, { issuerId: row.issuer_id, sessionId: row.session_id }, outcome.bytes));
    },
  );
}
