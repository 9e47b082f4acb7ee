import { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { problemOf } from "./errors.ts";
import type { App } from "./parts.ts";
import { activeTrace, contextOf } from "./traces/spans.ts";
import { readAddress } from "./upload/sender.ts";

/** What the request was about, as far as its address says so in the form of an id of ours. */
export function readIds({ params }: FastifyRequest): Record<string, string> {
  const { submissionId, sessionId } = (params ?? {}) as Record<string, string>;
  return {
    ...(/^sub_[\w-]{22}$/.test(submissionId ?? "") && { submissionId }),
    ...(/^ses_[\w-]{1,60}$/.test(sessionId ?? "") && { sessionId }),
  };
}

/** Whose request it is, as far as its secret has told. */
interface Caller {
  readonly issuerId?: string;
  /** Which of the two keys that are good while they are changed, from 1. */
  readonly issuerKey?: number;
  readonly sessionId?: string;
}

const callers = new WeakMap<FastifyRequest, Caller>();

/** The lines about this request say from now on who it is that asks. */
export function noteCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, { ...callers.get(request), ...caller });
}

const found = new WeakMap<FastifyRequest, string>();

/** The lines about this request name this submission from now on, which its address names by its short reference. */
export function noteFound(request: FastifyRequest, submissionId: string): void {
  found.set(request, submissionId);
}

/** Refused for who asks, or for asking too much: where it came from is what tells about it. */
const aboutTheCaller = new Set([401, 403, 429]);

function describe(request: FastifyRequest, reply: FastifyReply) {
  const { method, routeOptions } = request;
  const submissionId = found.get(request);
  return {
    ...readIds(request),
    ...(submissionId !== undefined && { submissionId }),
    ...activeTrace(contextOf(request)),
    ...callers.get(request),
    ...(aboutTheCaller.has(reply.statusCode) && { address: readAddress(request) }),
    method,
    route: routeOptions.url ?? null,
    ms: Math.round(reply.elapsedTime),
  };
}

/** Those whose line says already what became of them. */
const told = new WeakSet<FastifyReply>();

/** Who leaves before the answer is whole leaves a line too, which fastify does not write. */
export function logAbandoned(app: App): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.raw.once("close", () => {
      if (reply.raw.writableFinished || told.has(reply)) return;
      const fields = describe(request, reply);
      if (reply.raw.headersSent) request.log.info({ ...fields, status: reply.statusCode }, "answer broken off");
      else request.log.info(fields, "the client left before its answer");
    });
  });
}

/** One line per request, when it is over: the route's pattern, never the address that was asked for, no header, no body. */
class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    told.add(reply);
    const code = problemOf(reply);
    const status = reply.statusCode;
    const fields = { ...describe(request, reply), status, ...(code !== undefined && { code }) };
    if (error) request.log.warn({ ...fields, err: error }, "answer broken off");
    else request.log[status >= 500 && code !== "overloaded" ? "warn" : "info"](fields, "answered");
  }

  override streamError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    // Its reader's doing, of which the end of the connection tells.
    if ((error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return;
    told.add(reply);
    request.log.warn({ ...describe(request, reply), status: reply.statusCode, err: error }, "answer broken off");
  }

  override routeNotFound(): void {}
}

export function createRequestLog(): LogController {
  return new RequestLog({ requestIdLogLabel: "requestId" });
}
