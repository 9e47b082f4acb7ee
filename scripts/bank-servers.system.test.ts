import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, request as forward, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { SessionCredentials } from "#contracts/session.ts";
import type { WebhookEndpointSecret } from "#contracts/webhook.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { findFreePort } from "#sandbox/launcher/ports.ts";
import { asIssuer, testEnv } from "#server/testing/env.ts";
import { type ServerProcess, startServerProcess } from "#server/testing/process.ts";
import { root } from "./steps.mjs";

const examples = join(root, "docs", "examples");

interface Language {
  readonly file: string;
  /** What has to be on the machine. */
  readonly tools: readonly string[];
  /** Once, into this folder. */
  readonly compile?: (folder: string) => readonly string[];
  readonly run: (folder: string, port: number) => readonly string[];
}

const languages: Readonly<Record<string, Language>> = {
  "Node.js": { file: "bank.mjs", tools: [], run: () => [process.execPath, "bank.mjs"] },
  Python: { file: "bank.py", tools: ["python3"], run: () => ["python3", "-B", "bank.py"] },
  Java: {
    file: "Bank.java",
    tools: ["javac", "java"],
    compile: (folder) => ["javac", "-Xlint:all", "-Werror", "-d", folder, "Bank.java"],
    run: (folder) => ["java", "-XX:TieredStopAtLevel=1", "-cp", folder, "Bank"],
  },
  PHP: { file: "bank.php", tools: ["php"], run: (_folder, port) => ["php", "-S", `localhost:${port}`, "bank.php"] },
  "C#": {
    file: "Bank.cs",
    tools: ["mcs", "mono"],
    compile: (folder) => ["mcs", "-r:System.Net.Http", `-out:${join(folder, "Bank.exe")}`, "Bank.cs"],
    run: (folder) => ["mono", join(folder, "Bank.exe")],
  },
};

/** `expect.poll` knows no test that runs beside others. */
const waitFor = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000 });
const isThere = (tool: string): boolean => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;

type Way = "through" | "wrong key" | "silent" | "away" | "elsewhere";

interface Gate {
  readonly url: string;
  way: Way;
  /** What came to where "elsewhere" leads. */
  readonly strayed: string[];
  readonly server: Server;
}

/** Stands between a bank and the real server, and lets what is between them fail. */
async function openGate(serverUrl: string): Promise<Gate> {
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const wrong = gate.way === "wrong key" && { authorization: `Bearer ${"wrong-".repeat(8)}` };
    const { method, headers } = request;
    const onward = forward(serverUrl + request.url, { method, headers: { ...headers, ...wrong } }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  };
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/elsewhere")) {
      gate.strayed.push(JSON.stringify(request.headers));
      response.end("{}");
    } else if (gate.way === "away") request.socket.destroy();
    else if (gate.way === "elsewhere") response.writeHead(302, { location: "/elsewhere" }).end("{}");
    else if (gate.way !== "silent") pass(request, response);
  });
  const gate: Gate = { url: await listenLocally(server), way: "through", strayed: [], server };
  return gate;
}

interface Bank {
  readonly url: string;
  readonly gate: Gate;
  /** The secret with which the server signs. */
  readonly webhookSecret: string;
  readonly endpointId: string;
  /** What it has printed so far. */
  said(): string;
  stop(): Promise<void>;
}

async function postAsIssuer(url: string, body?: object): Promise<Response> {
  const json = body && { body: JSON.stringify(body) };
  const headers = { ...asIssuer, ...(json && { "content-type": "application/json" }), "idempotency-key": randomUUID() };
  return fetch(url, { method: "POST", headers, ...json });
}

