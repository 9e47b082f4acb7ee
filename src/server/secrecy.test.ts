import type { InjectOptions } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemTexts } from "#contracts/problem-details.ts";
import type { Provider } from "#providers/provider.ts";
import { createLog } from "./log.ts";
import { createScrub } from "./scrub.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "./testing/app.ts";
import { asIssuer, testEnv } from "./testing/env.ts";
import { createProver } from "./testing/prover.ts";

const handoverKey = `handover "canary" & <one> isn't`;
const secrets = [
  testEnv.FULLBLEED_ISSUER_KEY,
  handoverKey,
  "handover-canary-two",
  testEnv.FULLBLEED_THALES_IMAGE_DELIVERY_KEY,
  testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET,
];
/** What a platform's client library may say when it fails. */
const tactlessTexts = [
  `fetch failed: https://platform.example/GetImage?ImageDeliveryKey=${encodeURIComponent(secrets[3] ?? "")}&x=query-canary`,
  `<handoverKey>handover "canary" &amp; &lt;one&gt; isn't</handoverKey>`,
  "<handoverKey>handover &quot;canary&quot; &amp; &lt;one&gt; isn&apos;t</handoverKey>",
  `{"handoverKey":${JSON.stringify(handoverKey)}}`,
  `Authorization: Bearer ${testEnv.FULLBLEED_ISSUER_KEY}`,
  ...secrets,
];

const provider: Provider = {
  ...absentPlatform,
  name: "tactless",
  send: async () => ({ kind: "unknown", detail: tactlessTexts.join("\n") }),
  getPreview: async () => {
    throw new Error(tactlessTexts.join("\n"));
  },
  readNotification: () => {
    throw new Error(tactlessTexts.join("\n"), { cause: new TypeError(tactlessTexts.join("\n")) });
  },
};

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
});
afterEach(() => server.close());

const canary = /canary/i;
const headers = { ...asIssuer, cookie: "id=cookie-canary" };

describe("secrets appear in no log and no answer", () => {
  test.each([
    [
      "a wrong key",
      401,
      { method: "POST", url: "/v1/sessions", headers: { authorization: "Bearer wrong-key-canary" }, payload: {} },
    ],
    ["a cookie", 200, { method: "GET", url: "/v1/openapi.json", headers: { cookie: "id=cookie-canary" } }],
    ["a query", 200, { method: "GET", url: "/v1/openapi.json?token=query-canary" }],
    ["a query where nothing is", 404, { method: "GET", url: "/canary?token=query-canary" }],
    ["a broken address", 400, { method: "GET", url: "/frame/%E0canary?token=query-canary" }],
    [
      "a body that is no JSON",
      400,
      {
        method: "POST",
        url: "/v1/sessions",
        headers: { ...headers, "content-type": "application/json" },
        payload: "canary",
      },
    ],
    [
      "a body with wrong fields",
      400,
      {
        method: "POST",
        url: "/v1/sessions",
        headers,
        payload: { cardholderId: "body canary", productId: "Canary", locale: "canary!", origins: ["canary"] },
      },
    ],
    [
      "a body with too much",
      413,
      { method: "POST", url: "/v1/sessions", headers, payload: { canary: "canary".repeat(40_000) } },
    ],
    [
      "a body of another kind",
      415,
      {
        method: "POST",
        url: "/v1/sessions",
        headers: { ...headers, "content-type": "text/canary" },
        payload: "canary",
      },
    ],
    [
      "a client secret",
      401,
      { method: "POST", url: "/v1/sessions/ses_1/tokens", payload: { clientSecret: "cs_canary_canary" } },
    ],
    [
      "a failing platform",
      500,
      { method: "POST", url: "/v1/platform/tactless/notifications", payload: { body: "canary" } },
    ],
  ] as const)("with %s", async (_what, status, request) => {
    const answer = await server.app.inject(request as InjectOptions);
    expect(JSON.stringify([answer.headers, answer.body])).not.toMatch(canary);
    expect(answer.statusCode).toBe(status);
    expect(server.logged.join("")).not.toMatch(canary);
  });

  test("and a failure that nobody expected is logged for us, and only an id of it is told", async () => {
    const answer = await server.app.inject({ method: "POST", url: "/v1/platform/tactless/notifications", payload: {} });
    expect(answer.json()).toEqual({
      type: "urn:fullbleed:problem:internal",
      title: "Something went wrong on our side",
      status: 500,
      code: "internal",
      retryable: true,
      detail: problemTexts.internal.help,
    });
    const line = server.logged.map((text) => JSON.parse(text)).find(({ msg }) => msg === "request failed");
    expect(line.requestId).toBe(answer.headers["x-request-id"]);
    expect(line.err.stack).toContain("TypeError");
    expect(line.err.message).toContain("https://platform.example/GetImage?[query]");
  });

  test("and one-time secrets and tokens that were given out are in no log", async () => {
    const payload = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
    const session = (await server.app.inject({ method: "POST", url: "/v1/sessions", headers, payload })).json();
    const url = `/v1/sessions/${session.sessionId}/tokens`;
    const prover = createProver();
    const dpop = prover.prove({ method: "POST", path: url });
    const entering = {
      method: "POST",
      url,
      headers: { dpop },
      payload: { clientSecret: session.clientSecret },
    } as const;
    const { token } = (await server.app.inject(entering)).json();
    const path = "/v1/sessions/ses_other";
    const wrong = prover.show({ method: "GET", path, token, nonce: server.parts.proofs.issueNonce() });
    await server.app.inject({ url: path, headers: wrong });
    const logged = server.logged.join("");
    expect(logged).toContain('"status":403');
    for (const secret of [session.clientSecret, token, dpop, ...wrong.dpop.split(".")])
      expect(logged).not.toContain(secret);
  });
});

