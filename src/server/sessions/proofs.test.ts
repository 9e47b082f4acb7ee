import fc from "fast-check";
import type { FastifyRequest } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { enterSession } from "../testing/issuer.ts";
import { createProver } from "../testing/prover.ts";
import { wrongProofs } from "../testing/wrong-proofs.ts";
import { createNonces, nonceLifeMs } from "./nonces.ts";
import { createSpentProofs } from "./spent-proofs.ts";

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

const prover = createProver();
const target = { method: "PUT", path: "/v1/sessions/ses_1/design", token: "tok_1" };

function read(rawHeaders: readonly string[], { method = "PUT", url = target.path, token = "tok_1" } = {}) {
  return server.parts.proofs.read({ method, url, raw: { rawHeaders } } as unknown as FastifyRequest, token);
}
const good = () => prover.prove({ ...target, nonce: server.parts.proofs.issueNonce() });

describe("a good proof", () => {
  test("passes, under whatever name the header comes and with whatever query", async () => {
    const found = await read(["dPoP", good()], { url: `${target.path}?a=1` });
    expect(found).toMatchObject({ thumbprint: expect.stringMatching(/^[\w-]{43}$/), jti: expect.any(String) });
  });

  test("passes whatever the clock of its phone shows, and whatever Host the server is asked under", async () => {
    for (const iat of [-1e12, 0, 4e9, 1.5]) {
      const proof = prover.prove(target, { claims: { iat } });
      expect(await read(["Host", "10.0.0.7:8080", "DPoP", proof])).toBeDefined();
    }
  });

  test("never passes with any character changed, left out, put in or moved", async () => {
    const proof = good();
    const letter = fc.constantFrom(...Array.from("ABCXYZabcxyz0189-_.=+/ "));
    const place = fc.nat({ max: proof.length - 1 });
    const mutation = fc.oneof(
      fc.tuple(place, letter).map(([at, by]) => proof.slice(0, at) + by + proof.slice(at + 1)),
      fc.tuple(place, letter).map(([at, by]) => proof.slice(0, at) + by + proof.slice(at)),
      place.map((at) => proof.slice(0, at) + proof.slice(at + 1)),
      place.map((at) => proof.slice(0, at)),
      place.map((at) => proof.slice(at) + proof.slice(0, at)),
      fc.constantFrom(`${proof}=`, `${proof}.`, ` ${proof}x`, `${proof}, ${proof}`, proof.toUpperCase()),
    );
    const isAnother = mutation.filter((text) => text !== proof);
    await fc.assert(
      fc.asyncProperty(isAnother, async (text) => {
        expect(await read(["DPoP", text])).toBeUndefined();
      }),
      { numRuns: 500 },
    );
    expect(await read(["DPoP", proof])).toBeDefined();
  });

  test("never passes with any claim or part of its head put in another's place", async () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom("PUT", "tok_1", "ES256", "none", "dpop+jwt", "", null, 0));
    const name = fc.constantFrom("jti", "htm", "htu", "iat", "ath");
    const claims = await Promise.all(
      fc.sample(fc.tuple(name, value), 200).map(async ([one, other]) => {
        const proof = prover.prove(target, { claims: { [one]: other } });
        const found = await read(["DPoP", proof]);
        // A time may be any number, a number of its own any text of its form, and what is the same is right.
        const mayPass =
          (one === "iat" && typeof other === "number") ||
          (one === "jti" && typeof other === "string" && /^[\w-]{16,64}$/.test(other)) ||
          (one === "htm" && other === "PUT");
        return found === undefined || mayPass;
      }),
    );
    expect(claims).not.toContain(false);
    const heads = fc.tuple(fc.constantFrom("typ", "alg", "jwk", "kid", "jku", "x5c", "crit", "b64"), value);
    await fc.assert(
      fc.asyncProperty(
        heads.filter(
          ([one, other]) =>
            JSON.stringify({ [one]: other }) !== "{}" &&
            !(one === "typ" && other === "dpop+jwt") &&
            !(one === "alg" && other === "ES256"),
        ),
        async ([one, other]) => {
          expect(await read(["DPoP", prover.prove(target, { head: { [one]: other } })])).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each(Object.entries(wrongProofs))("does not pass %s", async (_what, change) => {
    const proof = prover.prove(target, typeof change === "function" ? change(prover) : change);
    expect(await read(["DPoP", proof])).toBeUndefined();
  });

  test("does not pass for another method, path or token, nor twice, nor as nothing at all", async () => {
    expect(await read(["DPoP", good()], { method: "POST" })).toBeUndefined();
    expect(await read(["DPoP", good()], { url: `${target.path}/` })).toBeUndefined();
    expect(await read(["DPoP", good()], { token: "tok_2" })).toBeUndefined();
    expect(await read(["DPoP", good(), "dpop", good()])).toBeUndefined();
    expect(await read(["DPoP", ""])).toBeUndefined();
    expect(await read([])).toBeUndefined();
  });

  test("of whatever text, nothing is thrown", async () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.json(), fc.base64String()), { maxLength: 5 });
    const jws = parts.map((all) => all.map((part) => Buffer.from(part).toString("base64url")).join("."));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), jws), async (text) => {
        expect(await read(["DPoP", text])).toBeUndefined();
      }),
    );
  });
});

