import pLimit from "p-limit";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { App, AppParts } from "../parts.ts";
import { requireOwnSubmission } from "../submissions/find.ts";
import { answers } from "./answers.ts";

const timeoutMs = 10_000;
const atOnce = 4;
const maxWaiting = 32;
/** The largest raster of any product, uncompressed. */
const maxBytes = 12 * 1024 * 1024;

const params = z.object({ submissionId: z.string().max(64) });
const query = z.object({
  width: z.coerce.number().int().min(16).max(2100).optional().describe("Pixels; the platform keeps the aspect ratio"),
  format: z.enum(["png", "jpeg"]).default("png"),
  corner: z.enum(["round", "square"]).default("round"),
  type: z.enum(["print", "review", "design-with-template", "design", "original"]).default("print"),
  rotate: z.enum(["0", "90", "180", "270"]).optional(),
});

function toRequest({ width, format, corner, type, rotate }: z.output<typeof query>) {
  return {
    format,
    corner,
    designType: type,
    ...(width !== undefined && { widthPx: width }),
    ...(rotate !== undefined && { rotateDeg: Number(rotate) as 0 | 90 | 180 | 270 }),
  };
}

/** The platform's own rendering of what it received, fetched here because the Image API wants its key in the address. */
export function registerPreviews(app: App, parts: AppParts): void {
  const limit = pLimit(atOnce);
  app.get(
    "/v1/submissions/:submissionId/preview",
    {
      schema: {
        summary: "The card as the platform renders it",
        produces: ["image/png", "image/jpeg"],
        security: [{ sessionToken: [] }],
        params,
        querystring: query,
        response: answers({ 200: z.any().meta({ description: "image/png or image/jpeg" }) }, [
          "not-authenticated",
          "token-expired",
          "session-expired",
          "not-allowed",
          "not-found",
          "preview-not-ready",
          "platform-unavailable",
          "overloaded",
        ]),
      },
    },
    async (request, reply) => {
      const { card_image_id: cardImageId } = await requireOwnSubmission(request, parts, request.params.submissionId);
      if (cardImageId === null) throw new Problem("preview-not-ready");
      if (limit.pendingCount >= maxWaiting) throw new Problem("overloaded");
      const asked = toRequest(request.query);
      const outcome = await limit(() => parts.provider.getPreview(cardImageId, asked, AbortSignal.timeout(timeoutMs)));
      if (outcome.kind === "not-ready") throw new Problem("preview-not-ready");
      if (outcome.kind === "unavailable") {
        request.log.warn({ detail: outcome.detail }, "no preview from the platform");
        throw new Problem("platform-unavailable");
      }
      if (outcome.bytes.byteLength > maxBytes) throw new Problem("platform-unavailable");
      return reply
        .header("cache-control", "private, no-store")
        .type(outcome.mediaType)
        .send(Buffer.from(outcome.bytes.buffer, outcome.bytes.byteOffset, outcome.bytes.byteLength));
    },
  );
}
