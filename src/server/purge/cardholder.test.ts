import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import type { CardholderExport, PurgeReport } from "#contracts/purge.ts";
import { readPicture } from "../blobs/pictures.ts";
import { createClientSecret, createSession } from "../sessions/sessions.ts";
import { openStore } from "../store/open.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { designWithId, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { openTenants } from "../testing/issuers.ts";
import { makePicture } from "../testing/picture.ts";

const picture = makePicture();
const order = { reason: "ticket 4711", by: "Ada" };

let server: TestApp;
let url: string;
let frame: Frame;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  frame = await enterSession(url);
});
afterEach(() => server.close());

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${url}/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...asIssuer, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

const rows = () => server.parts.store.selectFrom("submissions").selectAll().execute();
const count = async (table: "designs" | "pictures" | "credentials" | "sessions") =>
  (await server.parts.store.selectFrom(table).selectAll().execute()).length;
const cardholder = async () =>
  (await server.parts.store.selectFrom("sessions").select("cardholder_id").executeTakeFirstOrThrow()).cardholder_id;

test("without confirm nothing is deleted, and the answer says what would be, and what cannot be undone", async () => {
  const { submissionId } = await sendOne(frame, picture);
  await server.parts.store.updateTable("submissions").set({ state: "approved", card_image_id: "img-1" }).execute();
  const id = await cardholder();
  const report = await ask<PurgeReport>(`cardholders/${id}/purge`, order);
  expect(report).toMatchObject({ isDone: false, sessions: 1, designs: 1 });
  expect(report.submissions).toMatchObject([{ submissionId, state: "approved", cardImageId: "img-1" }]);
  expect(report.warnings.join(" ")).toMatch(/made, replaced or reissued/);
  expect(report.warnings.join(" ")).toMatch(/delete it there/);
  const one = await ask<PurgeReport>(`submissions/${submissionId}/purge`, order);
  expect(one).toMatchObject({ isDone: false, sessions: 0, designs: 1, warnings: report.warnings });
  expect([(await rows())[0]?.state, await count("pictures"), await count("designs")]).toEqual(["approved", 1, 1]);
});

test("with confirm, all that is held about the cardholder goes: pictures, designs, and what was to be written for a card", async () => {
  const { submissionId } = await sendOne(frame, picture);
  const unused = await enterSession(url, undefined, undefined, await cardholder());
  await unused.putDesign();
  await server.parts.store
    .updateTable("sessions")
    .set({ data_capture: '{"Name":"Ada"}', hosted: '{"returnUrl":"https://bank.example/?of=ada"}' })
    .execute();
  const id = await cardholder();
  expect(await ask(`cardholders/${id}/purge`, { ...order, confirm: true })).toMatchObject({ isDone: true });
  expect([await count("pictures"), await count("designs"), await count("sessions")]).toEqual([0, 0, 1]);
  expect(await rows()).toMatchObject([{ id: submissionId, state: "purging", agreed_at: null }]);
  const sessions = await server.parts.store.selectFrom("sessions").selectAll().execute();
  expect(sessions).toMatchObject([{ data_capture: "{}", hosted: null, expires_at: 0 }]);
  const row = (await rows())[0];
  expect(row && (await readPicture(server.parts.store, server.parts.blobs, row))).toBe("absent");
  expect(await ask(`cardholders/${id}/purge`, { ...order, confirm: true })).toMatchObject({
    submissions: [],
    sessions: 0,
    designs: 0,
  });
});

test("a draft that was never sent can be read in no file any more once its cardholder is deleted", async () => {
  const folder = await makeTestFolder();
  const draftsServer = await openTestApp({ parts: { store: await openStore(path.join(folder, "db.sqlite")) } });
  onTestFinished(() => draftsServer.close());
  const draftsUrl = await draftsServer.app.listen({ port: 0, host: "127.0.0.1" });
  const drafting = await enterSession(draftsUrl, undefined, undefined, "A1");
  await drafting.putDesign(designWithId("a-draft-of-a-person"));
  const countFiles = async () => {
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name))));
    return files.filter((bytes) => bytes.includes("a-draft-of-a-person")).length;
  };
  expect(await countFiles()).toBeGreaterThan(0);
  const payload = { ...order, confirm: true };
  const answer = await draftsServer.app.inject({
    method: "POST",
    url: "/v1/cardholders/A1/purge",
    headers: asIssuer,
    payload,
  });
  expect([answer.statusCode, await countFiles()]).toEqual([200, 0]);
});

