import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";

/** Without the SDK it makes spans that are nothing. */
export function getTracer(): Tracer {
  return trace.getTracer("fullbleed");
}

/** The work went wrong. What was thrown is not told: its text may repeat what was sent. */
export function markFailed(span: Span, cause?: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (cause instanceof Problem) span.setAttribute("fullbleed.problem", cause.code);
}

/** Does the work inside a span, below the one that is active. Attributes are ids, names and numbers of ours: never what somebody sent. */
export function inSpan<Answer>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<Answer>,
  kind = SpanKind.INTERNAL,
): Promise<Answer> {
  return getTracer().startActiveSpan(name, { attributes, kind }, async (span) => {
    try {
      return await work(span);
    } catch (cause) {
      markFailed(span, cause);
      throw cause;
    } finally {
      span.end();
    }
  });
}

/** For the log: which trace is being written. */
export function activeTrace(within = context.active()): { readonly traceId?: string } {
  const active = trace.getSpanContext(within);
  return active === undefined || !isSpanContextValid(active) ? {} : { traceId: active.traceId };
}

const contexts = new WeakMap<FastifyRequest, Context>();

/** What is done for the request later on, by whatever way it comes, is done in its trace. */
export function keepContext(request: FastifyRequest, its: Context): void {
  contexts.set(request, its);
}

export function contextOf(request: FastifyRequest): Context {
  return contexts.get(request) ?? ROOT_CONTEXT;
}

/** W3C Trace Context, version 0. */
const form = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

function parse(text: string | null): SpanContext | undefined {
  const [, traceId, spanId, flags] = form.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED };
}

/** Where the work that is being done goes on later, perhaps after a restart; null when no traces are written. */
export function storeTrace(): string | null {
  const active = trace.getActiveSpan()?.spanContext();
  if (active === undefined || !isSpanContextValid(active)) return null;
  return `00-${active.traceId}-${active.spanId}-0${active.traceFlags & TraceFlags.SAMPLED}`;
}

/** Does what was put off: in the trace that was stored with it, or in none. */
export function resumeTrace<Answer>(stored: string | null, work: () => Answer): Answer {
  const parent = parse(stored);
  return context.with(parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent), work);
}

/** A caller's `traceparent`: the trace has its number and goes on below its span. Whether it is kept, we say. */
export function readCaller(header: unknown): Context {
  const caller = typeof header === "string" ? parse(header) : undefined;
  return caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true });
}
