import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import type { Setting } from "#providers/setting.ts";
import { settings } from "#server/settings.ts";
import { startCollector } from "#server/testing/collector.ts";
import { makeTestFolder } from "#server/testing/folder.ts";
import { anyPorts, type Demo, startDemo } from "./launcher/demo.ts";
import { findFreePort } from "./launcher/ports.ts";
import { walkAtTheDesk, walkThroughFaults, walkToTheEnd } from "./testing/canary-faults.ts";
import { startGateway } from "./testing/canary-gateway.ts";
import { listNeedles, makeClientKey, makeMarks, planCanary } from "./testing/canary-marks.ts";
import { recordReplies } from "./testing/canary-replies.ts";
import { type Hit, type Needle, search, type Source, writeForms } from "./testing/canary-search.ts";
import { listProcesses, readDatabase, readFiles, readOutgoing, readProcesses } from "./testing/canary-sources.ts";
import { walkAstray, walkToRejection, walkWell } from "./testing/canary-walk.ts";

/** Where a needle is needed, and why. All else is a leak, and an entry that finds nothing is out of date. */
const expected: readonly { readonly source: RegExp; readonly needle: RegExp; readonly why: string }[] = [
  {
    source: /^environment of server$/,
    needle:
      /issuer key( of before)?$|handover|^image|notification|proxy|passphrase|listed|^collector's key$|^endpoint's secret/,
    why: "settings are read from there",
  },
  {
    source: /^environment of platform$/,
    needle: /^(gallery )?handover|^image .* key$|^notification/,
    why: "the emulator's own keys",
  },
  { source: /^environment of synctera$/, needle: /^Synctera/, why: "the emulator's own keys" },
  { source: /^environment of bank$/, needle: /^issuer key$/, why: "the bank's own key" },
  { source: /^environment of second-bank$/, needle: /^second bank's issuer key$/, why: "the bank's own key" },
  {
    source: /^file of the demo issuers\.json$/,
    needle: /^Synctera/,
    why: "settings may stand in the operator's file; of issuer keys it has hashes",
  },
  { source: /^head to the collector$/, needle: /^collector's key$/, why: "it is sent with the traces" },
  { source: /^head to the proxy$/, needle: /^proxy/, why: "basic authentication at the proxy" },
  {
    source: /^body to Thales: POST /,
    needle: /^handover|^image (information|purge) key$|^captured name$|^(first|later) picture$/,
    why: "the interface takes them in the body: the picture is sent there, and what the issuer wants beside it",
  },
  {
    source: /^address to Thales: GET \/ImageAPI\/GetImage$/,
    needle: /^image delivery key$/,
    why: "the interface takes it in the address only, which is logged nowhere here",
  },
  {
    source: /^address to Thales: GET \/ImageAPI\/GetTemplate$/,
    needle: /^image delivery key$|^handover/,
    why: "the interface takes both in the address only",
  },
  { source: /^file of the demo platform\/platform\.sqlite$/, needle: /^captured name$/, why: "the platform's own" },
  { source: /^head to Synctera: /, needle: /^Synctera key$/, why: "bearer authentication" },
  { source: /^body to Synctera: POST .*\/images$/, needle: /^member id$/, why: "the customer's id there" },
  { source: /^body to Synctera: POST .*\/data$/, needle: /^second picture as JPEG$/, why: "the picture is sent there" },
  { source: /^body to Synctera: PATCH /, needle: /^reviewer's memo$/, why: "the verdict is told" },
  {
    source: /^file of the demo synctera\/synctera\.sqlite$/,
    needle: /^member id$|^reviewer's memo$|^second picture as JPEG$/,
    why: "the platform's own",
  },
  {
    source: /^answer of the server to the issuer: GET .*\/(export|events|submissions)(\/ID(\/history)?)?$/,
    needle: /^(cardholder id|captured name|operator's (name|reason))$/,
    why: "the issuer's own cardholder, and who has decided",
  },
  { source: /^answer of the server to the issuer: GET .*\/picture$/, needle: /^first picture$/, why: "its picture" },
  {
    source: /^answer of the server to the second issuer: GET .*\/submissions\/ID$/,
    needle: /^member id$|^reviewer's memo$/,
    why: "the issuer's own cardholder",
  },
  {
    source: /^answer of the server to the second issuer: GET .*\/webhook-endpoints$/,
    needle: /^listed endpoint's address$/,
    why: "the issuer's own endpoint",
  },
  {
    source: /^answer of the server to (the|the second) issuer: POST .*\/(sessions|client-secrets)$/,
    needle: /^given out: cs$/,
    why: "what the issuer's page is to have: good once, for ten minutes",
  },
  {
    source: /^answer of the bank to anybody: POST \/api\/card-session$/,
    needle: /^given out: cs$/,
    why: "to the page of the person who is signed in",
  },
  { source: /^answer of the server to anybody: POST .*\/tokens$/, needle: /^given out: tok$/, why: "for the secret" },
  {
    source: /^answer of the server to a frame: GET .*\/submissions\/ID$/,
    needle: /^reviewer's memo$/,
    why: "the cardholder is to read it",
  },
  {
    source: /^answer of the second bank to anybody: GET \/api\/desk$/,
    needle: /^member id$/,
    why: "the demo's desk asks nobody to sign in",
  },
  {
    source: /^body to (the bank|the second bank|the listed endpoint): POST /,
    needle: /^(cardholder|member) id$|^reviewer's memo$/,
    why: "the issuer's own cardholder, signed",
  },
  {
    source: /^address to the listed endpoint: POST /,
    needle: /^listed endpoint's address$/,
    why: "it is this address",
  },
  {
    source: /^file of the demo (second-)?bank\/news\.sqlite$/,
    needle: /^(cardholder|member) id$|^endpoint's secret$/,
    why: "the bank's own",
  },
  {
    source: /^file of the (running server |demo server\/)fullbleed\.sqlite(-wal)?$/,
    needle:
      /^(cardholder|member) id$|^captured name$|memo$|^operator's|^listed|^endpoint's secret$|^picture's key$|^nonces' key$/,
    why: "the server's memory",
  },
  { source: /^table (sessions|submissions)\.cardholder_id$/, needle: /^(cardholder|member) id$/, why: "whose it is" },
  { source: /^table checkpoints\.lock$/, needle: /^member id$/, why: "one upload at a time for a customer" },
  { source: /^table events\.detail$/, needle: /^operator's|^reviewer's memo$/, why: "who has decided what, and why" },
  { source: /^table submissions\.rejection_memo$/, needle: /^reviewer's memo$/, why: "the cardholder is to read it" },
  { source: /^table server_keys\.value$/, needle: /^nonces' key$/, why: "all processes of the server share it" },
  { source: /^table pictures\.key$/, needle: /^picture's key$/, why: "to destroy it is to delete the picture" },
  { source: /^table webhook_endpoints\.secrets$/, needle: /^(listed )?endpoint's secret$/, why: "to sign with it" },
  { source: /^table webhook_endpoints\.url$/, needle: /^listed endpoint's address$/, why: "where it is" },
  {
    source: /^file of the demo server\/purges\.jsonl$/,
    needle: /^cardholder id$/,
    why: "a backup that is put back has that cardholder again",
  },
  { source: /^file of the demo server\.log$/, needle: /^operator's name$/, why: "who has decided is for the log" },
];

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Pieces of a picture where it is noise, which no other has. */
function toNeedles(name: string, picture: Buffer): Needle[] {
  return [1_000, 2_500, 5_000, 8_000].map((at) => ({ name, bytes: picture.subarray(at, at + 48) }));
}

const dist = path.join(import.meta.dirname, "..", "..", "dist");
const isExpected = (hit: Hit): boolean =>
  expected.some(({ source, needle }) => source.test(hit.source) && needle.test(hit.needle));

test("no form of a needle is overlooked, as it is or packed", () => {
  const needle = { name: "needle", bytes: Buffer.from(`k"&<é>'/+%=${"0123456789".repeat(3)}`) };
  for (const [form, variants] of writeForms(needle))
    for (const variant of variants) {
      const text = Buffer.concat([Buffer.from("what stands before it "), variant, Buffer.from(" and after it")]);
      const packed = Buffer.concat([Buffer.from("before"), gzipSync(text)]);
      const found = [text, packed].map((bytes) => search([{ name: "source", bytes }], [needle]).hits);
      expect(found.map((hits) => hits.map((hit) => hit.form))).toEqual([[form], [`${form}, packed`]]);
    }
});

test("what is built has nothing of the server, of emulators and tests, nor of the machine that has built it", () => {
  const readBuilt = (name: string) => readFiles(`built ${name}`, path.join(dist, name));
  const built = ["designer", "embed"].flatMap(readBuilt);
  const names = ["FULLBLEED_", "HandoverKey", "handover_key", "/emulator/", "/sandbox/", "synctera", "-canary-", dist];
  const needles = names.map((name) => ({ name, bytes: Buffer.from(name) }));
  expect(search(built, needles).hits).toEqual([]);
  const ofOthers = needles.filter(({ name }) => [dist, "/emulator/", "/sandbox/", "-canary-"].includes(name));
  expect(search(readBuilt("server"), ofOthers).hits).toEqual([]);
  const maps = built.filter(({ name }) => name.endsWith(".map"));
  const sources = maps.flatMap(({ bytes }) => (JSON.parse(bytes.toString()) as { sources: string[] }).sources);
  expect(maps.length).toBeGreaterThan(5);
  // The last is the empty file that Vite puts in place of Node's own modules.
  const isOurs =
    /^(\.\.\/)+((node_modules|src\/(contracts|card|design|paint|lettering|image|designer|embed))\/|__vite-browser-external$)/;
  expect(sources.filter((source) => !isOurs.test(source) || source.includes("/testing/"))).toEqual([]);
  expect(sources.filter((source) => source.includes(".development."))).toEqual([]);
  // A shared computer keeps nothing of a visit but the card that is not finished, which only its cardholder is shown again.
  const storages = ["sessionStorage", "document.cookie", "cookieStore", "caches.open"];
  const scripts = built.filter(({ name }) => name.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(5);
  expect(
    search(
      scripts,
      storages.map((name) => ({ name, bytes: Buffer.from(name) })),
    ).hits,
  ).toEqual([]);
  expect(readFileSync(path.join(dist, "designer/index.html"), "utf8")).not.toMatch(/sourceMappingURL|src\//);
});

test("secrets, and what says something about a person, are where they are needed and nowhere else", async () => {
  const folder = await makeTestFolder();
  const dataFolder = path.join(folder, "demo");
  const server = path.join(dataFolder, "server");
  const marks = makeMarks();
  const gateway = await startGateway();
  closing.push(() => gateway.close());
  const clientKey = makeClientKey(folder, marks);
  const metricsPort = await findFreePort(0);
  const collector = await startCollector();
  closing.push(() => collector.close());
  const plan = planCanary(marks, { gateway: gateway.host, clientKey, metricsPort, collector: collector.url });
  const demo: Demo = await startDemo({
    dataFolder,
    ports: anyPorts,
    plan: (data, ports) => plan(data, ports, marks.secrets),
  });
  closing.push(() => demo.stop());
  const names: Readonly<Record<string, string>> = {
    [demo.designerUrl]: "the server",
    [demo.bankUrl]: "the bank",
    [demo.secondBankUrl]: "the second bank",
    [demo.platformUrl]: "Thales",
    [demo.syncteraUrl]: "Synctera",
    [`http://${gateway.host}`]: "the listed endpoint",
  };
  const nameOf = (host: string): string => names[`http://${host}`] ?? "somebody else";
  const answers = recordReplies(marks, nameOf);
  const walk = { demo, gateway, marks, later: [] as Buffer[], seen: [] as Source[] };

  const first = await walkWell(walk);
  const second = await walkToRejection(walk);
  await walkAstray(walk, first);
  await walkThroughFaults(walk, first);
  await walkAtTheDesk(walk, first.submissionId, dataFolder);
  const running = [...readFiles("file of the running server", server), ...readProcesses(demo), listProcesses()];
  if (Object.values<Setting>(settings).some(({ variable }) => variable === "FULLBLEED_METRICS_LISTEN"))
    expect((await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).status).toBe(200);
  await walkToTheEnd(walk, first);
  await demo.stop();
  await answers.end();

  const tables = readDatabase(path.join(server, "fullbleed.sqlite"));
  const listIn = (table: string, form: RegExp): Buffer[] => {
    const { bytes } = tables.find(({ name }) => name === `table ${table}`) ?? { bytes: "" };
    return [...bytes.toString().matchAll(form)].map(([, one = ""]) => Buffer.from(one));
  };
  const upload = gateway.outgoing.find(({ url, method }) => method === "POST" && url.endsWith("/data"));
  const needles: Needle[] = [
    ...listNeedles(marks),
    clientKey.needle,
    ...toNeedles("first picture", first.picture),
    ...toNeedles("second picture", second.picture),
    ...walk.later.flatMap((picture) => toNeedles("later picture", picture)),
    ...toNeedles("second picture as JPEG", upload?.body ?? Buffer.alloc(0)),
    ...answers.listGiven(),
    ...answers.listProofs(),
    ...[first, second].map(({ frame }) => ({
      name: "frame's key",
      bytes: Buffer.from(frame.prover.privateKey.export({ format: "jwk" }).d ?? ""),
    })),
    ...listIn("server_keys.value", /^(.{20,})$/gm).map((bytes) => ({ name: "nonces' key", bytes })),
    ...listIn("webhook_endpoints.secrets", /whsec_([^"]+)/g).map((bytes) => ({ name: "endpoint's secret", bytes })),
    ...listIn("pictures.key", /^(.{20,})$/gm).map((bytes) => ({ name: "picture's key", bytes })),
  ];
  const sources: Source[] = [
    ...readFiles("built", dist),
    ...answers.replies,
    ...walk.seen,
    ...readOutgoing(gateway.outgoing, nameOf),
    ...collector.bodies.map((bytes) => ({ name: "traces", bytes })),
    ...collector.heads.map((head) => ({ name: "head to the collector", bytes: Buffer.from(JSON.stringify(head)) })),
    ...gateway.tunnels.map((head) => ({ name: "head to the proxy", bytes: Buffer.from(head) })),
    ...running,
    ...readFiles("file of the demo", dataFolder),
    ...tables,
  ];
  const traced = new Set(collector.spans().map(({ name }) => name));
  expect([...traced]).toEqual(
    expect.arrayContaining(["commit", "job send", "thales send", "synctera send", "webhook post"]),
  );
  const { hits, searchedBytes } = search(sources, needles);
  const leaks = new Set(hits.filter((hit) => !isExpected(hit)).map((hit) => Object.values(hit).join(" | ")));
  expect([...leaks]).toEqual([]);
  const needless = expected.filter(
    (entry) => !hits.some((hit) => entry.source.test(hit.source) && entry.needle.test(hit.needle)),
  );
  expect(needless.filter(({ source }) => process.platform === "linux" || !/environment/.test(source.source))).toEqual(
    [],
  );
  expect(gateway.outgoing.filter(({ url }) => url.startsWith("/elsewhere"))).toEqual([]);
  const figures = [`${sources.length} sources`, `${(searchedBytes / 1e6).toFixed(1)} MB`, `${needles.length} needles`];
  process.stdout.write(`canary scan: ${figures.join(", ")}, ${hits.length} hits, all expected\n`);
}, 300_000);
