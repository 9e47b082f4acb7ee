import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import { openCourierBench } from "../testing/courier.ts";

const waiting = 60;

const example = (name: string): string =>
  readFileSync(new URL(`../../providers/thales/examples/${name}.xml`, import.meta.url), "utf8");
const accepted = example("accepted");

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const soapFault = (code: string): Answer => ({
  status: 500,
  type: "text/xml; charset=utf-8",
  body: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>${code}</faultcode><faultstring>Server was unable to process request.</faultstring></soap:Fault></soap:Body></soap:Envelope>`,
});

function write(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { "content-type": type }).end(body);
}

/** A platform over a real connection that gives this answer until it is mended, and then a new image id to each picture. */
async function openPlatform(answer: Answer) {
  let isMended = false;
  let burnt = 0;
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      const id = randomUUID();
      const reply = accepted.replace(/6f9619ff-8b86-4011-b42d-00c04fc964ff/i, id);
      if (isMended) return write(response, { status: 200, type: "text/xml; charset=utf-8", body: reply });
      burnt += 1;
      return write(response, answer);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = await listenLocally(server);
  const keys = { handoverKeys: { "photo-landscape": "key" }, imageDeliveryKey: "key", notificationSecret: "secret" };
  const provider = createThalesProvider({ soapUrl: url, getImageUrl: url, ...keys });
  return { provider, burnt: () => burnt, mend: () => (isMended = true) };
}

test.each([
  ["503", { status: 503, type: "text/html", body: "<h1>Service Unavailable</h1>" }],
  ["404", { status: 404, type: "text/html", body: "<h1>Not Found</h1>" }],
  ["a SOAP fault of its own", soapFault("soap:Server")],
  ["a SOAP fault that blames us", soapFault("soap:Client")],
])(
  `a platform that answers %s for an hour while ${waiting} wait: the tries are burnt, and all others arrive`,
  async (_, answer) => {
    const bench = await openCourierBench();
    onTestFinished(() => bench.close());
    const platform = await openPlatform(answer);
    await bench.proveSettings();
    for (let index = 0; index < waiting; index += 1) await bench.queue(`s${index}`);
    const backAt = bench.clock.now + 60 * 60_000;
    await bench.start((order, signal) => platform.provider.send(order, signal));
    const pause = () => bench.store.selectFrom("breakers").selectAll().executeTakeFirst();
    for (let tries = 1; bench.clock.now < backAt; tries += 1) {
      await expect.poll(async () => (await pause())?.failures).toBe(tries);
      bench.clock.now = (await pause())?.paused_until ?? 0;
      if (bench.clock.now >= backAt) platform.mend();
    }
    const count = async () => {
      const rows = bench.store.selectFrom("submissions").select(({ fn }) => ["state", fn.countAll().as("n")]);
      return Object.fromEntries((await rows.groupBy("state").execute()).map(({ state, n }) => [state, Number(n)]));
    };
    const isUnderWay = ({ queued = 0, sending = 0 }: Record<string, number>): boolean => queued + sending > 0;
    await expect.poll(async () => isUnderWay(await count()), { timeout: 60_000 }).toBe(false);
    const { unknown = 0, held = 0, accepted: arrived = 0 } = await count();
    expect(platform.burnt()).toBeLessThan(10);
    expect(unknown + held).toBeLessThanOrEqual(platform.burnt());
    expect(arrived).toBe(waiting - unknown - held);
  },
);
