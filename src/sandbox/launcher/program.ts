import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const keptLines = 20;
const readyTimeoutMs = 30_000;
const readyPollMs = 100;
const healthTimeoutMs = 2_000;
/** The server waits 10 s for a running send, and needs a moment more to write down what became of it. */
const usualStopTimeoutMs = 20_000;

/** One of the demo's programs: what to run, and where it says that it is ready. */
export interface ProgramPlan {
  readonly name: string;
  /** The main file, run with this process's own Node. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 when the program is ready. */
  readonly healthUrl: string;
  /** Gets everything the program prints; begun anew at each launch of the demo. */
  readonly logFile: string;
  /** How long it may take to end once it is asked to; 20 s when left out. */
  readonly stopTimeoutMs?: number;
}

export interface ProgramEnd {
  readonly name: string;
  readonly how: string;
  /** The end of what it printed, at most twenty lines. */
  readonly lastLines: readonly string[];
}

/** A program of the demo while it runs. */
export interface Program {
  readonly pid: number | undefined;
  /** Ends it as a crash would (SIGKILL), without stopping the demo. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again, as it was, after `kill`. Resolves when it is ready. */
  restart(): Promise<void>;
  /** Ends it politely (SIGTERM), after `stopTimeoutMs` by force. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Resolves if it ends without being asked to. */
  readonly unexpectedEnd: Promise<ProgramEnd>;
}

/** Starts a program. Does not wait until it is ready: `waitUntilReady` does. */
export function startProgram(plan: ProgramPlan): Program & { waitUntilReady(): Promise<void> } {
  const { promise: unexpectedEnd, resolve: reportEnd } = Promise.withResolvers<ProgramEnd>();
  let current = launch(plan, "w", reportEnd);
  return {
    unexpectedEnd,
    get pid() {
      return current.child.pid;
    },
    waitUntilReady: () => waitUntilReady(plan, current),
    kill: () => current.end("SIGKILL"),
    stop: () => current.end("SIGTERM"),
    async restart() {
      await current.end("SIGKILL");
      current = launch(plan, "a", reportEnd);
      await waitUntilReady(plan, current);
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<ProgramEnd>;
  hasEnded(): boolean;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

function launch(plan: ProgramPlan, logFlags: "w" | "a", reportEnd: (end: ProgramEnd) => void): Launched {
  const followParent = new URL("./follow-parent.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--import", followParent, plan.file], {
    env: { ...process.env, ...plan.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A group of its own: Ctrl-C reaches the launcher alone, which then stops the programs in their order.
    detached: process.platform !== "win32",
  });
  const lines = keepLines(child, plan.logFile, logFlags);
  const { promise: ended, resolve } = Promise.withResolvers<ProgramEnd>();
  let over = false;
  let asked = false;
  const finish = (how: string): void => {
    if (over) return;
    over = true;
    const end = { name: plan.name, how, lastLines: lines() };
    resolve(end);
    if (!asked) reportEnd(end);
  };
  child.once("error", (error) => finish(error.message));
  child.once("close", (code, signal) => finish(signal === null ? `exit code ${code}` : signal));
  return {
    child,
    ended,
    hasEnded: () => over,
    async end(signal) {
      asked = true;
      if (over) return;
      child.kill(signal);
      const force = setTimeout(() => child.kill("SIGKILL"), plan.stopTimeoutMs ?? usualStopTimeoutMs);
      await ended;
      clearTimeout(force);
    },
  };
}

/** Writes what a program prints into its log file and remembers the last of it. */
function keepLines(child: ChildProcess, logFile: string, flags: "w" | "a"): () => readonly string[] {
  const log = createWriteStream(logFile, { flags, mode: 0o600 });
  // A full disk must not take the demo down with it.
  log.on("error", () => {});
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      log.write(text);
      kept = `${kept}${text}`.slice(-keptLines * 1_000);
    });
  }
  child.once("close", () => log.end());
  return () => kept.trimEnd().split("\n").slice(-keptLines);
}

/** Throws when the program ends first, or is not ready within 30 s. */
async function waitUntilReady(plan: ProgramPlan, launched: Launched): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  while (Date.now() < deadline) {
    if (launched.hasEnded()) throw new ProgramEnded(await launched.ended);
    if (await answersReady(plan.healthUrl)) return;
    await sleep(readyPollMs);
  }
  throw new Error(
    `The ${plan.name} was not ready within ${readyTimeoutMs / 1_000} s; its words are in ${plan.logFile}.`,
  );
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(healthTimeoutMs), redirect: "error" });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

/** A program of the demo ended before it was ready. */
export class ProgramEnded extends Error {
  /** Its port was taken between the moment it was found free and the moment the program listened on it. */
  readonly portWasTaken: boolean;

  constructor(end: ProgramEnd) {
    super(describeEnd(end));
    this.portWasTaken = end.lastLines.some((line) => /EADDRINUSE|port is in use/.test(line));
  }
}

/** A program's end in words, with the last lines that it printed. */
export function describeEnd({ name, how, lastLines }: ProgramEnd): string {
  return [`The ${name} ended (${how}). The last that it said:`, ...lastLines.map((line) => `  ${line}`)].join("\n");
}
