import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shortReference } from "#contracts/short-reference.ts";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import { onlyProvider, openTestApp, type TestApp } from "./testing/app.ts";
import { asIssuer, testEnv } from "./testing/env.ts";
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
  const heard = encodeURIComponent(shortReference(submissionId));
  await server.app.inject({ url: `/v1/submissions/${heard}/history`, headers: asIssuer });
  expect(linesOf("answered").at(-1)).toMatchObject({ submissionId, route: "/v1/submissions/:submissionId/history" });
});

test("the one line about a request has the code of its problem, and is a warning when it failed on our side", async () => {
  await server.app.inject({ url: "/v1/submissions" });
  await server.app.inject({ url: `/v1/submissions/sub_${"x".repeat(22)}/preview`, headers: asIssuer });
  expect(linesOf("answered")).toMatchObject([
    { level: 30, status: 401, code: "not-authenticated" },
    { level: 30, status: 404, code: "not-found", submissionId: `sub_${"x".repeat(22)}` },
  ]);
});

describe("the one line about a request says whose it was:", () => {
  const [oldKey, newKey] = ["o".repeat(32), "n".repeat(32)];
  const bearing = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const last = () => linesOf("answered").at(-1);

  test("an issuer's, with which of two keys, so that one can be told from a key that nobody uses any more", async () => {
    await server.close();
    server = await openTestApp({ env: { FULLBLEED_ISSUER_KEY: `${oldKey},${newKey}` } });
    for (const [key, issuerKey] of [
      [oldKey, 1],
      [newKey, 2],
    ] as const) {
      await server.app.inject({ url: "/v1/submissions", headers: bearing(key) });
      expect(last()).toMatchObject({ status: 200, issuerId: "default", issuerKey });
      await server.app.inject({ url: "/v1/submissions?limit=x", headers: bearing(key) });
      expect(last()).toMatchObject({ status: 400, code: "bad-request", issuerId: "default", issuerKey });
    }
    expect(server.logged.join("")).not.toMatch(new RegExp(`${oldKey}|${newKey}`));
  });

  test("an issuer's, also when it asks too much", async () => {
    await server.close();
    server = await openTestApp({ env: { FULLBLEED_ISSUER_LIMIT: "1" } });
    for (let n = 0; n < 11; n += 1) await server.app.inject({ url: "/v1/submissions", headers: asIssuer });
    expect(last()).toMatchObject({ status: 429, issuerId: "default" });
  });

  test("a session's, from its beginning on, also when it is refused what is another's", async () => {
    const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const [one, other] = [await enterSession(url), await enterSession(url)];
    expect(last()).toMatchObject({ status: 201, issuerId: "default", sessionId: other.sessionId });
    const path = `/v1/sessions/${other.sessionId}`;
    await server.app.inject({ url: path, headers: one.show("GET", path) });
    const { sessionId } = one;
    expect(last()).toMatchObject({ status: 403, issuerId: "default", sessionId, address: "127.0.0.1" });
  });

  test("nobody's that is known: the address from which a wrong secret came", async () => {
    const headers = { ...bearing("x".repeat(40)), "x-forwarded-for": "198.51.100.7" };
    await server.app.inject({ url: "/v1/submissions", headers });
    expect(last()).toMatchObject({ status: 401, address: "127.0.0.1" });
    await server.app.inject({ url: "/health/live" });
    expect(last()).not.toHaveProperty("address");
    await server.close();
    server = await openTestApp({ env: { FULLBLEED_TRUSTED_PROXIES: "127.0.0.1" } });
    await server.app.inject({ url: "/v1/submissions", headers });
    expect(last()).toMatchObject({ status: 401, address: "198.51.100.7" });
  });

  test("a platform's, which tells of an issuer's pictures", async () => {
    await server.close();
    const thales = createThalesProvider({
      soapUrl: testEnv.FULLBLEED_THALES_SOAP_URL,
      getImageUrl: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
      handoverKeys: { "photo-landscape": "k" },
      imageDeliveryKey: "k",
      notificationSecret: testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET,
    });
    server = await openTestApp({ parts: { providers: onlyProvider(thales) } });
    const payload = { ImageId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", ImageState: "Pending" };
    const secret = { "x-notification-secret": testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET };
    await server.app.inject({ method: "POST", url: "/v1/platform/thales/notifications", headers: secret, payload });
    expect(last()).toMatchObject({ status: 202, issuerId: "default" });
  });
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
