import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestFolder } from "#server/testing/folder.ts";
import { clearFolder } from "./data-folder.ts";
import { type Demo, type DemoOptions, FolderInUse, startDemo } from "./demo.ts";
import { forEachProgram, type Ports, type ProgramName, type ProgramPlans, programNames } from "./plan.ts";
import { findFreePort } from "./ports.ts";
import type { ProgramPlan } from "./program.ts";
import { isRunning } from "./testing/is-running.ts";

/** A program that does nothing but answer, and end in the ways that programs end. */
const standIn = `
  import { createServer } from "node:http";
  import { appendFileSync } from "node:fs";
  appendFileSync(process.env.STAND_IN_PIDS, process.pid + "\\n");
  console.log("hello from " + process.env.STAND_IN_NAME);
  if (process.env.STAND_IN_DIES === process.env.STAND_IN_NAME) { console.error("no such table: cards"); process.exit(3); }
  if (process.env.STAND_IN_STUBBORN === process.env.STAND_IN_NAME) process.on("SIGTERM", () => {});
  else process.on("SIGTERM", () => {
    appendFileSync(process.env.STAND_IN_ENDS, process.env.STAND_IN_NAME + "\\n");
    process.exit(0);
  });
  createServer((request, response) => {
    if (request.url === "/die") process.exit(4);
    response.end(String(process.pid));
  }).listen(Number(process.env.STAND_IN_PORT), "127.0.0.1");
`;

let folder: string;
let dataFolder: string;
let cleanUps: (() => unknown)[];

beforeEach(async () => {
  folder = await makeTestFolder();
  dataFolder = join(folder, "data");
  writeFileSync(join(folder, "stand-in.mjs"), standIn);
  cleanUps = [];
});

afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

function planStandIns(data: string, ports: Ports): ProgramPlans {
  const plan = (name: ProgramName): ProgramPlan => ({
    name,
    file: join(folder, "stand-in.mjs"),
    env: {
      STAND_IN_NAME: name,
      STAND_IN_PORT: String(ports[name]),
      STAND_IN_PIDS: join(folder, "pids"),
      STAND_IN_ENDS: join(folder, "ends"),
    },
    healthUrl: `http://127.0.0.1:${ports[name]}/`,
    logFile: join(data, `${name}.log`),
    stopTimeoutMs: 60_000,
  });
  return forEachProgram(plan);
}

/** Below the ports that the system gives to anybody who asks for any: no test beside this one takes them in passing. */
const firstPort = 20_000 + (process.pid % 100) * 100;
/** All ask for the same one; each gets the next that is free. */
const onePort = forEachProgram(() => firstPort);

async function startStandIns(options: Partial<DemoOptions> = {}): Promise<Demo> {
  const demo = await startDemo({ dataFolder, ports: onePort, plan: planStandIns, ...options });
  cleanUps.push(() => demo.stop());
  return demo;
}

/** The process ids of every program that was ever started in this test. */
function startedPids(): number[] {
  const file = join(folder, "pids");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").map(Number) : [];
}

async function expectNothingLeft(): Promise<void> {
  await expect.poll(() => startedPids().filter(isRunning)).toEqual([]);
}

async function occupyAny(host?: string): Promise<number> {
  const port = await findFreePort(firstPort);
  const server: Server = createServer((socket) => socket.destroy()).listen(port, host);
  await once(server, "listening");
  cleanUps.push(() => new Promise((done) => server.close(done)));
  return port;
}

async function textAt(url: string): Promise<string> {
  return (await fetch(url)).text();
}

const addressesOf = ({ bankUrl, secondBankUrl, designerUrl, platformUrl, syncteraUrl }: Demo) => [
  bankUrl,
  secondBankUrl,
  designerUrl,
  platformUrl,
  syncteraUrl,
];

