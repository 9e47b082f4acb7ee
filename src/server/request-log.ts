import { type FastifyReply, type FastifyRequest, LogController } from "fastify";

/** One line per request, when it is over: the route's pattern, never the address that was asked for, no header, no body. */
class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const { method, routeOptions } = request;
    const fields = {
      method,
      route: routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (error) request.log.warn({ ...fields, err: error }, "answer broken off");
    else request.log.info(fields, "answered");
  }

  override streamError(error: Error, request: FastifyRequest): void {
    request.log.info({ code: (error as NodeJS.ErrnoException).code ?? null }, "answer broken off");
  }

  override routeNotFound(): void {}
}

export function createRequestLog(): LogController {
  return new RequestLog();
}
