// Runs a program as one step of set-up or test, and says so: one line when it starts to take time, one when it ends.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { endGroup, passSignalsOn } from "./group.mjs";

/** The root of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What Node has compiled of our files and the packages': without it a server takes 1.4 times as long to start. */
const compiled = join(root, ".cache", "compiled");

/** A program that takes longer than this hangs. */
const usualTimeoutMs = 30 * 60_000;

const isWindows = process.platform === "win32";

/** @typedef {{ code: number, output: string }} Outcome `output` is both streams, in the order they came. */

/** An error whose message is all that a person needs: no stack is shown. */
export class Refusal extends Error {}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Milliseconds as a person reads them. @param {number} sinceMs */
function elapsed(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/** What a program of ours gets: the packages' own programs, Node 24 among them, come first on PATH. */
export function environment(extra = {}) {
  const path = `${join(root, "node_modules", ".bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  return { NODE_COMPILE_CACHE: compiled, ...process.env, PATH: path, ...extra };
}

/**
 * Runs a program at the root of the checkout until it and what it started have ended, for half an hour at most. `live`
 * shows its output as it comes.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ live?: boolean, env?: Record<string, string>, timeoutMs?: number, forceAfterMs?: number }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(program, args, options = {}) {
  const { live = false, env = {}, timeoutMs = usualTimeoutMs, forceAfterMs = 10_000 } = options;
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root, env: environment(env), shell: isWindows, detached: !isWindows });
    let output = "";
    /** @param {string} text */
    const hear = (text) => {
      output += text;
      if (live) process.stdout.write(text);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", hear);
    let hung = false;
    const timeout = setTimeout(() => {
      hung = true;
      hear(`${program} did not end within ${timeoutMs / 60_000} minutes.\n`);
      endGroup(child, "SIGTERM", forceAfterMs);
    }, timeoutMs);
    const stopListening = passSignalsOn((signal) => endGroup(child, signal, forceAfterMs));
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timeout);
      stopListening();
      done({ code, output });
    };
    child.on("error", (error) => {
      hear(`${error.message}\n`);
      finish(127);
    });
    child.on("close", (code) => finish(hung ? 124 : (code ?? 1)));
  });
}

/**
 * Runs one of our own programs in this one's place until it ends: terminal and signals are its own. Answers its exit code.
 * @param {string} node the Node to run it with
 * @param {readonly string[]} args its file, then its arguments
 * @param {{ tellsTheEnd?: boolean }} [options] `tellsTheEnd`: a channel tells it when this process is gone, however it went
 * @returns {Promise<number>}
 */
export function handOver(node, args, { tellsTheEnd = false } = {}) {
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = ["inherit", "inherit", "inherit", ...(tellsTheEnd ? /** @type {const} */ (["ipc"]) : [])];
  const child = spawn(node, args, { cwd: root, env: environment(), stdio });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code) => done(code ?? 1));
  });
}

/**
 * Runs one step and says its name, whether it went well, and how long it took. What a failed step printed follows.
 * @param {string} title
 * @param {() => Promise<Outcome>} work
 * @param {{ live?: boolean }} [options] `live` when the work shows its own progress
 */
export async function step(title, work, { live = false } = {}) {
  const started = Date.now();
  say(`… ${title}`);
  const remind = () => live || say(`… ${title}: still at it after ${elapsed(started)}`);
  const reminder = setInterval(remind, 15_000);
  try {
    const outcome = await work();
    const passed = outcome.code === 0;
    if (!passed && !live) say(outcome.output.trimEnd());
    say(`${passed ? "✓" : "✗"} ${title} (${elapsed(started)})`);
    return { passed, output: outcome.output };
  } finally {
    clearInterval(reminder);
  }
}

/**
 * Runs a script's main function: a Refusal ends it with its sentence, anything else with its stack.
 * @param {() => Promise<number>} main answers the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(`✗ ${error.message}`);
    process.exitCode = 1;
  }
}
