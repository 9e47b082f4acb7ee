import { readdir, utimes } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { draftOf, leaveDraft, makePhoto, putDraft, putPhoto } from "../testing/drafts.ts";
import { enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";
import { createDraftSweep } from "./drafts.ts";
import { removeOrphans } from "./orphans.ts";

const day = 86_400_000;
const goOn = new AbortController().signal;
const env = { FULLBLEED_DRAFT_DAYS: "3" };

let server: TestApp;
let frame: Frame;
let url: string;
beforeEach(async () => {
  server = await openTestApp({ env });
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  frame = await enterSession(url);
});
afterEach(() => server.close());

async function listFiles(): Promise<string[]> {
  const folder = path.join(server.parts.config.dataFolder, "pictures");
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map(({ name, parentPath }) => path.join(parentPath, name));
}

async function count(): Promise<readonly number[]> {
  const { store } = server.parts;
  const drafts = await store.selectFrom("drafts").select("sha256").execute();
  const assets = await store.selectFrom("assets").select("sha256").execute();
  return [drafts.length, assets.length, (await listFiles()).length];
}
const sweep = async (): Promise<readonly number[]> => {
  await createDraftSweep(server.parts)();
  return count();
};

test("a draft goes with its photo as many days after its last change as the setting says", async () => {
  const etag = await leaveDraft(frame);
  server.advance(2 * day);
  expect(
    (await putDraft(await enterSession(url, undefined, undefined, frame.cardholderId), draftOf(makePhoto(), 9), etag))
      .status,
  ).toBe(200);
  server.advance(2 * day);
  expect(await sweep()).toEqual([1, 1, 1]);
  server.advance(1 * day + 1);
  expect(await sweep()).toEqual([0, 0, 0]);
});

test("a draft whose card was sent waits for what becomes of that, as long again from the last news", async () => {
  await leaveDraft(frame);
  await sendOne(frame, makePicture());
  const { store, now } = server.parts;
  server.advance(4 * day);
  await store.updateTable("submissions").set({ state: "rejected", updated_at: now() }).execute();
  server.advance(2 * day);
  expect((await sweep()).slice(0, 2)).toEqual([1, 1]);
  server.advance(2 * day);
  expect((await sweep()).slice(0, 2)).toEqual([0, 0]);
});

test("a photo that no draft names goes after a day; one that a draft names again stays", async () => {
  const etag = await leaveDraft(frame, makePhoto(1));
  const next = await leaveDraft(frame, makePhoto(2), etag);
  await putPhoto(frame, makePhoto(3));
  server.advance(day / 2);
  const anew = await enterSession(url, undefined, undefined, frame.cardholderId);
  expect((await putDraft(anew, draftOf(makePhoto(1)), next)).status).toBe(200);
  server.advance(day / 2 + 1);
  expect(await sweep()).toEqual([1, 2, 2]);
  server.advance(day / 2);
  expect(await sweep()).toEqual([1, 1, 1]);
  const left = await server.parts.store.selectFrom("assets").select("sha256").execute();
  expect(left).toEqual([{ sha256: sha256Of(makePhoto(1)) }]);
});

test("a server that dies between a photo's file and its row leaves a file that is removed, and none that a row names", async () => {
  await leaveDraft(frame);
  async function* pieces() {
    yield makePhoto(2);
  }
  await server.parts.blobs.putPieces(pieces());
  const then = new Date(Date.now() - 11 * 60_000);
  for (const file of await listFiles()) await utimes(file, then, then);
  const parts = { ...server.parts, now: Date.now };
  expect(await removeOrphans(parts, goOn)).toBe(1);
  expect((await frame.ask(`GET assets/${sha256Of(makePhoto())}`)).status).toBe(200);
});

test("a photo whose file is taken for nobody's just before its row is not acknowledged", async () => {
  const { blobs } = server.parts;
  const { putPieces } = blobs;
  Object.assign(blobs, {
    putPieces: async (pieces: AsyncIterable<Uint8Array>) => {
      const sealed = await putPieces(pieces);
      await blobs.remove(sealed.file);
      return sealed;
    },
  });
  expect((await putPhoto(frame, makePhoto())).status).toBe(500);
  expect(await count()).toEqual([0, 0, 0]);
  Object.assign(blobs, { putPieces });
  expect((await putPhoto(frame, makePhoto())).status).toBe(201);
});