test("while the log of deletions cannot be written, nothing is deleted, and caller and operator are told why", async () => {
  const { submissionId } = await sendOne(frame, picture);
  const file = path.join(server.parts.config.dataFolder, "purges.jsonl");
  await rm(file);
  await mkdir(file);
  const answer = await server.app.inject({
    method: "POST",
    url: `/v1/submissions/${submissionId}/purge`,
    headers: asIssuer,
    payload: { ...order, confirm: true },
  });
  expect(answer.json()).toMatchObject({
    status: 503,
    code: "storage-unavailable",
    detail: expect.stringMatching(/log/),
  });
  expect(answer.body).not.toContain(file);
  expect(server.logged.filter((line) => line.includes("log of deletions cannot be written"))).toHaveLength(1);
  expect([(await rows())[0]?.state, await count("pictures")]).toEqual(["queued", 1]);
});

test("a page that is still open cannot bring anything back", async () => {
  const design = await frame.putDesign();
  const id = await cardholder();
  await ask(`cardholders/${id}/purge`, { ...order, confirm: true });
  expect((await frame.send(picture, design)).status).toBe(401);
  expect([await count("pictures"), await count("designs"), (await rows()).length]).toEqual([0, 0, 0]);
});

test("a session that goes with its cardholder while a secret is asked for has ended, and nothing has failed", async () => {
  const { store, config } = server.parts;
  const session = await store.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
  await ask(`cardholders/${session.cardholder_id}/purge`, { ...order, confirm: true });
  await expect(createClientSecret(server.parts, session)).rejects.toMatchObject({ code: "session-expired" });
  const [issuer] = config.issuers;
  if (issuer === undefined) throw new Error("there is no issuer");
  const request = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
  let deletions: Promise<unknown> = Promise.resolve();
  const now = (): number => {
    deletions = Promise.all([
      deletions,
      store.deleteFrom("credentials").execute(),
      store.deleteFrom("sessions").execute(),
    ]);
    return server.parts.now();
  };
  await createSession({ ...server.parts, now }, issuer, request);
  await deletions;
});

test("a picture that arrives while its cardholder is being deleted is refused, and not kept", async () => {
  const design = await frame.putDesign();
  const { blobs } = server.parts;
  const { put } = blobs;
  const id = await cardholder();
  Object.assign(blobs, {
    async put(bytes: Uint8Array) {
      const sealed = await put(bytes);
      await ask(`cardholders/${id}/purge`, { ...order, confirm: true });
      return sealed;
    },
  });
  const response = await frame.send(picture, design);
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([401, "session-expired"]);
  expect([(await rows()).length, await count("pictures")]).toEqual([0, 0]);
});

test("with one submission go the drafts of its session, but not what another one was made of", async () => {
  const { submissionId } = await sendOne(frame, picture);
  await server.parts.store.updateTable("submissions").set({ state: "rejected" }).execute();
  const { submissionId: second } = await sendOne(frame, makePicture({ shade: 9 }), "key-2");
  const draft = { session_id: frame.sessionId, sha256: "draft", document: "{}", created_at: 0 };
  await server.parts.store.insertInto("designs").values(draft).execute();
  await ask(`submissions/${submissionId}/purge`, { ...order, confirm: true });
  const designs = () => server.parts.store.selectFrom("designs").select("sha256").execute();
  const kept = (await rows()).find(({ id }) => id === second)?.design_sha256;
  expect(await designs()).toEqual([{ sha256: kept }]);
  await ask(`submissions/${second}/purge`, { ...order, confirm: true });
  expect(await designs()).toEqual([]);
});

test("what was to be written for a card goes with the last submission of a session that is over", async () => {
  const { submissionId } = await sendOne(frame, picture);
  await server.parts.store.updateTable("sessions").set({ data_capture: '{"Name":"Ada"}', expires_at: 1 }).execute();
  await ask(`submissions/${submissionId}/purge`, { ...order, confirm: true });
  expect(await server.parts.store.selectFrom("sessions").select("data_capture").execute()).toEqual([
    { data_capture: "{}" },
  ]);
});

test("a clock that has been set back hides nothing of a cardholder", async () => {
  await sendOne(frame, picture);
  const id = await cardholder();
  server.advance(-3_600_000);
  await ask(`cardholders/${id}/purge`, { ...order, confirm: true });
  expect((await rows()).map(({ state }) => state)).toEqual(["purging"]);
});

test("after one submission is deleted, the cardholder is told so and may send another", async () => {
  const { submissionId } = await sendOne(frame, picture);
  await ask(`submissions/${submissionId}/purge`, { ...order, confirm: true });
  const view = await (await frame.get(`/v1/submissions/${submissionId}`)).json();
  expect(view).toMatchObject({ state: "purging", hasPreview: false, rejectionCode: null });
  expect((await frame.get(`/v1/submissions/${submissionId}/preview`)).status).toBe(404);
  expect((await sendOne(frame, makePicture({ shade: 9 }), "key-2")).state).toBe("stored");
});

