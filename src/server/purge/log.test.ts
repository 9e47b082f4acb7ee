import { appendFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { openPurgeLog, type PurgeEntry } from "./log.ts";

const one = { at: 1, issuerId: "default", submissionId: "sub_1" };
const two = { at: 2, issuerId: "default", cardholderId: "A1" };

async function readAll(file: string): Promise<(PurgeEntry | "unreadable")[]> {
  const log = await openPurgeLog(file);
  const entries: (PurgeEntry | "unreadable")[] = [];
  for await (const entry of log.read()) entries.push(entry);
  await log.close();
  return entries;
}

test("what was deleted is read again in its order, by the next server too, and by nobody else", async () => {
  const file = path.join(await makeTestFolder(), "elsewhere", "purges.jsonl");
  const log = await openPurgeLog(file);
  await log.append(one);
  await log.append(two);
  await log.close();
  const next = await openPurgeLog(file);
  await next.append({ ...one, submissionId: "sub_2" });
  await next.close();
  expect(await readAll(file)).toEqual([one, two, { ...one, submissionId: "sub_2" }]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("deletions at the same time stand in lines of their own", async () => {
  const file = path.join(await makeTestFolder(), "purges.jsonl");
  const log = await openPurgeLog(file);
  const many = Array.from({ length: 50 }, (_, n) => ({ ...one, submissionId: `sub_${n}` }));
  await Promise.all(many.map((entry) => log.append(entry)));
  await log.close();
  expect(await readAll(file)).toEqual(many);
});

test("a line that a crash has cut is passed over, and the next one begins anew", async () => {
  const file = path.join(await makeTestFolder(), "purges.jsonl");
  await writeFile(file, `${JSON.stringify(one)}\n`);
  await appendFile(file, JSON.stringify(two).slice(0, 20));
  const log = await openPurgeLog(file);
  await log.append(two);
  await log.close();
  expect(await readAll(file)).toEqual([one, two]);
  expect((await readFile(file, "utf8")).split("\n")).toHaveLength(4);
});

test.each(["moved away", "removed"])("a deletion is in the log although its file was %s meanwhile", async (what) => {
  const file = path.join(await makeTestFolder(), "purges.jsonl");
  const log = await openPurgeLog(file);
  await log.append(one);
  await (what === "removed" ? rm(file) : rename(file, `${file}.1`));
  await log.append(two);
  await log.close();
  expect(await readAll(file)).toEqual([two]);
});

test("damaged lines are told from those that a crash has cut, hide no others, and are not held in memory", async () => {
  const file = path.join(await makeTestFolder(), "purges.jsonl");
  const whole = JSON.stringify(one);
  const cut = ["", "{", '{"at":', whole.slice(0, 20), whole.slice(0, -1)];
  const damaged = [
    "\0".repeat(64),
    "null",
    "[]",
    '{"at":"x"}',
    whole.replace("at", "bt"),
    `{"at":${"1".repeat(100_000)}`,
  ];
  await writeFile(file, [whole, ...cut, ...damaged, JSON.stringify(two), ""].join("\n"));
  expect(await readAll(file)).toEqual([one, ...damaged.map(() => "unreadable"), two]);
});

test("one that cannot be written down is said to be so, and keeps no later one", async () => {
  const folder = path.join(await makeTestFolder(), "log");
  const log = await openPurgeLog(path.join(folder, "purges.jsonl"));
  await rm(folder, { recursive: true });
  await expect(log.append(one)).rejects.toMatchObject({ cause: { cause: { code: "ENOENT" } } });
  await mkdir(folder);
  await log.append(two);
  expect(await readAll(path.join(folder, "purges.jsonl"))).toEqual([two]);
});
