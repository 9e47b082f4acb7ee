import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { enterSession } from "./testing/issuer.ts";

/** Sends pieces over a raw connection and gives back all that came until the server closed it. */
async function talk(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  for (const piece of pieces) socket.write(piece);
  const answer = await text(socket);
  socket.destroy();
  return answer;
}

describe("on a real socket", () => {
  let server: TestApp;
  let port: number;
  async function open(env: Record<string, string> = {}): Promise<void> {
    server = await openTestApp({ env });
    port = Number(new URL(await server.app.listen({ host: "127.0.0.1", port: 0 })).port);
  }
  beforeEach(() => open());
  afterEach(() => server.close());

  test("a file is answered without a warning that too many listen to its answer, also where much else does", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", onWarning);
    server.app.server.on("request", (_request, response) => {
      for (let count = 0; count < 4; count += 1) response.once("close", () => undefined);
    });
    await (await fetch(`http://127.0.0.1:${port}/designer/assets/worker-1a2b.js`)).text();
    // It is told of in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  test("a body that trickles in is answered with body-too-slow, and the connection closed", async () => {
    await server.close();
    await open({ FULLBLEED_BODY_TIMEOUT_SECONDS: "1" });
    const head =
      "POST /v1/sessions/ses_1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n";
    const answer = await talk(port, head, '{"clientSecret":');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
    expect(answer).toContain('"code":"body-too-slow"');
    expect(answer).toContain("within 1 seconds");
  });

  test("headers that never end are answered with 408", async () => {
    server.app.server.headersTimeout = 500;
    const answer = await talk(port, "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout/);
    expect(answer).toContain("application/problem+json");
  });

  test("a request for a whole address is one for its path, its proof included", async () => {
    const url = `http://127.0.0.1:${port}`;
    const { sessionId, show } = await enterSession(url);
    const wanted = `/v1/sessions/${sessionId}`;
    const headers = Object.entries({ ...show("GET", wanted), Host: "x", Connection: "close" });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const answer = await talk(port, `GET HTTP://elsewhere.example:1${wanted} HTTP/1.1\r\n${lines}\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain(sessionId);
  });

  test.each([
    ["no HTTP", "canary\r\n\r\n", "This is not HTTP"],
    [
      "headers beyond 16 kB",
      `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"canary".repeat(4_000)}\r\n\r\n`,
      "The headers are too large",
    ],
  ])("%s is answered with bad-request", async (_what, sent, sentence) => {
    const answer = await talk(port, sent);
    expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request/);
    expect(answer).toContain(sentence);
    expect(answer + server.logged.join("")).not.toContain("canary");
  });

  test("a body over the limit is refused with an answer that arrives", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/sessions/ses_1/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ clientSecret: "x".repeat(8 * 1024 * 1024) }),
    });
    expect(await answer.json()).toMatchObject({ status: 413, code: "body-too-large" });
  });

  test.each([
    ["that is not kept, as nginx does, which otherwise says 502", "submissions", "close", "image/png", 401],
    ["that would be kept, with a JSON body that is too large", "tokens", "keep-alive", "application/json", 413],
  ])("a refused body can be sent to its end on a connection %s", async (_what, route, connection, type, status) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const rest = Buffer.alloc(4 * 1024 * 1024, "x");
    const head = `Host: x\r\nConnection: ${connection}\r\nContent-Type: ${type}\r\nContent-Length: ${rest.length}\r\n\r\n`;
    socket.write(`POST /v1/sessions/ses_1/${route} HTTP/1.1\r\n${head}`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toContain(`HTTP/1.1 ${status} `);
    const closed = once(socket, "close");
    for (let at = 0; at < rest.length; at += 65_536)
      await new Promise<void>((done, fail) => {
        socket.write(rest.subarray(at, at + 65_536), (error) => (error ? fail(error) : done()));
      });
    socket.end();
    await closed;
  });

  test("of a refused body no more is read than the largest picture has, and a little", async () => {
    const socket = connect(port, "127.0.0.1");
    const piece = Buffer.alloc(1024 * 1024, " ");
    function* request(): Generator<string | Buffer> {
      yield "POST /v1/sessions/ses_1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n";
      yield `Content-Length: ${1024 * piece.byteLength}\r\n\r\n`;
      for (let sent = 0; sent < 1024; sent += 1) yield piece;
    }
    socket.on("error", () => {}).resume();
    await expect(pipeline(request, socket)).rejects.toThrow();
    expect(socket.bytesWritten).toBeLessThan(512 * piece.byteLength);
  });

  test("a path that climbs out of the designer's files finds nothing", async () => {
    for (const url of [
      "/designer/../embed/card-designer.js",
      "/designer/assets/..%2findex.html",
      "/designer/..\\embed",
    ]) {
      const answer = await talk(port, `GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer, url).toMatch(/^HTTP\/1.1 40[04] /);
    }
  });
});
