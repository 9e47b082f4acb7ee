import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoAnswer } from "./request.ts";
import {
  cut,
  json,
  openScriptedServer,
  problem,
  type Reply,
  type ScriptedServer,
  session,
  tokenAnswer,
} from "./testing/scripted-server.ts";

let server: ScriptedServer;

beforeEach(async () => {
  server = await openScriptedServer();
});
afterEach(() => server.close());

describe("access", () => {
  it("trades the first secret for a token and uses that", async () => {
    server.script["GET /s1"] = [json(session(null))];
    const api = server.connect();
    expect((await api.open()).issuerName).toBe("Bank");
    await api.readSession();
    expect(JSON.parse(server.seen[0]?.body.toString() ?? "")).toEqual({
      clientSecret: "first-secret",
      insteadOf: "s1",
    });
    expect(server.seen[1]?.headers.authorization).toBe("DPoP token-1");
    expect(server.secretsAsked).toBe(0);
  });

  it("asks the host for another secret when the first has been used", async () => {
    server.script["POST /tokens"] = [problem("not-authenticated"), json(tokenAnswer("token-2"))];
    await server.connect().open();
    expect(server.secretsAsked).toBe(1);
  });

  it("waits as long as a server that has too much to do asks, before it enters again", async () => {
    const busy = problem("overloaded", { "retry-after": "5" });
    server.script["POST /tokens"] = [
      problem("too-many-requests", { "retry-after": "7" }),
      busy,
      json(tokenAnswer("t")),
    ];
    await server.connect().open();
    expect(server.pauses).toEqual([7_000, 5_000]);
  });

  it("renews a token that ran out in the middle, once for all who wait", async () => {
    server.script["POST /tokens"] = [json(tokenAnswer("old")), json(tokenAnswer("new"))];
    server.script["GET /s1"] = [problem("token-expired"), problem("token-expired"), json(session(null))];
    const api = server.connect();
    await api.open();
    await Promise.all([api.readSession(), api.readSession()]);
    expect(server.secretsAsked).toBe(1);
    expect(server.seen.at(-1)?.headers.authorization).toBe("DPoP new");
  });

  it("renews a token before it runs out", async () => {
    server.script["POST /tokens"] = [json(tokenAnswer("short", 0)), json(tokenAnswer("long"))];
    server.script["GET /s1"] = [json(session(null))];
    const api = server.connect();
    await api.open();
    await api.readSession();
    expect(server.secretsAsked).toBe(1);
    expect(server.seen.at(-1)?.headers.authorization).toBe("DPoP long");
  });

  it("does not go on in a session that the server knows to be for somebody else", async () => {
    server.script["POST /tokens"] = [problem("not-authenticated"), problem("not-allowed")];
    const host = {
      start: { sessionId: "s1", clientSecret: "x" },
      fetchSession: () => Promise.resolve({ sessionId: "s2", clientSecret: "y" }),
    };
    await expect(server.connect(host).open()).rejects.toMatchObject({ code: "session-expired" });
    expect(JSON.parse(String(server.seen[1]?.body))).toEqual({ clientSecret: "y", insteadOf: "s1" });
  });

  it("gets over a moment in which the issuer's page has no secret to give", async () => {
    server.script["POST /tokens"] = [json(tokenAnswer("short", 0)), json(tokenAnswer("long"))];
    server.script["GET /s1"] = [json(session(null))];
    const api = server.connect();
    await api.open();
    server.secretsFailing = 2;
    expect((await api.readSession()).sessionId).toBe("s1");
    expect(server.secretsAsked).toBe(3);
  });

  it("renews a token although the browser has sent the exchange twice, so that its secret has been used", async () => {
    server.script["POST /tokens"] = [
      json(tokenAnswer("short", 0)),
      problem("not-authenticated"),
      json(tokenAnswer("t")),
    ];
    server.script["GET /s1"] = [json(session(null))];
    const api = server.connect();
    await api.open();
    expect((await api.readSession()).sessionId).toBe("s1");
    expect(server.secretsAsked).toBe(2);
  });

  it("does not keep anyone who leaves waiting for the issuer's page", async () => {
    server.script["POST /tokens"] = [json(tokenAnswer("short", 0))];
    const host = { start: { sessionId: "s1", clientSecret: "x" }, fetchSession: () => new Promise<never>(() => {}) };
    const api = server.connect(host);
    await api.open();
    const leaving = new AbortController();
    const reading = api.readSession(leaving.signal);
    leaving.abort();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });

  describe("whose session was ended", () => {
    const other = { sessionId: "s2", clientSecret: "another" };
    const refused = { code: "session-expired" };
    beforeEach(() => {
      delete server.script["POST /tokens"];
      server.script["POST /s1/tokens"] = [json(tokenAnswer("old"))];
    });

    it("goes on in the one that the page gives instead, which is for the same card as the server sees to", async () => {
      server.script["POST /s2/tokens"] = [json(tokenAnswer("new"))];
      server.script["GET /s1"] = [problem("session-expired")];
      server.script["GET /s2"] = [json({ ...session(null), sessionId: "s2" })];
      const api = server.connect({ fetchSession: () => Promise.resolve(other) });
      await api.open();
      expect((await api.readSession()).sessionId).toBe("s2");
      const entered = server.seen.find(({ line }) => line.endsWith("/s2/tokens"));
      expect(JSON.parse(String(entered?.body))).toEqual({ clientSecret: "another", insteadOf: "s1" });
      expect(server.seen.at(-1)?.headers.authorization).toBe("DPoP new");
      await api.readSession();
      expect(server.count("GET /s1")).toBe(1);
    });

    it("has ended where the page gives one for somebody else when the token has to be renewed", async () => {
      server.script["POST /s1/tokens"] = [json(tokenAnswer("short", 0))];
      server.script["POST /s2/tokens"] = [problem("not-allowed")];
      const api = server.connect({ fetchSession: () => Promise.resolve(other) });
      await api.open();
      await expect(api.readSession()).rejects.toMatchObject(refused);
    });

    it("has ended where the page gives one for somebody else instead of an ended one, and says which", async () => {
      server.script["POST /s2/tokens"] = [problem("not-allowed")];
      server.script["GET /s1"] = [problem("session-expired")];
      const api = server.connect({ fetchSession: () => Promise.resolve(other) });
      await api.open();
      await expect(api.readSession()).rejects.toMatchObject({ ...refused, cause: { code: "not-allowed" } });
    });

    it("has ended where the page gives none, the same, or one for somebody else", async () => {
      server.script["POST /s2/tokens"] = [problem("not-allowed")];
      server.script["GET /s1"] = [problem("session-expired")];
      for (const fetchSession of [
        () => Promise.reject(new NoAnswer()),
        () => Promise.resolve({ sessionId: "s1", clientSecret: "y" }),
        () => Promise.resolve(other),
      ]) {
        const api = server.connect({ fetchSession });
        await api.open();
        await expect(api.readSession()).rejects.toMatchObject(refused);
      }
    });
  });

  it("gives up when the new token has run out as well", async () => {
    server.script["GET /s1"] = [problem("token-expired")];
    const api = server.connect();
    await api.open();
    await expect(api.readSession()).rejects.toMatchObject({ code: "token-expired" });
    expect(server.count("GET /s1")).toBe(2);
  });
});

