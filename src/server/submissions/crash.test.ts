import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SubmissionRecord, SubmissionView } from "#contracts/submission.ts";
import { testEnv } from "../test-app.ts";
import { openStore } from "../store/open.ts";
import { enterSession, sendOne } from "./test-issuer.ts";
import { makePicture, sha256Of } from "./test-picture.ts";
import { type LedgerPlatform, type ServerProcess, startLedgerPlatform, startServerProcess } from "./test-process.ts";

/** More for a longer search: KILL_ROUNDS=20. */
const rounds = Number(process.env.KILL_ROUNDS ?? 6);
const issuerKey = testEnv.FULLBLEED_ISSUER_KEY;
const headers = { authorization: `Bearer ${issuerKey}` };

let folder: string;
let platform: LedgerPlatform;
let running: ServerProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-crash-"));
  platform = await startLedgerPlatform(60);
  running = [];
});
afterEach(async () => {
  for (const server of running) await server.kill();
  platform.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<ServerProcess> {
  const server = await startServerProcess(folder, platform.url);
  running.push(server);
  return server;
}

async function readRecord(server: ServerProcess, submissionId: string): Promise<SubmissionRecord> {
  const response = await fetch(`${server.url}/v1/submissions/${submissionId}`, { headers });
  expect(response.status).toBe(200);
  return (await response.json()) as SubmissionRecord;
}

async function settledRecord(server: ServerProcess, submissionId: string): Promise<SubmissionRecord> {
  const state = async () => (await readRecord(server, submissionId)).state;
  await expect.poll(state, { timeout: 10_000 }).toMatch(/^(accepted|unknown|held)$/);
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

/** How long a send takes from the first byte to the bound id, on this machine today. */
async function measureSend(server: ServerProcess): Promise<number> {
  const frame = await enterSession(server.url, issuerKey);
  const begun = performance.now();
  const { submissionId } = await sendOne(frame, makePicture());
  await settledRecord(server, submissionId);
  return performance.now() - begun;
}

/** Sends a picture, kills the server on the way, starts it again on the same data and looks at what is left. */
async function sendAndKill(before: ServerProcess, picture: Buffer, killAfterMs: number): Promise<ServerProcess> {
  const sha256 = sha256Of(picture);
  const frame = await enterSession(before.url, issuerKey);
  const design = await frame.putDesign();
  const sent = frame.send(picture, design).then(
    async (response) => (await response.json()) as SubmissionView,
    () => undefined,
  );
  await sleep(killAfterMs);
  await before.kill();
  const acknowledged = await sent;
  const attempts = await readAttempts(before, sha256);
  const moment = `killed after ${killAfterMs.toFixed(1)} ms, attempts ${JSON.stringify(attempts)}`;

  const after = await start();
  // The designer sends the same once more with the same key, as it does whenever it got no answer.
  const again = await fetch(`${after.url}/v1/sessions/${frame.sessionId}/submissions`, {
    method: "POST",
    headers: frame.headersFor(picture, design),
    body: new Uint8Array(picture),
  });
  expect(again.status, moment).toBe(202);
  const view = (await again.json()) as SubmissionView;
  if (acknowledged !== undefined) expect(view, moment).toEqual(acknowledged);
  const record = await settledRecord(after, view.submissionId);
  const [attempt] = attempts;
  if (attempt === undefined || attempt.outcome === "accepted") {
    expect([record.state, countArrivals(sha256)], moment).toEqual(["accepted", 1]);
  } else {
    expect(record.state, moment).toBe("unknown");
    expect(countArrivals(sha256), moment).toBeLessThanOrEqual(1);
  }
  return after;
}

const promise = "nothing acknowledged is lost, nothing arrives twice, no doubt is resolved by sending again";

test(`killed at ${rounds} random moments: ${promise}`, { timeout: 30_000 + rounds * 20_000 }, async () => {
  let server = await start();
  const longestMs = await measureSend(server);
  for (let round = 0; round < rounds; round += 1) {
    server = await sendAndKill(server, makePicture({ shade: round + 1 }), Math.random() * longestMs);
  }
});

test("two servers on one database send each picture once", { timeout: 60_000 }, async () => {
  const servers = [await start(), await start()];
  const pictures = Array.from({ length: 10 }, (_, index) => makePicture({ shade: 100 + index }));
  const views = await Promise.all(
    pictures.map(async (picture, index) => {
      const server = servers[index % 2] as ServerProcess;
      return sendOne(await enterSession(server.url, issuerKey), picture);
    }),
  );
  for (const { submissionId } of views) {
    const record = await settledRecord(servers[0] as ServerProcess, submissionId);
    expect(record.state).toBe("accepted");
  }
  expect([...platform.ledger].sort()).toEqual(pictures.map(sha256Of).sort());
});
