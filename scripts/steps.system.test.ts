import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "./steps.mjs";

let folder: string;
let pidFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fullbleed-steps-"));
  pidFile = join(folder, "pid");
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** A program that starts another one, which holds its output, writes both ids down, and then does as a suite that hangs. */
const hang = (how = "") => [
  "-e",
  `const child = require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });
   ${how}
   const { renameSync, writeFileSync } = require("node:fs");
   writeFileSync(process.env.PID_FILE + ".new", child.pid + " " + process.pid);
   renameSync(process.env.PID_FILE + ".new", process.env.PID_FILE);
   setInterval(() => {}, 1000);`,
];

/** Waits until the hanging program runs. Answers the ids of its child and its own. */
async function readPids(): Promise<readonly [child: number, own: number]> {
  while (!existsSync(pidFile)) await sleep(20);
  const [child = 0, own = 0] = readFileSync(pidFile, "utf8").split(" ").map(Number);
  return [child, own];
}

async function expectGone(pid: number): Promise<void> {
  const isRunning = () => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
      return false;
    }
  };
  for (let attempt = 0; isRunning() && attempt < 600; attempt += 1) await sleep(50);
  expect(isRunning()).toBe(false);
}

const onLinux = test.runIf(process.platform === "linux");

onLinux.for([
  ["that hangs", "polite", ""],
  ["that hangs and does not want to end", "stubborn", 'process.on("SIGTERM", () => {});'],
  ["whose own child keeps its output open", "gone", "setTimeout(() => process.exit(0));"],
] as const)("a program %s is ended after its time, with what it started", async ([, kind, how]) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const running = run(process.execPath, hang(how), {
    timeoutMs: 60_000,
    forceAfterMs: 500,
    env: { PID_FILE: pidFile },
  });
  const [child, own] = await readPids();
  if (kind === "gone") await expectGone(own);
  vi.advanceTimersByTime(60_000);
  if (kind === "stubborn") vi.advanceTimersByTime(500);
  const outcome = await running;
  expect(outcome.code).toBe(124);
  expect(outcome.output).toContain("did not end within");
  await expectGone(child);
});

onLinux.for(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends a step's program too, and no step follows",
  async (signal) => {
    const steps = JSON.stringify(join(import.meta.dirname, "steps.mjs"));
    const script = `
    const { run } = await import(${steps});
    await run(process.execPath, ${JSON.stringify(hang())});
    console.log("the next step");
  `;
    const env = { ...process.env, PID_FILE: pidFile };
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const main = spawn(process.execPath, ["--input-type=module", "-e", script], { env, stdio: [...stdio] });
    let said = "";
    main.stdout?.on("data", (text) => {
      said += String(text);
    });
    const [child] = await readPids();
    main.kill(signal);
    expect(await once(main, "close")).toEqual([null, signal]);
    expect(said).toBe("");
    await expectGone(child);
  },
);
