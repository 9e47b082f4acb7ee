import { mkdir, readdir, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

async function makeOld(address: string): Promise<void> {
  await utimes(join(root, address.slice(0, 2), address), new Date(0), new Date(0));
}

/** What every blob store promises. A new one joins the list. */
const stores: Readonly<Record<string, () => Promise<BlobStore>>> = {
  files: () => openFileBlobStore(root, 1_000_000),
};

describe.each(Object.entries(stores))("blobs in %s", (_name, openStore) => {
  test("give back the very bytes, under their SHA-256", async () => {
    const blobs = await openStore();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const stored = await blobs.put(bytes);
        expect(stored).toEqual({ sha256: sha256Of(bytes), size: bytes.byteLength });
        expect(Buffer.from(await blobs.get(stored.sha256)).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("are there again after the store is opened anew", async () => {
    const { sha256: address } = await (await openStore()).put(Buffer.from("kept"));
    expect(Buffer.from(await (await openStore()).get(address)).toString()).toBe("kept");
  });

  test("take the same bytes many times at once", async () => {
    const blobs = await openStore();
    const bytes = Buffer.alloc(50_000, 7);
    const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put(bytes)));
    expect(new Set(stored.map((one) => one.sha256))).toEqual(new Set([sha256Of(bytes)]));
    expect(Buffer.from(await blobs.get(sha256Of(bytes))).byteLength).toBe(50_000);
  });

  test("are absent when never put, and an address cannot leave the store", async () => {
    const blobs = await openStore();
    expect(await blobs.get("0".repeat(64))).toBe("absent");
    expect(await blobs.get("../../../etc/passwd")).toBe("absent");
    expect(await blobs.get("")).toBe("absent");
  });

  test("are listed, each once, a hundred at most at a time", async () => {
    const blobs = await openStore();
    const put = await Promise.all(Array.from({ length: 130 }, (_, index) => blobs.put(Buffer.from(`${index}`))));
    const slices: (readonly string[])[] = [];
    for await (const slice of blobs.list()) slices.push(slice);
    expect(Math.max(...slices.map((slice) => slice.length))).toBeLessThanOrEqual(100);
    expect(slices.flat().sort()).toEqual(put.map((one) => one.sha256).sort());
  });

  test("can be removed, unless they are younger than that; put again they are young again", async () => {
    const blobs = await openStore();
    const { sha256: address } = await blobs.put(Buffer.from("old"));
    const later = Date.now() + 60_000;
    expect(await blobs.removeIfOlder(address, later - 120_000)).toBe(false);
    expect(await blobs.has(address)).toBe(true);
    expect(await blobs.removeIfOlder(address, later)).toBe(true);
    expect([await blobs.has(address), await blobs.get(address)]).toEqual([false, "absent"]);
    expect(await blobs.removeIfOlder(address, later)).toBe(false);
    for (const bad of ["", "../../../etc/passwd"]) {
      expect([await blobs.has(bad), await blobs.removeIfOlder(bad, later)]).toEqual([false, false]);
    }
  });

  test("over the bound are refused", async () => {
    const blobs = await openStore();
    await expect(blobs.put(new Uint8Array(1_000_001))).rejects.toThrow(RangeError);
  });
});

describe("the file blob store", () => {
  test("clears away what a crash left half-written, at the start and when it is asked to, and only that", async () => {
    const { sha256: address } = await (await openFileBlobStore(root, 100)).put(Buffer.from("whole"));
    const folder = join(root, address.slice(0, 2));
    await writeFile(join(folder, "old.part"), "half");
    await utimes(join(folder, "old.part"), new Date(0), new Date(0));
    await writeFile(join(folder, "young.part"), "another process is writing this");
    const blobs = await openFileBlobStore(root, 100);
    expect((await readdir(folder)).sort()).toEqual([address, "young.part"].sort());
    await utimes(join(folder, "young.part"), new Date(0), new Date(0));
    expect(await blobs.removeLeftovers()).toBe(1);
    expect(await readdir(folder)).toEqual([address]);
    expect(Buffer.from(await blobs.get(address)).toString()).toBe("whole");
  });

  test("takes the age from the last put", async () => {
    const blobs = await openFileBlobStore(root, 100);
    const { sha256: address } = await blobs.put(Buffer.from("twice"));
    await makeOld(address);
    await blobs.put(Buffer.from("twice"));
    expect(await blobs.removeIfOlder(address, Date.now() - 60_000)).toBe(false);
  });

  test("says so when a file no longer holds what its name promises", async () => {
    const blobs = await openFileBlobStore(root, 100);
    const { sha256: address } = await blobs.put(Buffer.from("true"));
    await writeFile(join(root, address.slice(0, 2), address), "fake");
    expect(await blobs.get(address)).toBe("damaged");
  });

  test("does not call absent what only cannot be read now", async () => {
    const blobs = await openFileBlobStore(root, 100);
    const { sha256: address } = await blobs.put(Buffer.from("intact"));
    const path = join(root, address.slice(0, 2), address);
    await rename(path, `${path}.aside`);
    await mkdir(path);
    await expect(blobs.get(address)).rejects.toThrow("EISDIR");
  });
});
