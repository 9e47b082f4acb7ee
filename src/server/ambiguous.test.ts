import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { asIssuer } from "./testing/env.ts";

let server: TestApp;
let port: number;
beforeAll(async () => {
  server = await openTestApp();
  port = Number(new URL(await server.app.listen({ host: "127.0.0.1", port: 0 })).port);
});
afterAll(() => server.close());

/** All that is answered on one connection until the server closes it. */
async function talk(sent: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(sent);
  const answer = await text(socket);
  socket.destroy();
  return answer;
}

const post = "POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const hidden = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

describe("a request whose end a proxy in front may see elsewhere is refused, and nothing after it is read", () => {
  test.each([
    ["two lengths", `${post}Content-Length: 2\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`],
    ["a length and pieces", `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
    ["pieces under a name that is spelt oddly", `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
    ["pieces of something else", `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
    ["a length that is none", `${post}Content-Length: +2\r\n\r\n{}${hidden}`],
    ["a piece whose length is none", `${post}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${hidden}`],
    ["a header on two lines", `${post}X-A: b\r\n c: d\r\nContent-Length: 2\r\n\r\n{}${hidden}`],
    ["a carriage return in a header", `${post}X-A: b\rContent-Length: 2\r\n\r\n{}${hidden}`],
  ])("%s", async (_what, sent) => {
    const answer = await talk(sent);
    expect(answer).toMatch(/^HTTP\/1.1 4/);
    expect(answer).not.toContain('"ok"');
  });
});

describe("what is said twice, or names what every object has, is refused", () => {
  test.each(["limit=1&limit=2", "state=held&state=approved", "after=a&after=b", "limit=1&limit=1"])(
    "the parameter of ?%s",
    async (query) => {
      const answer = await server.app.inject({ url: `/v1/submissions?${query}`, headers: asIssuer });
      expect([answer.statusCode, answer.json().code]).toEqual([400, "bad-request"]);
    },
  );

  test.each(['{"__proto__":{"cardholderId":"A1"}}', '{"constructor":{"prototype":{"cardholderId":"A1"}}}'])(
    "the body %s",
    async (payload) => {
      const headers = { ...asIssuer, "content-type": "application/json" };
      const answer = await server.app.inject({ method: "POST", url: "/v1/sessions", headers, payload });
      expect([answer.statusCode, answer.json().detail]).toEqual([400, "The body is not valid JSON."]);
      expect({}).not.toHaveProperty("cardholderId");
    },
  );
});

test("TRACE repeats nothing, and a method that a route has not is not there", async () => {
  const answer = await talk("TRACE /v1/submissions HTTP/1.1\r\nHost: x\r\nX-A: canary\r\nConnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 404 /);
  expect(answer).not.toContain("canary");
  for (const method of ["DELETE", "PUT", "OPTIONS"] as const)
    expect((await server.app.inject({ method, url: "/v1/submissions", headers: asIssuer })).statusCode).toBe(404);
});
