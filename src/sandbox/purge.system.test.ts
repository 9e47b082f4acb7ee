import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SubmissionRecord } from "#contracts/submission.ts";
import { buildPlatform } from "#providers/thales/emulator/app.ts";
import { asIssuer } from "#server/testing/env.ts";
import { enterSession, sendOne } from "#server/testing/issuer.ts";
import { makePicture } from "#server/testing/picture.ts";
import { readCommands } from "./testing/page-commands.ts";
import { type ServerProcess, startServerProcess } from "#server/testing/process.ts";

const purgeKey = "purge-key-of-the-test";
const patience = { timeout: 90_000, interval: 50 };

let folder: string;
let platform: FastifyInstance;
let env: Record<string, string>;
let server: ServerProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-purge-"));
  const keys = { handover: "handover-key-of-the-test", delivery: "delivery-key-of-the-test" };
  platform = await buildPlatform({
    folder: path.join(folder, "platform"),
    handoverKeys: { "photo-landscape": keys.handover },
    galleryHandoverKeys: {},
    imageDeliveryKey: keys.delivery,
    imagePurgeKey: purgeKey,
    dataCaptureFields: ["Reference"],
  });
  const url = await platform.listen({ host: "127.0.0.1", port: 0 });
  env = {
    FULLBLEED_THALES_SOAP_URL: `${url}/PDS/ImageUpload.asmx`,
    FULLBLEED_THALES_GET_IMAGE_URL: `${url}/ImageAPI/GetImage`,
    FULLBLEED_THALES_HANDOVER_KEYS: JSON.stringify({ "photo-landscape": keys.handover }),
    FULLBLEED_THALES_REFERENCE_FIELDS: JSON.stringify({ "photo-landscape": "Reference" }),
    FULLBLEED_THALES_PURGE_KEYS: JSON.stringify({ "photo-landscape": purgeKey }),
    FULLBLEED_THALES_IMAGE_DELIVERY_KEY: keys.delivery,
    // Beside the data folder, so that a backup which is put back does not bring back the log of before.
    FULLBLEED_PURGE_LOG: path.join(folder, "log", "purges.jsonl"),
  };
});
afterEach(async () => {
  await server?.kill();
  await platform.close();
  await rm(folder, { recursive: true });
});

const start = async () => (server = await startServerProcess(folder, "http://127.0.0.1:9", env));
async function stop(): Promise<void> {
  const ended = server && once(server.child, "exit");
  server?.child.kill("SIGTERM");
  await ended;
}