test("a frame that was loaded from another address is refused, and the log says once which was meant", async () => {
  const other = await openTestApp();
  const frame = await enterSession(await other.app.listen({ host: "127.0.0.1", port: 0 }));
  const path = `/v1/sessions/${frame.sessionId}`;
  // Who has nothing of ours does not tell the operator what to set.
  const strangers = createProver("https://evil.example").show({ method: "GET", path, token: "tok_of_nobody" });
  expect((await other.app.inject({ url: path, headers: strangers })).statusCode).toBe(401);
  for (let n = 0; n < 3; n += 1) {
    const headers = frame.show("GET", path, "https://old.example");
    expect((await other.app.inject({ url: path, headers })).statusCode).toBe(401);
  }
  await other.close();
  const lines = other.logged.filter((line) => line.includes("FULLBLEED_PUBLIC_URL"));
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 40, seen: "https://old.example", expected: "https://cards.example" },
  ]);
});

describe("a nonce", () => {
  let now = 0;
  const nonces = createNonces(Buffer.alloc(32, 1), () => now);
  beforeEach(() => {
    now = Date.UTC(2026, 11, 11, 23, 59);
  });

  test("is good for five minutes, over midnight too, and for every process with the same key", () => {
    const nonce = nonces.issue();
    const issuedAt = now;
    now += nonceLifeMs - 1;
    expect(createNonces(Buffer.alloc(32, 1), () => now).read(nonce)).toBe(issuedAt);
    now += 1;
    expect(nonces.read(nonce)).toBeUndefined();
  });

  test("of a clock that is a little ahead is good, and one of tomorrow is not", () => {
    const nonce = nonces.issue();
    const issuedAt = now;
    now -= 29_000;
    expect(nonces.read(nonce)).toBe(issuedAt);
    now -= 2_000;
    expect(nonces.read(nonce)).toBeUndefined();
  });

  test("that is another's, or is changed anywhere, is none", () => {
    expect(createNonces(Buffer.alloc(32, 2), () => now).read(nonces.issue())).toBeUndefined();
    const nonce = Buffer.from(nonces.issue(), "base64url");
    for (let bit = 0; bit < nonce.byteLength * 8; bit += 1) {
      const changed = Buffer.from(nonce);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(nonces.read(changed.toString("base64url"))).toBeUndefined();
    }
  });
});

describe("what has been used", () => {
  let now = 0;
  beforeEach(() => {
    now = Date.UTC(2026, 11, 11);
  });
  const proof = (jti: string, issuedAt = now, thumbprint = "key") => ({ jti, thumbprint, issuedAt });

  test("cannot be used again, and that of another key can", () => {
    const spent = createSpentProofs(() => now);
    expect(spent.spend(proof("a"))).toBe("first");
    expect(spent.spend(proof("a"))).toBe("again");
    expect(spent.spend(proof("a", now, "other"))).toBe("first");
  });

  test("is never taken again, however many come: at worst those with older nonces have to be made anew", () => {
    const spent = createSpentProofs(() => now, 100);
    const all = Array.from({ length: 1_000 }, (_, n) => proof(`proof-${n}`, now + n));
    for (const one of all) {
      now = one.issuedAt;
      expect(spent.spend(one)).toBe("first");
    }
    const again = all.map((one) => spent.spend(one));
    expect(again).not.toContain("first");
    expect(again.filter((answer) => answer === "again")).toHaveLength(100);
    expect(spent.spend(proof("new", now + 1)), "a nonce of now is good").toBe("first");
  });

  test("before a restart is never taken again, and costs a proof that is made anew", () => {
    const before = proof("a");
    createSpentProofs(() => now).spend(before);
    now += 1_000;
    const spent = createSpentProofs(() => now);
    expect(spent.spend(before)).toBe("outdated");
    expect(spent.spend(proof("a"))).toBe("first");
  });

  test("is never taken again when the clock is set back after it was forgotten", () => {
    const spent = createSpentProofs(() => now);
    now += 1;
    const used = proof("a");
    expect(spent.spend(used)).toBe("first");
    now += nonceLifeMs;
    expect(spent.spend(proof("b"))).toBe("first");
    now -= 60_000;
    expect(spent.spend(used)).toBe("outdated");
    expect(spent.spend(proof("c"))).toBe("first");
  });

  test("is forgotten with its nonce, and a clock that is set back locks nobody out", () => {
    const spent = createSpentProofs(() => now, 2);
    for (const jti of ["a", "b", "c"]) expect(spent.spend(proof(jti, now))).toBe("first");
    now -= 3_600_000;
    expect(spent.spend(proof("d"))).toBe("first");
  });
});
