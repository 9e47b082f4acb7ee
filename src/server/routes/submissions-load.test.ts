import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { enterSession } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

/** As many as are stored at a time and may wait. */
const capacity = 36;
const picture = makePicture();
const [crowd, other] = ["203.0.113.7", "198.51.100.9"];

let server: TestApp;
let url: string;
/** Pictures that are being looked at, for as long as the test wants. */
let looked: number;
let goOn: () => void;
afterEach(() => server.close());

async function open(env: Record<string, string>): Promise<void> {
  const released = Promise.withResolvers<void>();
  [looked, goOn] = [0, released.resolve];
  const check = async (): Promise<void> => {
    looked += 1;
    await released.promise;
  };
  server = await openTestApp({ env, parts: { validator: { check } } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
}

interface Sending {
  /** Resolves to the status of the answer. */
  readonly status: Promise<number>;
  send(): void;
}

/** A picture of which only the head has been sent, from behind a proxy. */
async function begin(address: string): Promise<Sending> {
  const session = await enterSession(url);
  const headers = {
    ...session.headersFor(picture, await session.putDesign()),
    "x-forwarded-for": address,
    "content-length": picture.byteLength,
  };
  const request = httpRequest(`${url}/v1/sessions/${session.sessionId}/submissions`, { method: "POST", headers });
  const answer = once(request, "response") as Promise<[{ statusCode: number; resume(): void }]>;
  request.on("error", () => {}).flushHeaders();
  return {
    status: answer.then(([response]) => {
      response.resume();
      return response.statusCode;
    }),
    send: () => request.end(picture),
  };
}

function knock(): Promise<Response> {
  return fetch(`${url}/v1/sessions/any/submissions`, { method: "POST", headers: { "x-forwarded-for": crowd } });
}

/** As many uploads of one address as there is room for, all of them arrived. */
async function fill(): Promise<Sending[]> {
  const uploads: Sending[] = [];
  for (let count = 0; count < capacity; count += 1) uploads.push(await begin(crowd));
  for (const upload of uploads) upload.send();
  await expect.poll(() => looked).toBe(4);
  // Once the rest of them waits, nobody is even asked who he is.
  await expect.poll(async () => (await knock()).status).toBe(503);
  return uploads;
}

test("an upload for which there is no room is refused before its picture is sent, and told when to come back", async () => {
  await open({});
  const uploads = await fill();
  const response = await knock();
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  goOn();
  expect(new Set(await Promise.all(uploads.map(({ status }) => status)))).toEqual(new Set([202]));
});

test("of an upload for which there is no room hardly anything is read, and its answer arrives", async () => {
  await open({});
  const uploads = await fill();
  const accepted = once(server.app.server, "connection");
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1" });
  const [other] = (await accepted) as [Socket];
  socket.write(`POST /v1/sessions/any/submissions HTTP/1.1\r\nhost: x\r\ncontent-length: 12000000\r\n\r\n`);
  socket.on("error", () => {}).write(Buffer.alloc(12_000_000));
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => void (answer += text));
  // Until the server has ended its side.
  await once(socket, "end");
  expect(answer).toMatch(/^HTTP\/1.1 503 .*\r\nconnection: close\r\n.*"code":"overloaded"/s);
  expect(other.bytesRead).toBeLessThan(1_000_000);
  socket.destroy();
  goOn();
  await Promise.all(uploads.map(({ status }) => status));
});

test("one address with many uploads does not keep another out, behind a trusted proxy", async () => {
  await open({ FULLBLEED_TRUSTED_PROXIES: "10.0.0.0/8, 127.0.0.1" });
  const uploads = await fill();
  const newcomer = await begin(other);
  newcomer.send();
  goOn();
  expect(await newcomer.status).toBe(202);
  // What had come whole goes on waiting.
  expect(new Set(await Promise.all(uploads.map(({ status }) => status)))).toEqual(new Set([202]));
});

test("an address that anybody can write into a header is not believed, unless a proxy is trusted", async () => {
  await open({});
  const uploads = await fill();
  const newcomer = await begin(other);
  expect(await newcomer.status).toBe(503);
  goOn();
  await Promise.all(uploads.map(({ status }) => status));
});