it("leaves nothing behind on a signal that outlives its calls", async () => {
  server.script["GET /s1"] = [json(session(null))];
  const api = server.connect();
  await api.open();
  const { signal } = new AbortController();
  for (let calls = 0; calls < 3; calls += 1) await api.readSession(signal);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

describe("retries", () => {
  it("repeats what may help, within a budget", async () => {
    server.script["GET /s1"] = [problem("overloaded")];
    const api = server.connect();
    await api.open();
    await expect(api.readSession()).rejects.toMatchObject({ code: "overloaded" });
    expect(server.count("GET /s1")).toBe(4);
  });

  it("gets through a connection that breaks twice", async () => {
    server.script["GET /s1"] = [cut, cut, json(session(null))];
    const api = server.connect();
    await api.open();
    expect((await api.readSession()).sessionId).toBe("s1");
  });

  it("does not repeat a refusal", async () => {
    server.script["GET /s1"] = [problem("not-allowed")];
    const api = server.connect();
    await api.open();
    await expect(api.readSession()).rejects.toMatchObject({ code: "not-allowed" });
    expect(server.count("GET /s1")).toBe(1);
  });

  it("takes an answer of another shape for no answer", async () => {
    server.script["GET /s1"] = [json({ hello: "proxy" })];
    const api = server.connect();
    await api.open();
    await expect(api.readSession()).rejects.toBeInstanceOf(NoAnswer);
  });

  it("waits for the platform's preview", async () => {
    const picture: Reply = (response) => response.writeHead(200, { "content-type": "image/png" }).end("PNG");
    server.script["GET /preview"] = [
      problem("preview-not-ready", { "retry-after": "1" }),
      problem("preview-not-ready"),
      picture,
    ];
    const api = server.connect();
    await api.open();
    const blob = await api.readPreview("sub-1", 856, new AbortController().signal);
    expect(await blob.text()).toBe("PNG");
    expect(server.count("GET /preview")).toBe(3);
  });

  it("asks for the preview again when it breaks off in the middle", async () => {
    const half: Reply = (response) => {
      response.writeHead(200, { "content-type": "image/png", "content-length": "100" }).write("PN");
      setTimeout(() => response.destroy(), 20);
    };
    server.script["GET /preview"] = [half, (response) => response.writeHead(200).end("PNG")];
    const api = server.connect();
    await api.open();
    expect(await (await api.readPreview("sub-1", 856, new AbortController().signal)).text()).toBe("PNG");
  });

  it("stops when the screen is left", async () => {
    server.script["GET /preview"] = [problem("preview-not-ready")];
    const api = server.connect();
    await api.open();
    const leaving = new AbortController();
    const reading = api.readPreview("sub-1", 856, leaving.signal);
    leaving.abort();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });
});
