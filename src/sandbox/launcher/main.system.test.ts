import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestFolder, writeBuild } from "#server/testing/folder.ts";
import { isRunning } from "./testing/is-running.ts";

let folder: string;
let launcher: ChildProcess | undefined;
let busy: Server | undefined;

beforeEach(async () => {
  folder = await makeTestFolder();
  await writeBuild(join(folder, "dist"));
});

afterEach(() => {
  launcher?.kill("SIGKILL");
  busy?.close();
});

/** Runs the launcher as `npm start` does. `output` grows. */
function launch(...args: string[]) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "main.ts"), "--data", join(folder, "demo"), ...args],
    { env: { ...process.env, FULLBLEED_DIST: join(folder, "dist") }, stdio: ["ignore", "pipe", "inherit"] },
  );
  launcher = child;
  const run = { child, output: "", ended: once(child, "close"), firstLine: once(child.stdout, "data") };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    run.output += text;
  });
  return run;
}

/** Takes port 4400. False when somebody else has it, who may give it back at any moment. */
async function occupyUsualPort(): Promise<boolean> {
  const server = createServer().listen(4400);
  busy = server;
  return new Promise((done) => server.once("listening", () => done(true)).once("error", () => done(false)));
}

function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

test.runIf(process.platform === "linux").for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "it says where the banks are, although a port was busy; %s ends everything",
  async (signal) => {
    const isOurs = await occupyUsualPort();
    const { child, ended, firstLine } = launch();
    const [said] = (await firstLine) as [string];
    const form =
      /^Fullbleed demo is ready: (http:\/\/localhost:\d+)\nA second bank, on another card platform: (http:\/\/localhost:\d+)\n$/;
    expect(said).toMatch(form);
    const [, ...banks] = form.exec(said) ?? [];
    if (isOurs) expect(banks[0]).not.toMatch(/:4400$/);
    const programs = childrenOf(child.pid);
    expect(programs).toHaveLength(5);
    for (const bank of banks) expect((await fetch(bank)).status).toBe(200);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(programs.filter(isRunning)).toEqual([]);
  },
);

test("what the demo keeps is its owner's alone, also in a folder that was there before", async () => {
  mkdirSync(join(folder, "demo"), { mode: 0o755 });
  const run = launch();
  await run.firstLine;
  const files = readdirSync(join(folder, "demo"), { recursive: true, encoding: "utf8" });
  for (const file of ["bank/bank.sqlite", "second-bank/bank.sqlite", "synctera/synctera.sqlite", "issuers.json"])
    expect(files).toContain(file);
  // A file that is gone by now is open to nobody.
  const modeOf = (file: string) => statSync(join(folder, "demo", file), { throwIfNoEntry: false })?.mode ?? 0;
  expect(files.filter((file) => (modeOf(file) & 0o077) !== 0)).toEqual([]);
  // Of its own file the server needs the second bank's key as a hash only.
  const read = (file: string) => readFileSync(join(folder, "demo", file), "utf8");
  expect(read("issuers.json")).not.toContain(JSON.parse(read("secrets.json")).secondIssuerKey);
  run.child.kill("SIGTERM");
  await run.ended;
});

test.for([[], ["--reset"]])("a folder of somebody else's is neither used nor cleared (%j)", async (args) => {
  mkdirSync(join(folder, "demo"));
  writeFileSync(join(folder, "demo", "thesis.txt"), "years of work");
  const run = launch(...args);
  expect(await run.ended).toEqual([1, null]);
  expect(run.output).toBe(
    `${join(folder, "demo")} holds other things than the demo's data. Name an empty folder, or one that does not exist yet.\n`,
  );
  expect(readdirSync(join(folder, "demo"))).toEqual(["thesis.txt"]);
});

test("an argument that nobody knows is answered with the ones that are known", async () => {
  const run = launch("--rest");
  expect(await run.ended).toEqual([2, null]);
  expect(run.output).toContain("npm start -- --reset");
});

test("a server that cannot start is shown with its own words", async () => {
  rmSync(join(folder, "dist"), { recursive: true });
  const run = launch();
  expect(await run.ended).toEqual([1, null]);
  expect(run.output).toMatch(/The server ended \(exit code 1\)[^]*the designer has not been built/);
});
