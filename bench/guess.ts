// What others wait while somebody guesses 300 secrets a second from one address, beside the same without.
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { enterSession, type Frame } from "#server/testing/issuer.ts";
import { createProver } from "#server/testing/prover.ts";
import { startServer } from "./upload/client.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "5" } } });
const seconds = Number(values.seconds);
const guessesPerSecond = 300;
const othersPerSecond = 50;

interface Outcome {
  readonly status: number;
  readonly ms: number;
}

function ask(agent: Agent, url: string, from: string, shown: Record<string, string>): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const startedAt = performance.now();
  const headers = { ...shown, "x-forwarded-for": from };
  request(url, { agent, headers }, (response) => {
    response.resume().once("end", () => {
      resolve({ status: response.statusCode ?? 0, ms: performance.now() - startedAt });
    });
  })
    .on("error", reject)
    .end();
  return promise;
}

/** So many a second, whatever becomes of those before. */
async function flood(perSecond: number, one: (index: number) => Promise<Outcome>): Promise<readonly Outcome[]> {
  const startedAt = performance.now();
  const pending: Promise<Outcome>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const early = startedAt + (index * 1000) / perSecond - performance.now();
    if (early > 0) await sleep(early);
    pending.push(one(index));
  }
  return Promise.all(pending);
}

function p99(outcomes: readonly Outcome[]): number {
  const sorted = outcomes.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

const target = await startServer("ours");
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const frames: Frame[] = [];
for (let n = 0; n < 20; n += 1) frames.push(await enterSession(target.url));
const attacker = "203.0.113.66";

/** Cardholders who read their sessions: every second one shares the attacker's address. */
const serveOthers = (): Promise<readonly Outcome[]> =>
  flood(othersPerSecond, (index) => {
    const frame = frames[index % frames.length] as Frame;
    const from = index % 2 === 0 ? attacker : `198.51.100.${index % 250}`;
    const path = `/v1/sessions/${frame.sessionId}`;
    return ask(agent, target.url + path, from, frame.show("GET", path));
  });

/** Every second one has a proof with it that looks right, which costs more to refuse. */
const guesser = createProver();
const guess = (index: number): Promise<Outcome> => {
  const token = `guess-${index}-`.padEnd(43, "x");
  const path = `/v1/sessions/${frames[index % frames.length]?.sessionId}`;
  if (index % 2 === 0) return ask(agent, target.url + path, attacker, guesser.show({ method: "GET", path, token }));
  return ask(agent, `${target.url}/v1/submissions`, attacker, { authorization: `Bearer ${token}` });
};

await serveOthers();
const calm = await serveOthers();
const [guesses, meanwhile] = await Promise.all([flood(guessesPerSecond, guess), serveOthers()]);
agent.destroy();
await target.stop();

const count = (outcomes: readonly Outcome[], status: number): number =>
  outcomes.filter((one) => one.status === status).length;
const eleventh = guesses.findIndex(({ status }) => status === 429) + 1;
const unserved = [...calm, ...meanwhile].filter(({ status }) => status !== 200).length;
console.log(
  `guess guesses=${guesses.length} answered=${count(guesses, 401)} refused=${count(guesses, 429)} first_refused=${eleventh} ` +
    `others=${meanwhile.length} unserved=${unserved} other_p99_ms=${p99(meanwhile).toFixed(1)} ` +
    `calm_p99_ms=${p99(calm).toFixed(1)} p99_x=${(p99(meanwhile) / p99(calm)).toFixed(2)}`,
);