async function ask(pathname: string, body?: object): Promise<Response> {
  return fetch(`${server?.url}/v1/${pathname}`, {
    headers: { ...asIssuer, ...(body && { "content-type": "application/json" }) },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
}
const recordOf = async (id: string) => (await (await ask(`submissions/${id}`)).json()) as SubmissionRecord;
const setSwitches = (payload: object) => platform.inject({ method: "PUT", url: "/sandbox/switches", payload });
const images = async () =>
  (await platform.inject("/sandbox/images")).json<{ images: { cardImageId: string; sha256: string }[] }>().images;

/** Names of files below the folder in which any of these is found. */
async function search(where: string, wanted: readonly Buffer[]): Promise<string[]> {
  const all = await readdir(where, { recursive: true, withFileTypes: true });
  const files = all.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
  const found = [];
  for (const file of files) {
    const bytes = await readFile(file);
    if (wanted.some((one) => bytes.includes(one))) found.push(path.relative(where, file));
  }
  return found;
}

/** Pieces of the picture from its beginning, its middle and its end, and what would open its file. */
function toTraces(picture: Buffer, keys: readonly string[]): Buffer[] {
  const pieces = [0.1, 0.5, 0.9].map((at) => picture.subarray(Math.floor(picture.length * at)).subarray(0, 48));
  return [...pieces, ...keys.map((key) => Buffer.from(key))];
}

function readKeys(): string[] {
  const database = new DatabaseSync(path.join(folder, "data/fullbleed.sqlite"), { readOnly: true });
  const rows = database.prepare("select key from pictures").all();
  database.close();
  return rows.map(({ key }) => String(key));
}

test("a cardholder who was deleted is deleted everywhere, and stays so when a backup is put back", async () => {
  const picture = makePicture();
  await start();
  const frame = await enterSession(server?.url ?? "", undefined, undefined, "A1");
  const { submissionId } = await sendOne(frame, picture);
  await expect.poll(async () => (await recordOf(submissionId)).state, patience).toBe("accepted");
  const { cardImageId } = await recordOf(submissionId);
  expect((await images()).map(({ sha256 }) => sha256)).toEqual([createHash("sha256").update(picture).digest("hex")]);
  await stop();
  const traces = toTraces(picture, readKeys());
  expect(await search(path.join(folder, "data"), traces.slice(0, 3)), "nothing readable, ever").toEqual([]);
  await cp(path.join(folder, "data"), path.join(folder, "backup"), { recursive: true });

  await start();
  const wanted = { reason: "asked by the cardholder", confirm: true };
  expect((await ask("cardholders/A1/purge", wanted)).status).toBe(200);
  await expect.poll(async () => (await recordOf(submissionId)).state, patience).toBe("purged");
  expect(await images()).toEqual([]);
  const { calls } = (await platform.inject("/sandbox/ledger")).json<{ calls: Record<string, unknown>[] }>();
  expect(calls.filter(({ method }) => method === "SetImageToPurge")).toMatchObject([{ cardImageId, resultCode: 0 }]);
  expect(calls.at(-1)).toMatchObject({ method: "GetImage", cardImageId, httpStatus: 404 });
  expect(await search(path.join(folder, "data"), traces)).toEqual([]);
  await expect.poll(() => search(path.join(folder, "platform"), traces), patience).toEqual([]);
  await stop();
  expect(await search(path.join(folder, "data"), traces)).toEqual([]);

  await rm(path.join(folder, "data"), { recursive: true });
  await cp(path.join(folder, "backup"), path.join(folder, "data"), { recursive: true });
  await start();
  expect((await ask(`submissions/${submissionId}/picture`)).status).toBe(404);
  await expect.poll(async () => (await recordOf(submissionId)).state, patience).toMatch(/^purg/);
  expect(await search(path.join(folder, "data"), traces)).toEqual([]);
  expect((await (await ask("cardholders/A1/export")).json()) as object).toMatchObject({
    submissions: [{ picture: null }],
  });
});

test("an address that Thales does not let in is told apart, and deleting goes on once it does", async () => {
  await start();
  const frame = await enterSession(server?.url ?? "", undefined, undefined, "A1");
  const { submissionId } = await sendOne(frame, makePicture());
  await expect.poll(async () => (await recordOf(submissionId)).state, patience).toBe("accepted");
  await setSwitches({ purge: { allowedAddresses: { product: {}, partner: "10.0.0.1", issuer: "127.0.0.1" } } });
  await ask(`submissions/${submissionId}/purge`, { reason: "ticket 4711", confirm: true });
  await expect.poll(async () => (await recordOf(submissionId)).purgeState, patience).toBe("refused");
  expect((await recordOf(submissionId)).note).toContain("AAM_Purge_WS_IP_Restrict");
  expect(await images()).toHaveLength(1);
  await setSwitches({
    purge: { allowedAddresses: { product: { "photo-landscape": "127.0.0.1" }, partner: "10.0.0.1", issuer: null } },
  });
  await stop();
  const database = new DatabaseSync(path.join(folder, "data/fullbleed.sqlite"));
  database.exec("update jobs set run_at = 0 where kind = 'purge'");
  database.close();
  await start();
  await expect.poll(async () => (await recordOf(submissionId)).state, patience).toBe("purged");
  expect(await images()).toEqual([]);
}, 120_000);

/** Runs them with SQLite's own backup by Node, since not every machine has the `sqlite3` command. */
async function run(commands: string, backup: string): Promise<void> {
  const bin = path.join(folder, "bin");
  await mkdir(bin, { recursive: true });
  const sqlite3 = `#!${process.execPath}
const { backup, DatabaseSync } = require("node:sqlite");
const [file, command] = process.argv.slice(2);
void backup(new DatabaseSync(file), /^\\.backup '(.*)'$/.exec(command)[1]);
`;
  await writeFile(path.join(bin, "sqlite3"), sqlite3, { mode: 0o700 });
  const env = { PATH: `${bin}:${process.env.PATH ?? ""}`, FULLBLEED_DATA: path.join(folder, "data"), BACKUP: backup };
  await promisify(execFile)("sh", ["-euc", commands], { env });
}

test("who backs up and restores as the operations page says gets back everything but what was deleted", async () => {
  const { FULLBLEED_PURGE_LOG: _elsewhere, ...beside } = env;
  env = beside;
  const [backUp = "", restore = "", ...more] = await readCommands("operations.md", "Backup and restore");
  expect(more).toEqual([]);
  await start();
  const send = async (cardholder: string, shade: number) => {
    const frame = await enterSession(server?.url ?? "", undefined, undefined, cardholder);
    const { submissionId } = await sendOne(frame, makePicture({ shade }));
    await expect.poll(async () => (await recordOf(submissionId)).state, patience).toBe("accepted");
    return submissionId;
  };
  const kept = await send("A1", 1);
  const deleted = await send("A2", 2);
  const backup = path.join(folder, "backup of today");
  await mkdir(backup);
  await run(backUp, backup);
  expect((await readdir(backup)).toSorted()).toEqual(["fullbleed.sqlite", "pictures"]);
  expect((await ask("cardholders/A2/purge", { reason: "asked by the cardholder", confirm: true })).status).toBe(200);
  await expect.poll(async () => (await recordOf(deleted)).state, patience).toBe("purged");
  const later = await send("A3", 3);
  // It dies, and leaves its write-ahead log.
  await server?.kill();
  await run(restore, backup);
  await start();
  expect((await ask(`submissions/${later}`)).status).toBe(404);
  expect((await ask(`submissions/${kept}/picture`)).status).toBe(200);
  expect((await ask(`submissions/${deleted}/picture`)).status).toBe(404);
  await expect.poll(async () => (await recordOf(deleted)).state, patience).toMatch(/^purg/);
});
