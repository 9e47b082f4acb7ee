import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SubmissionRecord, SubmissionView } from "#contracts/submission.ts";
import { openStore } from "../store/open.ts";
import { asIssuer } from "../testing/env.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";
import {
  type LedgerPlatform,
  type PlatformMoment,
  type ServerProcess,
  startLedgerPlatform,
  startServerProcess,
} from "../testing/process.ts";

/** Fewer for a quick look, more for a longer search: KILL_ROUNDS=100. */
const rounds = Number(process.env.KILL_ROUNDS ?? 4);

let folder: string;
let platform: LedgerPlatform;
let running: ServerProcess[];

beforeEach(async () => {
  folder = await makeTestFolder();
  platform = await startLedgerPlatform(60);
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.kill();
  platform.close();
});

async function start(): Promise<ServerProcess> {
  const server = await startServerProcess(folder, platform.url);
  running.push(server);
  return server;
}

async function readRecord(server: ServerProcess, submissionId: string): Promise<SubmissionRecord> {
  const response = await fetch(`${server.url}/v1/submissions/${submissionId}`, { headers: asIssuer });
  expect(response.status).toBe(200);
  return (await response.json()) as SubmissionRecord;
}

async function settledRecord(server: ServerProcess, submissionId: string): Promise<SubmissionRecord> {
  const state = async () => (await readRecord(server, submissionId)).state;
  await expect.poll(state, { interval: 10 }).toMatch(/^(accepted|unknown|held)$/);
  return readRecord(server, submissionId);
}

/** What the dead server left in its database. */
async function readAttempts(server: ServerProcess, sha256: string) {
  const store = await openStore(server.databasePath);
  const attempts = await store.selectFrom("attempts").selectAll().where("picture_sha256", "=", sha256).execute();
  await store.destroy();
  return attempts;
}

function countArrivals(sha256: string): number {
  return platform.ledger.filter((arrived) => arrived === sha256).length;
}

/** How long a send takes from its first byte to the bound id, on this machine today. */
async function measureSend(server: ServerProcess): Promise<number> {
  const frame = await enterSession(server.url);
  const design = await frame.putDesign();
  const begun = performance.now();
  const { submissionId } = (await (await frame.send(makePicture(), design)).json()) as SubmissionView;
  await settledRecord(server, submissionId);
  return performance.now() - begun;
}

type Send = (frame: Frame, picture: Buffer, design: string) => Promise<Response>;
interface Kill {
  /** How the picture is sent. */
  readonly send?: Send;
  /** Resolves at the moment at which the server is to die. */
  moment(acknowledgement: Promise<unknown>): Promise<unknown>;
}
interface Aftermath {
  readonly server: ServerProcess;
  readonly kind: "before the attempt row" | "inside the attempt" | "after the attempt";
  readonly wasAcknowledged: boolean;
  readonly state: string;
  readonly arrivals: number;
}

/** Sends a picture, kills the server on the way, starts it again on the same data and looks at what is left. */
async function sendAndKill(before: ServerProcess, picture: Buffer, kill: Kill): Promise<Aftermath> {
  const { send = (frame, bytes, design) => frame.send(bytes, design) } = kill;
  const sha256 = sha256Of(picture);
  const frame = await enterSession(before.url);
  const design = await frame.putDesign();
  // Nothing comes when the server dies, or half an answer.
  const sent = send(frame, picture, design)
    .then((response) => response.json() as Promise<SubmissionView>)
    .catch(() => undefined);
  await kill.moment(sent);
  await before.kill();
  const acknowledged = await sent;
  const attempts = await readAttempts(before, sha256);
  const [attempt] = attempts;
  platform.pause = async () => {};

  const server = await start();
  // The designer sends the same once more with the same key, as it does whenever it got no answer.
  frame.moveTo(server.url);
  const again = await frame.send(picture, design);
  expect(again.status).toBe(202);
  const view = (await again.json()) as SubmissionView;
  if (acknowledged !== undefined) expect(view).toEqual(acknowledged);
  const { state } = await settledRecord(server, view.submissionId);
  const arrivals = countArrivals(sha256);
  const wasAcknowledged = acknowledged !== undefined;
  if (attempt === undefined) return { server, kind: "before the attempt row", wasAcknowledged, state, arrivals };
  const kind = attempt.outcome === null ? "inside the attempt" : "after the attempt";
  return { server, kind, wasAcknowledged, state, arrivals };
}

/** Nothing acknowledged is lost, nothing arrives twice, and no doubt is resolved by sending again. */
function expectPromiseKept({ kind, state, arrivals }: Aftermath, moment: string): void {
  if (kind === "inside the attempt") {
    expect(state, moment).toBe("unknown");
    expect(arrivals, moment).toBeLessThanOrEqual(1);
  } else {
    expect([state, arrivals], moment).toEqual(["accepted", 1]);
  }
}

