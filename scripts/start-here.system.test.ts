import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { findFreePort } from "#sandbox/launcher/ports.ts";
import { root } from "./steps.mjs";

/** A folder that looks like a clone that has been installed and built, for what the guide's commands write. */
let clone: string;
const ports = new Map<string, number>();
const started: ChildProcess[] = [];

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), "fullbleed-guide-"));
  for (const name of ["dist", "node_modules", "package.json", "scripts", "src"])
    symlinkSync(join(root, name), join(clone, name));
  cpSync(join(root, "docs", "examples"), join(clone, "docs", "examples"), { recursive: true });
  for (const usual of ["4401", "4402", "8080"]) ports.set(usual, await findFreePort(0, new Set(ports.values())));
  const settings = join(clone, "docs/examples/sandbox.env");
  writeFileSync(
    settings,
    `${onFreePorts(readFileSync(settings, "utf8"))}PORT=${portOf("8080")}\nFULLBLEED_URL=${serverUrl()}\n`,
  );
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));
afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = once(child, "exit");
    if (child.exitCode === null && child.kill("SIGKILL")) await ended;
  }
});

const portOf = (usual: string): number => ports.get(usual) ?? 0;
const serverUrl = (): string => `http://127.0.0.1:${portOf("4401")}`;
const onFreePorts = (text: string): string =>
  [...ports].reduce(
    (changed, [usual, port]) => changed.replaceAll(`=${usual}`, `=${port}`).replaceAll(`:${usual}`, `:${port}`),
    text,
  );

/** The commands below a heading of the guide, block by block. */
function readCommands(heading: string): string[] {
  const guide = readFileSync(join(root, "docs/start-here.md"), "utf8");
  const [, section = ""] = new RegExp(`\n## ${heading}\n(.*?)\n## `, "s").exec(guide) ?? [];
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, commands = ""]) => commands);
}

const env = {
  HOME: process.env["HOME"],
  // npm would tell of a newer version where nothing is to be said.
  npm_config_update_notifier: "false",
  // The Node that runs this test stands first, as the guide has it on Linux.
  PATH: [dirname(process.execPath), join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
};

function startProgram(commands: string): void {
  started.push(spawn("sh", ["-c", `exec ${commands.trim()}`], { cwd: clone, env, stdio: "ignore" }));
}

const statusOf = (url: string, init?: RequestInit): Promise<number> =>
  fetch(url, init).then(
    ({ status }) => status,
    () => 0,
  );

/** With the commands of the guide; the one that starts the bank is what is left of them. */
async function startOwnServer(): Promise<string> {
  const [prepare = "", platform = "", server = "", bank = ""] = readCommands("A server of your own");
  // Installing and building were done before.
  const [install, build, ...rest] = prepare.split("\n");
  expect([install, build]).toEqual(["npm ci", "npm run build"]);
  const prepared = spawnSync("sh", ["-e", "-c", rest.join("\n")], { cwd: clone, env, encoding: "utf8" });
  expect(prepared.stderr).toBe("");
  for (const commands of [platform, server]) startProgram(commands);
  await expect.poll(() => statusOf(`http://127.0.0.1:${portOf("4402")}/health`)).toBe(200);
  await expect.poll(() => statusOf(`${serverUrl()}/health/ready`)).toBe(200);
  return bank;
}

async function expectBank(): Promise<void> {
  const bankUrl = `http://localhost:${portOf("8080")}`;
  await expect.poll(() => statusOf(bankUrl)).toBe(200);
  expect(await statusOf(`${bankUrl}/api/card-session`, { method: "POST", body: '{"why":"start"}' })).toBe(201);
}

test("the commands for a server of one's own lead to a server, and to a bank that opens sessions with its key", async () => {
  startProgram(await startOwnServer());
  await expectBank();
});

test("the commands beside the demo lead to a bank that opens sessions, and takes the webhooks that it has registered", async () => {
  const [demo, bank = ""] = readCommands("With a clone");
  expect(demo).toMatch(/^npm start /);
  // It takes the demo's place.
  await startOwnServer();
  const [, issuerKey] = /FULLBLEED_ISSUER_KEY=(\S+)/.exec(readFileSync(join(clone, "var/own/my.env"), "utf8")) ?? [];
  mkdirSync(join(clone, "var/demo"), { recursive: true });
  writeFileSync(join(clone, "var/demo/secrets.json"), JSON.stringify({ issuerKey }));
  const commands = onFreePorts(bank).replace("\nnode ", `\nPORT=${portOf("8080")} exec node `);
  started.push(spawn("sh", ["-e", "-c", commands], { cwd: clone, env, stdio: "ignore" }));
  await expectBank();
  const own = { ...env, FULLBLEED_URL: serverUrl(), FULLBLEED_ISSUER_KEY: issuerKey };
  const fullbleed = (...words: string[]): string =>
    spawnSync("npx", ["fullbleed", "webhooks", ...words], { cwd: clone, env: own, encoding: "utf8" }).stdout;
  const [endpoint = ""] = /whe_\S+/.exec(fullbleed("list")) ?? [];
  expect(fullbleed("ping", endpoint)).toBe("taken\n");
});
