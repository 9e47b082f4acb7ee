import * as z from "zod";
import { isEncryptedOrLocal } from "#providers/encrypted-or-local.ts";
import type { Settings, Source, Values } from "#providers/setting.ts";

/** What stands in an address beside its place may be a key, and addresses end up in many logs. */
const collector = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === "";
  })
  .transform((text) => new URL(text).href)
  .optional();

const pair = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*([\x21-\x7e][\x20-\x7e]*?)\s*$/;

function readPairs(text: string, context: z.RefinementCtx): Record<string, string> {
  try {
    const found = text.split(",").map((part) => {
      const [, name, value] = pair.exec(part) ?? [];
      const decoded = decodeURIComponent(value ?? "");
      if (name === undefined || !/^[\x20-\x7e]+$/.test(decoded)) throw new Error("this is no pair");
      return [name, decoded] as const;
    });
    return Object.fromEntries(found);
  } catch {
    context.addIssue({ code: "custom" });
    return z.NEVER;
  }
}

const pairs = z.string().max(4000).transform(readPairs).optional();
const asPairs = "NAME=VALUE with commas between, percent-encoded where it has to be";
const address = "http or https and without a key in it";

/** OpenTelemetry's own variables, as far as they mean something here. They are read only when one of the addresses is set. */
export const traceSettings = {
  otlpEndpoint: {
    variable: "OTEL_EXPORTER_OTLP_ENDPOINT",
    schema: collector,
    expected: `the address of a collector, ${address}, such as http://127.0.0.1:4318`,
  },
  otlpTracesEndpoint: {
    variable: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    schema: collector,
    expected: `the whole address that takes traces, ${address}, such as http://127.0.0.1:4318/v1/traces`,
  },
  otlpHeaders: {
    variable: "OTEL_EXPORTER_OTLP_HEADERS",
    schema: pairs,
    expected: `headers for the collector, ${asPairs}`,
    secret: true,
  },
  otlpTracesHeaders: {
    variable: "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    schema: pairs,
    expected: `headers for what takes traces, ${asPairs}`,
    secret: true,
  },
  otlpProtocol: {
    variable: "OTEL_EXPORTER_OTLP_PROTOCOL",
    schema: z.literal("http/json").optional(),
    expected: "http/json, which every collector takes; put one in front of what takes another",
  },
  traceServiceName: {
    variable: "OTEL_SERVICE_NAME",
    schema: z.string().max(100).default("fullbleed"),
    expected: "a name of up to 100 characters",
  },
  traceResource: {
    variable: "OTEL_RESOURCE_ATTRIBUTES",
    schema: pairs,
    expected: `what is said about this server with each trace, ${asPairs}`,
  },
  traceSampler: {
    variable: "OTEL_TRACES_SAMPLER",
    schema: z
      .enum(["always_on", "parentbased_always_on", "traceidratio", "parentbased_traceidratio"])
      .default("parentbased_always_on"),
    expected: "always_on, parentbased_always_on, traceidratio or parentbased_traceidratio",
  },
  traceShare: {
    variable: "OTEL_TRACES_SAMPLER_ARG",
    schema: z
      .string()
      .regex(/^(?:0?\.\d{1,6}|[01](?:\.0{1,6})?)$/)
      .transform(Number)
      .optional(),
    expected: "which part of the traces is kept, from 0 to 1, such as 0.1",
  },
  traceDelayMs: {
    variable: "OTEL_BSP_SCHEDULE_DELAY",
    schema: z
      .string()
      .regex(/^[1-9]\d{0,4}$/)
      .transform(Number)
      .default(5000),
    expected: "milliseconds that spans may wait for others to be sent with, 1 to 99999",
  },
  tracesDisabled: {
    variable: "OTEL_SDK_DISABLED",
    schema: z.enum(["true", "false"]).optional(),
    expected: "true or false",
  },
} as const satisfies Settings;

type TraceValues = Values<typeof traceSettings>;

/** Read by the exporter itself, or of no meaning for traces. */
const others =
  /^OTEL_(?:EXPORTER_OTLP_(?:TRACES_)?(?:COMPRESSION|CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY)$|(?:EXPORTER_OTLP_)?(?:METRICS?|LOGS?|BLRP)_|TRACES_EXPORTER$|PROPAGATORS$|NODE_)/;

const isAsked = (env: Source): boolean =>
  env.OTEL_SDK_DISABLED?.toLowerCase() !== "true" &&
  [traceSettings.otlpEndpoint, traceSettings.otlpTracesEndpoint].some(({ variable }) => (env[variable] ?? "") !== "");

/** The environment without OpenTelemetry's variables, which are often there for every program of a machine, unless they ask for traces. */
export function leaveOutUnasked(env: Source): Source {
  if (isAsked(env)) return env;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("OTEL_")));
}

/** Names of OpenTelemetry that say something about traces which this server does not do. */
export function findUnknownOtel(env: Source): string[] {
  const known = new Set<string>(Object.values(traceSettings).map(({ variable }) => variable));
  if (!isAsked(env)) return [];
  return Object.keys(env).filter((name) => name.startsWith("OTEL_") && !known.has(name) && !others.test(name));
}

export interface TraceOptions {
  /** Where spans are posted. */
  readonly url: string;
  /** Secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
  /** Which part of the traces is kept, 0 to 1. */
  readonly share: number;
  readonly delayMs: number;
}

/** Undefined where no traces are asked for. */
export function readTraceOptions(values: Partial<TraceValues>): TraceOptions | undefined {
  const { otlpEndpoint, otlpTracesEndpoint, traceSampler, traceShare = 1 } = values;
  const url = otlpTracesEndpoint ?? (otlpEndpoint && `${otlpEndpoint.replace(/\/$/, "")}/v1/traces`);
  if (url === undefined) return undefined;
  return {
    url,
    headers: { ...values.otlpHeaders, ...values.otlpTracesHeaders },
    serviceName: values.traceServiceName ?? "",
    resource: values.traceResource ?? {},
    share: traceSampler?.endsWith("traceidratio") === true ? traceShare : 1,
    delayMs: values.traceDelayMs ?? 0,
  };
}

/** What is wrong with them together: a sentence for the operator. */
export function findTraceFaults(values: Partial<TraceValues>): string[] {
  const options = readTraceOptions(values);
  if (options === undefined || Object.keys(options.headers).length === 0 || isEncryptedOrLocal(new URL(options.url)))
    return [];
  const name = values.otlpTracesHeaders === undefined ? "otlpHeaders" : "otlpTracesHeaders";
  return [`${traceSettings[name].variable} is not valid: expected an https address of the collector with it.`];
}
