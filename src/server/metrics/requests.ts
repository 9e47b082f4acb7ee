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
  // A crowd comes at once: what it meets first has to be an increase, and not a number that nobody knew before.
  app.addHook("onRoute", ({ url: route }) => problems.inc({ route, code: "overloaded" }, 0));
  app.addHook("onRequest", async (request, reply) => {
    let isCounted = false;
    const count = (): void => {
      if (isCounted) return;
      isCounted = true;
      const route = request.routeOptions.url ?? unmatched;
      const code = problemOf(reply);
      if (code !== undefined) problems.inc({ route, code });
      if (isStream(reply)) return;
      // A method that no route has is whatever the client made up.
      const method = route === unmatched ? unmatched : request.method;
      const status = reply.raw.headersSent ? String(reply.statusCode) : "aborted";
      requests.observe({ method, route, status }, reply.elapsedTime / 1000);
    };
    // Who has left is told by the second alone; who keeps the connection, by the first.
    reply.raw.once("finish", count).once("close", count);
  });
}
