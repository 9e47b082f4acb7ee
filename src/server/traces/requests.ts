import { context, ROOT_CONTEXT, type Span, SpanKind, trace } from "@opentelemetry/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import { problemOf } from "../errors.ts";
import type { App } from "../parts.ts";
import { readIds } from "../request-log.ts";
import { getTracer, keepContext, markFailed, readCaller } from "./spans.ts";

function begin(request: FastifyRequest): Span {
  const { routeOptions, method } = request;
  const route = routeOptions.url;
  // A method that no route has is whatever the client made up.
  const name = route === undefined ? "unmatched" : `${method} ${route}`;
  const { submissionId, sessionId } = readIds(request);
  const attributes = {
    "fullbleed.request_id": request.id,
    ...(route !== undefined && { "http.request.method": method, "http.route": route }),
    ...(submissionId !== undefined && { "fullbleed.submission_id": submissionId }),
    ...(sessionId !== undefined && { "fullbleed.session_id": sessionId }),
  };
  return getTracer().startSpan(name, { kind: SpanKind.SERVER, attributes }, readCaller(request.headers.traceparent));
}

function endWith(span: Span, reply: FastifyReply): void {
  const code = problemOf(reply);
  if (code !== undefined) span.setAttribute("fullbleed.problem", code);
  if (reply.raw.headersSent) span.setAttribute("http.response.status_code", reply.statusCode);
  else span.setAttribute("fullbleed.aborted", true);
  if (reply.raw.headersSent && reply.statusCode >= 500) markFailed(span);
  span.end();
}

/**
 * One span per request, in which all that is done for it happens. What only asks whether the server is there has none. Where no
 * traces are written, the line about a request still names the trace that its sender has named.
 */
export function traceRequests(app: App): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (request.routeOptions.url?.startsWith("/health/") === true) return done();
    const span = begin(request);
    const its = trace.setSpan(ROOT_CONTEXT, span);
    keepContext(request, its);
    // After its end a span takes nothing more.
    const end = (): void => void (span.isRecording() && endWith(span, reply));
    // Many listen to an answer already: none more where nothing is written.
    if (span.isRecording()) reply.raw.once("finish", end).once("close", end);
    context.with(its, done);
  });
}