function spawnBank({ run }: Language, folder: string, port: number, more: Readonly<Record<string, string>>) {
  const [command = "", ...args] = run(folder, port);
  const { PATH, HOME } = process.env;
  const { FULLBLEED_ISSUER_KEY } = testEnv;
  const env = { PATH, HOME, PORT: String(port), FULLBLEED_ISSUER_KEY, BANK_DATA: folder, ...more };
  const child = spawn(command, args, { cwd: examples, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  return { child, said: listenTo(child) };
}

async function startBank(language: Language, serverUrl: string, folder: string): Promise<Bank> {
  const port = await findPort();
  const url = `http://localhost:${port}`;
  const gate = await openGate(serverUrl);
  const created = await postAsIssuer(`${serverUrl}/v1/webhook-endpoints`, { url: `${url}/webhooks` });
  const { webhookEndpointId, secret } = (await created.json()) as WebhookEndpointSecret;
  const [program = "", ...compilerArgs] = language.compile?.(folder) ?? [];
  // This process has the gates of the other banks: it does not wait for a compiler.
  if (program !== "") await promisify(execFile)(program, compilerArgs, { cwd: examples });
  const env = { FULLBLEED_URL: gate.url, FULLBLEED_WEBHOOK_SECRET: secret };
  const { child, said } = spawnBank(language, folder, port, env);
  await waitFor(async () => expect(await answersAt(url), said()).toBe(true));
  return {
    url,
    gate,
    webhookSecret: secret,
    endpointId: webhookEndpointId,
    said,
    async stop() {
      const ended = once(child, "exit");
      if (child.exitCode === null && child.kill("SIGKILL")) await ended;
      gate.server.close().closeAllConnections();
    },
  };
}

function listenTo(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => (text += piece.toString()));
  return () => text;
}

const answersAt = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function askForSession({ url }: Bank, why: "start" | "refresh") {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/card-session`, { method: "POST", headers, body: JSON.stringify({ why }) });
  const text = await answer.text();
  return { status: answer.status, text, session: JSON.parse(text) as SessionCredentials };
}

interface Posted {
  readonly id: string;
  readonly body?: string;
  readonly secret?: string;
  readonly sentAt?: Date;
  readonly signed?: string;
}

async function postWebhook(bank: Bank, { id, body = '{"type":"submission.approved"}', ...more }: Posted) {
  const { secret = bank.webhookSecret, sentAt = new Date(), signed = body } = more;
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, sentAt, signed),
  };
  return (await fetch(`${bank.url}/webhooks`, { method: "POST", headers, body })).status;
}

async function findPort(): Promise<number> {
  const port = await findFreePort(0, taken);
  taken.add(port);
  return port;
}

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

const taken = new Set<number>();
/** Also of a test that was ended for taking too long. */
const running = new Set<ChildProcess>();
const folder = mkdtempSync(join(tmpdir(), "fullbleed-banks-"));
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess(folder, "http://127.0.0.1:9", { FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8,::1" });
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

// Side by side: each waits until a silent server has been given up.
describe.concurrent.for(Object.entries(languages))("the bank server in %s", ([name, language]) => {
  const missing = language.tools.filter((tool) => !isThere(tool));
  if (missing.length > 0) process.stdout.write(`skipped: the bank server in ${name}, without ${missing.join(", ")}\n`);

  test.skipIf(missing.length > 0)("does what the guide says, whatever fails", async () => {
    const ownFolder = join(folder, language.file);
    mkdirSync(ownFolder);
    const bank = await startBank(language, server.url, ownFolder);
    try {
      await expectPage(bank);
      await expectSessions(bank, server.url);
      await expectFailures(bank);
      await expectWebhooks(bank, server.url);
      if (name === "PHP") await expectMarks(bank, ownFolder);
      const { FULLBLEED_ISSUER_KEY: key } = testEnv;
      for (const wrong of [`${key}\n`, `${key.slice(0, 35)}\n${key}`, `${key} `, key.slice(0, 31), ""])
        await expectRefusal(language, ownFolder, "FULLBLEED_ISSUER_KEY", wrong);
      if (name === "PHP")
        for (const none of ["", join(folder, "none")]) await expectRefusal(language, ownFolder, "BANK_DATA", none);
      expect(bank.said()).not.toContain(testEnv.FULLBLEED_ISSUER_KEY);
      expect(bank.said()).not.toContain(bank.webhookSecret);
    } finally {
      await bank.stop();
    }
  });
});

async function expectPage({ url, gate }: Bank): Promise<void> {
  const page = await (await fetch(url)).text();
  expect(page).toContain(`<script src="${gate.url}/embed/card-designer.js">`);
  expect(page).not.toContain(testEnv.FULLBLEED_ISSUER_KEY);
  const script = await fetch(`${url}/card.js`);
  expect(script.headers.get("content-type")).toContain("text/javascript");
  expect(await script.text()).toBe(readFileSync(join(examples, "card.js"), "utf8"));
  expect((await fetch(`${url}/bank.mjs`)).status).toBe(404);
}

async function expectSessions(bank: Bank, serverUrl: string): Promise<void> {
  const first = await askForSession(bank, "start");
  expect(first).toMatchObject({ status: 201, session: { sessionId: expect.stringMatching(/./) } });
  expect(Object.keys(first.session).toSorted()).toEqual(["clientSecret", "sessionId"]);
  const secrets = [first.session.clientSecret];
  for (const why of ["refresh", "start"] as const) {
    const { status, session } = await askForSession(bank, why);
    expect([status, session.sessionId], why).toEqual([201, first.session.sessionId]);
    expect(secrets, `another secret at ${why}`).not.toContain(session.clientSecret);
    secrets.push(session.clientSecret);
  }
  await fetch(`${serverUrl}/v1/sessions/${first.session.sessionId}`, { method: "DELETE", headers: asIssuer });
  const next = await askForSession(bank, "refresh");
  expect(next.status).toBe(201);
  expect(next.session.sessionId, "a session that has ended").not.toBe(first.session.sessionId);
}

async function expectFailures(bank: Bank): Promise<void> {
  for (const way of ["wrong key", "away", "silent", "elsewhere"] as const) {
    bank.gate.way = way;
    const { status, text } = await askForSession(bank, "start");
    expect([status, text], way).toEqual([
      502,
      '{"message":"The card designer cannot be reached. Try again in a minute."}',
    ]);
  }
  expect(bank.gate.strayed, "the key goes nowhere else").toEqual([]);
  expect(bank.said()).toContain("401 not-authenticated");
  // Of Node's own words "fetch failed" says nothing.
  expect(bank.said()).not.toMatch(/fetch failed *$/m);
  bank.gate.way = "through";
  expect((await askForSession(bank, "start")).status).toBe(201);
}

async function expectWebhooks(bank: Bank, serverUrl: string): Promise<void> {
  const ping = await postAsIssuer(`${serverUrl}/v1/webhook-endpoints/${bank.endpointId}/ping`);
  expect(await ping.json(), "the server's own").toEqual({ delivered: true, error: null });
  const otherSecret = `whsec_${Buffer.from("another secret, another bank").toString("base64")}`;
  expect(await postWebhook(bank, { id: "evt_good" })).toBe(204);
  expect(await postWebhook(bank, { id: "evt_good" }), "replayed").toBe(204);
  expect(await postWebhook(bank, { id: "evt_late", sentAt: minutesAgo(4) })).toBe(204);
  expect(await postWebhook(bank, { id: "evt_old", sentAt: minutesAgo(6) })).toBe(401);
  expect(await postWebhook(bank, { id: "evt_early", sentAt: minutesAgo(-6) })).toBe(401);
  expect(await postWebhook(bank, { id: "evt_other", secret: otherSecret })).toBe(401);
  expect(await postWebhook(bank, { id: "evt_changed", signed: '{"type":"submission.rejected"}' })).toBe(401);
  expect((await fetch(`${bank.url}/webhooks`, { method: "POST", body: "{}" })).status, "unsigned").toBe(401);
  expect(await postWebhook(bank, { id: "evt_again", body: "[" }), "what follows from it fails").toBe(500);
  expect(await postWebhook(bank, { id: "evt_again" }), "it is not lost").toBe(204);
  // Who refuses what is too long before it has come may close the connection before the answer is read.
  const tooLong = postWebhook(bank, { id: "evt_long", body: `{"a":"${"a".repeat(70_000)}"}` });
  expect([413, "cut off"]).toContain(await tooLong.catch(() => "cut off"));
  expect(await postWebhook(bank, { id: "evt_last" })).toBe(204);
  await waitFor(() => expect(bank.said()).toContain("evt_last submission.approved"));
  expect(bank.said().match(/401: a webhook that is not signed with FULLBLEED_WEBHOOK_SECRET/g)).toHaveLength(5);
  const handled = [...bank.said().matchAll(/webhook (evt_(?!ping)\w+) submission\.approved/g)].map(([, id]) => id);
  expect(handled, "once each, and nothing else").toEqual(["evt_good", "evt_late", "evt_again", "evt_last"]);
}

async function expectMarks(bank: Bank, ownFolder: string): Promise<void> {
  const [old, young] = ["webhook-old", "webhook-young"].map((mark) => join(ownFolder, mark)) as [string, string];
  for (const mark of [old, young]) writeFileSync(mark, "");
  utimesSync(old, minutesAgo(5 * 24 * 60), minutesAgo(5 * 24 * 60));
  utimesSync(young, minutesAgo(75 * 60), minutesAgo(75 * 60));
  expect(await postWebhook(bank, { id: "evt_sweeps" })).toBe(204);
  expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  const unmarkable = join(ownFolder, `webhook-${createHash("sha256").update("evt_unmarkable").digest("hex")}`);
  symlinkSync(join(ownFolder, "none", "mark"), unmarkable);
  expect(await postWebhook(bank, { id: "evt_unmarkable" }), "not taken for one that was handled").toBe(500);
}

/** A bank without what it needs says what is wrong with it, never its value, and serves nobody. */
async function expectRefusal(language: Language, ownFolder: string, name: string, value: string) {
  const port = await findPort();
  const { child, said } = spawnBank(language, ownFolder, port, { [name]: value });
  // PHP's own server stays, and says it at every request.
  const statusOf = () =>
    fetch(`http://localhost:${port}/card.js`).then(
      ({ status }) => status,
      () => child.exitCode,
    );
  await waitFor(async () => expect(await statusOf(), said()).toBe(language.file === "bank.php" ? 500 : 1));
  await waitFor(() => expect(said()).toContain(`${name} has to be `));
  if (name === "FULLBLEED_ISSUER_KEY") expect(said()).not.toContain(value.trim().split("\n")[0] || "issuer-key-canary");
  child.kill("SIGKILL");
}
