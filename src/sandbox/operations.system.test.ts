import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openThalesBench } from "#server/testing/doctor.ts";
import { asIssuer, testEnv } from "#server/testing/env.ts";
import { makeTestFolder, writeBuild } from "#server/testing/folder.ts";
import { readCommands } from "./testing/page-commands.ts";

const root = path.join(import.meta.dirname, "../..");
type Env = Record<string, string>;

let folder: string;
let env: Env;
let running: ChildProcess[] = [];
beforeEach(async () => {
  folder = await makeTestFolder();
  const bench = await openThalesBench();
  env = { ...bench.env, PATH: `${path.join(folder, "bin")}:${process.env.PATH ?? ""}` };
  await writeProgram("npx", `shift\nexec "${process.execPath}" "${root}/src/server/cli.ts" "$@"`);
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
});

/** First in the path of what the page says. */
async function writeProgram(name: string, script: string): Promise<void> {
  await mkdir(path.join(folder, "bin"), { recursive: true });
  await writeFile(path.join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
}

async function run(commands: string, more: Env = {}): Promise<string> {
  return (await promisify(execFile)("sh", ["-euc", commands], { env: { ...env, ...more } })).stdout;
}

/** Runs until it is ready. Gives where, what it has written to its log, and how it is ended. */
async function start(commands: string, more: Env = {}) {
  const child = spawn("sh", ["-euc", commands], { env: { ...env, ...more }, stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const lines: string[] = [];
  const ended = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      const { msg, at } = JSON.parse(line) as { msg?: string; at?: string };
      if (msg === "ready" && at !== undefined) resolve(at);
    });
    void ended.then(() => reject(new Error("the server has ended")));
  });
  return { url, pid: String(child.pid), lines, ended, stop: () => child.kill("SIGTERM") && ended };
}

const serve = `exec "${process.execPath}" "${root}/dist/server/main.js"`;

test("the commands of “Changing keys” make a key, tell the last use of the old one, and change a webhook's secret", async () => {
  const [makeKey = "", lastUse = "", rotate = "", ...more] = await readCommands("operations.md", "Changing keys");
  expect(more).toEqual([]);
  const old = testEnv.FULLBLEED_ISSUER_KEY;
  const [fresh = ""] = /[\w-]{43}/.exec(await run(makeKey)) ?? [];
  const both = await start(serve, { FULLBLEED_ISSUER_KEY: `${old},${fresh}` });
  const ask = async (url: string, key: string) =>
    (await fetch(`${url}/v1/events`, { headers: { authorization: `Bearer ${key}` } })).status;
  const log = path.join(folder, "server.log");
  const answered = () => both.lines.filter((line) => line.includes('"msg":"answered"'));
  const findLastUse = async () => {
    await writeFile(log, `${both.lines.join("\n")}\n`);
    return run(lastUse, { LOG: log });
  };
  expect(await ask(both.url, fresh)).toBe(200);
  await expect.poll(answered).toHaveLength(1);
  expect(await findLastUse()).toBe("");
  expect(await ask(both.url, old)).toBe(200);
  expect(await ask(both.url, fresh)).toBe(200);
  await expect.poll(answered).toHaveLength(3);
  expect(await findLastUse()).toBe(`${answered()[1]}\n`);

  const byHand = { FULLBLEED_URL: both.url, FULLBLEED_ISSUER_KEY: fresh };
  const made = await run("npx fullbleed webhooks create https://hooks.example/cards", byHand);
  const [ENDPOINT = ""] = /whe_[\w-]{22}/.exec(made) ?? [];
  const [before, after] = [made, await run(rotate, { ...byHand, ENDPOINT })].map((said) => /whsec_\S+/.exec(said)?.[0]);
  expect(after).toMatch(/^whsec_/);
  expect(after).not.toBe(before);

  await both.stop();
  const { url } = await start(serve, { FULLBLEED_ISSUER_KEY: fresh });
  expect([await ask(url, old), await ask(url, fresh)]).toEqual([401, 200]);
});

test("Thales' notifications with the old secret and with the new one are taken while there are two", async () => {
  const [old, fresh] = ["an-old-secret-of-thales", "a-fresh-secret-of-thales"];
  const tell = async (url: string, secret: string) =>
    (
      await fetch(`${url}/v1/platform/thales/notifications`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-notification-secret": secret },
        body: JSON.stringify({ ImageId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", ImageState: "Pending" }),
      })
    ).status;
  const both = await start(serve, { FULLBLEED_THALES_NOTIFICATION_SECRET: `${old},${fresh}` });
  expect([await tell(both.url, old), await tell(both.url, fresh), await tell(both.url, `${old},`)]).toEqual([
    202, 202, 401,
  ]);
  await both.stop();
  const { url } = await start(serve, { FULLBLEED_THALES_NOTIFICATION_SECRET: fresh });
  expect([await tell(url, old), await tell(url, fresh)]).toEqual([401, 202]);
});

/** A folder with the program, and a build of its own once `npm run build` has been called in it. */
async function installBeside(): Promise<string> {
  const there = path.join(folder, "new");
  await mkdir(there);
  for (const name of ["src", "scripts", "node_modules", "package.json"])
    await symlink(path.join(root, name), path.join(there, name));
  const built = path.join(folder, "built");
  await writeBuild(built);
  await symlink(path.join(root, "dist/server"), path.join(built, "server"));
  await writeProgram("npm", `case "$*" in ci) ;; "run build") cp -a "${built}" dist ;; *) exit 1 ;; esac`);
  return there;
}

test("the commands of “Upgrade” bring a folder of an earlier version and pages that are open to the new one", async () => {
  const { scripts } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as { scripts: Env };
  expect(scripts).toHaveProperty("build");
  const [prepare = "", restart = "", after = "", ...more] = await readCommands("operations.md", "Upgrade");
  expect(more).toEqual([]);
  const [NEW, OLD] = [await installBeside(), path.join(folder, "old")];
  await writeBuild(path.join(OLD, "dist"));
  await writeFile(path.join(OLD, "dist/designer/assets/tool-0ld.js"), "export {};");
  const data = env["FULLBLEED_DATA"] ?? "";
  await mkdir(data);
  const database = new DatabaseSync(path.join(data, "fullbleed.sqlite"));
  database.exec(await readFile(path.join(root, "src/server/store/testing/released-2026-11-28.sql"), "utf8"));
  database.close();
  expect((await run(prepare, { NEW, OLD })).replaceAll(/\s+/g, " ")).toContain(
    "is brought up to date at the next start",
  );

  const first = await start(serve, { FULLBLEED_DIST: path.join(OLD, "dist") });
  const second = await start(restart, { PID: first.pid, NEW, FULLBLEED_DIST: path.join(NEW, "dist") });
  await first.ended;
  expect((await fetch(`${second.url}/designer/assets/tool-0ld.js`)).status).toBe(200);
  expect((await fetch(`${second.url}/v1/submissions`, { headers: asIssuer })).status).toBe(200);
  expect(await run(after, { FULLBLEED_URL: second.url, NEW })).toContain("Nothing is wrong.");
});
