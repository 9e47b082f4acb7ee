import { createServer } from "node:net";
import { join } from "node:path";
import { products } from "#card/products.ts";
import { type DemoSecrets, keepSecrets, lockFolder } from "./data-folder.ts";
import { type Program, type ProgramEnd, ProgramEnded, type ProgramPlan, startProgram } from "./program.ts";

/** The demo's programs. */
export type ProgramName = "platform" | "server" | "bank";

export type Ports = Readonly<Record<ProgramName, number>>;
export type ProgramPlans = Readonly<Record<ProgramName, ProgramPlan>>;

/** Where each program of the demo is reached: the bank on another site than the designer, so the frame is cross-site. */
function addresses(ports: Ports): Readonly<Record<ProgramName, string>> {
  return {
    platform: `http://127.0.0.1:${ports.platform}`,
    server: `http://127.0.0.1:${ports.server}`,
    bank: `http://localhost:${ports.bank}`,
  };
}

/** The data capture field that carries the server's reference. */
const referenceField = "FullbleedReference";

/** What platform and server have to agree on, under the name that each of them gives it. */
function agreeOnPlatform(secrets: DemoSecrets, urls: Readonly<Record<ProgramName, string>>) {
  const handoverKeys = JSON.stringify(secrets.handoverKeys);
  const galleryHandoverKeys = JSON.stringify(secrets.galleryHandoverKeys);
  const referenceFields = JSON.stringify(Object.fromEntries(products.map(({ id }) => [id, referenceField])));
  return {
    platform: {
      PDS_HANDOVER_KEYS: handoverKeys,
      PDS_GALLERY_HANDOVER_KEYS: galleryHandoverKeys,
      PDS_DATA_CAPTURE_FIELDS: referenceField,
      PDS_IMAGE_INFORMATION_KEY: secrets.imageInformationKey,
      PDS_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey,
      PDS_NOTIFY_URL: `${urls.server}/v1/platform/thales/notifications`,
      PDS_NOTIFY_SECRET: secrets.notificationSecret,
    },
    server: {
      FULLBLEED_THALES_SOAP_URL: `${urls.platform}/PDS/ImageUpload.asmx`,
      FULLBLEED_THALES_GET_IMAGE_URL: `${urls.platform}/ImageAPI/GetImage`,
      FULLBLEED_THALES_HANDOVER_KEYS: handoverKeys,
      FULLBLEED_THALES_GALLERY_HANDOVER_KEYS: galleryHandoverKeys,
      FULLBLEED_THALES_REFERENCE_FIELDS: referenceFields,
      FULLBLEED_THALES_IMAGE_INFORMATION_KEY: secrets.imageInformationKey,
      FULLBLEED_THALES_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey,
      FULLBLEED_THALES_NOTIFICATION_SECRET: secrets.notificationSecret,
    },
  };
}

/** What to run for the demo, with every setting that one program needs to reach another. */
function planPrograms(dataFolder: string, ports: Ports, secrets: DemoSecrets): ProgramPlans {
  const urls = addresses(ports);
  const agreed = agreeOnPlatform(secrets, urls);
  const sandbox = join(import.meta.dirname, "..");
  const logFile = (name: ProgramName) => join(dataFolder, `${name}.log`);
  return {
    platform: {
      name: "platform",
      file: join(sandbox, "..", "providers", "thales", "emulator", "main.ts"),
      healthUrl: `${urls.platform}/health`,
      logFile: logFile("platform"),
      env: {
        PDS_HOST: "127.0.0.1",
        PDS_PORT: String(ports.platform),
        PDS_DATA: join(dataFolder, "platform"),
        ...agreed.platform,
      },
    },
    server: {
      name: "server",
      file: join(sandbox, "..", "server", "main.ts"),
      healthUrl: `${urls.server}/health/ready`,
      logFile: logFile("server"),
      env: {
        FULLBLEED_HOST: "127.0.0.1",
        FULLBLEED_PORT: String(ports.server),
        FULLBLEED_DATA: join(dataFolder, "server"),
        FULLBLEED_PUBLIC_URL: urls.server,
        FULLBLEED_ISSUER_NAME: "Harbour Bank",
        FULLBLEED_ISSUER_KEY: secrets.issuerKey,
        FULLBLEED_PROVIDER: "thales",
        // The bank, to which webhooks go, is on this machine.
        FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8,::1",
        ...agreed.server,
      },
    },
    bank: {
      name: "bank",
      file: join(sandbox, "bank", "main.ts"),
      healthUrl: `${urls.bank}/health`,
      logFile: logFile("bank"),
      env: {
        BANK_PORT: String(ports.bank),
        BANK_DATA: join(dataFolder, "bank"),
        BANK_DESIGNER_URL: urls.server,
        BANK_ISSUER_KEY: secrets.issuerKey,
        BANK_PLATFORM_URL: urls.platform,
      },
    },
  };
}

/** The ports that the demo asks for first. */
const usualPorts: Ports = { bank: 4400, server: 4401, platform: 4402 };

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
  readonly designerUrl: string;
  readonly platformUrl: string;
  readonly processes: Readonly<Record<ProgramName, Program>>;
  /** Resolves when a program ends that nobody asked to end. */
  readonly unexpectedEnd: Promise<ProgramEnd>;
  /** Ends every program, the platform last, and waits until all are gone. A running send may take 10 s to end. */
  stop(): Promise<void>;
}

/** Another demo runs in the data folder. */
export class FolderInUse extends Error {}

/**
 * Starts the platform, the server and the bank on free ports and resolves when all three are ready.
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
  const processes = { platform: start("platform"), server: start("server"), bank: start("bank") };
  const programs = Object.values(processes);
  const stopPrograms = async (): Promise<void> => {
    // The server lets a running send end: until then the platform has to be there to answer it.
    await Promise.all([processes.bank.stop(), processes.server.stop()]);
    await processes.platform.stop();
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
    designerUrl: urls.server,
    platformUrl: urls.platform,
    processes,
    unexpectedEnd: Promise.race(programs.map((program) => program.unexpectedEnd)),
    stop: () => stopPrograms().then(release),
  };
}

async function findPorts(first: Ports): Promise<Ports> {
  const taken = new Set<number>();
  const take = async (name: ProgramName): Promise<number> => {
    const port = await findFreePort(first[name], taken);
    taken.add(port);
    return port;
  };
  return { bank: await take("bank"), server: await take("server"), platform: await take("platform") };
}

/** Never resolves; rejects with the signal's reason. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, fail) => {
    signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
}

const mostPorts = 100;

/** Whether nothing listens on this port, neither on every address nor on the loopback address alone. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, undefined)) && (await canListen(port, "127.0.0.1"));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => answer(true)));
  });
}

/**
 * The first free port from `first` on that is not in `taken`. Port 0 asks the system for any free one.
 * Throws when the next hundred are all busy.
 */
export async function findFreePort(first: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (first === 0) return findAnyPort(taken);
  for (let port = first; port < Math.min(first + mostPorts, 65_536); port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`Every port from ${first} to ${first + mostPorts - 1} is busy.`);
}

async function findAnyPort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < mostPorts; attempt += 1) {
    const port = await askSystem();
    if (!taken.has(port)) return port;
  }
  throw new Error("The system has no free port.");
}

function askSystem(): Promise<number> {
  return new Promise((answer, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen({ port: 0, exclusive: true }, () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => answer(port));
    });
  });
}
