import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import {
  pingResult,
  replay,
  rotation,
  webhookEndpoint,
  webhookEndpointChange,
  webhookEndpointPage,
  webhookEndpointRequest,
  webhookEndpointSecret,
} from "#contracts/webhook.ts";
import type { App, AppParts } from "../parts.ts";
import { requireIssuer } from "../sessions/authenticate.ts";
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
  readEndpoint,
  replayEvents,
  rotateSecret,
  tryNow,
} from "../webhooks/endpoints.ts";
import { postWebhook } from "../webhooks/post.ts";
import { answers, bodyFailures } from "./answers.ts";

const params = z.object({ webhookEndpointId: z.string().max(64) });
const query = z.object({
  after: z.string().max(64).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
const headers = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .describe(
      "1 to 200 visible characters: repeated with it within a day, the request is answered as before, secret included",
    ),
});
const failures = ["not-authenticated", "not-found", ...bodyFailures] as const;
const security = [{ issuerKey: [] }];
const maxPings = 4;

/** Where an issuer is told what happens. */
export function registerWebhookEndpoints(app: App, parts: AppParts): void {
  registerReading(app, parts);
  registerChanging(app, parts);
  registerReplay(app, parts);
  registerPing(app, parts);
}

function guardOf(parts: AppParts) {
  return {
    onRequest: async (request: FastifyRequest) => requireIssuer(request, parts),
    requireAddress(url: string | undefined): void {
      const refusal = url === undefined ? undefined : parts.poster.guard.refuse(url);
      if (refusal !== undefined) throw new Problem("bad-request", { detail: `body.url: the address ${refusal}.` });
    },
  };
}

function registerReading(app: App, parts: AppParts): void {
  const { onRequest, requireAddress } = guardOf(parts);
  app.post(
    "/v1/webhook-endpoints",
    {
      onRequest,
      schema: {
        summary:
          "An address that is told, by signed webhooks, of all that happens from now on; its secret is answered here only",
        security,
        headers,
        body: webhookEndpointRequest,
        response: answers({ 201: webhookEndpointSecret }, [
          "not-authenticated",
          "beyond-limit",
          "idempotency-key-reused",
          ...bodyFailures,
        ]),
      },
    },
    async (request, reply) => {
      const { url } = request.body;
      requireAddress(url);
      const key = request.headers["idempotency-key"] ?? null;
      const { endpoint, replayed } = await createEndpoint(parts, requireIssuer(request, parts).id, url, key);
      if (replayed) void reply.header("idempotency-replayed", "true");
      return reply.code(201).header("cache-control", "no-store").send(endpoint);
    },
  );

  app.get(
    "/v1/webhook-endpoints",
    {
      onRequest,
      schema: {
        summary: "The webhook endpoints, oldest first",
        security,
        querystring: query,
        response: answers({ 200: webhookEndpointPage }, ["not-authenticated"]),
      },
    },
    async (request) => listEndpoints(parts, requireIssuer(request, parts).id, request.query),
  );

  app.get(
    "/v1/webhook-endpoints/:webhookEndpointId",
    {
      onRequest,
      schema: {
        summary: "How far an endpoint has been told, why its last try failed, what has been given up",
        security,
        params,
        response: answers({ 200: webhookEndpoint }, ["not-authenticated", "not-found"]),
      },
    },
    async (request) => readEndpoint(parts, requireIssuer(request, parts).id, request.params.webhookEndpointId),
  );
}

function registerChanging(app: App, parts: AppParts): void {
  const { onRequest, requireAddress } = guardOf(parts);
  app.patch(
    "/v1/webhook-endpoints/:webhookEndpointId",
    {
      onRequest,
      schema: {
        summary: "Another address, disabled, or enabled: it is then told at once of what has waited",
        security,
        params,
        body: webhookEndpointChange,
        response: answers({ 200: webhookEndpoint }, ["not-possible", ...failures]),
      },
    },
    async (request) => {
      requireAddress(request.body.url);
      const { webhookEndpointId: id } = request.params;
      const endpoint = await changeEndpoint(parts, requireIssuer(request, parts).id, id, request.body);
      parts.webhooks?.wake();
      return endpoint;
    },
  );

  app.post(
    "/v1/webhook-endpoints/:webhookEndpointId/rotate",
    {
      onRequest,
      schema: {
        summary: "Another secret, answered here only; for a while webhooks are signed with those of before too",
        security,
        params,
        body: rotation,
        response: answers({ 200: webhookEndpointSecret }, ["not-possible", "beyond-limit", ...failures]),
      },
    },
    async (request, reply) => {
      const overlapSeconds = request.body?.overlapSeconds ?? parts.config.webhookOverlapSeconds;
      const { webhookEndpointId: id } = request.params;
      const endpoint = await rotateSecret(parts, requireIssuer(request, parts).id, id, overlapSeconds * 1000);
      return reply.header("cache-control", "no-store").send(endpoint);
    },
  );

  app.delete(
    "/v1/webhook-endpoints/:webhookEndpointId",
    {
      onRequest,
      schema: {
        summary: "The endpoint is told nothing any more",
        security,
        params,
        response: answers({ 204: z.void() }, ["not-possible", ...failures]),
      },
    },
    async (request, reply) => {
      await deleteEndpoint(parts, requireIssuer(request, parts).id, request.params.webhookEndpointId);
      return reply.code(204).send();
    },
  );
}

function registerReplay(app: App, parts: AppParts): void {
  app.post(
    "/v1/webhook-endpoints/:webhookEndpointId/replay",
    {
      onRequest: guardOf(parts).onRequest,
      schema: {
        summary: "Events are delivered again, from one or from a time on, with the same `webhook-id` as before",
        security,
        params,
        body: replay,
        response: answers({ 200: webhookEndpoint }, ["beyond-limit", ...failures]),
      },
    },
    async (request) => {
      const { webhookEndpointId: id } = request.params;
      const endpoint = await replayEvents(parts, requireIssuer(request, parts).id, id, request.body);
      parts.webhooks?.wake();
      return endpoint;
    },
  );
}

function registerPing(app: App, parts: AppParts): void {
  const underWay = new Map<string, number>();
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());
  app.post(
    "/v1/webhook-endpoints/:webhookEndpointId/ping",
    {
      onRequest: guardOf(parts).onRequest,
      schema: {
        summary:
          "Posts one signed webhook of the type `ping`, whatever waits, and says what came of it. Where it is taken, what waits is tried at once",
        security,
        params,
        response: answers({ 200: pingResult }, ["too-many-requests", ...failures]),
      },
    },
    async (request) => {
      const row = await findEndpoint(parts, requireIssuer(request, parts).id, request.params.webhookEndpointId);
      const own = underWay.get(row.issuer_id) ?? 0;
      if (own >= maxPings)
        throw new Problem("too-many-requests", { detail: `At most ${maxPings} pings at the same time.` });
      const id = `evt_ping_${randomBytes(12).toString("base64url")}`;
      const ping = { id, type: "ping", timestamp: new Date(parts.now()).toISOString() };
      underWay.set(row.issuer_id, own + 1);
      const posted = await postWebhook(parts.poster, row, id, JSON.stringify(ping), closing.signal).finally(() => {
        underWay.set(row.issuer_id, (underWay.get(row.issuer_id) ?? 1) - 1);
      });
      if (posted.kind === "delivered") {
        await tryNow(parts, row);
        parts.webhooks?.wake();
        return { delivered: true, error: null };
      }
      return { delivered: false, error: posted.kind === "gone" ? posted.code : posted.detail };
    },
  );
}
