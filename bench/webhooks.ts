// Events to an endpoint that fails half the time, beside a good one and one that hangs; then the same while the courier is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { createNotifier } from "#server/events/notifier.ts";
import { recordEvent } from "#server/state/transition.ts";
import { openStore } from "#server/store/open.ts";
import { createTestPoster } from "#server/testing/app.ts";
import { makeSessionRow, makeSubmissionRow } from "#server/testing/rows.ts";
import { answering, type Receiver, startReceiver } from "#server/testing/webhooks.ts";
import { createWebhookCourier } from "#server/webhooks/courier.ts";
import { createEndpoint } from "#server/webhooks/endpoints.ts";
import { readBounds } from "#server/webhooks/events.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000" },
    kills: { type: "string", default: "10" },
    serve: { type: "string" },
  },
});
const issuerId = "default";
const longestMs = 150_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** In a process of its own: makes what is missing of the events, and delivers until it is killed. The pauses are short. */
async function serve(file: string, events: number): Promise<void> {
  const store = await openStore(file);
  const notifier = createNotifier();
  const parts = { store, notifier, log: pino({ level: "silent" }), now: Date.now };
  const policy = { pausesMs: Array.from({ length: 9 }, () => 5), leaseMs: 600 };
  createWebhookCourier({ ...parts, poster: createTestPoster(["127.0.0.0/8"], Date.now), policy }).start();
  const { lastSeq } = await readBounds(store, issuerId);
  for (let sequence = lastSeq + 1; sequence <= events; sequence += 1) {
    const row = makeSubmissionRow({ id: "sub", session_id: "ses", sequence, updated_at: Date.now() });
    await store.transaction().execute((trx) => recordEvent(trx, row, "queued", { cause: "not-sent", actor: "system" }));
    notifier.announce("sub");
    await sleep(4);
  }
}

function startCourier(file: string, events: number): ChildProcess {
  const args = [import.meta.filename, "--serve", file, "--events", String(events)];
  return spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

interface Outcome {
  readonly lost: number;
  readonly outOfOrder: number;
  readonly repeated: number;
}

/** What a receiver has taken, in the order of its good answers; a repetition after a crash is none out of order. */
function judge(taken: readonly number[], events: number): Outcome {
  const seen = new Set<number>();
  let [outOfOrder, repeated] = [0, 0];
  for (const seq of taken) {
    if (seen.has(seq)) repeated += 1;
    else if (seq !== seen.size + 1) outOfOrder += 1;
    seen.add(seq);
  }
  return { lost: events - seen.size, outOfOrder, repeated };
}

async function run(events: number, kills: number) {
  const folder = await mkdtemp(join(tmpdir(), "fullbleed-webhooks-"));
  const file = join(folder, "fullbleed.sqlite");
  const store = await openStore(file);
  await store
    .insertInto("sessions")
    .values(makeSessionRow({ id: "ses" }))
    .execute();
  await store
    .insertInto("submissions")
    .values(makeSubmissionRow({ id: "sub", session_id: "ses" }))
    .execute();
  const taken = { flaky: [] as number[], good: [] as number[] };
  const delays: number[] = [];
  let calls = 0;
  const flaky = await startReceiver(({ event }, response) => {
    calls += 1;
    if (calls % 2 === 1) return void response.writeHead(503).end();
    taken.flaky.push(event.seq);
    response.writeHead(204).end();
  });
  const good = await startReceiver((received, response) => {
    taken.good.push(received.event.seq);
    delays.push(Date.now() - Date.parse(received.event.timestamp));
    answering(204)(received, response);
  });
  const hanging = await startReceiver(() => {});
  const receivers: Receiver[] = [flaky, good, hanging];
  for (const { url } of receivers) await createEndpoint({ store, now: Date.now }, issuerId, url, null);
  const began = performance.now();
  let child = startCourier(file, events);
  const isDone = () => [taken.flaky, taken.good].every((seqs) => new Set(seqs).size >= events);
  for (let n = 0; n < kills && !isDone(); n += 1) {
    await sleep(600 + Math.random() * 600);
    await kill(child);
    child = startCourier(file, events);
  }
  while (!isDone() && performance.now() - began < longestMs) await sleep(50);
  await kill(child);
  for (const receiver of receivers) receiver.close();
  await store.destroy();
  await rm(folder, { recursive: true });
  delays.sort((a, b) => a - b);
  return {
    flaky: judge(taken.flaky, events),
    good: judge(taken.good, events),
    calls,
    seconds: Math.round((performance.now() - began) / 1000),
    otherP99Ms: delays[Math.floor(delays.length * 0.99)] ?? 0,
    otherP50Ms: delays[Math.floor(delays.length / 2)] ?? 0,
  };
}

if (values.serve === undefined) {
  const [events, kills] = [Number(values.events), Number(values.kills)];
  const calm = await run(events, 0);
  say(`calm: ${calm.calls} calls of the endpoint that fails half the time, ${calm.seconds} s`);
  const killed = await run(events, kills);
  say(`with ${kills} kills: ${killed.calls} calls, ${killed.seconds} s`);
  const both = [calm.flaky, calm.good, killed.flaky, killed.good];
  const sum = (what: keyof Outcome) => both.reduce((total, one) => total + one[what], 0);
  say(
    `webhooks events=${events} kills=${kills} lost=${sum("lost")} out_of_order=${sum("outOfOrder")} ` +
      `repeated_calm=${calm.flaky.repeated + calm.good.repeated} repeated_killed=${killed.flaky.repeated + killed.good.repeated} ` +
      `other_p50_ms=${calm.otherP50Ms} other_p99_ms=${calm.otherP99Ms} seconds=${calm.seconds + killed.seconds}`,
  );
} else {
  await serve(values.serve, Number(values.events));
}
