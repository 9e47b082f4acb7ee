import { createHash } from "node:crypto";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { TemplateRequest } from "#providers/provider.ts";
import type { App, AppParts } from "../parts.ts";
import { requireSession } from "../sessions/authenticate.ts";
import { answers, tokenFailures } from "./answers.ts";

const params = z.object({ sessionId: z.string().max(64) });
const query = z.object({
  type: z.enum(["print", "design", "virtual-card"]).default("design").describe("Which of the product's templates"),
});
const headers = z.object({ "if-none-match": z.string().max(200).optional() });

const timeoutMs = 10_000;
/** A product's art changes once in years. */
const freshMs = 60 * 60_000;

interface Template {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly fetchedAt: number;
}

/**
 * One template serves all of an issuer: it is fetched once, whoever waits for it meanwhile gets the same, and it is kept for an hour, or for
 * as long as the platform has no other. There are as many as issuers' products have types.
 */
function createTemplates({ providers, now, log }: AppParts) {
  const kept = new Map<string, Template>();
  const coming = new Map<string, Promise<Template>>();

  async function fetchOne(issuerId: string, request: TemplateRequest): Promise<Template> {
    const outcome = await providers
      .making(issuerId, request.productId)
      ?.getTemplate(request, AbortSignal.timeout(timeoutMs));
    if (outcome?.kind !== "image") {
      log.warn(
        { issuerId, ...request, detail: outcome?.kind === "unavailable" ? outcome.detail : "not ready" },
        "no template from the platform",
      );
      throw new Problem("platform-unavailable");
    }
    const bytes = Buffer.from(outcome.bytes.buffer, outcome.bytes.byteOffset, outcome.bytes.byteLength);
    const etag = `"${createHash("sha256").update(bytes).digest("base64url")}"`;
    return { bytes, etag, fetchedAt: now() };
  }

  return async (issuerId: string, request: TemplateRequest): Promise<Template> => {
    const name = `${issuerId}/${request.productId}/${request.template}`;
    const known = kept.get(name);
    // Of a clock that is set back an old one looks new at worst.
    if (known !== undefined && Math.abs(now() - known.fetchedAt) < freshMs) return known;
    const fetching =
      coming.get(name) ??
      fetchOne(issuerId, request)
        .then((template) => {
          kept.set(name, template);
          return template;
        })
        .finally(() => coming.delete(name));
    coming.set(name, fetching);
    return fetching.catch((cause: unknown) => {
      if (known !== undefined) return known;
      throw cause;
    });
  };
}

/** The card's own art as the platform has it, for the designer to draw over the picture. */
export function registerTemplates(app: App, parts: AppParts): void {
  const templates = createTemplates(parts);
  app.get(
    "/v1/sessions/:sessionId/template",
    {
      schema: {
        summary: "The card without a picture, as the platform has it",
        produces: ["image/png"],
        security: [{ sessionToken: [] }],
        params,
        querystring: query,
        headers,
        response: answers({ 200: z.any().meta({ description: "image/png" }), 304: z.null() }, [
          ...tokenFailures,
          "platform-unavailable",
        ]),
      },
    },
    async (request, reply) => {
      const { issuer_id: issuerId, product_id: productId } = await requireSession(request, parts);
      const { bytes, etag } = await templates(issuerId, { productId, template: request.query.type });
      void reply.header("etag", etag).header("cache-control", "private, max-age=3600");
      if (request.headers["if-none-match"] === etag) return reply.code(304).send(null);
      return reply.type("image/png").send(bytes);
    },
  );
}
