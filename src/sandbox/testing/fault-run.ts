import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findProduct } from "#card/products.ts";
import type { DecisionRequest, SubmissionPage, SubmissionRecord, SubmissionState } from "#contracts/submission.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { asIssuer, testEnv } from "#server/testing/env.ts";
import { writeBuild } from "#server/testing/folder.ts";
import { enterSession, type Frame } from "#server/testing/issuer.ts";
import { makePicture } from "#server/testing/picture.ts";
import { serverProgram } from "#server/testing/process.ts";
import { compareVerdicts, startDeciding } from "./fault-decisions.ts";
import { type FaultPlatform, startSynctera, startThales } from "./fault-platforms.ts";
import { type Acknowledged, compareLedgers, underWay } from "./ledgers.ts";

export interface FaultRun {
  readonly kills: number;
  readonly submissions: number;
  /** Chance of each fault in each call. */
  readonly chance: number;
  readonly seed: number;
  /** What the platform's search lags behind, and how long the server waits before its silence says anything. */
  readonly searchLagSeconds: number;
  readonly quietWindowSeconds: number;
  /** Whether the platform tells what becomes of its pictures; without it the search is all that can end a doubt. */
  readonly notifies: boolean;
  /** Told now and then how far it is. */
  say?(line: string): void;
}

export interface FaultOutcome {
  readonly acknowledged: number;
  /** Acknowledged, and neither on the platform nor with anybody who could know. */
  readonly lost: number;
  /** References under which the platform has more than one picture. */
  readonly doubled: number;
  readonly held: number;
  /** Held although a search or a notification could have told. */
  readonly heldNeedless: number;
  readonly unresolvedWithoutReason: number;
  /** Verdicts that the issuer has given, and those that have not come to server and platform once. */
  readonly decided: number;
  readonly wrongVerdicts: number;
  readonly states: Readonly<Partial<Record<SubmissionState, number>>>;
  readonly kills: number;
  readonly seconds: number;
  /** A line for each that is lost, doubled, needlessly held or unresolved, and for each wrong verdict. */
  readonly complaints: readonly string[];
}

/** Enough for the slowest doubt: the search's lag, the quiet window twice, a product's rest. */
const settleMs = 240_000;
const clients = 12;

async function findFreePort(): Promise<number> {
  const probe = createServer();
  const { port } = new URL(await listenLocally(probe));
  probe.close();
  await once(probe, "close");
  return Number(port);
}

