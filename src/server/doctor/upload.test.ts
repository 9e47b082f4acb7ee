import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { checkUpload } from "./upload.ts";
import { type DoctorBench, doctor, expectOneWrong, openThalesBench } from "../testing/doctor.ts";

let bench: DoctorBench<unknown>;
let server: TestApp;
let serverUrl: string;
beforeEach(async () => {
  bench = await openThalesBench();
  server = await openTestApp();
  onTestFinished(() => server.close());
  serverUrl = await server.app.listen({ host: "127.0.0.1", port: 0 });
});

type Answer = (incoming: IncomingMessage, response: ServerResponse) => void;

/** In front of the server: what is posted is `answer`'s, all else passes. */
async function standInFront(answer: Answer): Promise<Record<string, string>> {
  const front = createServer((incoming, response) => {
    if (incoming.method === "POST") return answer(incoming, response);
    pass(incoming, response);
  });
  onTestFinished(() => front.close().closeAllConnections());
  return { ...bench.env, FULLBLEED_PORT: new URL(serverUrl).port, FULLBLEED_PUBLIC_URL: await listenLocally(front) };
}

const pass: Answer = (incoming, response) => {
  const { method, headers, url } = incoming;
  const onward = request(`${serverUrl}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  incoming.pipe(onward);
};

const refuse =
  (status: number, type = "text/html"): Answer =>
  (incoming, response) => {
    incoming.resume().once("end", () => response.writeHead(status, { "content-type": type }).end("{}"));
  };

/** As nginx where nothing is said. */
const takeOneMegabyte: Answer = (incoming, response) =>
  (Number(incoming.headers["content-length"]) > 1024 * 1024 ? refuse(413) : pass)(incoming, response);

test("a picture gets through, and leaves nothing behind", async () => {
  const before = server.logged.length;
  const { of, code } = await doctor(await standInFront(pass));
  expect([of("wrong"), of("unchecked"), code]).toEqual([[], [], 0]);
  expect(of("ok").join("\n")).toMatch(/^FULLBLEED_PUBLIC_URL: A body of \d{7,} bytes gets through/m);
  for (const table of ["sessions", "submissions", "designs"] as const)
    expect(await server.parts.store.selectFrom(table).selectAll().execute(), table).toEqual([]);
  expect(server.logged.slice(before).filter((line) => /"level":"?(?:warn|error|[45]0)/.test(line))).toEqual([]);
});

test("it counts as no wrong secret, however often it is asked", async () => {
  const env = await standInFront(pass);
  for (let times = 0; times < 12; times += 1)
    expect((await doctor(env)).of("ok").join("\n")).toContain("bytes gets through");
});

test.each([
  ["a limit of 1 MB", takeOneMegabyte, /HTTP 413 itself\. Allow \d+ MB there, .*nginx client_max_body_size/],
  ["a firewall's rule", refuse(403), /HTTP 403 itself\. That is a rule of a firewall/],
  ["a page in place of the answer", refuse(200), /HTTP 200 itself/],
  ["a problem of somebody else's", refuse(401, "application/problem+json"), /HTTP 401 itself\. It asks for a sign-in/],
  ["a connection that is broken off", (incoming) => incoming.socket.destroy(), /breaks a body of \d+ bytes off/],
] satisfies [string, Answer, RegExp][])(
  "%s is one sentence that says what to allow",
  async (_what, answer, expected) => {
    await expectOneWrong(await standInFront(answer), new RegExp(`^FULLBLEED_PUBLIC_URL: .*${expected.source}`));
  },
);

test("where nothing listens any more it is said that this could not be looked at, and nothing of size", async () => {
  const front = createServer();
  const publicUrl = await listenLocally(front);
  await once(front.close(), "close");
  expect(await checkUpload({ publicUrl, issuers: [] }, undefined)).toMatchObject({
    verdict: "unchecked",
    says: expect.stringContaining("ECONNREFUSED"),
  });
});

test("what answers without speaking HTTP is told like a connection that is broken off", async () => {
  const front = createTcpServer((socket) => socket.on("error", () => {}).end("220 mail\r\n"));
  onTestFinished(() => void front.close());
  const publicUrl = await listenLocally(front);
  expect(await checkUpload({ publicUrl, issuers: [] }, undefined)).toMatchObject({ verdict: "wrong" });
});

test("where the server itself is busy it is said that this could not be looked at", async () => {
  const busy = JSON.stringify({ type: "about:blank", title: "Busy", status: 503, code: "overloaded", retryable: true });
  const { of, code } = await doctor(
    await standInFront((incoming, response) => {
      const headers = { "content-type": "application/problem+json" };
      incoming.resume().once("end", () => response.writeHead(503, headers).end(busy));
    }),
  );
  expect([of("unchecked"), code]).toEqual([[expect.stringContaining("the server answered overloaded")], 2]);
});
