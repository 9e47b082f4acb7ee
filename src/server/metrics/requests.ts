import type { FastifyReply } from "fastify";
import { problemOf } from "../errors.ts";
import type { App } from "../parts.ts";
import type { Metrics } from "./metrics.ts";

/** As the log has it: the route's pattern, never the address that was asked for. */
const unmatched = "unmatched";

function isStream(reply: FastifyReply): boolean {
  return String(reply.getHeader("content-type")).startsWith("text/event-stream");
}

/** Counts and times every request. A client that left before its answer was there is `aborted`. */
export function measureRequests(app: App, { requests, problems }: Metrics): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? unmatched;
    const code = problemOf(reply);
    if (code !== undefined) problems.inc({ route, code });
    if (isStream(reply)) return;
    // A method that no route has is whatever the client made up.
    const method = route === unmatched ? unmatched : request.method;
    const status = reply.raw.writableEnded ? String(reply.statusCode) : "aborted";
    requests.observe({ method, route, status }, reply.elapsedTime / 1000);
  });
}
