import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp({
    env: { FULLBLEED_RETURN_ORIGINS: "https://bank.example, mybank://cards", FULLBLEED_SESSION_SECONDS: "3600" },
  });
});
afterEach(() => server.close());

const returnUrl = "https://bank.example/cards?from=designer";

function open(body: object) {
  const payload = { cardholderId: "A1", productId: "photo-landscape", ...body };
  return server.app.inject({ method: "POST", url: "/v1/sessions", headers: asIssuer, payload });
}

const keys = (letter: string): string => `hpk_${letter.repeat(43)}`;
const ownKey = keys("k");

function openPage(code: string | undefined, key = ownKey) {
  return server.app.inject({ method: "POST", url: "/v1/hosted-pages", payload: { code, key } });
}

async function openHosted(hosted: object = { returnUrl }): Promise<{ code: string; sessionId: string }> {
  const { hostedUrl = "", sessionId } = (await open({ hosted })).json();
  const [address, code = ""] = hostedUrl.split("#");
  expect(address).toBe("https://cards.example/hosted");
  return { code, sessionId };
}

describe("a session that a page of ours shows", () => {
  test("needs no page of the issuer's", async () => {
    const answer = await open({ hosted: { returnUrl } });
    expect(answer.statusCode).toBe(201);
    expect(answer.json().hostedUrl).toMatch(/^https:\/\/cards\.example\/hosted#hpc_[\w-]{43}$/);
  });

  test("may be framed by our own page, beside those of the issuer", async () => {
    const { sessionId } = (await open({ origins: ["https://bank.example"], hosted: { returnUrl } })).json();
    const { headers } = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(headers["content-security-policy"]).toContain("frame-ancestors https://bank.example https://cards.example;");
  });

  test("is framed by our own page only where it was asked for", async () => {
    const { sessionId } = (await open({ origins: ["https://bank.example"] })).json();
    const { headers } = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(headers["content-security-policy"]).toContain("frame-ancestors https://bank.example;");
  });

  test("one that nobody could show is refused with what to give", async () => {
    const answer = await open({});
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain(
      "body.origins: name the pages that may frame the designer, or give `hosted`",
    );
  });

  test("gets another address with another client secret", async () => {
    const { sessionId } = (await open({ origins: ["https://bank.example"] })).json();
    const url = `/v1/sessions/${sessionId}/client-secrets`;
    const payload = { hosted: { returnUrl } };
    const answer = await server.app.inject({ method: "POST", url, headers: asIssuer, payload });
    const code = answer.json().hostedUrl.split("#")[1];
    expect((await openPage(code)).json()).toMatchObject({ sessionId, returnUrl });
  });
});

test("a change that is refused changes nothing", async () => {
  const { sessionId } = (await open({ origins: ["https://bank.example"] })).json();
  const payload = { origins: ["https://other.example"], hosted: { returnUrl: "https://evil.example" } };
  const url = `/v1/sessions/${sessionId}/client-secrets`;
  expect((await server.app.inject({ method: "POST", url, headers: asIssuer, payload })).statusCode).toBe(400);
  const { headers } = await server.app.inject({ url: `/frame/${sessionId}` });
  expect(headers["content-security-policy"]).toContain("frame-ancestors https://bank.example;");
});

describe("texts and colours of the issuer's", () => {
  const texts = (count: number, letters: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`text.${index}`, letters]));

  test("come through as they are, as many as may be", async () => {
    const messages = texts(10, "\u0001".repeat(1_590));
    const theme = texts(40, "\u0001".repeat(90));
    const { code } = await openHosted({ returnUrl, messages, theme });
    expect((await openPage(code)).json()).toMatchObject({ messages, theme });
  });

  test.each([
    ["messages", texts(201, "x"), "body.hosted.messages: at most 200 texts."],
    ["messages", texts(10, "x".repeat(1_600)), "body.hosted.messages: at most 16000 characters in all"],
    ["theme", texts(40, "x".repeat(100)), "body.hosted.theme: at most 4000 characters in all"],
  ])("too many %s are refused with how many may be", async (name, values, expected) => {
    const answer = await open({ hosted: { returnUrl, [name]: values } });
    expect([answer.statusCode, answer.json().detail]).toEqual([400, expect.stringContaining(expected)]);
  });
});

