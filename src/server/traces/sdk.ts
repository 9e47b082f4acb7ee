import { setTimeout as sleep } from "node:timers/promises";
import { type Context, context, type SpanContext, trace, TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, Sampler, SpanExporter } from "@opentelemetry/sdk-trace";
import type { FastifyBaseLogger } from "fastify";
import type { TraceOptions } from "./settings.ts";

/** What an operator installs beside this server who wants traces. docs/operations.md says the same. */
const packages = [
  "@opentelemetry/sdk-trace@3.1.0",
  "@opentelemetry/resources@3.1.0",
  "@opentelemetry/context-async-hooks@3.1.0",
  "@opentelemetry/exporter-trace-otlp-http@0.301.0",
];

/** Spans that wait to be sent; what comes then is dropped. */
const mostWaiting = 2048;
/** Batches of 512 that are on their way, those that the end of the server sends all at once included. */
const mostExports = 8;
/** For one batch, all tries together. */
const exportTimeoutMs = 5_000;
/** How long the server's end waits for what is still to be sent. */
const stopMs = 2_000;
/** Of one attribute. */
const longestValue = 200;

export interface Tracing {
  /** Sends what is left, for two seconds at most. */
  stop(): Promise<void>;
}

async function loadSdk() {
  const [sdk, resources, hooks, otlp] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/context-async-hooks"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const { TracerProvider, BatchSpanProcessor, SamplingDecision } = sdk;
  const { resourceFromAttributes } = resources;
  const { AsyncLocalStorageContextManager } = hooks;
  const { OTLPTraceExporter } = otlp;
  return {
    TracerProvider,
    BatchSpanProcessor,
    SamplingDecision,
    resourceFromAttributes,
    AsyncLocalStorageContextManager,
    OTLPTraceExporter,
  };
}

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/**
 * What began here goes on as it began. All else is kept by chance: neither the flag of a caller's trace, nor its number, which he
 * can choose, makes the server keep more.
 */
function createSampler({ SamplingDecision }: Sdk, share: number): Sampler {
  const { RECORD_AND_SAMPLED: keep, NOT_RECORD: leave } = SamplingDecision;
  const isOurs = (parent: SpanContext | undefined): parent is SpanContext =>
    parent !== undefined && parent.isRemote !== true;
  return {
    shouldSample(within: Context) {
      const parent = trace.getSpanContext(within);
      const isKept = isOurs(parent) ? (parent.traceFlags & TraceFlags.SAMPLED) > 0 : Math.random() < share;
      return { decision: isKept ? keep : leave };
    },
    toString: () => `share ${share}`,
  };
}

/** Why, in one word: what the collector says and where it is are not for the log. */
function nameFailure(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === "number") return `HTTP ${code}`;
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "no answer in time";
}

/** The same exporter; when it begins to fail, and when it works again, stands in the log once. */
function tellFailures(exporter: SpanExporter, log: FastifyBaseLogger): SpanExporter {
  let isFailing = false;
  return {
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
    export(spans: ReadableSpan[], done) {
      exporter.export(spans, (result) => {
        const fails = result.error !== undefined;
        if (fails && !isFailing)
          log.warn(
            { why: nameFailure(result.error) },
            "the collector does not take traces: they are dropped until it does",
          );
        if (!fails && isFailing) log.info("the collector takes traces again");
        isFailing = fails;
        done(result);
      });
    },
  };
}

function open(sdk: Sdk, options: TraceOptions, version: string, log: FastifyBaseLogger): Tracing {
  const { url, headers, serviceName, resource, share, delayMs } = options;
  const exporter = new sdk.OTLPTraceExporter({
    url,
    headers: { ...headers },
    timeoutMillis: exportTimeoutMs,
    concurrencyLimit: mostExports,
  });
  const processor = new sdk.BatchSpanProcessor({
    exporter: tellFailures(exporter, log),
    maxQueueSize: mostWaiting,
    scheduledDelayMillis: delayMs,
    exportTimeoutMillis: exportTimeoutMs * 2,
  });
  const provider = new sdk.TracerProvider({
    resource: sdk.resourceFromAttributes({ ...resource, "service.name": serviceName, "service.version": version }),
    sampler: createSampler(sdk, share),
    spanLimits: { attributeValueLengthLimit: longestValue },
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new sdk.AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    async stop() {
      const late = sleep(stopMs, undefined, { ref: false });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      trace.disable();
      context.disable();
    },
  };
}

/**
 * Loads OpenTelemetry and writes traces from now on. Undefined where it is not installed, or another version is: an error in the
 * log says what to install, and the server goes on, since cards do not wait for traces.
 */
export async function startTracing(
  options: TraceOptions,
  version: string,
  log: FastifyBaseLogger,
  load: typeof loadSdk = loadSdk,
): Promise<Tracing | undefined> {
  try {
    return open(await load(), options, version, log);
  } catch (cause) {
    const { code = "it is another version" } = cause as NodeJS.ErrnoException;
    const install = `npm install --no-save --save-prod --omit=dev ${packages.join(" ")}`;
    log.error(
      { code },
      `OpenTelemetry cannot be loaded: there are no traces. Install it beside the server: ${install}`,
    );
    return undefined;
  }
}
