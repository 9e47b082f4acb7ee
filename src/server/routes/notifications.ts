import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { Provider, ReviewNotification } from "#providers/provider.ts";
import { takeNotification } from "../delivery/notifications.ts";
import type { App, AppParts } from "../parts.ts";
import { noteCaller } from "../request-log.ts";
import { defaultIssuer } from "../store/schema.ts";
import { answers, bodyFailures } from "./answers.ts";

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

const maxNames = 20;

/** Names of a body's fields, for the log; never what they hold. */
function listNames(body: Buffer): string[] {
  try {
    const fields: unknown = JSON.parse(body.toString("utf8"));
    return Object.keys(fields ?? {})
      .slice(0, maxNames)
      .map((name) => name.slice(0, 40));
  } catch {
    return [];
  }
}

/** Throws Problem: not-authenticated, bad-request. What is refused may never come again, so the log says what it was like. */
function readNotification(
  provider: Provider,
  issuerId: string,
  request: FastifyRequest,
  body: Buffer,
  now: number,
): ReviewNotification | null {
  try {
    return provider.readNotification(flatten(request.headers), body, now);
  } catch (error) {
    if (error instanceof Problem && error.code === "bad-request")
      request.log.warn(
        { issuerId, platform: provider.name, detail: error.detail, fields: listNames(body) },
        "a notification is not understood",
      );
    throw error;
  }
}

/**
 * Each platform's push notifications. 204: taken, known already, or nothing to us. 202: kept, because no submission has that image id yet.
 * Never a failure for an unknown id: no platform promises to send a notification twice.
 */
export function registerNotifications(app: App, parts: AppParts): void {
  // Signatures are over the very bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  for (const { name } of parts.providers.listOf(defaultIssuer))
    app.post(`/v1/platform/${name}/notifications`, { schema }, async (request, reply) =>
      reply.code(await take(parts, defaultIssuer, name, request)).send(null),
    );
  app.post(
    "/v1/issuers/:issuerId/platform/:provider/notifications",
    { schema: { ...schema, params, summary: "The same, of an issuer of FULLBLEED_ISSUERS" } },
    async (request, reply) => {
      const { issuerId, provider } = request.params;
      return reply.code(await take(parts, issuerId, provider, request)).send(null);
    },
  );
}

const params = z.object({ issuerId: z.string().max(64), provider: z.string().max(64) });
const schema = {
  summary: "The card platform reports on an image it is checking",
  body: z.any().meta({ description: "The platform's own JSON" }),
  response: answers({ 202: z.null(), 204: z.null() }, ["not-authenticated", ...bodyFailures]),
};

async function take(parts: AppParts, issuerId: string, name: string, request: FastifyRequest): Promise<202 | 204> {
  const provider = parts.providers.listOf(issuerId).find((one) => one.name === name);
  // As for a wrong secret: who has none is not told which issuers there are.
  if (provider === undefined) throw new Problem("not-authenticated");
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const notification = readNotification(provider, issuerId, request, body, parts.now());
  noteCaller(request, { issuerId });
  if (notification === null) return 204;
  const policy = { quietWindowMs: parts.config.quietWindowSeconds * 1000 };
  const taken = await takeNotification({ ...parts, log: request.log, policy, issuerId, provider: name }, notification);
  return taken === "kept" ? 202 : 204;
}
