import { stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BlobStore } from "../blobs/blob-store.ts";
import { openFileBlobStore } from "../blobs/file-blob-store.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/schema.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { enterSession, type Frame } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { removeOrphans, startRemovingOrphans } from "./orphans.ts";

const picture = makePicture();
const goOn = new AbortController().signal;

let folder: string;
let files: BlobStore;
let blobs: BlobStore;
let server: TestApp;
let url: string;
beforeEach(async () => {
  folder = await makeTestFolder();
  files = await openFileBlobStore(path.join(folder, "pictures"), 16 * 1024 * 1024);
  blobs = { ...files };
  const store = await openStore(path.join(folder, "db.sqlite"));
  server = await openTestApp({ parts: { store, blobs, now: Date.now } });
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
});
afterEach(() => server.close());

async function age(file: string): Promise<void> {
  const then = new Date(Date.now() - 11 * 60_000);
  await utimes(path.join(folder, "pictures", file.slice(0, 2), file), then, then);
}

async function putOld(bytes: Uint8Array): Promise<string> {
  const { file } = await files.put(bytes);
  await age(file);
  return file;
}

/** Of the one submission that there is. */
async function sentFile(): Promise<string> {
  return (await server.parts.store.selectFrom("pictures").select("file").executeTakeFirstOrThrow()).file;
}

async function send(frame: Frame): Promise<number> {
  return (await frame.send(picture, await frame.putDesign())).status;
}

function countRows(): Promise<number> {
  const rows = server.parts.store.selectFrom("submissions").select("id").execute();
  return rows.then((found) => found.length);
}

test("a picture without a submission is removed once it is old; one with a submission, or young, stays", async () => {
  const left = await putOld(Buffer.from("left behind"));
  const { file: young } = await files.put(Buffer.from("on its way"));
  expect(await send(await enterSession(url))).toBe(202);
  await age(await sentFile());
  expect(await removeOrphans(server.parts, goOn)).toBe(1);
  expect(await Promise.all([left, young, await sentFile()].map(files.has))).toEqual([false, true, true]);
});

test("one that cannot be removed is logged, and keeps no other", async () => {
  const [stuck, other] = [await putOld(Buffer.from("stuck")), await putOld(Buffer.from("other"))];
  blobs.removeIfOlder = async (address, before) => {
    if (address === stuck) throw Object.assign(new Error("EPERM"), { code: "EPERM" });
    return files.removeIfOlder(address, before);
  };
  expect(await removeOrphans(server.parts, goOn)).toBe(1);
  expect(await Promise.all([stuck, other].map(files.has))).toEqual([true, false]);
  expect(server.logged.join("")).toContain(stuck);
});

test("a picture that is left behind while the server runs is removed too, and a half-written one", async () => {
  const orphans = startRemovingOrphans(server.parts, { restMs: 10, pauseMs: 0 });
  for (const name of ["early", "late", "latest"]) {
    const left = await putOld(Buffer.from(name));
    const half = path.join(folder, "pictures", left.slice(0, 2), `${name}.part`);
    await writeFile(half, "half");
    await utimes(half, new Date(0), new Date(0));
    await expect.poll(() => files.has(left)).toBe(false);
    await expect.poll(() => stat(half).catch(() => "gone")).toBe("gone");
  }
  await orphans.stop();
  const left = await putOld(Buffer.from("after"));
  expect(await files.has(left)).toBe(true);
});

test("others have their turn between two slices, and a stop does not wait for the rest", async () => {
  await Promise.all(["one", "two", "three"].map((name) => putOld(Buffer.from(name))));
  const listSlices = async (): Promise<string[][]> => {
    const slices: string[][] = [];
    for await (const slice of files.list()) slices.push([...slice]);
    return slices;
  };
  const countLeft = async (): Promise<number> => (await listSlices()).flat().length;
  // Each folder's files are a slice, and chance may put two of them in one.
  const others = (await listSlices()).slice(1).flat().length;
  const orphans = startRemovingOrphans(server.parts, { restMs: 3_600_000, pauseMs: 3_600_000 });
  await expect.poll(countLeft).toBe(others);
  await orphans.stop();
  expect(await countLeft()).toBe(others);
});

test("told to stop, it stops", async () => {
  await putOld(Buffer.from("left behind"));
  expect(await removeOrphans(server.parts, AbortSignal.abort())).toBe(0);
});

test("a picture that gets its submission after it was found to have none stays", async () => {
  const frame = await enterSession(url);
  const sealed = await files.put(picture);
  await age(sealed.file);
  blobs.put = async () => sealed;
  const { store } = server.parts;
  const paused = new Proxy(store, {
    get(target, name) {
      if (name !== "transaction") return Reflect.get(target, name).bind(target);
      const execute: ReturnType<Store["transaction"]>["execute"] = async (run) => {
        expect(await send(frame)).toBe(202);
        return store.transaction().execute(run);
      };
      return () => ({ execute });
    },
  });
  expect(await removeOrphans({ ...server.parts, store: paused }, goOn)).toBe(0);
  expect(await files.has(sealed.file)).toBe(true);
});

test("a picture that is removed just before its submission comes is not acknowledged, and is there when sent again", async () => {
  const frame = await enterSession(url);
  blobs.put = async (bytes) => {
    const put = await files.put(bytes);
    // One whose clock is ahead.
    const late = { ...files, removeIfOlder: (file: string) => files.removeIfOlder(file, Number.POSITIVE_INFINITY) };
    expect(await removeOrphans({ ...server.parts, blobs: late }, goOn)).toBe(1);
    return put;
  };
  expect(await send(frame)).toBe(500);
  expect(await countRows()).toBe(0);
  blobs.put = files.put;
  expect(await send(frame)).toBe(202);
  expect(await files.has(await sentFile())).toBe(true);
});

test("no other process can commit a submission while a picture is removed", async () => {
  await putOld(Buffer.from("left behind"));
  const other = new DatabaseSync(path.join(folder, "db.sqlite"), { timeout: 0 });
  blobs.removeIfOlder = async (...given) => {
    expect(() => other.exec("begin immediate")).toThrow("database is locked");
    return files.removeIfOlder(...given);
  };
  expect(await removeOrphans(server.parts, goOn)).toBe(1);
  other.close();
});
