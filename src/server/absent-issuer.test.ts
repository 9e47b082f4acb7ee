import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildApp } from "./app.ts";
import { createCourier } from "./delivery/courier.ts";
import type { App } from "./parts.ts";
import { schedule } from "./jobs/jobs.ts";
import { createProviders } from "./providers.ts";
import type { JobKind } from "./store/schema.ts";
import { enterSession } from "./testing/issuer.ts";
import { openTenants, type Tenant, type Tenants } from "./testing/issuers.ts";
import { makePicture, sha256Of } from "./testing/picture.ts";

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
  const { sessionId, clientSecret, show, prover } = river.sessions.approved;
  const path = `/v1/sessions/${sessionId}`;
  expect(await ask("GET", path, "", undefined, show("GET", path))).toMatch(/^200/);
  const dpop = prover.prove({ method: "POST", path: `${path}/tokens` });
  expect(await ask("POST", `${path}/tokens`, "none", { clientSecret }, { dpop })).toMatch(/^201/);
});

async function listFiles(): Promise<string[]> {
  const found: string[] = [];
  for await (const files of all.server.parts.blobs.list()) found.push(...files);
  return found;
}

test("a card that its issuer offers no more ends the sessions that are for it: no picture is kept for nobody", async () => {
  const frame = await enterSession(await all.server.app.listen({ host: "127.0.0.1", port: 0 }), river.key);
  const designSha256 = await frame.putDesign();
  const before = await listFiles();
  const issuers = all.server.parts.config.issuers.map((one) => (one.id === "river" ? { ...one, products: {} } : one));
  const { store } = all.server.parts;
  const without = await buildApp({ ...all.server.parts, providers: await createProviders({ issuers }, fetch) });
  const picture = Buffer.from(makePicture());
  const { body } = await without.inject({
    method: "POST",
    url: `/v1/sessions/${frame.sessionId}/submissions`,
    headers: frame.headersFor(picture, designSha256),
    payload: picture,
  });
  await without.close();
  expect(JSON.parse(body)).toMatchObject({
    code: "session-expired",
    detail: "The issuer does not offer this card any more.",
  });
  expect(
    await store.selectFrom("submissions").select("id").where("session_id", "=", frame.sessionId).execute(),
  ).toEqual([]);
  expect(await listFiles()).toEqual(before);
});

describe("an issuer who is taken out of the file", () => {
  test("is not known by its keys, and its platform not by its secret", async () => {
    expect(await ask("GET", "/v1/submissions", river.key)).toBe("401 not-authenticated");
    const secret = { "x-notification-secret": river.notificationSecret };
    const path = "/v1/issuers/river/platform/thales/notifications";
    expect(await ask("POST", path, "none", { ImageId: "x" }, secret)).toBe("401 not-authenticated");
  });

  test("has its cardholders' sessions ended, as if their time were up", async () => {
    const { sessionId, clientSecret, prover } = river.sessions.approved;
    const path = `/v1/sessions/${sessionId}`;
    const look = (at: string, { show } = river.sessions.approved) => ask("GET", at, "", undefined, show("GET", at));
    expect(await look(path)).toBe("401 session-expired");
    expect(await look(`/v1/submissions/${river.submissions.approved}`)).toBe("401 session-expired");
    const dpop = prover.prove({ method: "POST", path: `${path}/tokens` });
    expect(await ask("POST", `${path}/tokens`, "none", { clientSecret }, { dpop })).toBe("401 session-expired");
    expect(await ask("GET", `/frame/${sessionId}`)).toBe("410");
    const other = all.tenants.find(({ id }) => id === "hill")!.sessions.approved;
    expect(await look(`/v1/sessions/${other.sessionId}`, other)).toMatch(/^200/);
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

  test("loses no patience meanwhile: what is looked for, written, decided and asked about waits as it is", async () => {
    const { store } = parts;
    const kinds = ["resolve", "decide", "annotate", "poll"] as const;
    const plan = async (id: string, of: readonly JobKind[], at: number) => {
      const row = await store.selectFrom("submissions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
      await store.transaction().execute(async (trx) => {
        for (const kind of of) await schedule(trx, kind, row, at, 0, 0);
      });
    };
    const jobs = store.selectFrom("jobs").select(["kind", "attempt", "run_at"]);
    await plan(river.submissions.unknown, kinds, 0);
    // Taken up last, and done at once.
    const hill = all.tenants.find(({ id }) => id === "hill")!;
    await plan(hill.submissions.rejected, ["poll"], 1);
    const courier = createCourier({ ...parts, sendTimeoutMs: 1_000, policy: { pollMs: 20, askPaceMs: 1 } });
    await courier.start();
    await expect.poll(() => jobs.where("submission_id", "=", hill.submissions.rejected).execute()).toEqual([]);
    await courier.stop();
    const left = await jobs.orderBy("id").execute();
    expect(left.toSorted((a, b) => kinds.indexOf(a.kind as "poll") - kinds.indexOf(b.kind as "poll"))).toEqual(
      kinds.map((kind) => ({ kind, attempt: 0, run_at: 0 })),
    );
  });
});
