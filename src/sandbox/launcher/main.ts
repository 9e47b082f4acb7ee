import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { clearFolder, ForeignFolder } from "./data-folder.ts";
import { type Demo, FolderInUse, startDemo } from "./demo.ts";
import { describeEnd, ProgramEnded } from "./program.ts";

const usage = `npm start                  the demo, on the data of the last time
npm start -- --reset       clears the demo's data first
npm start -- --data PATH   keeps the data somewhere else than var/demo`;

const usualFolder = join(import.meta.dirname, "..", "..", "..", "var", "demo");
const mostFolders = 20;
const sayWaitingAfterMs = 2_000;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Undefined when there is an argument that nobody knows. */
function readArguments() {
  const options = { reset: { type: "boolean" }, data: { type: "string" }, help: { type: "boolean" } } as const;
  try {
    return parseArgs({ options }).values;
  } catch {
    return undefined;
  }
}

/** Starts the demo in the folder, or, while another demo has it, in the next one: `demo-2`, `demo-3`. */
async function startInFreeFolder(first: string, signal: AbortSignal): Promise<Demo> {
  for (let number = 1; number <= mostFolders; number += 1) {
    const dataFolder = number === 1 ? first : `${first}-${number}`;
    try {
      return await startDemo({ dataFolder, signal });
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      say(`${error.message} Starting one more beside it, with data of its own.`);
    }
  }
  throw new FolderInUse(`${mostFolders} demos are running already.`);
}

/** Aborts on Ctrl-C, when asked to end, and when the program that started this one is gone. */
function listenForTheEnd(): AbortSignal {
  const controller = new AbortController();
  const end = (): void => controller.abort(new Error("stopped"));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  process.once("disconnect", end);
  return controller.signal;
}

async function runUntilTheEnd(demo: Demo, signal: AbortSignal): Promise<number> {
  const askedToStop = new Promise<undefined>((done) => {
    if (signal.aborted) done(undefined);
    signal.addEventListener("abort", () => done(undefined), { once: true });
  });
  const end = await Promise.race([demo.unexpectedEnd, askedToStop]);
  if (end !== undefined) say(`${describeEnd(end)}\nStopping the rest.`);
  const patience = setTimeout(() => say("Waiting for what is still running to end."), sayWaitingAfterMs);
  await demo.stop();
  clearTimeout(patience);
  return end === undefined ? 0 : 1;
}

async function main(): Promise<number> {
  const args = readArguments();
  if (args === undefined || args.help === true) {
    say(usage);
    return args === undefined ? 2 : 0;
  }
  const dataFolder = resolve(args.data ?? usualFolder);
  const signal = listenForTheEnd();
  try {
    if (args.reset === true && !clearFolder(dataFolder)) {
      say("The demo is running; stop it first, then clear its data.");
      return 1;
    }
    const demo = await startInFreeFolder(dataFolder, signal);
    say(`Fullbleed demo is ready: ${demo.bankUrl}\nA second bank, on another card platform: ${demo.secondBankUrl}`);
    return await runUntilTheEnd(demo, signal);
  } catch (error) {
    if (signal.aborted) return 0;
    const isSentence = [ProgramEnded, FolderInUse, ForeignFolder].some((kind) => error instanceof kind);
    say(isSentence ? (error as Error).message : String(error));
    return 1;
  }
}

// Photos, keys and logs: for whoever started the demo, also in a data folder that others may enter.
process.umask(0o077);
process.exit(await main());