test("the same picture sent again under its key is not stored anew once it is deleted", async () => {
  const { submissionId } = await sendOne(frame, picture, "the-key");
  await ask(`submissions/${submissionId}/purge`, { ...order, confirm: true });
  expect((await sendOne(frame, picture, "the-key")).submissionId).toBe(submissionId);
  expect(await count("pictures")).toBe(0);
});

test("webhooks and events tell that it was deleted, and nothing of what it was any more", async () => {
  const { submissionId } = await sendOne(frame, picture);
  const detail = JSON.stringify({ rejectionCode: "OTHER", rejectionMemo: "that is my face" });
  await server.parts.store.updateTable("events").set({ detail }).where("to_state", "=", "queued").execute();
  await ask(`submissions/${submissionId}/purge`, { ...order, confirm: true });
  const all = await server.parts.store.selectFrom("events").selectAll().execute();
  expect(JSON.stringify(all)).toContain("OTHER");
  expect(JSON.stringify(all)).not.toContain("my face");
  const { events } = await ask<{ events: { type: string; data: { agreement: unknown } }[] }>("events");
  expect(events.map(({ type }) => type)).toEqual(["submission.stored", "submission.queued", "submission.purging"]);
  expect(events.map(({ data }) => data.agreement)).toEqual([null, null, null]);
});

test("all that is held about a cardholder is handed out, the picture too, until it is deleted", async () => {
  const { submissionId } = await sendOne(frame, picture);
  const id = await cardholder();
  await server.parts.store.updateTable("sessions").set({ other_products: '["photo-portrait"]' }).execute();
  const all = await ask<CardholderExport>(`cardholders/${id}/export`);
  expect(all.sessions).toMatchObject([
    { sessionId: frame.sessionId, otherProductIds: ["photo-portrait"], designs: [{ document: { version: 2 } }] },
  ]);
  expect(all.submissions).toMatchObject([{ submission: { submissionId }, picture: { bytes: picture.byteLength } }]);
  const path = all.submissions[0]?.picture?.path ?? "";
  const response = await fetch(url + path, { headers: asIssuer });
  expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(true);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
  await ask(`cardholders/${id}/purge`, { ...order, confirm: true });
  expect((await ask<CardholderExport>(`cardholders/${id}/export`)).submissions).toMatchObject([{ picture: null }]);
  expect((await fetch(url + path, { headers: asIssuer })).status).toBe(404);
});

test("however much there is of a cardholder, all of it is handed out", async () => {
  const { submissionId } = await sendOne(frame, picture);
  const { store } = server.parts;
  const session = await store.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
  const event = await store.selectFrom("events").selectAll().limit(1).executeTakeFirstOrThrow();
  const many = Array.from({ length: 250 }, (_, n) => n + 1_000);
  await store
    .insertInto("sessions")
    .values(many.map((n) => ({ ...session, id: `ses-${n}` })))
    .execute();
  await store
    .insertInto("events")
    .values(many.map((n) => ({ ...event, seq: n, sequence: n })))
    .execute();
  const all = await ask<CardholderExport>(`cardholders/${session.cardholder_id}/export`);
  expect(all.sessions).toHaveLength(251);
  const exported = all.submissions.find(({ submission }) => submission.submissionId === submissionId);
  expect(exported?.events[0]).toMatchObject({ sequence: 1, to: "stored" });
  expect(exported?.events).toHaveLength(252);
});

test.each(["purge", "export"])("a cardholder of whom nothing is held is not found (%s)", async (what) => {
  const response = await fetch(`${url}/v1/cardholders/nobody/${what}`, {
    headers: { ...asIssuer, ...(what === "purge" && { "content-type": "application/json" }) },
    ...(what === "purge" && { method: "POST", body: JSON.stringify(order) }),
  });
  expect(response.status).toBe(404);
});

test("the same cardholder id with another issuer is another cardholder", async () => {
  const all = await openTenants();
  const [one, ...others] = all.tenants;
  const own = { authorization: `Bearer ${one?.key}` };
  const held = (issuerId: string) =>
    all.server.parts.store
      .selectFrom("submissions")
      .select(["id", "state"])
      .where("cardholder_id", "=", "c-approved")
      .where("issuer_id", "=", issuerId)
      .execute();
  const exported = await all.server.app.inject({ url: "/v1/cardholders/c-approved/export", headers: own });
  for (const other of others) expect(exported.body).not.toContain(other.submissions.approved);
  const answer = await all.server.app.inject({
    method: "POST",
    url: "/v1/cardholders/c-approved/purge",
    headers: own,
    payload: { ...order, confirm: true },
  });
  expect(answer.json<PurgeReport>().submissions).toHaveLength(1);
  expect((await held(one?.id ?? "")).map(({ state }) => state)).toEqual(["purging"]);
  for (const other of others) expect((await held(other.id)).map(({ state }) => state)).toEqual(["approved"]);
  await all.server.close();
});
