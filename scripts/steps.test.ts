import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "./steps.mjs";

let folder: string;
let pidFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fullbleed-steps-"));
  pidFile = join(folder, "pid");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A program that starts another one, which holds its output, and then does as a suite that hangs. */
const hang = (how = "") => [
  "-e",
  `const child = require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" });
   require("node:fs").writeFileSync(process.env.PID_FILE, String(child.pid));
   ${how}
   setInterval(() => {}, 1000);`,
];

async function expectGone(pid: number): Promise<void> {
  const isRunning = () => {
    try {
      process.kill(pid, 0);
      return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
      return false;
    }
  };
  for (let attempt = 0; isRunning() && attempt < 100; attempt += 1) await sleep(50);
  expect(isRunning()).toBe(false);
}

const onLinux = test.runIf(process.platform === "linux");

onLinux.for([
  ["that hangs", ""],
  ["that hangs and does not want to end", 'process.on("SIGTERM", () => {});'],
  ["whose own child keeps its output open", "process.exit(0);"],
] as const)("a program %s is ended after its time, with what it started", async ([, how]) => {
  const env = { PID_FILE: pidFile };
  const outcome = await run(process.execPath, hang(how), { timeoutMs: 1_500, forceAfterMs: 500, env });
  expect(outcome.code).toBe(124);
  expect(outcome.output).toContain("did not end within");
  await expectGone(Number(readFileSync(pidFile, "utf8")));
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
    while (!existsSync(pidFile)) await sleep(20);
    main.kill(signal);
    expect(await once(main, "exit")).toEqual([null, signal]);
    expect(said).toBe("");
    await expectGone(Number(readFileSync(pidFile, "utf8")));
  },
);
