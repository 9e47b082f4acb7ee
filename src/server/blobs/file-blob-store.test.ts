import type * as Files from "node:fs/promises";
import { utimes } from "node:fs/promises";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { openFileBlobStore } from "./file-blob-store.ts";

/** Awaited after each look at a file's age. */
let afterLook = async (): Promise<void> => {};

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof Files>();
  const stat: typeof real.stat = (async (file: string) => {
    const found = await real.stat(file);
    await afterLook();
    return found;
  }) as typeof real.stat;
  return { ...real, stat };
});

test("a picture that is put again right after it was found old is not removed", async () => {
  const root = await makeTestFolder();
  const blobs = await openFileBlobStore(root, 100);
  const bytes = Buffer.from("again");
  const { sha256 } = await blobs.put(bytes);
  await utimes(path.join(root, sha256.slice(0, 2), sha256), new Date(0), new Date(0));
  afterLook = async () => {
    afterLook = async () => {};
    await blobs.put(bytes);
  };
  expect(await blobs.removeIfOlder(sha256, Date.now() - 60_000)).toBe(false);
  expect(await blobs.get(sha256)).toEqual(bytes);
});
