import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import type { Provider, ReviewNotification } from "#providers/provider.ts";
import { takeNotification } from "../delivery/notifications.ts";
import type { App, AppParts } from "../parts.ts";
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
  request: FastifyRequest,
  body: Buffer,
  now: number,
): ReviewNotification | null {
  try {
    return provider.readNotification(flatten(request.headers), body, now);
  } catch (error) {
    if (error instanceof Problem && error.code === "bad-request")
      request.log.warn({ detail: error.detail, fields: listNames(body) }, "a notification is not understood");
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
  for (const provider of parts.providers.all) registerOne(app, parts, provider);
}

function registerOne(app: App, parts: AppParts, provider: Provider): void {
  const policy = { quietWindowMs: parts.config.quietWindowSeconds * 1000 };
  const path = `/v1/platform/${provider.name}/notifications`;
  app.post(
    path,
    {
      schema: {
        summary: "The card platform reports on an image it is checking",
        body: z.any().meta({ description: "The platform's own JSON" }),
        response: answers({ 202: z.null(), 204: z.null() }, ["not-authenticated", ...bodyFailures]),
      },
    },
    async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const notification = readNotification(provider, request, body, parts.now());
      if (notification === null) return reply.code(204).send(null);
      const context = { ...parts, log: request.log, policy, provider: provider.name };
      const taken = await takeNotification(context, notification);
      return reply.code(taken === "kept" ? 202 : 204).send(null);
    },
  );
}
