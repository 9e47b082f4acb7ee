import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeForeign } from "./describe-foreign.ts";
import { ForeignAnswer } from "./request.ts";
import {
  json,
  openScriptedServer,
  problem,
  type Reply,
  type ScriptedServer,
  session,
  submission,
} from "./testing/scripted-server.ts";

let server: ScriptedServer;
let told: ForeignAnswer[];
beforeEach(async () => {
  server = await openScriptedServer();
  told = [];
});
afterEach(() => server.close());

const page =
  (status: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    void response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers }).end("<h1>Stop</h1>");
const { signal } = new AbortController();
const picture = {
  png: new Uint8Array(1000),
  sha256: "a".repeat(64),
  designSha256: "b".repeat(64),
  agreement: { rulesVersion: "1", agreedAt: 1 },
  idempotencyKey: "key-1",
  onProgress: () => {},
};

async function connect() {
  const api = server.connect({}, { onForeign: (answer) => told.push(answer) });
  await api.open();
  return api;
}

describe("what something on the way answers is not taken for the server's answer:", () => {
  it.each([
    [413, /^413 with text\/html, not by the designer's server\. It takes no body of this size: .*client_max_body_size/],
    [403, /^403 with text\/html.* firewall's rule: allow GET and POST on \/v1\/ with application\/json and multipart/],
    [405, /^405 with text\/html.* does not let the method through/],
    [401, /^401 with text\/html.* asks for a sign-in of its own/],
    [404, /^404 with text\/html.* Let \/v1\/ through to the server/],
    [200, /^200 with text\/html.* page in place of the answer/],
    [502, /^502 with text\/html.* had no answer of the server in time/],
  ])("%s to a picture", async (status, reason) => {
    server.script["POST /submissions"] = [page(status)];
    const api = await connect();
    const failure: unknown = await api.sendPicture(picture, signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ForeignAnswer);
    expect(told, "whoever sends may do so again").toEqual([]);
    api.reportForeign(failure as ForeignAnswer);
    const [detail = "", ...more] = told.map(describeForeign);
    expect(more).toEqual([]);
    const start = /^POST \/v1\/sessions\/\{sessionId\}\/submissions \((\d+) bytes sent\) was answered /.exec(detail);
    expect(Number(start?.[1])).toBeGreaterThan(1000);
    expect(detail.slice(start?.[0].length)).toMatch(reason);
    expect(detail).toMatch(/See docs\/deployment\.md\.$/);
  });

  it("a refusal is asked for once, and what may pass is tried again within the budget", async () => {
    const api = await connect();
    for (const [status, times] of [
      [403, 1],
      [413, 1],
      [200, 4],
      [502, 4],
    ] as const) {
      server.script["GET /s1"] = [page(status)];
      const before = server.count("GET /s1");
      await expect(api.readSession()).rejects.toThrow(ForeignAnswer);
      expect(server.count("GET /s1") - before, String(status)).toBe(times);
    }
    expect(told.map(({ status }) => status)).toEqual([403, 413, 200, 502]);
  });

  it("of one that has passed nobody is told, and its pause is kept", async () => {
    server.script["GET /s1"] = [page(503, { "retry-after": "7" }), json(session(null))];
    const api = await connect();
    await api.readSession();
    expect([told, server.pauses]).toEqual([[], [7000]]);
  });

  it("a picture of the platform that is none", async () => {
    const api = await connect();
    for (const status of [403, 200]) {
      server.script["GET /preview"] = [page(status)];
      await expect(api.readPreview("sub-1", 856, signal)).rejects.toThrow(ForeignAnswer);
    }
    expect(told.map(({ status }) => status)).toEqual([403, 200]);
    expect(describeForeign(told[0]!)).toMatch(/^GET \/v1\/submissions\/\{submissionId\}\/preview was answered 403 /);
  });

  const follow = async () => {
    const states: string[] = [];
    const api = await connect();
    await api.followSubmission(submission("stored", 1), (now) => states.push(now.state), signal);
    return [states, told.map(({ status, asked }) => [status, asked.path])];
  };
  const stream = "/v1/submissions/sub-1/events";

  it("a stream that is none: the state is asked for, and from the second in a row the page is told", async () => {
    server.script["GET /events"] = [page(200)];
    server.script["GET /s1"] = [json(session(submission("queued", 2))), json(session(submission("approved", 4)))];
    expect(await follow()).toEqual([["queued", "approved"], [[200, stream]]]);
  });

  it("a stream that is none, of a moment: nobody is told while the state can be asked for", async () => {
    const closed: Reply = (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).end();
    server.script["GET /events"] = [page(502), closed, page(502), problem("overloaded"), page(502)];
    const [queued, approved] = [json(session(submission("queued", 2))), json(session(submission("approved", 4)))];
    server.script["GET /s1"] = [queued, queued, queued, approved];
    expect(await follow()).toEqual([["queued", "approved"], []]);
  });

  it("a stream and the state: the page is told at once", async () => {
    server.script["GET /events"] = [page(403)];
    server.script["GET /s1"] = [page(403), json(session(submission("approved", 4)))];
    const session1 = "/v1/sessions/s1";
    const [, paths] = await follow();
    expect(paths).toEqual([
      [403, session1],
      [403, stream],
      [403, stream],
    ]);
  });

  it("another program's problem document", async () => {
    const other = { type: "about:blank", title: "Forbidden", status: 403 };
    server.script["GET /s1"] = [json(other, 403, { "content-type": "application/problem+json" })];
    await expect((await connect()).readSession()).rejects.toThrow(ForeignAnswer);
  });
});

it("the server's own refusals stay what they are, also of a newer one with codes that nobody knows here", async () => {
  const api = await connect();
  server.script["GET /s1"] = [problem("not-allowed")];
  await expect(api.readSession()).rejects.toMatchObject({ code: "not-allowed" });
  const newer = { type: "urn:fullbleed:problem:too-colourful", code: "too-colourful", title: "", status: 409 };
  server.script["GET /s1"] = [json(newer, 409)];
  await expect(api.readSession()).rejects.toMatchObject({ status: 409 });
  expect(told).toEqual([]);
});

it("what is told names neither the visit nor a photo", async () => {
  const sha256 = "5a".repeat(32);
  const asked = { method: "POST", path: `/v1/sessions/ses_secret/assets/${sha256}?submissionId=sub_x`, sentBytes: 5 };
  const detail = describeForeign(new ForeignAnswer(asked, 413, "text/html"));
  expect(detail).toContain("POST /v1/sessions/{sessionId}/assets/{sha256} (5 bytes sent)");
  expect(detail).not.toMatch(/ses_secret|sub_x|5a5a/);
});
