import { open, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { makeDurableFolder } from "./durable-folder.ts";
import { openFileBlobStore } from "./file-blob-store.ts";

let root: string;
/** What has been synced, in order. */
let synced: string[];
beforeEach(async () => {
  root = await makeTestFolder();
  synced = [];
  const handle = await open(root);
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync } = prototype;
  vi.spyOn(prototype, "sync").mockImplementation(async function (this: typeof handle) {
    synced.push(path.relative(root, await readlink(`/proc/self/fd/${this.fd}`)) || ".");
    return sync.call(this);
  });
});
afterEach(() => vi.restoreAllMocks());

// Only Linux says which file a handle is of.
describe.skipIf(process.platform !== "linux")("after a power cut", () => {
  test("a new folder is still there, and every new one above it", async () => {
    await makeDurableFolder(path.join(root, "a/b/c"));
    expect(synced).toEqual(["a/b", "a", "."]);
    expect((await stat(path.join(root, "a/b/c"))).mode & 0o777).toBe(0o700);
  });

  test("so is one that a start before this one may have made", async () => {
    await makeDurableFolder(path.join(root, "a"));
    await makeDurableFolder(path.join(root, "a"));
    expect(synced).toEqual([".", "."]);
  });

  test("so are a picture and the folders above it, however many arrive at once", async () => {
    await makeDurableFolder(path.join(root, "data"));
    const blobs = await openFileBlobStore(path.join(root, "data/pictures"), 100);
    expect(synced).toEqual([".", "data"]);
    const bytes = Buffer.from("a picture");
    const files = await Promise.all(Array.from({ length: 600 }, async () => (await blobs.put(bytes)).file));
    const folders = new Set(files.map((file) => path.join("data/pictures", file.slice(0, 2))));
    expect(new Set(synced.filter((one) => path.basename(one).length === 2))).toEqual(folders);
    expect(synced.filter((one) => one === "data/pictures")).toHaveLength(folders.size);
  });
});
