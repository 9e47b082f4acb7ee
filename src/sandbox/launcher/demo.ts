import { keepSecrets, lockFolder } from "./data-folder.ts";
import { addresses, forEachProgram, type Ports, type ProgramName, planPrograms, programNames } from "./plan.ts";
import { findFreePort } from "./ports.ts";
import { type Program, type ProgramEnd, ProgramEnded, startProgram } from "./program.ts";

/** The ports that the demo asks for first. */
const usualPorts: Ports = { bank: 4400, server: 4401, platform: 4402, "second-bank": 4403, synctera: 4404 };
/** Any free ones. */
export const anyPorts: Ports = forEachProgram(() => 0);

/** How often to look for free ports again when another process was quicker. */
const mostStarts = 5;

export interface DemoOptions {
  /** Keeps the demo's data, secrets and logs; made when it is missing. */
  readonly dataFolder: string;
  /** Where to look for a free port first; 0 for any. The usual ones when left out. */
  readonly ports?: Partial<Ports>;
  /** More environment for every program, over what the launcher sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
  /** Other programs than the demo's own, for the launcher's own test. */
  readonly plan?: typeof planPrograms;
}

/** A demo that runs. */
export interface Demo {
  readonly bankUrl: string;
  readonly secondBankUrl: string;
  readonly designerUrl: string;
  readonly platformUrl: string;
  readonly syncteraUrl: string;
  readonly processes: Readonly<Record<ProgramName, Program>>;
  /** Resolves when a program ends that nobody asked to end. */
  readonly unexpectedEnd: Promise<ProgramEnd>;
  /** Ends every program, the platforms last, and waits until all are gone. A running send may take 10 s to end. */
  stop(): Promise<void>;
}

/** Another demo runs in the data folder. */
export class FolderInUse extends Error {}

/**
 * Starts the platforms, the server and the banks on free ports and resolves when all are ready.
 * Leaves nothing running when it throws: FolderInUse, ForeignFolder, ProgramEnded, the signal's reason, or that
 * a program did not get ready within 30 s.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const folder = lockFolder(options.dataFolder);
  if (folder === undefined) throw new FolderInUse(`Another demo is running in ${options.dataFolder}.`);
  try {
    return await startOnFreePorts(options, folder.release);
  } catch (error) {
    folder.release();
    throw error;
  }
}

async function startOnFreePorts(options: DemoOptions, release: () => void): Promise<Demo> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startIn(options, release);
    } catch (error) {
      if (!(error instanceof ProgramEnded && error.portWasTaken) || attempt === mostStarts) throw error;
    }
  }
}

async function startIn(options: DemoOptions, release: () => void): Promise<Demo> {
  options.signal?.throwIfAborted();
  const ports = await findPorts({ ...usualPorts, ...options.ports });
  const plans = (options.plan ?? planPrograms)(options.dataFolder, ports, keepSecrets(options.dataFolder));
  const start = (name: ProgramName) => startProgram({ ...plans[name], env: { ...plans[name].env, ...options.env } });
  const processes = forEachProgram(start);
  const programs = Object.values(processes);
  const stop = (...names: ProgramName[]) => Promise.all(names.map((name) => processes[name].stop()));
  const stopPrograms = async (): Promise<void> => {
    // The server lets a running send end: until then its platform has to be there to answer it.
    await stop("bank", "second-bank", "server");
    await stop("platform", "synctera");
  };
  try {
    await Promise.race([Promise.all(programs.map((program) => program.waitUntilReady())), aborted(options.signal)]);
  } catch (error) {
    await stopPrograms();
    throw error;
  }
  const urls = addresses(ports);
  return {
    bankUrl: urls.bank,
    secondBankUrl: urls["second-bank"],
    designerUrl: urls.server,
    platformUrl: urls.platform,
    syncteraUrl: urls.synctera,
    processes,
    unexpectedEnd: Promise.race(programs.map((program) => program.unexpectedEnd)),
    stop: () => stopPrograms().then(release),
  };
}

async function findPorts(first: Ports): Promise<Ports> {
  const found: Partial<Record<ProgramName, number>> = {};
  for (const name of programNames) found[name] = await findFreePort(first[name], new Set(Object.values(found)));
  return found as Ports;
}

/** Never resolves; rejects with the signal's reason. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, fail) => {
    signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
}
