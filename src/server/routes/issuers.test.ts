import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionSecret } from "#contracts/session.ts";
import { hashSecret } from "../sessions/credentials.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { testEnv } from "../testing/env.ts";
import { listIssuer } from "../testing/listed.ts";
import { createProver } from "../testing/prover.ts";

const products = { "photo-landscape": { provider: "thales", texts: { en: { name: "River card", intro: "Yours." } } } };
const river = listIssuer("river", { products, origins: ["https://river.example"] });
const hill = listIssuer("hill", { products: {} });
const revoked = listIssuer("revoked", { keys: [] });
const wanted = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://river.example"] };

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp({ issuers: [river, hill, revoked].map(({ entry }) => entry) });
});
afterEach(() => server.close());

async function call(path: string, key: string, body: object, more: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${key}`, ...more };
  const answer = await server.app.inject({ method: "POST", url: path, headers, payload: body });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function enter(key: string, body: object = wanted) {
  const { body: session } = await call("/v1/sessions", key, body);
  const { sessionId, clientSecret } = session as SessionSecret;
  const path = `/v1/sessions/${sessionId}/tokens`;
  const dpop = createProver().prove({ method: "POST", path });
  return (await call(path, "", { clientSecret }, { dpop })).body.session;
}

describe("of many issuers", () => {
  test("a session is the one's whose key opens it, with its name and its product's texts", async () => {
    expect(await enter(river.key)).toMatchObject({
      issuerName: "Bank river",
      productTexts: { en: { name: "River card", intro: "Yours." } },
    });
    const own = await enter(testEnv.FULLBLEED_ISSUER_KEY, wanted);
    expect(own).toMatchObject({ issuerName: "Test Bank" });
    expect(own).not.toHaveProperty("productTexts");
    const rows = await server.parts.store.selectFrom("sessions").select("issuer_id").orderBy("created_at").execute();
    expect(rows.map((row) => row.issuer_id).toSorted()).toEqual(["default", "river"]);
  });

  test("each offers its own products", async () => {
    expect(await call("/v1/sessions", hill.key, wanted)).toMatchObject({
      status: 400,
      body: { detail: "body.productId: choose one of none, since none is offered." },
    });
  });

  test("only pages of the origins that an issuer's list has may frame its designer", async () => {
    const other = ["https://river.example", "https://hill.example"];
    const refused = {
      status: 400,
      body: {
        detail:
          "body.origins.1: not among the origins that the server's operator has listed for you: https://river.example.",
      },
    };
    expect(await call("/v1/sessions", river.key, { ...wanted, origins: other })).toMatchObject(refused);
    const { body } = await call("/v1/sessions", river.key, wanted);
    const path = `/v1/sessions/${String(body.sessionId)}/client-secrets`;
    expect(await call(path, river.key, { origins: other })).toMatchObject(refused);
    expect(await call(path, river.key, { origins: ["https://River.example:443"] })).toMatchObject({ status: 201 });
    expect(await call("/v1/sessions", testEnv.FULLBLEED_ISSUER_KEY, { ...wanted, origins: other })).toMatchObject({
      status: 201,
    });
  });

  test("one of the file who takes the default issuer's place is told of its pictures where that one was", async () => {
    const own = listIssuer("default");
    const env = { FULLBLEED_ISSUER_NAME: "", FULLBLEED_ISSUER_KEY: "", FULLBLEED_PROVIDER: "" };
    const moved = await openTestApp({ issuers: [own.entry], env });
    const headers = { "x-notification-secret": own.notificationSecret };
    const payload = { ImageId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", ImageState: "Accepted", RejectionCode: "00" };
    for (const path of ["/v1/platform/thales/notifications", "/v1/issuers/default/platform/thales/notifications"])
      expect((await moved.app.inject({ method: "POST", url: path, headers, payload })).statusCode).toBe(202);
    await moved.close();
  });

  test("what is shorter than a key opens nothing, though the file has its hash, as that of the documentation's example", async () => {
    const entries = ["foo", "k".repeat(31), "k".repeat(32)].map((key) => [key, `sha256:${hashSecret(key)}`] as const);
    const issuers = entries.map(([, hash], index) => listIssuer(`bank-${index}`, { keys: [hash] }).entry);
    const other = await openTestApp({ issuers });
    const status = async (key: string): Promise<number> => {
      const headers = { authorization: `Bearer ${key}` };
      return (await other.app.inject({ url: "/v1/submissions", headers })).statusCode;
    };
    expect(await Promise.all(entries.map(([key]) => status(key)))).toEqual([401, 401, 200]);
    await other.close();
  });

  test("one whose keys are revoked, and one who is not there, are told the same", async () => {
    const answers = await Promise.all(
      [revoked.key, "nobody".repeat(8)].map((key) => call("/v1/sessions", key, wanted)),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 401, body: { detail: "The secret key is not an issuer's." } });
  });

  test("the platform of each tells at an address of its own, with a secret of its own", async () => {
    const notify = async (id: string, secret: string, name = "thales") => {
      const url = `/v1/issuers/${id}/platform/${name}/notifications`;
      const headers = { "x-notification-secret": secret };
      const payload = { ImageId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", ImageState: "Accepted", RejectionCode: "00" };
      const { statusCode, body } = await server.app.inject({ method: "POST", url, headers, payload });
      return `${statusCode} ${body.replace(/"(instance|requestId)":"[^"]*",?/g, "")}`;
    };
    expect(await notify("river", river.notificationSecret)).toBe("202 null");
    const unlike = { url: "/v1/issuers/river/platform/thales/notifications", method: "POST", payload: {} } as const;
    await server.app.inject({ ...unlike, headers: { "x-notification-secret": river.notificationSecret } });
    const line = server.logged.find((one) => one.includes("a notification is not understood")) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({ issuerId: "river", platform: "thales" });
    const refused = await notify("river", hill.notificationSecret);
    expect(refused).toContain("401 ");
    // Who has no secret is not told which issuers and platforms there are.
    expect(await notify("nobody", hill.notificationSecret)).toBe(refused);
    expect(await notify("river", river.notificationSecret, "synctera")).toBe(refused);
    expect(JSON.stringify((await server.app.inject("/v1/openapi.json")).json())).not.toContain("river");
  });
});
