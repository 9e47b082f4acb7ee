// How fast, fair and bounded uploads are, beside a plain multipart upload that keeps no promise.
import { once } from "node:events";
import { Agent } from "node:http";
import { connect, type Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { type Outcome, type Shipment, send, sendAll, startServer, type Target } from "./upload/client.ts";
import { makePictures } from "./upload/pictures.ts";
import type { Role } from "./upload/server.ts";

const rounds = 5;
const perRun = 120;
const overload = { factor: 4, seconds: 4 } as const;
const slow = { clients: 200, bytes: 64 * 1024, warmUp: 8 } as const;

interface Run {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly outcomes: readonly Outcome[];
}

interface Result {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly spread: number;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

const slowestMs = (outcomes: readonly Outcome[]): number =>
  quantile(
    outcomes.map(({ ms }) => ms),
    0.99,
  );

const median = (values: readonly number[]): number => quantile(values, 0.5);

async function usageOf(target: Target): Promise<{ cpuMs: number; residentMb: number }> {
  const reply = await target.ask({ ask: "usage" });
  if ("decodeMs" in reply) throw new Error("The server answered another question.");
  return reply;
}

async function run(target: Target, clients: number): Promise<Run> {
  const shipments = await target.prepare(pictures, perRun);
  const before = await usageOf(target);
  const startedAt = performance.now();
  const outcomes = await sendAll(shipments, clients);
  const seconds = (performance.now() - startedAt) / 1000;
  const refused = outcomes.find(({ status }) => status !== 202);
  if (refused !== undefined) throw new Error(`An upload was refused with ${refused.status}.`);
  const { cpuMs } = await usageOf(target);
  return { perSecond: perRun / seconds, cpuMs: (cpuMs - before.cpuMs) / perRun, outcomes };
}

/** Uploads that come at a fixed rate, whatever becomes of those before. */
async function flood(shipments: readonly Shipment[], perSecond: number): Promise<readonly Outcome[]> {
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const pending: Promise<Outcome>[] = [];
  for (const [index, shipment] of shipments.entries()) {
    const early = startedAt + (index * 1000) / perSecond - performance.now();
    // Even when it is late: answers that nobody takes meanwhile would be late by the sender's fault.
    await (early > 1 ? sleep(early) : setImmediate());
    pending.push(send(agent, shipment));
  }
  const outcomes = await Promise.all(pending);
  agent.destroy();
  return outcomes;
}

/**
 * Uploads that are taken while four times as many come as can be, as a part of those that are taken while as many too many go to
 * a bystander, who refuses them at no cost: the sender needs most of this machine. And how long the others wait for their refusal.
 */
async function overloadServer(perSecond: number): Promise<{ goodput: number; refusalMs: number }> {
  const [target, bystander] = [await startServer("ours"), await startServer("bystander")];
  const surplus = perSecond * (overload.factor - 1);
  const spare = await target.prepare(pictures, Math.ceil(perSecond * overload.seconds * 1.5));
  const aside = await bystander.prepare(pictures, Math.ceil(surplus * overload.seconds));
  const besideAt = performance.now();
  const [besides, refusals] = await Promise.all([sendAll(spare, 32), flood(aside, surplus)]);
  if (besides.every(({ at }) => at < besideAt + overload.seconds * 1000))
    throw new Error("Too few uploads were prepared.");
  const beside = besides.filter(({ status, at }) => status === 202 && at < besideAt + overload.seconds * 1000);
  printRow("beside a bystander", beside.length / overload.seconds, 0, beside);
  console.log(`a refusal by the bystander: p99 ${slowestMs(refusals).toFixed(0)} ms`);
  await bystander.stop();
  const shipments = await target.prepare(pictures, Math.ceil((perSecond + surplus) * overload.seconds));
  const startedAt = performance.now();
  const outcomes = await flood(shipments, perSecond + surplus);
  await target.stop();
  // What is still in the queue when the last one has come is no part of it.
  const taken = outcomes.filter(({ status, at }) => status === 202 && at < startedAt + overload.seconds * 1000);
  const refused = outcomes.filter(({ status }) => status === 503);
  printRow("4x overload", taken.length / overload.seconds, 0, outcomes);
  const refusalMs = slowestMs(refused);
  return { goodput: taken.length / beside.length, refusalMs };
}

function beginSlowly({ url, headers, body }: Shipment): Socket {
  const { pathname, port, host } = new URL(url);
  const socket = connect({ port: Number(port), host: "127.0.0.1" });
  const lines = Object.entries({ host, ...headers, "content-length": `${body.byteLength}` });
  socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  return socket.on("error", () => {}).resume();
}

/** Megabytes by which the server grows while so many uploads have come to their first 64 kB and stay there. */
async function growWithSlow(): Promise<number> {
  const target = await startServer("ours");
  const shipments = await target.prepare(pictures, slow.warmUp + slow.clients);
  await sendAll(shipments.slice(0, slow.warmUp), 1);
  const before = await usageOf(target);
  const sockets = shipments.slice(slow.warmUp).map(beginSlowly);
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  let largest = 0;
  for (let sent = 0; sent < slow.bytes; sent += 4096) {
    for (const [index, socket] of sockets.entries()) {
      socket.write((shipments[slow.warmUp + index] as Shipment).body.subarray(sent, sent + 4096));
    }
    await sleep(100);
    largest = Math.max(largest, (await usageOf(target)).residentMb);
  }
  for (const socket of sockets) socket.destroy();
  await target.stop();
  return largest - before.residentMb;
}

function printRow(name: string, perSecond: number, cpuMs: number, outcomes: readonly Outcome[]): void {
  const good = outcomes.filter(({ status }) => status === 202).map(({ ms }) => ms);
  const refused = outcomes.filter(({ status }) => status !== 202).length;
  const cells = [perSecond, cpuMs, quantile(good, 0.5), quantile(good, 0.99)].map((value) => value.toFixed(1));
  console.log(name.padEnd(24), ...[...cells, `${refused}`].map((cell) => cell.padStart(8)));
}

const pictures = makePictures(16);
const kinds: readonly (readonly [string, Role, number])[] = [
  ["baseline, 8 clients", "baseline", 8],
  ["baseline, 32 clients", "baseline", 32],
  ["structural, 8 clients", "structural", 8],
  ["ours, 8 clients", "ours", 8],
  ["ours, 32 clients", "ours", 32],
];
const targets = new Map<Role, Target>();
for (const role of ["baseline", "structural", "ours"] as const) targets.set(role, await startServer(role));
const runs = kinds.map((): Run[] => []);
// The first round warms up; what is compared is interleaved.
for (let round = 0; round <= rounds; round += 1) {
  for (const [index, [, role, clients]] of kinds.entries()) {
    const one = await run(targets.get(role) as Target, clients);
    if (round > 0) runs[index]?.push(one);
  }
}
const decoding = await (targets.get("baseline") as Target).ask({ ask: "decode", pictures });
const decodeMs = "decodeMs" in decoding ? decoding.decodeMs : Number.NaN;
for (const target of targets.values()) await target.stop();

console.log("".padEnd(24), ...["/s", "cpu ms", "p50 ms", "p99 ms", "refused"].map((head) => head.padStart(8)));
const [base8, base32, structural, ours8, ours32] = kinds.map(([name], index) => {
  const own = runs[index] ?? [];
  const outcomes = own.flatMap((one) => one.outcomes);
  const result = { perSecond: median(own.map((one) => one.perSecond)), cpuMs: median(own.map((one) => one.cpuMs)) };
  printRow(name, result.perSecond, result.cpuMs, outcomes);
  const latencies = outcomes.map(({ ms }) => ms);
  return { ...result, spread: quantile(latencies, 0.99) / quantile(latencies, 0.5) };
}) as [Result, Result, Result, Result, Result];
const { goodput, refusalMs } = await overloadServer(ours32.perSecond);
const grownMb = await growWithSlow();
console.log(`sharp decodes one in ${decodeMs.toFixed(1)} ms of processor time`);
const results = {
  structural_x: structural.perSecond / base8.perSecond,
  decode_x8: ours8.perSecond / base8.perSecond,
  decode_x32: ours32.perSecond / base32.perSecond,
  cpu_x: ours8.cpuMs / (base8.cpuMs + decodeMs),
  p99_p50: Math.max(ours8.spread, ours32.spread),
  overload_goodput: goodput,
  refusal_p99_ms: refusalMs,
  slow200_mb: grownMb,
};
const pairs = Object.entries(results).map(([name, value]) => `${name}=${value.toFixed(name.includes("_m") ? 0 : 2)}`);
console.log(`upload ${pairs.join(" ")}`);
