import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { appendFile, mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { asIssuer } from "./testing/env.ts";
import { makeTestFolder } from "./testing/folder.ts";
import { enterSession, sendOne } from "./testing/issuer.ts";
import { makePicture } from "./testing/picture.ts";
import { type LedgerPlatform, type ServerProcess, startLedgerPlatform, startServerProcess } from "./testing/process.ts";

let folder: string;
let platform: LedgerPlatform;
const running: ServerProcess[] = [];
beforeEach(async () => {
  folder = await makeTestFolder();
  platform = await startLedgerPlatform(1);
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill();
  platform.close();
});

async function start(): Promise<ServerProcess> {
  const server = await startServerProcess(folder, platform.url);
  running.push(server);
  return server;
}

/** What is said by a server that ends while it starts; undefined for one that starts. */
async function complaintOfStart(): Promise<string | undefined> {
  try {
    const server = await start();
    await server.kill();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function openSession({ url }: ServerProcess): Promise<Response> {
  const body = JSON.stringify({ cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] });
  return fetch(`${url}/v1/sessions`, {
    method: "POST",
    headers: { ...asIssuer, "content-type": "application/json" },
    body,
  });
}

async function summaryOf(response: Response): Promise<unknown[]> {
  const { code } = (await response.json()) as { code?: string };
  return [response.status, code, response.headers.get("retry-after")];
}

/** The server lives while `work` goes on. That it does not stand still meanwhile: store/open.test.ts. */
async function expectLife({ url }: ServerProcess, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await sleep(10);
  }
}

describe("while another program keeps the database locked", () => {
  test("a session is refused with 503 and a time to try again, the server lives on, and all is well afterwards", async () => {
    const server = await start();
    const other = new DatabaseSync(server.databasePath, { timeout: 20_000 });
    other.exec("begin immediate");
    const answers = Promise.all([1, 2, 3].map(() => openSession(server)));
    await expectLife(server, answers);
    for (const answer of await answers) expect(await summaryOf(answer)).toEqual([503, "storage-unavailable", "5"]);
    const readiness = async () => (await fetch(`${server.url}/health/ready`)).json();
    await expect.poll(readiness).toMatchObject({ checks: { database: "failed" } });
    other.exec("commit");
    other.close();
    expect((await openSession(server)).status).toBe(201);
    await expect.poll(readiness).toMatchObject({ status: "ok" });
  });

  test("but not for long, a session is opened when it is done", async () => {
    const server = await start();
    const other = new DatabaseSync(server.databasePath, { timeout: 20_000 });
    other.exec("begin immediate");
    const answer = openSession(server);
    await sleep(300);
    other.close();
    expect((await answer).status).toBe(201);
  });
});

describe("a data folder", () => {
  test("is refused to a second server, and free once the first has been killed", async () => {
    const first = await start();
    expect(await complaintOfStart()).toMatch(
      /:\nFULLBLEED_DATA is not valid: another server works in this folder\. End that one first, .*\n$/,
    );
    expect((await openSession(first)).status).toBe(201);
    await first.kill();
    await start();
  });

  test("goes to a server that is started while the one before it ends", async () => {
    const first = await start();
    first.child.kill("SIGTERM");
    await start();
  });
});

const canLimit = process.platform === "linux" && existsSync("/usr/bin/prlimit");

test.skipIf(!canLimit)("a server that may open no more files says so, and serves again once it may", async () => {
  const server = await startServerProcess(folder, platform.url, {}, ["/usr/bin/prlimit", "--nofile=100"]);
  running.push(server);
  const frame = await enterSession(server.url);
  const design = await frame.putDesign();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (path: string, method = "GET", body?: Buffer): Promise<unknown[]> => {
    const headers = body === undefined ? {} : frame.headersFor(body, design);
    const asked = request(server.url + path, { agent, method, headers });
    asked.end(body);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    const { code } = JSON.parse((await text(answer)).replace(/^[^{].*/s, "{}") || "{}") as { code?: string };
    return [answer.statusCode, code, answer.headers["retry-after"]];
  };
  const paths = [`/frame/${frame.sessionId}`, "/designer/assets/worker-1a2b.js"];
  for (const path of paths) expect((await ask(path))[0]).toBe(200);
  const idle = new Set<Socket>();
  let isHolding = true;
  // The server closes those that ask nothing, on a busy machine before all of this has been looked at: others come in their place.
  const hold = (): void => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    idle.add(socket.on("error", () => {}));
    socket.on("close", () => {
      idle.delete(socket);
      if (isHolding) setTimeout(hold, 100);
    });
  };
  for (let count = 0; count < 120; count += 1) hold();
  const refused = [503, "storage-unavailable", "5"];
  await expect.poll(() => ask(paths[0] ?? "")).toEqual(refused);
  expect(await ask(paths[1] ?? "")).toEqual(refused);
  const upload = `/v1/sessions/${frame.sessionId}/submissions`;
  expect(await ask(upload, "POST", makePicture())).toEqual(refused);
  // By then whatever the server does by itself has met it too.
  await expect.poll(async () => (await ask("/health/ready"))[0]).toBe(503);
  isHolding = false;
  for (const socket of idle) socket.destroy();
  await expect.poll(async () => (await ask(paths[0] ?? ""))[0]).toBe(200);
  expect((await ask(upload, "POST", makePicture()))[0]).toBe(202);
  agent.destroy();
});

const canMount = process.platform === "linux" && process.getuid?.() === 0;

describe.skipIf(!canMount)("a disk that is full", () => {
  let data: string;
  const sizeBytes = 16 * 1024 * 1024;
  beforeEach(async () => {
    data = path.join(folder, "data");
    await mkdir(data);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeBytes},mode=700`, "tmpfs", data], { timeout: 30_000 });
  });
  afterEach(() => {
    execFileSync("umount", ["-l", data], { timeout: 30_000 });
  });

  /** Leaves room for so many bytes. */
  async function fill(roomBytes: number): Promise<void> {
    const file = path.join(data, "other.bin");
    await rm(file, { force: true });
    const { bavail, bsize } = await statfs(data);
    await writeFile(file, Buffer.alloc(Math.max(0, bavail * bsize - roomBytes)));
  }

  async function complaintsWithRoomFor(...kilobytes: number[]): Promise<(string | undefined)[]> {
    const complaints: (string | undefined)[] = [];
    for (const room of kilobytes) {
      await fill(room * 1024);
      complaints.push(await complaintOfStart());
    }
    for (const complaint of complaints.filter((one) => one !== undefined)) {
      expect(complaint).toMatch(/\nFULLBLEED_DATA cannot be used: .*\n$/);
      expect(complaint).not.toMatch(/\n\s+at /);
    }
    return complaints;
  }

  test("is told to whoever wants something stored, and the server goes on once there is room", async () => {
    const server = await start();
    const said: string[] = [];
    server.child.stdout?.on("data", (chunk: Buffer) => said.push(String(chunk)));
    const frame = await enterSession(server.url);
    const design = await frame.putDesign();
    await fill(0);
    // What the server tidies up after its start makes room once more.
    await expect
      .poll(async () => {
        const { bavail, bsize } = await statfs(data);
        await appendFile(path.join(data, "other.bin"), Buffer.alloc(bavail * bsize)).catch(() => undefined);
        return (await openSession(server)).status;
      })
      .toBe(503);
    const answers = Promise.all([openSession(server), frame.send(makePicture(), design)]);
    await expectLife(server, answers);
    for (const answer of await answers) expect(await summaryOf(answer)).toEqual([503, "storage-unavailable", "5"]);
    await expect.poll(async () => (await fetch(`${server.url}/health/ready`)).status).toBe(503);
    await expect
      .poll(() => said.join(""))
      .toMatch(/"level":50,[^\n]*"msg":"FULLBLEED_DATA cannot be used: .*disk is full/);
    await fill(8 * 1024 * 1024);
    await expect.poll(async () => (await openSession(server)).status).toBe(201);
    await expect.poll(async () => (await frame.send(makePicture(), design)).status).toBe(202);
  });

  test("ends a start with a sentence and no stack, however little room there is, with an attempt open", async () => {
    let arrived = (): void => {};
    const isUnderWay = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    platform.pause = async (moment) => {
      if (moment !== "has the picture") return;
      arrived();
      await new Promise(() => {});
    };
    const server = await start();
    await sendOne(await enterSession(server.url), makePicture());
    await isUnderWay;
    await server.kill();
    expect((await complaintsWithRoomFor(0, 8))[0]).toMatch(/the disk is full\. Make room/);
    await fill(8 * 1024 * 1024);
    expect(await complaintOfStart()).toBeUndefined();
  });

  test("ends the very first start with a sentence and no stack, however little room there is", async () => {
    const complaints = await complaintsWithRoomFor(0, 8, 32, 64);
    expect(complaints.filter((one) => one !== undefined).length).toBeGreaterThan(1);
    await fill(8 * 1024 * 1024);
    expect(await complaintOfStart()).toBeUndefined();
  });
});

// Only Linux has a file that is a full disk.
test.skipIf(process.platform !== "linux")("a server whose log is on a full disk goes on", async () => {
  const program = `
    const { createLog } = await import(${JSON.stringify(new URL("log.ts", import.meta.url).href)});
    const log = createLog({ level: "info", scrub: (text) => text });
    for (let line = 0; line < 1000; line += 1) log.info("x".repeat(10_000));
    setTimeout(() => process.exit(3));`;
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", full, "inherit"] });
  closeSync(full);
  expect(await once(child, "exit")).toEqual([3, null]);
});
