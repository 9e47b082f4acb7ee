import { Readable } from "node:stream";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import { eventPage } from "#contracts/webhook.ts";
import { streamEvents } from "../events/stream.ts";
import type { App, AppParts } from "../parts.ts";
import { requireIssuer, requireSession } from "../sessions/authenticate.ts";
import { requireOwnSubmission } from "../state/find.ts";
import { listEvents } from "../webhooks/events.ts";
import { answers, tokenFailures } from "./answers.ts";
import { whenReaderGone } from "./reader-gone.ts";

const heartbeatMs = 15_000;
const maxStreamsPerSession = 6;
const maxPage = 500;

const params = z.object({ submissionId: z.string().max(64) });
const headers = z.object({
  "last-event-id": z
    .string()
    .regex(/^\d{1,9}$/)
    .optional()
    .describe("The last event seen; everything after it is sent"),
});

const query = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe("`seq` of the last event that is known; beyond the newest there is nothing yet"),
  limit: z.coerce.number().int().min(1).max(maxPage).default(100),
});

function createCounter(most: number) {
  const counts = new Map<string, number>();
  return {
    sum: (): number => [...counts.values()].reduce((sum, count) => sum + count, 0),
    enter(key: string): void {
      const count = counts.get(key) ?? 0;
      if (count >= most) throw new Problem("too-many-requests", { detail: `At most ${most} streams per session.` });
      counts.set(key, count + 1);
    },
    leave(key: string): void {
      const count = (counts.get(key) ?? 1) - 1;
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    },
  };
}

/** What happens: to all of an issuer's submissions, page by page, and to one as it comes. */
export function registerEvents(app: App, parts: AppParts): void {
  registerList(app, parts);
  registerStream(app, parts);
}

function registerList(app: App, parts: AppParts): void {
  app.get(
    "/v1/events",
    {
      onRequest: async (request) => requireIssuer(request, parts),
      schema: {
        summary: "All that has happened, oldest first: what webhooks tell, for who would rather ask or has missed some",
        security: [{ issuerKey: [] }],
        querystring: query,
        response: answers({ 200: eventPage }, ["not-authenticated"]),
      },
    },
    async (request) =>
      listEvents(parts.store, requireIssuer(request, parts).id, request.query.after, request.query.limit),
  );
}

/** Server-sent events that resume after a break. */
function registerStream(app: App, parts: AppParts): void {
  const streams = createCounter(maxStreamsPerSession);
  parts.metrics?.onCollect(({ streams: open }) => open.set(streams.sum()));
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());
  app.get(
    "/v1/submissions/:submissionId/events",
    {
      schema: {
        summary: "Follow a submission (text/event-stream); each event is a SubmissionView, its id the sequence",
        produces: ["text/event-stream"],
        security: [{ sessionToken: [] }],
        params,
        headers,
        response: answers({ 200: z.any().meta({ description: "text/event-stream" }) }, [
          ...tokenFailures,
          "not-found",
          "too-many-requests",
        ]),
      },
    },
    async (request, reply) => {
      const row = await requireOwnSubmission(request, parts, request.params.submissionId);
      const { id: sessionId, tokenExpiresAt } = await requireSession(request, parts);
      const gone = whenReaderGone(reply);
      if (gone.aborted) return reply.hijack();
      streams.enter(sessionId);
      gone.addEventListener("abort", () => streams.leave(sessionId), { once: true });
      const ended = new AbortController();
      const stopListening = parts.notifier.listenToEnd(sessionId, () => ended.abort());
      gone.addEventListener("abort", stopListening, { once: true });
      const events = streamEvents(parts, {
        submission: row,
        sessionId,
        after: Number(request.headers["last-event-id"] ?? 0),
        heartbeatMs,
        longestMs: tokenExpiresAt - parts.now(),
        signal: AbortSignal.any([gone, closing.signal, ended.signal]),
      });
      return (
        reply
          .header("cache-control", "no-store")
          .header("x-accel-buffering", "no")
          // Otherwise the connection would outlive the stream, idle, and hold up a server that stops.
          .header("connection", "close")
          .type("text/event-stream")
          .send(Readable.from(events, { objectMode: false, highWaterMark: 16 * 1024 }))
      );
    },
  );
}
