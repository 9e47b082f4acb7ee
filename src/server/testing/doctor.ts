import { createServer, type IncomingMessage } from "node:http";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Verdict } from "#providers/diagnosis.ts";
import {
  openTestSynctera,
  type TestSynctera,
  testApiKey,
  testCardProducts,
  testWebhookSecret,
} from "#providers/synctera/emulator/testing/synctera.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import {
  openTestPlatform,
  type TestPlatform,
  testDeliveryKey,
  testGalleryKeys,
  testInformationKey,
  testKeys,
  testPurgeKey,
} from "#providers/thales/emulator/testing/platform.ts";
import { runCli } from "../cli.ts";
import type { Section } from "../doctor/doctor.ts";
import { testEnv } from "./env.ts";
import { makeTestFolder, writeBuild } from "./folder.ts";

type Env = Record<string, string>;

const products = Object.keys(testKeys);
const forEachProduct = (value: string): string => JSON.stringify(Object.fromEntries(products.map((id) => [id, value])));

/** Settings of a server with a folder and a build of its own, in which nothing is wrong but that it has no platform. */
async function makeServerEnv(): Promise<Env> {
  const folder = await makeTestFolder();
  const dist = path.join(folder, "dist");
  await writeBuild(dist);
  const own = Object.entries(testEnv).filter(([name]) => !name.startsWith("FULLBLEED_THALES_"));
  return {
    ...Object.fromEntries(own),
    FULLBLEED_PUBLIC_URL: "http://127.0.0.1:4000",
    FULLBLEED_DATA: path.join(folder, "data"),
    FULLBLEED_DIST: dist,
  };
}

export interface DoctorBench<Platform> {
  readonly platform: Platform;
  /** With nothing wrong. */
  readonly env: Env;
  /** Of the platform. */
  readonly origin: string;
}

/** What it takes to be at the platform at this origin. */
export function thalesEnv(origin: string): Env {
  return {
    FULLBLEED_THALES_SOAP_URL: `${origin}/PDS/ImageUpload.asmx`,
    FULLBLEED_THALES_GET_IMAGE_URL: `${origin}/ImageAPI/GetImage`,
    FULLBLEED_THALES_HANDOVER_KEYS: JSON.stringify(testKeys),
    FULLBLEED_THALES_GALLERY_HANDOVER_KEYS: JSON.stringify(testGalleryKeys),
    FULLBLEED_THALES_IMAGE_DELIVERY_KEY: testDeliveryKey,
    FULLBLEED_THALES_NOTIFICATION_SECRET: "CANARY-NOTIFICATION",
    FULLBLEED_THALES_REFERENCE_FIELDS: forEachProduct("Ref"),
    FULLBLEED_THALES_IMAGE_INFORMATION_KEY: testInformationKey,
    FULLBLEED_THALES_PURGE_KEYS: forEachProduct(testPurgeKey),
    FULLBLEED_PROVIDER: forEachProduct("thales"),
  };
}

export async function openThalesBench(): Promise<DoctorBench<TestPlatform>> {
  const platform = await openTestPlatform();
  onTestFinished(() => platform.close());
  const origin = await platform.app.listen({ host: "127.0.0.1", port: 0 });
  return { platform, origin, env: { ...(await makeServerEnv()), ...thalesEnv(origin) } };
}

export async function openSyncteraBench(): Promise<DoctorBench<TestSynctera>> {
  const platform = await openTestSynctera();
  onTestFinished(() => platform.close());
  const origin = await platform.app.listen({ host: "127.0.0.1", port: 0 });
  const env = {
    ...(await makeServerEnv()),
    FULLBLEED_SYNCTERA_URL: `${origin}/v1`,
    FULLBLEED_SYNCTERA_API_KEY: testApiKey,
    FULLBLEED_SYNCTERA_CARD_PRODUCTS: JSON.stringify(testCardProducts),
    FULLBLEED_SYNCTERA_WEBHOOK_SECRET: testWebhookSecret,
    FULLBLEED_PROVIDER: forEachProduct("synctera"),
  };
  return { platform, origin, env };
}

export interface Said {
  readonly code: number;
  readonly sections: readonly Section[];
  /** Of what is found, as `SUBJECT: SENTENCE`. */
  readonly of: (verdict: Verdict) => string[];
}

/** Runs `fullbleed doctor` with these settings. No secret of them may be in what it says. */
export async function doctor(env: Env, args: readonly string[] = [], now?: () => number): Promise<Said> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const code = await runCli({
    args: ["doctor", "--json", ...args],
    env,
    fetch,
    out: write,
    err: write,
    ...(now && { now }),
  });
  const said = lines.join("\n");
  expect(said).not.toMatch(/canary/i);
  const { sections } = JSON.parse(said) as { sections: Section[] };
  const findings = sections.flatMap((section) => section.findings);
  const of = (verdict: Verdict): string[] =>
    findings.filter((one) => one.verdict === verdict).map(({ subject, says }) => `${subject}: ${says}`);
  return { code, sections, of };
}

/** What is wrong with these settings must be this one thing. */
export async function expectOneWrong(
  env: Env,
  expected: RegExp,
  args: readonly string[] = [],
  now?: () => number,
): Promise<Said> {
  const said = await doctor(env, args, now);
  expect(said.of("wrong")).toEqual([expect.stringMatching(expected)]);
  expect(said.code).toBe(1);
  return said;
}

/** Listens until the test is over, and answers everything with this. */
export async function serve(
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
  watch: (request: IncomingMessage) => void = () => {},
): Promise<string> {
  const server = createServer((request, response) => {
    watch(request);
    request.resume();
    response.writeHead(status, { "content-type": type, ...headers }).end(body);
  });
  onTestFinished(() => server.close().closeAllConnections());
  return listenLocally(server);
}

/** What is no platform's answer. */
export const page = "<!doctype html><html><body>Not here</body></html>";
