import { mkdir, readdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { sha256Of } from "../testing/picture.ts";
import type { BlobStore } from "./blob-store.ts";
import { openFileBlobStore } from "./file-blob-store.ts";

let root: string;
beforeEach(async () => {
  root = await makeTestFolder();
});

const hello = Buffer.from("hello, picture");
const nowhere = { file: "0".repeat(64), key: "0".repeat(64) };

async function listAll<Item>(from: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of from) all.push(item);
  return all;
}

/** What every blob store promises. A new one joins the list. */
const stores: Readonly<Record<string, () => Promise<BlobStore>>> = {
  files: () => openFileBlobStore(root, 1_000_000),
};

describe.each(Object.entries(stores))("blobs in %s", (_name, openStore) => {
  test("give back the very bytes to who has the key", async () => {
    const blobs = await openStore();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const found = await blobs.get(await blobs.put(bytes), sha256Of(bytes));
        expect(Buffer.from(found).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("in pieces come back in pieces, whole or not at all, and to who has the key", async () => {
    const blobs = await openStore();
    const collect = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => Buffer.concat(await listAll(pieces));
    async function* cut(bytes: Uint8Array, size: number) {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    // About the ends of pieces of 64 kB.
    const lengths = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -2, max: 2 }));
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1_000, max: 200_000 }), async ([pieces, more], size) => {
        const bytes = Buffer.alloc(Math.max(0, pieces * 65_536 + more), "photo");
        const sealed = await blobs.putPieces(cut(bytes, size));
        expect((await collect(blobs.readPieces(sealed))).equals(bytes)).toBe(true);
        await expect(collect(blobs.readPieces({ ...sealed, key: nowhere.key }))).rejects.toThrow("damaged");
      }),
      { numRuns: 30 },
    );
    await expect(collect(blobs.readPieces(nowhere))).rejects.toThrow();
    async function* broken() {
      yield hello;
      throw new Error("its sender has gone");
    }
    const count = async () => (await listAll(blobs.list())).flat().length;
    const before = await count();
    await expect(blobs.putPieces(broken())).rejects.toThrow("its sender has gone");
    expect(await count()).toBe(before);
  });

  test("are there again after the store is opened anew", async () => {
    const sealed = await (await openStore()).put(hello);
    expect(await (await openStore()).get(sealed, sha256Of(hello))).toEqual(hello);
  });

  test("of one content are as many files, each with a key that opens no other", async () => {
    const blobs = await openStore();
    const bytes = Buffer.alloc(50_000, 7);
    const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(bytes)));
    expect(new Set(stored.flatMap(({ file, key }) => [file, key])).size).toBe(16);
    for (const { file } of stored)
      for (const { key, file: own } of stored)
        expect((await blobs.get({ file, key }, sha256Of(bytes))) === "damaged").toBe(file !== own);
  });

  test("are absent when never put, and a name cannot leave the store", async () => {
    const blobs = await openStore();
    for (const file of [nowhere.file, "../../../etc/passwd", ""]) {
      expect(await blobs.get({ ...nowhere, file }, sha256Of(hello))).toBe("absent");
      expect(await blobs.get({ file, key: null }, sha256Of(hello))).toBe("absent");
      expect(await blobs.sealAgain(file)).toBe("absent");
      await blobs.remove(file);
    }
  });

  test("are listed, each once, a hundred at most at a time", async () => {
    const blobs = await openStore();
    const put = await Promise.all(Array.from({ length: 130 }, (_, index) => blobs.put(Buffer.from(`${index}`))));
    const slices: (readonly string[])[] = [];
    for await (const slice of blobs.list()) slices.push(slice);
    expect(Math.max(...slices.map((slice) => slice.length))).toBeLessThanOrEqual(100);
    expect(slices.flat().toSorted()).toEqual(put.map((one) => one.file).toSorted());
  });

  test("can be removed, and unless they are younger than that", async () => {
    const blobs = await openStore();
    const { file } = await blobs.put(hello);
    const later = Date.now() + 60_000;
    expect(await blobs.removeIfOlder(file, later - 120_000)).toBe(false);
    expect(await blobs.has(file)).toBe(true);
    expect(await blobs.removeIfOlder(file, later)).toBe(true);
    expect(await blobs.has(file)).toBe(false);
    expect(await blobs.removeIfOlder(file, later)).toBe(false);
    const another = await blobs.put(hello);
    await blobs.remove(another.file);
    expect([await blobs.has(another.file), await blobs.get(another, sha256Of(hello))]).toEqual([false, "absent"]);
    for (const bad of ["", "../../../etc/passwd"])
      expect([await blobs.has(bad), await blobs.removeIfOlder(bad, later)]).toEqual([false, false]);
  });

  test("over the bound are refused", async () => {
    const blobs = await openStore();
    await expect(blobs.put(new Uint8Array(1_000_001))).rejects.toThrow(RangeError);
  });
});

