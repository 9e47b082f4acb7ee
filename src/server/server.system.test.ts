import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "./store/open.ts";
import { asIssuer, testEnv } from "./testing/env.ts";
import { makeTestFolder, writeBuild } from "./testing/folder.ts";
import { listIssuer } from "./testing/listed.ts";
import { serverProgram } from "./testing/process.ts";
import { createProver } from "./testing/prover.ts";
import { makeSessionRow } from "./testing/rows.ts";

describe("the server as a program", () => {
  let folder: string;
  let env: Record<string, string>;
  const running: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await makeTestFolder();
    env = { ...testEnv, FULLBLEED_DATA: path.join(folder, "data"), FULLBLEED_DIST: path.join(folder, "dist") };
    await writeBuild(path.join(folder, "dist"));
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill("SIGKILL");
  });

  function start(change: Record<string, string> = {}) {
    const child = spawn(process.execPath, [serverProgram], {
      env: { ...env, ...change },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    const ended = once(child, "close").then(([code]) => code as number | null);
    const lines: string[] = [];
    const ready = new Promise<string>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        lines.push(String(chunk));
        const url = /"at":"([^"]+)","msg":"ready"/.exec(lines.join(""))?.[1];
        if (url !== undefined) resolve(url);
      });
    });
    return { child, ended, ready, printed: () => lines.join(""), complaint: text(child.stderr) };
  }

  test("says in one sentence that sharp has no binary for this machine, and ends before it listens", async () => {
    const withoutSharp = `import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) {
        if (name === "sharp") throw new Error('Could not load the "sharp" module using the linux-x64 runtime');
        return next(name, context);
      } });`;
    const options = `--import=data:text/javascript,${encodeURIComponent(withoutSharp)}`;
    const { ended, printed, complaint } = start({ NODE_OPTIONS: options });
    expect(await ended).toBe(1);
    expect(await complaint).toMatch(/^The server cannot start: sharp, .* does not load on \w+-\w+\. Install .*\n$/);
    expect(printed()).toBe("");
  });

  test.each([
    ["in the data folder of a server that others reach", {}, 1],
    ["elsewhere", { FULLBLEED_PURGE_LOG: "elsewhere" }, 0],
    ["in the data folder of one that is only tried out", { FULLBLEED_PUBLIC_URL: "http://127.0.0.1:1" }, 0],
  ])("says once that a restore may overwrite the log of deletions, when it lies %s", async (_where, change, times) => {
    const more: Record<string, string> = { ...change };
    if (more.FULLBLEED_PURGE_LOG !== undefined) more.FULLBLEED_PURGE_LOG = path.join(folder, "log", "purges.jsonl");
    const { child, ended, ready, printed } = start(more);
    await ready;
    child.kill("SIGTERM");
    await ended;
    expect(printed().split("the log of deletions lies in the data folder")).toHaveLength(times + 1);
  });

  test("gives its numbers where the settings say, its log's lines among them, until it ends", async () => {
    const { child, ready, ended, printed } = start({ FULLBLEED_METRICS_LISTEN: "127.0.0.1:0" });
    await ready;
    const address = /"at":"([^"]+\/metrics)"/.exec(printed())?.[1] ?? "";
    const numbers = await (await fetch(address)).text();
    expect(numbers).toMatch(/^fullbleed_log_lines_total\{level="info"\} [1-9]/m);
    expect(numbers).toMatch(/^fullbleed_sends_total\{issuer="default",platform="thales",.*\} 0$/m);
    expect(numbers).toMatch(/^fullbleed_sweeps_total\{sweep="expired",outcome="failed"\} 0$/m);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    await expect(fetch(address)).rejects.toThrow("fetch failed");
  });

  test("says in one message what is wrong with its configuration, and ends", async () => {
    const { ended, complaint, printed } = start({ FULLBLEED_PORT: "x", FULLBLEED_ISSUER_KEY: "short-canary" });
    expect(await ended).toBe(1);
    expect(await complaint).toMatch(
      /^The server cannot start .*:\n {2}FULLBLEED_PORT is not valid: .*\n {2}FULLBLEED_ISSUER_KEY is not valid: .*\nWhen .* npx fullbleed doctor .*\n$/,
    );
    expect((await complaint) + printed()).not.toContain("canary");
  });

  test("serves the issuers of a file alone, tells their endpoints, and ends over a product that nobody makes", async () => {
    const file = path.join(folder, "issuers.json");
    const secret = { env: "HOOK_SECRET" };
    const webhooks = [{ url: "https://hooks.example/river", secret }];
    const river = listIssuer("river", { webhooks });
    const own = ["FULLBLEED_ISSUER_NAME", "FULLBLEED_ISSUER_KEY", "FULLBLEED_PROVIDER"];
    const others = { FULLBLEED_ISSUERS: file, HOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}` };
    const change = { ...Object.fromEntries(own.map((name) => [name, ""])), ...others };
    await writeFile(file, JSON.stringify({ issuers: [river.entry] }));
    const first = start(change);
    const url = await first.ready;
    const listed = await fetch(`${url}/v1/webhook-endpoints`, { headers: { authorization: `Bearer ${river.key}` } });
    expect((await listed.json()).webhookEndpoints).toMatchObject([{ url: "https://hooks.example/river" }]);
    expect((await fetch(`${url}/v1/submissions`, { headers: asIssuer })).status).toBe(401);
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    // Nobody reads the settings of the default issuer's platform then.
    expect(first.printed()).toContain('"variable":"FULLBLEED_THALES_SOAP_URL"');
    expect(first.printed()).not.toContain(others.HOOK_SECRET);

    const products = { "photo-landscape": { provider: "thales" }, "photo-portrait": { provider: "thales" } };
    await writeFile(file, JSON.stringify({ issuers: [{ ...river.entry, products }] }));
    const second = start(change);
    expect(await second.ended).toBe(1);
    expect(await second.complaint).toBe(
      "The server cannot start with this configuration:\n  FULLBLEED_ISSUERS: issuers[0].products.photo-portrait has no key or id in its provider's settings.\n",
    );
  });

  test("says that the designer has to be built first", async () => {
    await rm(path.join(folder, "dist/embed"), { recursive: true });
    const { ended, complaint } = start();
    expect(await ended).toBe(1);
    expect(await complaint).toBe(
      "FULLBLEED_DIST has no embed/card-designer.js: the designer has not been built. Run npm run build.\n",
    );
  });

  test("says that its port is taken", async () => {
    const first = start();
    const port = new URL(await first.ready).port;
    const second = start({ FULLBLEED_PORT: port, FULLBLEED_DATA: path.join(folder, "other") });
    expect(await second.ended).toBe(1);
    expect(await second.complaint).toMatch(
      /^FULLBLEED_HOST or FULLBLEED_PORT is not valid: the port is in use: end the program .*\n$/,
    );
  });

  describe("says what is wrong with its data folder, and ends", () => {
    /** A whole database, closed. */
    async function makeDatabase(data: string): Promise<string> {
      await mkdir(data);
      const file = path.join(data, "fullbleed.sqlite");
      await (await openStore(file)).destroy();
      return file;
    }

    test.each<[string, (data: string) => Promise<unknown>, RegExp]>([
      ["a file", (data) => writeFile(data, ""), /^FULLBLEED_DATA is not valid: expected a folder, and .*\n$/],
      [
        "something else than its database",
        async (data) => {
          await mkdir(data);
          await writeFile(path.join(data, "fullbleed.sqlite"), "something else".repeat(100));
        },
        /^FULLBLEED_DATA is not valid: expected a folder with this server's database, .*\n$/,
      ],
      [
        "a newer version's database",
        async (data) => {
          const database = new DatabaseSync(await makeDatabase(data));
          database.exec("insert into kysely_migration values ('2031-01-01-later', 'x')");
          database.close();
        },
        /^FULLBLEED_DATA is not valid for this server\. The database has been brought to a newer version .*\n$/,
      ],
      [
        "a table that is damaged",
        async (data) => {
          const file = await makeDatabase(data);
          const database = new DatabaseSync(file);
          const [{ rootpage }] = database
            .prepare("select rootpage from sqlite_master where name = 'breakers'")
            .all() as [{ rootpage: number }];
          database.close();
          const bytes = await readFile(file);
          await writeFile(file, bytes.fill(0xff, (rootpage - 1) * 4096, rootpage * 4096));
        },
        /^FULLBLEED_DATA is not valid: .* damaged\. .*\n$/,
      ],
    ])("when it holds %s", async (_what, make, sentence) => {
      await make(env.FULLBLEED_DATA ?? "");
      const { ended, complaint } = start();
      expect(await ended).toBe(1);
      expect(await complaint).toMatch(sentence);
    });
  });

  test("starts, answers, ends at SIGTERM, and knows its sessions when it is started again", async () => {
    const first = start({ FULLBLEED_PROT: "1" });
    const answer = await fetch(`${await first.ready}/v1/sessions`, {
      method: "POST",
      headers: { ...asIssuer, "content-type": "application/json" },
      body: JSON.stringify({ cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] }),
    });
    const { sessionId, clientSecret } = await answer.json();
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(first.printed()).toContain('"variable":"FULLBLEED_PROT"');
    expect(first.printed()).not.toMatch(/canary/);
    expect(await first.complaint).toBe("");

    const second = start();
    const url = `${await second.ready}/v1/sessions/${sessionId}/tokens`;
    const dpop = createProver().prove({ method: "POST", path: `/v1/sessions/${sessionId}/tokens` });
    const headers = { "content-type": "application/json", dpop };
    const tokens = await fetch(url, { method: "POST", headers, body: JSON.stringify({ clientSecret }) });
    expect(tokens.status).toBe(201);
    second.child.kill("SIGINT");
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
  });

  test("says once that a platform of its settings cannot delete a picture, and nothing of one that can", async () => {
    const without = start();
    await without.ready;
    without.child.kill("SIGTERM");
    await without.ended;
    const { child, ended, ready, printed } = start({
      FULLBLEED_SYNCTERA_URL: "https://api.synctera.example/v1",
      FULLBLEED_SYNCTERA_API_KEY: "synctera-key",
      FULLBLEED_SYNCTERA_CARD_PRODUCTS: '{"photo-portrait":"7d943c51-e4ff-4e57-9558-08cab6b963c7"}',
      FULLBLEED_SYNCTERA_WEBHOOK_SECRET: "webhook-secret-0123",
      FULLBLEED_PROVIDER: '{"photo-portrait":"synctera"}',
    });
    await ready;
    child.kill("SIGTERM");
    await ended;
    const said = (all: string) => all.split("\n").filter((line) => line.includes("cannot delete a picture"));
    expect(said(without.printed())).toEqual([]);
    expect(said(printed())).toEqual([expect.stringContaining('"platform":"synctera"')]);
  });

  test("forgets, while it runs, the sessions that expired long ago and in which nothing was sent", async () => {
    const data = path.join(folder, "data");
    await mkdir(data);
    const store = await openStore(path.join(data, "fullbleed.sqlite"));
    await store
      .insertInto("sessions")
      .values(makeSessionRow({ id: "ses_old", expires_at: 1 }))
      .execute();
    await start().ready;
    await expect.poll(() => store.selectFrom("sessions").select("id").execute()).toEqual([]);
    await store.destroy();
  });

  test("keeps its files to itself in a folder that was there before", async () => {
    const data = path.join(folder, "data");
    await mkdir(data, { mode: 0o755 });
    await start().ready;
    for (const file of await readdir(data)) expect((await stat(path.join(data, file))).mode & 0o077, file).toBe(0);
  });

  test("ends in good order when it is told to at the very moment at which it is ready", async () => {
    const { child, ended } = start();
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.includes('"msg":"ready"')) child.kill("SIGTERM");
    });
    expect(await ended).toBe(0);
  });

  test.each([
    ["a connection that a browser or balancer keeps", "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a connection that a browser opened ahead of need", ""],
    ["half a header", "GET /health/live HTTP/1.1\r\nHost: x\r\n"],
    ["half a header after an answer", "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /hea"],
  ])("Ctrl-C does not hang on %s", async (_what, sent) => {
    const { child, ended, ready, printed } = start();
    const socket = connect(Number(new URL(await ready).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write(sent);
    // The server has taken the connection once a later one is answered.
    await fetch(`${await ready}/health/live`, { headers: { connection: "close" } });
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(printed()).not.toContain("their time to end was over");
    socket.destroy();
  });
});
