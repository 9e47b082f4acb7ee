import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CardholderExport, PurgeReport } from "#contracts/purge.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { draftOf, leaveDraft, makePhoto, putPhoto } from "../testing/drafts.ts";
import { asIssuer } from "../testing/env.ts";
import { openTenants } from "../testing/issuers.ts";
import { enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";
import type { AssetTable, DraftTable } from "../store/drafts-schema.ts";
import { replayPurges } from "./replay.ts";

const photo = makePhoto();
let server: TestApp;
let url: string;
let frame: Frame;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  frame = await enterSession(url, undefined, undefined, "c-one");
});
afterEach(() => server.close());

async function ask<Answer>(below: string, body?: object): Promise<Answer> {
  const headers = { ...asIssuer, ...(body && { "content-type": "application/json" }) };
  const payload = body && JSON.stringify({ reason: "ticket 4711", ...body });
  const response = await fetch(`${url}/v1/${below}`, {
    method: payload === undefined ? "GET" : "POST",
    headers,
    ...(payload !== undefined && { body: payload }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

interface Rows {
  readonly drafts: DraftTable[];
  readonly assets: AssetTable[];
}
async function readRows(): Promise<Rows> {
  const { store } = server.parts;
  const columns = ["issuer_id", "cardholder_id", "product_id", "sha256"] as const;
  return {
    drafts: await store.selectFrom("drafts").selectAll().execute(),
    assets: await store
      .selectFrom("assets")
      .select([...columns, "bytes", "media_type", "file", "key", "stored_at", "unused_since"])
      .execute(),
  };
}
async function putBack({ drafts, assets }: Rows): Promise<void> {
  if (drafts.length > 0) await server.parts.store.insertInto("drafts").values(drafts).execute();
  await server.parts.store.insertInto("assets").values(assets).execute();
}
const countFiles = async () => {
  const folder = path.join(server.parts.config.dataFolder, "pictures");
  return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).length;
};
const context = () => ({ ...server.parts, policy: { quietWindowMs: 0 } });
const nothing: Rows = { drafts: [], assets: [] };

test("all of a cardholder that is held has drafts and photos in it, also when no session is left", async () => {
  await leaveDraft(frame);
  await server.parts.store.deleteFrom("credentials").execute();
  await server.parts.store.deleteFrom("sessions").execute();
  const { drafts, photos } = await ask<CardholderExport>("cardholders/c-one/export");
  expect(drafts).toMatchObject([{ productId: "photo-landscape", document: draftOf(photo) }]);
  expect(photos).toMatchObject([{ sha256: sha256Of(photo), bytes: photo.length, mediaType: "image/png" }]);
  const found = await fetch(url + photos[0]?.path, { headers: asIssuer });
  expect(Buffer.from(await found.arrayBuffer()).equals(photo)).toBe(true);
  const report = await ask<PurgeReport>("cardholders/c-one/purge", {});
  expect(report).toMatchObject({ drafts: 1, photos: 1, sessions: 0 });
  expect((await readRows()).drafts).toHaveLength(1);
  await ask("cardholders/c-one/purge", { confirm: true });
  expect([await readRows(), await countFiles()]).toEqual([nothing, 0]);
});

test("a cardholder's photo on its way when all of theirs is deleted is not kept", async () => {
  await leaveDraft(frame);
  await ask("cardholders/c-one/purge", { confirm: true });
  expect((await putPhoto(frame, makePhoto(2))).status).toBe(401);
  expect([await readRows(), await countFiles()]).toEqual([nothing, 0]);
});

test("one submission's deletion takes the draft that it was made of", async () => {
  await leaveDraft(frame);
  const { submissionId } = await sendOne(frame, makePicture());
  expect(await ask(`submissions/${submissionId}/purge`, {})).toMatchObject({ drafts: 1, photos: 1 });
  await ask(`submissions/${submissionId}/purge`, { confirm: true });
  expect(await readRows()).toEqual(nothing);
});

test("what its cardholder deletes goes at once, and does not come back with a backup; what came later stays", async () => {
  await leaveDraft(frame);
  await putPhoto(frame, makePhoto(2));
  const before = await readRows();
  expect((await frame.ask("DELETE draft")).status).toBe(204);
  expect([await readRows(), await countFiles()]).toEqual([nothing, 0]);
  expect((await frame.ask("DELETE draft")).status).toBe(204);
  const log = await readFile(path.join(server.parts.config.dataFolder, "purges.jsonl"), "utf8");
  expect(
    log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([{ at: server.parts.now(), issuerId: "default", draftOf: "c-one", productId: "photo-landscape" }]);
  // A backup of before, which knows of no deletion.
  await server.parts.store.updateTable("applied_purges").set({ log: "", position: 0 }).execute();
  await putBack(before);
  await replayPurges(context());
  expect(await readRows()).toEqual(nothing);
  server.advance(1_000);
  await leaveDraft(frame, makePhoto(3));
  await server.parts.store.updateTable("applied_purges").set({ log: "", position: 0 }).execute();
  await replayPurges(context());
  expect((await readRows()).drafts).toHaveLength(1);
});

test("a draft of a deleted cardholder does not come back with a backup", async () => {
  await leaveDraft(frame);
  const before = await readRows();
  await ask("cardholders/c-one/purge", { confirm: true });
  await server.parts.store.updateTable("applied_purges").set({ log: "", position: 0 }).execute();
  await putBack(before);
  await replayPurges(context());
  expect(await readRows()).toEqual(nothing);
});

test("issuers who have the same cardholder, card and photo have drafts of their own", async () => {
  const all = await openTenants();
  const { app } = all.server;
  const [river, hill] = all.tenants.filter(({ id }) => id !== "default");
  const ask = async (of: typeof river, what: string) => {
    const [method = "", below = ""] = what.split(" ");
    const session = of?.sessions.approved;
    const path = `/v1/sessions/${session?.sessionId}/${below}`;
    const headers = session?.show(method, path) ?? {};
    return (await app.inject({ method: method as "GET", url: path, headers })).statusCode;
  };
  const asset = `assets/${sha256Of(photo)}`;
  expect([await ask(river, `GET ${asset}`), await ask(hill, `GET ${asset}`)]).toEqual([200, 200]);
  expect(await ask(river, "DELETE draft")).toBe(204);
  expect([await ask(river, "GET draft"), await ask(hill, "GET draft")]).toEqual([404, 200]);
  expect([await ask(river, `GET ${asset}`), await ask(hill, `GET ${asset}`)]).toEqual([404, 200]);
  const url = `/v1/cardholders/c-approved/photos/photo-landscape/${sha256Of(photo)}`;
  const withKey = async (of: typeof river) =>
    (await app.inject({ url, headers: { authorization: `Bearer ${of?.key}` } })).statusCode;
  expect([await withKey(river), await withKey(hill)]).toEqual([404, 200]);
  await all.server.close();
});