test("every program answers, the banks on another site than the designer", async () => {
  const demo = await startStandIns();
  const urls = addressesOf(demo);
  const hostnames = urls.map((url) => new URL(url).hostname);
  expect(hostnames).toEqual(["localhost", "localhost", "127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  const pids = await Promise.all(urls.map(textAt));
  expect(new Set(pids.map(Number))).toEqual(new Set(startedPids()));
});

test.for([undefined, "127.0.0.1"])("a port that is busy on %s gets the next free one", async (host) => {
  const busy = await occupyAny(host);
  const demo = await startStandIns({ ports: { ...onePort, bank: busy } });
  expect(Number(new URL(demo.bankUrl).port)).toBeGreaterThan(busy);
});

test("a port that is taken after it was found free is not the end", async () => {
  const taken = await occupyAny("127.0.0.1");
  let starts = 0;
  const plan = (data: string, ports: Ports): ProgramPlans => {
    starts += 1;
    return planStandIns(data, starts === 1 ? { ...ports, bank: taken } : ports);
  };
  const demo = await startStandIns({ plan });
  expect(starts).toBe(2);
  expect(await textAt(demo.bankUrl)).toMatch(/^\d+$/);
});

test("programs that ask for the same port get ports of their own", async () => {
  const demo = await startStandIns({ ports: onePort });
  const ports = addressesOf(demo).map((url) => new URL(url).port);
  expect(new Set(ports).size).toBe(programNames.length);
});

test("after a stop nothing is left running and the ports are free again", async () => {
  const demo = await startStandIns();
  const port = Number(new URL(demo.designerUrl).port);
  await demo.stop();
  expect(startedPids().filter(isRunning)).toEqual([]);
  expect(await findFreePort(port)).toBe(port);
});

test("a program that does not want to stop is stopped by force", async () => {
  const plan = (data: string, ports: Ports): ProgramPlans => {
    const plans = planStandIns(data, ports);
    return { ...plans, server: { ...plans.server, stopTimeoutMs: 1_000 } };
  };
  const demo = await startStandIns({ plan, env: { STAND_IN_STUBBORN: "server" } });
  await demo.stop();
  expect(startedPids().filter(isRunning)).toEqual([]);
});

test("a program that dies at the start ends the start, with its last words, and leaves nothing running", async () => {
  const start = startStandIns({ env: { STAND_IN_DIES: "server" } });
  await expect(start).rejects.toThrow(/server ended \(exit code 3\)[^]*no such table: cards/);
  expect(startedPids().filter(isRunning)).toEqual([]);
});

test.for(["platform", "second-bank"] as const)(
  "a program that dies later is reported with its last words: %s",
  async (name) => {
    const demo = await startStandIns();
    const address = addressesOf(demo)[programNames.indexOf(name)];
    await fetch(`${address}/die`).catch(() => undefined);
    expect(await demo.unexpectedEnd).toEqual({ name, how: "exit code 4", lastLines: [`hello from ${name}`] });
  },
);

test("the platforms are there until the server has ended: a running send is answered", async () => {
  const demo = await startStandIns();
  await demo.stop();
  const ended = readFileSync(join(folder, "ends"), "utf8").trim().split("\n");
  expect(new Set(ended.slice(0, 3))).toEqual(new Set(["server", "bank", "second-bank"]));
  expect(new Set(ended.slice(3))).toEqual(new Set(["platform", "synctera"]));
});

test("a start can be given up", async () => {
  const controller = new AbortController();
  const silent = (data: string, ports: Ports): ProgramPlans => {
    const plans = planStandIns(data, ports);
    return { ...plans, bank: { ...plans.bank, env: { ...plans.bank.env, STAND_IN_PORT: "0" } } };
  };
  const start = startStandIns({ plan: silent, signal: controller.signal });
  start.catch(() => undefined);
  while (startedPids().length < programNames.length) await sleep(20);
  controller.abort(new Error("given up"));
  await expect(start).rejects.toThrow("given up");
  await expectNothingLeft();
});

test("one program can be killed and started again at its address, without ending the demo", async () => {
  const demo = await startStandIns();
  const before = await textAt(demo.designerUrl);
  await demo.processes.server.kill();
  await expect(fetch(demo.designerUrl)).rejects.toThrow();
  await demo.processes.server.restart();
  expect(await textAt(demo.designerUrl)).not.toBe(before);
  expect(await Promise.race([demo.unexpectedEnd, Promise.resolve("still running")])).toBe("still running");
});

test("secrets survive a restart and can be read by nobody else; --reset makes new ones", async () => {
  const read = () => readFileSync(join(dataFolder, "secrets.json"), "utf8");
  await startStandIns().then((demo) => demo.stop());
  const first = read();
  expect(statSync(join(dataFolder, "secrets.json")).mode & 0o777).toBe(0o600);
  await startStandIns().then((demo) => demo.stop());
  expect(read()).toBe(first);
  expect(clearFolder(dataFolder)).toBe(true);
  await startStandIns().then((demo) => demo.stop());
  expect(read()).not.toBe(first);
});

test("a data folder in use is neither shared nor cleared", async () => {
  await startStandIns();
  await expect(startStandIns()).rejects.toThrow(FolderInUse);
  expect(clearFolder(dataFolder)).toBe(false);
  expect(readdirSync(dataFolder)).toContain("secrets.json");
});

/** A launcher in a process of its own, since it is to be killed. */
async function startLauncherProcess(): Promise<ChildProcess> {
  const launcher = pathToFileURL(join(import.meta.dirname, "demo.ts")).href;
  const plans = JSON.stringify(planStandIns(dataFolder, onePort));
  writeFileSync(
    join(folder, "launch.mjs"),
    `import { startDemo } from ${JSON.stringify(launcher)};
     const plan = (data, ports) => Object.fromEntries(Object.entries(${plans}).map(([name, each]) => [name, {
       ...each,
       healthUrl: "http://127.0.0.1:" + ports[name] + "/",
       env: { ...each.env, STAND_IN_PORT: String(ports[name]) },
     }]));
     const ports = ${JSON.stringify(onePort)};
     await startDemo({ dataFolder: ${JSON.stringify(dataFolder)}, ports, plan });
     console.log("ready");`,
  );
  const child = spawn(process.execPath, [join(folder, "launch.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  cleanUps.push(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

test("a launcher that is killed by force leaves no program behind, and its folder can be used again", async () => {
  const launcher = await startLauncherProcess();
  expect(startedPids().filter(isRunning)).toHaveLength(programNames.length);
  launcher.kill("SIGKILL");
  await expectNothingLeft();
  const demo = await startStandIns();
  expect(await textAt(demo.bankUrl)).toMatch(/^\d+$/);
});