/** The server as a program of its own that is killed and started again on the same data. */
function createServerProgram(
  folder: string,
  port: number,
  platforms: readonly FaultPlatform[],
  { quietWindowSeconds }: FaultRun,
) {
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...testEnv,
    PATH: process.env.PATH,
    FULLBLEED_PORT: String(port),
    FULLBLEED_DATA: path.join(folder, "data"),
    FULLBLEED_DIST: path.join(folder, "dist"),
    FULLBLEED_LOG_LEVEL: "fatal",
    FULLBLEED_LEASE_SECONDS: "1",
    FULLBLEED_QUIET_WINDOW_SECONDS: String(quietWindowSeconds),
    FULLBLEED_COOL_DOWN_SECONDS: "1",
    FULLBLEED_SEND_TIMEOUT_SECONDS: "3",
    FULLBLEED_PROVIDER: JSON.stringify({ "photo-landscape": "thales", "photo-portrait": "synctera" }),
    ...Object.assign({}, ...platforms.map((platform) => platform.env)),
  };
  let child: ChildProcess | undefined;
  return {
    url,
    /** Resolves when it answers. */
    async start(): Promise<void> {
      const started = spawn(process.execPath, [serverProgram], { env, stdio: ["ignore", "ignore", "inherit"] });
      child = started;
      const deadline = Date.now() + 60_000;
      while (Date.now() < deadline) {
        if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}`);
        const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
        if (answer?.ok) return;
        await sleep(100);
      }
      throw new Error("the server does not become ready");
    },
    async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
      if (child === undefined || child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

/** Tries again until it works: the server is killed all the time. Throws what it last heard after a minute. */
async function persist<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (cause) {
      if (Date.now() > deadline) throw cause;
      // All clients ask while the server starts: more often, they would take the processor from it.
      await sleep(200);
    }
  }
}

/** One cardholder's whole way, as the designer goes it: a session, and the same request again until it is answered. */
async function submit(url: string, platform: FaultPlatform, mark: number): Promise<Acknowledged> {
  const { product } = platform;
  const { widthPx, heightPx } = findProduct(product) ?? {};
  const picture = makePicture({ mark, ...(widthPx && { widthPx }), ...(heightPx && { heightPx }) });
  const [frame, design] = await persist(async (): Promise<[Frame, string]> => {
    const entered = await enterSession(url, undefined, product, platform.newCardholder());
    return [entered, await entered.putDesign()];
  });
  return persist(async () => {
    const response = await frame.send(picture, design);
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    const { submissionId } = (await response.json()) as { submissionId: string };
    return { submissionId, sha256: await platform.storedSha256(picture) };
  });
}

async function readRecords(url: string): Promise<Map<string, SubmissionRecord>> {
  const records = new Map<string, SubmissionRecord>();
  for (let after: string | null = ""; after !== null; ) {
    const query = new URLSearchParams({ limit: "100", ...(after !== "" && { after }) });
    const page = await persist(async () => {
      const response = await fetch(`${url}/v1/submissions?${query.toString()}`, { headers: asIssuer });
      if (!response.ok) throw new Error(`list: ${response.status}`);
      return (await response.json()) as SubmissionPage;
    });
    for (const record of page.submissions) records.set(record.submissionId, record);
    after = page.next;
  }
  return records;
}

async function countUnderWay(url: string): Promise<number> {
  const records = await readRecords(url);
  return [...records.values()].filter(({ state }) => underWay.has(state)).length;
}

/**
 * Sends pictures through a server that is killed at random moments to two platforms with all their faults on, half of them to
 * each, waits until nothing is under way any more, and compares what was acknowledged with what the platforms have. On loopback, in a folder of its own.
 */
export async function runFaults(run: FaultRun): Promise<FaultOutcome> {
  const begunAt = Date.now();
  const folder = await mkdtemp(path.join(tmpdir(), "fullbleed-faults-"));
  await writeBuild(path.join(folder, "dist"));
  const port = await findFreePort();
  const settings = { ...run, lagSeconds: run.searchLagSeconds };
  const url = `http://127.0.0.1:${port}`;
  const synctera = await startSynctera(folder, url, settings);
  const platforms = [await startThales(folder, url, settings), synctera];
  const setCruel = (isOn: boolean) => Promise.all(platforms.map((platform) => platform.setCruel(isOn)));
  const server = createServerProgram(folder, port, platforms, run);
  try {
    await server.start();
    // Before a first picture is taken, a refused one says more about the settings than about the picture.
    const acknowledged = await Promise.all(platforms.map((platform, mark) => submit(server.url, platform, mark)));
    await waitUntilSettled(server.url, platforms);
    await setCruel(true);
    const deciding = startDeciding(server.url, synctera.product, persist);
    const kills = await driveAndKill(server, platforms, run, acknowledged);
    // Nothing new goes wrong from here on; what has gone wrong stays.
    await setCruel(false);
    run.say?.(`all ${acknowledged.length} acknowledged after ${kills} kills; waiting for what is under way`);
    await waitUntilSettled(server.url, platforms, acknowledged);
    await deciding.finish(settleMs);
    const { states, complaints, ...counts } = await compare(server.url, platforms, acknowledged, deciding.given, run);
    const seconds = Math.round((Date.now() - begunAt) / 1000);
    return { acknowledged: acknowledged.length, kills, seconds, ...counts, states, complaints };
  } finally {
    await server.end("SIGKILL");
    for (const platform of platforms) await platform.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  url: string,
  platforms: readonly FaultPlatform[],
  acknowledged: readonly Acknowledged[],
  given: ReadonlyMap<string, DecisionRequest>,
  { quietWindowSeconds }: FaultRun,
) {
  const records = await readRecords(url);
  const images = (await Promise.all(platforms.map((platform) => platform.readImages()))).flat();
  const byProduct = new Map(platforms.map((platform) => [platform.product, platform]));
  const markOf = (record: SubmissionRecord) => byProduct.get(record.productId)?.markOf(record) ?? "";
  const ledgers = compareLedgers(acknowledged, records, images, markOf, quietWindowSeconds * 1000);
  const told = await Promise.all(platforms.map(async (platform) => platform.readVerdicts?.()));
  const wrong = compareVerdicts(given, records, new Map(told.flatMap((one) => [...(one ?? [])])));
  const complaints = [...ledgers.complaints, ...wrong];
  return { ...ledgers, complaints, decided: given.size, wrongVerdicts: wrong.length };
}

/** In turn, so that half of the submissions go to each. */
function nextPlatform(platforms: readonly FaultPlatform[], mark: number): FaultPlatform {
  const platform = platforms[mark % platforms.length];
  if (platform === undefined) throw new Error("there is no platform");
  return platform;
}

/** Life goes on meanwhile: pictures that come later are what a search's silence is judged by. */
async function waitUntilSettled(
  url: string,
  platforms: readonly FaultPlatform[],
  acknowledged: Acknowledged[] = [],
): Promise<void> {
  const deadline = Date.now() + settleMs;
  while ((await countUnderWay(url)) > 0 && Date.now() < deadline) {
    if (acknowledged.length > 0) {
      const mark = 0x800000 + acknowledged.length;
      acknowledged.push(await submit(url, nextPlatform(platforms, mark), mark));
    }
    await sleep(1_000);
  }
}

async function driveAndKill(
  server: ReturnType<typeof createServerProgram>,
  platforms: readonly FaultPlatform[],
  { kills, submissions, say }: FaultRun,
  acknowledged: Acknowledged[],
): Promise<number> {
  let next = platforms.length;
  const client = async (): Promise<void> => {
    while (next < submissions) {
      const mark = next;
      next += 1;
      acknowledged.push(await submit(server.url, nextPlatform(platforms, mark), mark));
      if (acknowledged.length % 500 === 0) say?.(`${acknowledged.length} acknowledged`);
    }
  };
  let done = false;
  const driving = Promise.all(Array.from({ length: clients }, client)).finally(() => {
    done = true;
  });
  let killed = 0;
  const killing = (async () => {
    while (killed < kills) {
      // Spread over the run while it lasts, and at random within it; what is left of them falls into the time after it.
      const isBehind = acknowledged.length / submissions > killed / kills;
      if (!isBehind && !done) {
        await sleep(20);
        continue;
      }
      await sleep(Math.random() * 400);
      await server.end("SIGKILL");
      killed += 1;
      await server.start();
    }
  })();
  await Promise.all([driving, killing]);
  return killed;
}
