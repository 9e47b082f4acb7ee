import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPicture } from "../blobs/pictures.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { sha256Of } from "../testing/picture.ts";
import { removeOrphans } from "./orphans.ts";
import { sealPlain, startSealingPlain } from "./seal-plain.ts";

const goOn = new AbortController().signal;
const picture = Buffer.from("a picture of a person");
const file = sha256Of(picture);

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench(picture);
});
afterEach(() => bench.close());

const parts = () => ({ ...bench.context, blobs: bench.blobs });

/** What an earlier version has left: the submissions share one readable file. */
async function leaveReadable(...ids: string[]): Promise<void> {
  for (const id of ids) {
    await bench.queue(id, {}, 1_000);
    await bench.blobs.remove(path.basename(await bench.fileOf(id)));
    await bench.store.updateTable("pictures").set({ file, key: null }).where("submission_id", "=", id).execute();
  }
  const place = path.join(bench.folder, "pictures", file.slice(0, 2), file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, picture);
}

async function findReadable(): Promise<string[]> {
  const all = await readdir(path.join(bench.folder, "pictures"), { recursive: true, withFileTypes: true });
  const files = all.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
  const held = await Promise.all(files.map((one) => readFile(one)));
  return files.filter((_one, at) => held[at]?.includes("person") === true);
}

const read = (id: string) => readPicture(bench.store, bench.blobs, { id, picture_sha256: file });

test("pictures of before are sealed, each for itself, and no readable one is left", async () => {
  await leaveReadable("a", "b");
  expect(await findReadable()).toHaveLength(1);
  expect([await read("a"), await read("b")]).toEqual([picture, picture]);
  expect(await sealPlain(parts(), goOn)).toBe(2);
  expect(await findReadable()).toEqual([]);
  expect([await read("a"), await read("b")]).toEqual([picture, picture]);
  expect(await bench.fileOf("a")).not.toBe(await bench.fileOf("b"));
  expect(await sealPlain(parts(), goOn)).toBe(0);
});

test("the readable file stays for as long as a submission still needs it", async () => {
  await leaveReadable("a", "b");
  const { sealAgain } = bench.blobs;
  let calls = 0;
  const failing: typeof sealAgain = async (one) => {
    calls += 1;
    if (calls === 1) throw new Error("the disk is full");
    return sealAgain(one);
  };
  expect(await sealPlain({ ...parts(), blobs: { ...bench.blobs, sealAgain: failing } }, goOn)).toBe(1);
  expect([await read("a"), await read("b"), (await findReadable()).length]).toEqual([picture, picture, 1]);
  expect(await sealPlain(parts(), goOn)).toBe(1);
  expect([await read("a"), await read("b"), await findReadable()]).toEqual([picture, picture, []]);
});

test.each(["before the row names the sealed file", "before the readable file is removed"])(
  "a crash %s loses nothing, and the rest is tidied later",
  async (when) => {
    await leaveReadable("a");
    const { blobs } = bench;
    const crash = async (): Promise<never> => {
      throw new Error("killed");
    };
    const sealAgain: typeof blobs.sealAgain = async (one) => {
      await blobs.sealAgain(one);
      return crash();
    };
    const dying = when.startsWith("before the row") ? { ...blobs, sealAgain } : { ...blobs, remove: crash };
    await sealPlain({ ...parts(), blobs: dying }, goOn);
    expect(await read("a")).toEqual(picture);
    await sealPlain(parts(), goOn);
    await removeOrphans({ ...parts(), now: () => Date.now() + 3_600_000 }, goOn);
    expect([await read("a"), await findReadable()]).toEqual([picture, []]);
    const there = await readdir(path.join(bench.folder, "pictures"), { recursive: true, withFileTypes: true });
    expect(there.filter((entry) => entry.isFile())).toHaveLength(1);
  },
);

test("a picture that is sealed at the very moment when it is to be sent is sent", async () => {
  await leaveReadable("a");
  const { get } = bench.blobs;
  bench.blobs.get = async (...given) => {
    bench.blobs.get = get;
    await sealPlain(parts(), goOn);
    return get(...given);
  };
  await bench.start(async ({ bytes }) => accepted(Buffer.from(bytes).toString()));
  bench.clock.now += 1_000;
  expect((await bench.reaches("a", "accepted")).card_image_id).toBe(picture.toString());
});

test("one that is damaged or gone is no reason to leave the others, nor to look for it for ever", async () => {
  await leaveReadable("a", "b");
  await bench.store
    .updateTable("pictures")
    .set({ file: "0".repeat(64) })
    .where("submission_id", "=", "a")
    .execute();
  expect(await sealPlain(parts(), goOn)).toBe(1);
  expect([await read("a"), await read("b")]).toEqual(["absent", picture]);
});

test("a running server seals them by itself, and stops in between", async () => {
  await leaveReadable("a");
  const sealing = startSealingPlain(parts(), 0);
  await expect.poll(findReadable).toEqual([]);
  await sealing.stop();
  expect(await sealPlain(parts(), AbortSignal.abort())).toBe(0);
});