describe("the log", () => {
  function capture(record: object, message = "message"): string {
    const lines: string[] = [];
    const log = createLog({
      level: "info",
      scrub: createScrub(secrets),
      destination: { write: (line) => void lines.push(line) },
    });
    log.info(record, message);
    return lines.join("");
  }

  test("stays JSON whatever is taken out of it", () => {
    const line = capture({ detail: tactlessTexts.join("\n") }, tactlessTexts.join(" "));
    expect(line).not.toMatch(canary);
    expect(JSON.parse(line).detail).toContain("[secret]");
  });

  test("hides fields that hold secrets, at any depth where requests carry them", () => {
    const headers = { authorization: "canary", dpop: "canary", cookie: "canary", host: "cards.example" };
    const line = capture({
      req: { headers, url: "/canary" },
      clientSecret: "canary",
      token: "canary",
      handoverKey: "canary",
    });
    expect(line).not.toMatch(canary);
    expect(line).toContain("cards.example");
  });

  test("hides our own tokens and any query string, also inside a longer text", () => {
    const line = capture({
      err: new Error("GET /v1/x?a=canary failed for tok_canarycanary and cs_canarycanary, Bearer canary"),
    });
    expect(line).not.toMatch(canary);
    expect(JSON.parse(line).err.message).toBe("GET /v1/x?[query] failed for [secret] and [secret], Bearer [secret]");
  });

  test("hides proofs of keys, and tokens that are bound to one, and leaves what is said of them", () => {
    const proof = createProver().prove({ method: "GET", path: "/" });
    const line = capture({ err: new Error(`DPoP ${"canary0".repeat(4)} failed with ${proof}`), dpop: "canary" });
    expect(line).not.toMatch(canary);
    for (const part of proof.split(".")) expect(line).not.toContain(part);
    const text = "the header DPoP has no right proof; DPoP-Nonce is new";
    expect(JSON.parse(capture({ detail: text })).detail).toBe(text);
  });

  test("leaves everything else as it is", () => {
    const text = "submission sub_1 is unknown; are you sure? yes/no";
    expect(JSON.parse(capture({ detail: text })).detail).toBe(text);
  });
});