describe("the file blob store", () => {
  const placeOf = (file: string) => join(root, file.slice(0, 2), file);

  test("gives no photo of which a piece is missing, changed, or another's", async () => {
    const blobs = await stores["files"]!();
    const bytes = Buffer.alloc(3 * 65_536, "photo");
    async function* once() {
      yield bytes;
    }
    const sealed = await blobs.putPieces(once());
    const file = await readFile(placeOf(sealed.file));
    const piece = 65_536 + 16;
    const wrong = {
      cut: file.subarray(0, piece),
      "cut in a piece": file.subarray(0, -1),
      empty: Buffer.alloc(0),
      "without its first": file.subarray(piece),
      "in another order": Buffer.concat([
        file.subarray(piece, 2 * piece),
        file.subarray(0, piece),
        file.subarray(2 * piece),
      ]),
      longer: Buffer.concat([file, file.subarray(-piece)]),
    };
    for (const [name, damaged] of Object.entries(wrong)) {
      await writeFile(placeOf(sealed.file), damaged);
      await expect(listAll(blobs.readPieces(sealed)), name).rejects.toThrow(/damaged|empty/);
    }
  });

  /** A picture as a version of before has kept it: readable, under its SHA-256. */
  async function leaveReadable(bytes: Uint8Array): Promise<string> {
    const file = sha256Of(bytes);
    await mkdir(dirname(placeOf(file)), { recursive: true });
    await writeFile(placeOf(file), bytes);
    return file;
  }

  test("has no byte of a picture readable on the disk, whatever its size", async () => {
    const blobs = await openFileBlobStore(root, 8_000_000);
    for (const size of [100, 1024 * 1024, 3_500_000]) {
      const bytes = Buffer.alloc(size, "photo of a person ");
      const sealed = await blobs.put(bytes);
      const kept = await readFile(placeOf(sealed.file));
      expect(kept.byteLength).toBe(size + 28);
      expect([kept.indexOf("photo"), kept.indexOf("person")]).toEqual([-1, -1]);
      expect(Buffer.from(await blobs.get(sealed, sha256Of(bytes))).equals(bytes)).toBe(true);
    }
  });

  test("clears away what a crash left half-written, at the start and when it is asked to, and only that", async () => {
    const sealed = await (await openFileBlobStore(root, 100)).put(hello);
    const folder = join(root, sealed.file.slice(0, 2));
    await writeFile(join(folder, "old.part"), "half");
    await utimes(join(folder, "old.part"), new Date(0), new Date(0));
    await writeFile(join(folder, "young.part"), "another process is writing this");
    const blobs = await openFileBlobStore(root, 100);
    expect((await readdir(folder)).toSorted()).toEqual([sealed.file, "young.part"].toSorted());
    await utimes(join(folder, "young.part"), new Date(0), new Date(0));
    expect(await blobs.removeLeftovers()).toBe(1);
    expect(await readdir(folder)).toEqual([sealed.file]);
    expect(await blobs.get(sealed, sha256Of(hello))).toEqual(hello);
  });

  test("says so when a file no longer holds what was put, by a single bit, or is cut short", async () => {
    const blobs = await openFileBlobStore(root, 100);
    const sealed = await blobs.put(hello);
    const whole = await readFile(placeOf(sealed.file));
    for (let at = 0; at < whole.byteLength; at += 5) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(placeOf(sealed.file), changed);
      expect(await blobs.get(sealed, sha256Of(hello))).toBe("damaged");
    }
    for (const length of [0, 5, 27, 28, whole.byteLength - 1]) {
      await writeFile(placeOf(sealed.file), whole.subarray(0, length));
      expect(await blobs.get(sealed, sha256Of(hello))).toBe("damaged");
    }
    await writeFile(placeOf(sealed.file), whole);
    expect(await blobs.get(sealed, sha256Of(Buffer.from("another")))).toBe("damaged");
  });

  test("does not call absent what only cannot be read now", async () => {
    const blobs = await openFileBlobStore(root, 100);
    const sealed = await blobs.put(hello);
    const path = placeOf(sealed.file);
    await rename(path, `${path}.aside`);
    await mkdir(path);
    await expect(blobs.get(sealed, sha256Of(hello))).rejects.toThrow("EISDIR");
  });

  test("reads what an earlier version has left readable, and seals it beside", async () => {
    const blobs = await openFileBlobStore(root, 100);
    const file = await leaveReadable(hello);
    expect(await blobs.get({ file, key: null }, file)).toEqual(hello);
    const sealed = await blobs.sealAgain(file);
    if (sealed === "absent") throw new Error("it was there");
    expect(await blobs.get(sealed, file)).toEqual(hello);
    expect(await blobs.has(file)).toBe(true);
    await writeFile(placeOf(file), "something else");
    expect(await blobs.get({ file, key: null }, file)).toBe("damaged");
  });
});