test(`killed at ${rounds} random moments: each arrives once, or is in doubt and came at most once`, {
  timeout: 120_000 + rounds * 40_000,
}, async () => {
  let server = await start();
  const longestMs = await measureSend(server);
  const ends: Aftermath[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // One moment in each of as many equal parts of a send.
    const killAfterMs = ((round + Math.random()) / rounds) * longestMs;
    const end = await sendAndKill(server, makePicture({ shade: round + 1 }), { moment: () => sleep(killAfterMs) });
    expectPromiseKept(end, `killed after ${killAfterMs.toFixed(1)} ms, ${end.kind}`);
    ends.push(end);
    server = end.server;
  }
  process.stdout.write(`${describeKills(ends)}\n`);
});

function describeKills(ends: readonly Aftermath[]): string {
  const count = (wanted: (end: Aftermath) => boolean): number => ends.filter(wanted).length;
  const early = count(({ kind }) => kind === "before the attempt row");
  const waiting = count(({ kind, wasAcknowledged }) => kind === "before the attempt row" && wasAcknowledged);
  const inside = count(({ kind }) => kind === "inside the attempt");
  const arrived = count(({ kind, arrivals }) => kind === "inside the attempt" && arrivals === 1);
  const late = count(({ kind }) => kind === "after the attempt");
  return (
    `${ends.length} kills: ${early} before the attempt row (${waiting} acknowledged already), ` +
    `${inside} inside the attempt (${arrived} arrived, all in doubt), ${late} after it`
  );
}

/** Resolves when the platform gets to this moment of a call, and holds the call up there. */
function holdAt(wanted: PlatformMoment, calls = 1): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let reached = 0;
  platform.pause = async (moment) => {
    if (moment !== wanted) return;
    reached += 1;
    if (reached === calls) resolve();
    await new Promise(() => {});
  };
  return promise;
}

/** Sends half of a picture and no more; `halfTaken` resolves when that half has been taken up. */
function sendHalf(): { send: Send; halfTaken: Promise<void> } {
  const { promise: halfTaken, resolve } = Promise.withResolvers<void>();
  const send: Send = (frame, picture, design) => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulls += 1;
          if (pulls === 1) controller.enqueue(new Uint8Array(picture.subarray(0, picture.byteLength / 2)));
          else resolve();
          return pulls === 1 ? undefined : new Promise(() => {});
        },
      },
      { highWaterMark: 0 },
    );
    const init = { method: "POST", headers: frame.headersFor(picture, design), body, duplex: "half" };
    return fetch(`${running.at(-1)?.url}/v1/sessions/${frame.sessionId}/submissions`, init);
  };
  return { send, halfTaken };
}

test.each<[string, () => Kill, Partial<Aftermath>]>([
  [
    "half of the picture has come",
    () => {
      const { send, halfTaken } = sendHalf();
      return { send, moment: () => halfTaken };
    },
    { kind: "before the attempt row", wasAcknowledged: false, state: "accepted", arrivals: 1 },
  ],
  [
    "the platform has been called",
    () => {
      const called = holdAt("called");
      return { moment: () => called };
    },
    { kind: "inside the attempt", state: "unknown" },
  ],
  [
    "the platform has the picture and has not answered",
    () => {
      const has = holdAt("has the picture");
      return { moment: () => has };
    },
    { kind: "inside the attempt", state: "unknown", arrivals: 1 },
  ],
])("killed when %s", async (moment, plan, expected) => {
  const end = await sendAndKill(await start(), makePicture({ shade: 50 }), plan());
  expect(end).toMatchObject(expected);
  expectPromiseKept(end, moment);
});

test("killed with one acknowledged and waiting behind two that are being sent: the one arrives, the two are in doubt", async () => {
  const before = await start();
  const bothHeld = holdAt("has the picture", 2);
  const sendAnother = async (shade: number) => sendOne(await enterSession(before.url), makePicture({ shade }));
  const first = await Promise.all([sendAnother(60), sendAnother(61)]);
  await bothHeld;
  const picture = makePicture({ shade: 62 });
  const end = await sendAndKill(before, picture, { moment: (acknowledgement) => acknowledgement });
  expect(end).toMatchObject({
    kind: "before the attempt row",
    wasAcknowledged: true,
    state: "accepted",
    arrivals: 1,
  });
  for (const { submissionId, pictureSha256 } of first) {
    expect((await settledRecord(end.server, submissionId)).state).toBe("unknown");
    expect(countArrivals(pictureSha256)).toBe(1);
  }
});
