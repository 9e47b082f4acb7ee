import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildApp } from "./app.ts";
import { createCourier } from "./delivery/courier.ts";
import type { App } from "./parts.ts";
import { schedule } from "./jobs/jobs.ts";
import { createProviders } from "./providers.ts";
import { sha256Of } from "./testing/picture.ts";
import { openTenants, type Tenant, type Tenants } from "./testing/issuers.ts";

let all: Tenants;
let river: Tenant;
/** The server after a start without the issuer river. */
let later: App;
let parts: Tenants["server"]["parts"];

beforeEach(async () => {
  all = await openTenants();
  const { config } = all.server.parts;
  river = all.tenants.find(({ id }) => id === "river")!;
  const issuers = config.issuers.filter(({ id }) => id !== "river");
  parts = { ...all.server.parts, config: { ...config, issuers }, providers: await createProviders({ issuers }, fetch) };
  later = await buildApp(parts);
});
afterEach(async () => {
  await later.close();
  await all.server.close();
});

async function ask(
  method: "GET" | "POST",
  url: string,
  bearer = "none",
  payload?: object,
  headers = {},
): Promise<string> {
  const given = { authorization: `Bearer ${bearer}`, ...headers };
  const { statusCode, body } = await later.inject({ method, url, headers: given, ...(payload && { payload }) });
  return `${statusCode} ${body.startsWith("{") ? String((JSON.parse(body) as { code?: string }).code) : ""}`.trim();
}

test("an issuer whose keys are revoked can do nothing, and its cardholders finish what they have begun", async () => {
  const { config } = all.server.parts;
  const issuers = config.issuers.map((one) => (one.id === "river" ? { ...one, keyHashes: [] } : one));
  await later.close();
  later = await buildApp({ ...all.server.parts, config: { ...config, issuers } });
  expect(await ask("GET", "/v1/submissions", river.key)).toBe("401 not-authenticated");
  const { sessionId, token, clientSecret } = river.sessions.approved;
  expect(await ask("GET", `/v1/sessions/${sessionId}`, token)).toMatch(/^200/);
  expect(await ask("POST", `/v1/sessions/${sessionId}/tokens`, "none", { clientSecret })).toMatch(/^201/);
});

describe("an issuer who is taken out of the file", () => {
  test("is not known by its keys, and its platform not by its secret", async () => {
    expect(await ask("GET", "/v1/submissions", river.key)).toBe("401 not-authenticated");
    const secret = { "x-notification-secret": river.notificationSecret };
    const path = "/v1/issuers/river/platform/thales/notifications";
    expect(await ask("POST", path, "none", { ImageId: "x" }, secret)).toBe("401 not-authenticated");
  });

  test("has its cardholders' sessions ended, as if their time were up", async () => {
    const { sessionId, token, clientSecret } = river.sessions.approved;
    const path = `/v1/sessions/${sessionId}`;
    expect(await ask("GET", path, token)).toBe("401 session-expired");
    expect(await ask("GET", `/v1/submissions/${river.submissions.approved}`, token)).toBe("401 session-expired");
    expect(await ask("POST", `${path}/tokens`, "none", { clientSecret })).toBe("401 session-expired");
    expect(await ask("GET", `/frame/${sessionId}`)).toBe("410");
    const other = all.tenants.find(({ id }) => id === "hill")!.sessions.approved;
    expect(await ask("GET", `/v1/sessions/${other.sessionId}`, other.token)).toMatch(/^200/);
  });

  test("keeps its rows; its pictures wait, and the log says why", async () => {
    const { store } = parts;
    const row = store.selectFrom("submissions").selectAll().where("id", "=", river.submissions.queued);
    const courier = createCourier({ ...parts, sendTimeoutMs: 1_000, policy: { pollMs: 20 } });
    const { issuer_id, provider, product_id } = await row.executeTakeFirstOrThrow();
    const picture = Buffer.from("a picture");
    await store
      .updateTable("submissions")
      .set({ picture_sha256: sha256Of(picture) })
      .where("id", "=", river.submissions.queued)
      .execute();
    const { file, key } = await parts.blobs.put(picture);
    await store.insertInto("pictures").values({ submission_id: river.submissions.queued, file, key }).execute();
    await store
      .transaction()
      .execute((trx) => schedule(trx, "send", { id: river.submissions.queued, issuer_id, provider, product_id }, 0, 0));
    await courier.start();
    const why = "the issuer is not in the configuration any more";
    await expect.poll(() => all.server.logged.join("")).toContain(`"detail":"${why}"`);
    await courier.stop();
    expect(await row.executeTakeFirst()).toMatchObject({ state: "queued", attempts: 1 });
    expect(await store.selectFrom("submissions").select("id").where("issuer_id", "=", "river").execute()).toHaveLength(
      8,
    );
  });
});
