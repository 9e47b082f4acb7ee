import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { asIssuer } from "./testing/env.ts";
import { enterSession, sendOne } from "./testing/issuer.ts";
import { makePicture } from "./testing/picture.ts";
import { openConnection } from "./testing/wire.ts";

let server: TestApp;
beforeEach(async () => void (server = await openTestApp()));
afterEach(() => server.close());

const linesOf = (msg: string) =>
  server.logged.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.msg === msg);

test("a submission is found in the log by its id, from the request that brought it on", async () => {
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const frame = await enterSession(url);
  const { submissionId } = await sendOne(frame, makePicture());
  const [acknowledged, ...others] = linesOf("a picture is acknowledged");
  expect(others).toEqual([]);
  const { sessionId } = frame;
  expect(acknowledged).toMatchObject({ issuerId: "default", submissionId, sessionId, isRepeat: false });
  const answered = linesOf("answered").filter(({ requestId }) => requestId === acknowledged?.requestId);
  expect(answered).toMatchObject([{ sessionId, route: "/v1/sessions/:sessionId/submissions", status: 202 }]);
  await frame.get(`/v1/submissions/${submissionId}`);
  await expect.poll(() => linesOf("answered").at(-1)).toMatchObject({ submissionId, status: 200 });
});

test("the one line about a request has the code of its problem, and is a warning when it failed on our side", async () => {
  await server.app.inject({ url: "/v1/submissions" });
  await server.app.inject({ url: `/v1/submissions/sub_${"x".repeat(22)}/preview`, headers: asIssuer });
  expect(linesOf("answered")).toMatchObject([
    { level: 30, status: 401, code: "not-authenticated" },
    { level: 30, status: 404, code: "not-found", submissionId: `sub_${"x".repeat(22)}` },
  ]);
});

test("who leaves before the answer is whole leaves one line, with its route, whatever was on its way", async () => {
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const frame = await enterSession(url);
  const { submissionId } = await sendOne(frame, makePicture());
  const leaving = new AbortController();
  const path = `/v1/submissions/${submissionId}/events`;
  const stream = await fetch(url + path, { headers: frame.show("GET", path), signal: leaving.signal });
  expect(stream.status).toBe(200);
  leaving.abort();
  await expect.poll(() => linesOf("answer broken off")).toHaveLength(1);
  const route = "/v1/submissions/:submissionId/events";
  expect(linesOf("answer broken off")).toMatchObject([{ level: 30, method: "GET", route, status: 200, submissionId }]);
  const lost = await openConnection(url);
  // Both are there before the server's turn.
  lost.write("GET /v1/submissions HTTP/1.1\r\nhost: x\r\n\r\n", () => lost.resetAndDestroy());
  const ofLost = () =>
    ["answered", "answer broken off", "the client left before its answer"]
      .flatMap(linesOf)
      .filter((line) => line.route === "/v1/submissions");
  await expect.poll(ofLost).toHaveLength(1);
});

test("what stands in an address and is no id of ours is in no line", async () => {
  await server.app.inject({ url: "/v1/submissions/canary-0123456789", headers: asIssuer });
  expect(linesOf("answered")).toMatchObject([{ status: 404 }]);
  expect(server.logged.join("")).not.toContain("canary-0123456789");
});
