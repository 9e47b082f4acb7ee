import { expect, test } from "vitest";
import { ConfigError, findUnknownVariables, listSecrets, readConfig } from "../config.ts";
import { createScrub } from "../scrub.ts";
import { testEnv } from "../testing/env.ts";
import { readTraceOptions } from "./settings.ts";

const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example/otlp/" };
const read = (more: Record<string, string>) => readTraceOptions(readConfig({ ...testEnv, ...more }));

function refusal(more: Record<string, string>): string {
  try {
    readConfig({ ...testEnv, ...more });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("the configuration was accepted");
}

test("there are no traces unless an address for them is set, whatever else of OpenTelemetry's stands in the environment", () => {
  expect(read({})).toBeUndefined();
  expect(
    read({ OTEL_SERVICE_NAME: "x", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_TRACES_SAMPLER: "?" }),
  ).toBeUndefined();
  expect(read({ ...collector, OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })).toBeUndefined();
});

test("they go where OpenTelemetry's variables say", () => {
  const more = {
    OTEL_EXPORTER_OTLP_HEADERS: "api-key=first, x-scope = a%20b",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "api-key=second=",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: "0.25",
  };
  expect(read({ ...collector, ...more })).toEqual({
    url: "https://collector.example/otlp/v1/traces",
    headers: { "api-key": "second=", "x-scope": "a b" },
    serviceName: "fullbleed",
    resource: { "deployment.environment.name": "test" },
    share: 0.25,
    delayMs: 5000,
  });
  const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://127.0.0.1:4318" };
  expect(read({ ...collector, ...own })?.url).toBe("http://127.0.0.1:4318/");
  expect(read({ ...collector, OTEL_TRACES_SAMPLER_ARG: "0.25" })?.share).toBe(1);
});

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector-canary:4318"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "https://user:canary@collector.example"],
  ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector.example/v1/traces?key=canary"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "canary"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "key=canary%"],
  ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "key=canary%0d%0aother:x"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc-canary"],
  ["OTEL_RESOURCE_ATTRIBUTES", "canary"],
  ["OTEL_TRACES_SAMPLER", "canary"],
  ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
  ["OTEL_BSP_SCHEDULE_DELAY", "canary"],
])("a %s that is not valid is refused with what is expected, and not repeated", (variable, value) => {
  const said = refusal({ ...collector, [variable]: value });
  expect(said).toContain(`${variable} is not valid: expected `);
  expect(said).not.toContain("canary");
});

test("headers for the collector are secrets, and leave this machine encrypted or not at all", () => {
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20trace-canary,other=trace-other-canary" };
  const scrub = createScrub(listSecrets(readConfig({ ...testEnv, ...collector, ...headers })));
  expect(scrub("Bearer trace-canary, trace-other-canary")).toBe("[secret], [secret]");
  const inClear = "http://collector.example:4318";
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: inClear })?.url).toBe(`${inClear}/v1/traces`);
  expect(refusal({ ...headers, OTEL_EXPORTER_OTLP_ENDPOINT: inClear })).toContain(
    "OTEL_EXPORTER_OTLP_HEADERS is not valid: expected an https address of the collector with it.",
  );
});

test("a variable about traces that means nothing here is pointed out, and only when there are traces", () => {
  const others = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: "ca.pem",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  const env = { ...testEnv, ...others, OTEL_TRACES_SAMPLER_ARGS: "1" };
  expect(findUnknownVariables(env)).toEqual([]);
  expect(findUnknownVariables({ ...env, ...collector })).toEqual(["OTEL_TRACES_SAMPLER_ARGS"]);
});
