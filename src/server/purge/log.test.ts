import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { makeTestFolder } from "../testing/folder.ts";
import { openPurgeLog, type PurgeEntry } from "./log.ts";

const one = { at: 1, issuerId: "default", submissionId: "sub_1" };
const two = { at: 2, issuerId: "default", cardholderId: "A1" };

async function readAll(file: string): Promise<PurgeEntry[]> {
  const log = await openPurgeLog(file);
  const entries = [];
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

test("one that cannot be written down is said to be so, and keeps no later one", async () => {
  const file = path.join(await makeTestFolder(), "purges.jsonl");
  const log = await openPurgeLog(file);
  await log.close();
  await expect(log.append(one)).rejects.toThrow();
  await expect(log.append(one)).rejects.toThrow();
});