describe("the way back", () => {
  test.each([
    "https://bank.example",
    "https://bank.example/cards?x=1#top",
    "HTTPS://BANK.example:443/",
    "mybank://cards/done",
  ])("may lead to %s", async (address) => {
    expect((await open({ hosted: { returnUrl: address } })).statusCode).toBe(201);
  });

  test.each([
    "https://bank.example.evil.example/",
    "https://bank.example@evil.example/",
    "https://user@bank.example/",
    "https://:secret@bank.example/",
    "https://evil.example/?https://bank.example",
    "http://bank.example/",
    "//bank.example/",
    "https:\\\\evil.example/",
    "https://bank.example\n.evil.example/",
    "javascript://bank.example/%0aalert(1)",
    "data:text/html,x",
    "mybank://other/done",
    "mybank:cards",
    "file:///etc/passwd",
    "",
  ])("never leads to %j", async (address) => {
    const answer = await open({ hosted: { returnUrl: address } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("body.hosted.returnUrl");
  });

  test("is refused where the operator has listed none, with the setting to set", async () => {
    await server.close();
    server = await openTestApp();
    const answer = await open({ hosted: { returnUrl } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("FULLBLEED_RETURN_ORIGINS");
  });
});

describe("the code in the address", () => {
  test("opens the designer once, with what the page is to look like", async () => {
    const look = { theme: { accent: "#0a7" }, messages: { "pick.title": "Your picture" } };
    const { code, sessionId } = await openHosted({ returnUrl, ...look });
    const answer = await openPage(code);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ sessionId, returnUrl, issuerName: "Test Bank", locale: "", ...look });
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect((await openPage(code, keys("o"))).json().code).toBe("not-authenticated");
  });

  test("opens it again with the same key: an answer may get lost on its way", async () => {
    const { code, sessionId } = await openHosted();
    await openPage(code);
    const again = await openPage(code);
    expect(again.statusCode).toBe(201);
    expect(again.json()).toMatchObject({ sessionId });
  });

  test.each(["", "hpk_short", "x".repeat(47), keys("!")])("is refused with %j in place of a key", async (key) => {
    const { code } = await openHosted();
    expect((await openPage(code, key)).statusCode).toBe(400);
    expect((await openPage(code)).statusCode).toBe(201);
  });

  test("of two who show it at once, one gets in", async () => {
    const { code } = await openHosted();
    const answers = await Promise.all(["a", "b", "c"].map((letter) => openPage(code, keys(letter))));
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 401, 401]);
  });

  test("runs out as a client secret does", async () => {
    const { code } = await openHosted();
    server.advance(600_001);
    expect((await openPage(code)).json().code).toBe("not-authenticated");
  });

  test("makes the key good until the session ends, each time with a new secret", async () => {
    const { code } = await openHosted();
    const { clientSecret } = (await openPage(code)).json();
    server.advance(1_200_000);
    const again = (await openPage(undefined)).json();
    expect(again.clientSecret).toMatch(/^cs_/);
    expect(again.clientSecret).not.toBe(clientSecret);
    server.advance(3_000_000);
    expect((await openPage(undefined)).json().code).toBe("session-expired");
  });

  test("neither it nor the key is good for anything else, nor anything else for it", async () => {
    const { code, sessionId } = await openHosted();
    const { clientSecret } = (await openPage(code)).json();
    const url = `/v1/sessions/${sessionId}/tokens`;
    for (const secret of [code, ownKey]) {
      const payload = { clientSecret: secret };
      expect((await server.app.inject({ method: "POST", url, payload })).statusCode).toBe(401);
      const headers = { authorization: `Bearer ${secret}` };
      expect((await server.app.inject({ url: `/v1/sessions/${sessionId}`, headers })).statusCode).toBe(401);
    }
    expect((await openPage(clientSecret, keys("o"))).statusCode).toBe(401);
  });

  test("opens nothing once the issuer has ended the session", async () => {
    const { code, sessionId } = await openHosted();
    await openPage(code);
    await server.app.inject({ method: "DELETE", url: `/v1/sessions/${sessionId}`, headers: asIssuer });
    expect((await openPage(undefined)).json().code).toBe("session-expired");
  });

  test("is in no log and no row", async () => {
    const { code } = await openHosted();
    await openPage(code);
    await openPage(`${code}x`, keys("o"));
    const rows = JSON.stringify(await server.parts.store.selectFrom("credentials").selectAll().execute());
    for (const secret of [code, ownKey]) {
      expect(server.logged.join("\n")).not.toContain(secret);
      expect(rows).not.toContain(secret);
    }
  });

  test("guessing is limited as for any other secret", async () => {
    const codes = [];
    for (let index = 0; index < 12; index += 1) codes.push((await openPage(`hpc_${index}`)).statusCode);
    expect(codes.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(codes.at(-1)).toBe(429);
    const { code } = await openHosted();
    expect((await openPage(code)).statusCode, "a right one gets in from there too").toBe(201);
  });

  test("one that has been used is no guess", async () => {
    const { code } = await openHosted();
    await openPage(code);
    for (let index = 0; index < 15; index += 1) expect((await openPage(code, keys("o"))).statusCode).toBe(401);
  });
});

test("the page runs and asks nothing but our own server, and nobody frames it", async () => {
  const answer = await server.app.inject({ url: "/hosted" });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-security-policy"]).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  expect(answer.headers["cache-control"]).toBe("no-store");
  const script = await server.app.inject({ url: "/hosted/assets/index-1a2b.js" });
  expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  for (const url of ["/hosted/index.html", "/hosted/assets/index-1a2b.js.map"])
    expect((await server.app.inject({ url })).statusCode).toBe(404);
});

describe("an app's web view", () => {
  test.each(["capacitor://localhost", "ionic://localhost", "bank-app://web"])(
    "at %s may frame the designer",
    async (origin) => {
      const { sessionId } = (await open({ origins: [origin] })).json();
      const { headers } = await server.app.inject({ url: `/frame/${sessionId}` });
      expect(headers["content-security-policy"]).toContain(`frame-ancestors ${origin};`);
    },
  );

  test.each([
    "http://bank.example",
    "ws://bank.example",
    "file://localhost",
    "data://x",
    "chrome-extension://abcdef",
    "edge://settings",
    "intent://x",
    "javascript://x",
  ])("%s is no origin of one", async (origin) => {
    const answer = await open({ origins: [origin] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toContain("body.origins.0");
  });
});
