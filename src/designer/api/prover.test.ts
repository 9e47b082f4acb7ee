import { calculateJwkThumbprint, compactVerify, EmbeddedJWK } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProver } from "./prover.ts";
import {
  json,
  openScriptedServer,
  problem,
  type ScriptedServer,
  session,
  tokenAnswer,
} from "./testing/scripted-server.ts";

/** As another library reads it. */
async function read(jws: unknown) {
  const { payload, protectedHeader } = await compactVerify(String(jws), EmbeddedJWK, { algorithms: ["ES256"] });
  return { head: protectedHeader, claims: JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown> };
}

describe("a proof", () => {
  it("is for one call with one token, and of a key whose private part is not in it", async () => {
    const prover = createProver("https://cards.example");
    prover.note("nonce-1");
    const { head, claims } = await read(await prover.prove("PUT", "/v1/x?y=1", "tok_1"));
    expect(head).toEqual({
      typ: "dpop+jwt",
      alg: "ES256",
      jwk: { kty: "EC", crv: "P-256", x: expect.any(String), y: expect.any(String) },
    });
    expect(claims).toEqual({
      jti: expect.stringMatching(/^[\w-]{22}$/),
      htm: "PUT",
      htu: "https://cards.example/v1/x",
      iat: expect.any(Number),
      // printf tok_1 | openssl dgst -sha256 -binary | base64url
      ath: "YGBEyEl6bofRsB_plRtsePw3A6fi0gRAclPwm8Ffur4",
      nonce: "nonce-1",
    });
  });

  it("is never the same, and always of the same key", async () => {
    const prover = createProver("https://cards.example");
    const proofs = await Promise.all([1, 2, 3].map(() => prover.prove("GET", "/")));
    const all = await Promise.all(proofs.map(read));
    expect(new Set(all.map(({ claims }) => claims["jti"])).size).toBe(3);
    const thumbprints = all.map(({ head }) => calculateJwkThumbprint(head.jwk ?? {}));
    expect(new Set(await Promise.all(thumbprints)).size).toBe(1);
  });

  it("is of a key that cannot be taken out, nor be used for anything else", async () => {
    const made = vi.spyOn(crypto.subtle, "generateKey");
    await createProver("https://cards.example").prove("GET", "/");
    const pair = (await made.mock.results[0]?.value) as CryptoKeyPair | undefined;
    expect(pair?.privateKey).toMatchObject({ extractable: false, usages: ["sign"] });
    made.mockRestore();
  });

  it("that a browser cannot make is told as such", async () => {
    const none = vi.spyOn(crypto.subtle, "generateKey").mockRejectedValue(new Error("not supported"));
    await expect(createProver("https://cards.example").prove("GET", "/")).rejects.toThrow("not supported");
    none.mockRestore();
  });
});

describe("of calls", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await openScriptedServer();
  });
  afterEach(() => server.close());

  const proofs = async () =>
    Promise.all(server.seen.map(async ({ line, headers }) => ({ line, ...(await read(headers["dpop"])).claims })));

  it("each has a proof of its own, for its method and its address without the query", async () => {
    server.script["GET /s1"] = [json(session(null))];
    server.script["GET /preview"] = [(response) => response.end("PNG")];
    const api = server.connect();
    await api.open();
    await api.readSession();
    await api.readPreview("sub-1", 856, new AbortController().signal);
    const all = await proofs();
    expect(
      all.map(({ line, ...claims }) => [
        line.split("?")[0],
        `${String((claims as { htm?: string }).htm)} ${String((claims as { htu?: string }).htu)}`,
      ]),
    ).toEqual(
      ["POST /v1/sessions/s1/tokens", "GET /v1/sessions/s1", "GET /v1/submissions/sub-1/preview"].map((line) => {
        const [method = "", path = ""] = line.split(" ");
        return [line, `${method} ${server.baseUrl}${path}`];
      }),
    );
  });

  it("the next has the nonce of the answer before, whatever that was", async () => {
    server.script["POST /tokens"] = [json(tokenAnswer("t"), 201, { "dpop-nonce": "one" })];
    server.script["GET /s1"] = [problem("overloaded", { "dpop-nonce": "two" }), json(session(null))];
    const api = server.connect();
    await api.open();
    await api.readSession();
    expect((await proofs()).map((claims) => (claims as { nonce?: string }).nonce)).toEqual([undefined, "one", "two"]);
  });

  it("one whose nonce was too old is made once more at once, and nobody is told", async () => {
    const outdated = problem("proof-outdated", { "dpop-nonce": "new" });
    server.script["POST /tokens"] = [outdated, json(tokenAnswer("t"))];
    server.script["GET /s1"] = [outdated, json(session(null))];
    const api = server.connect();
    await api.open();
    await api.readSession();
    expect(server.pauses).toEqual([]);
    expect(server.secretsAsked).toBe(0);
    const used = (await proofs()).map((claims) => (claims as { nonce?: string }).nonce);
    expect(used).toEqual([undefined, "new", "new", "new"]);
  });

  it("one that is refused so again and again, as by servers that do not know each other, is made later and no end of the visit", async () => {
    const outdated = problem("proof-outdated", { "dpop-nonce": "new" });
    server.script["GET /s1"] = [outdated, outdated, json(session(null))];
    const api = server.connect();
    await api.open();
    await api.readSession();
    expect(server.pauses).toHaveLength(1);
  });
});
