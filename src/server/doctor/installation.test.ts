import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { runDoctor } from "../cli-doctor.ts";
import { openStore } from "../store/open.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { type DoctorBench, doctor, expectOneWrong, openThalesBench, page, serve } from "../testing/doctor.ts";

let bench: DoctorBench<unknown>;
beforeEach(async () => {
  bench = await openThalesBench();
});

const withEnv = (change: Record<string, string>): Record<string, string> => ({ ...bench.env, ...change });

describe("one mistake is one sentence that names the setting", () => {
  test("a setting that is missing, and nothing else is gone on with", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_THALES_IMAGE_DELIVERY_KEY: "" }),
      /^FULLBLEED_THALES_IMAGE_DELIVERY_KEY: Is missing/,
    ));

  test("a name that is misspelt", () =>
    expectOneWrong(withEnv({ FULLBLEED_TRUSTED_PROXY: "10.0.0.1" }), /^FULLBLEED_TRUSTED_PROXY: .*Misspelt/));

  test("no trusted proxy where something speaks https for the server", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_PUBLIC_URL: "https://cards.example" }),
      /^FULLBLEED_TRUSTED_PROXIES: Is not set/,
    ));

  test("a period that contradicts another", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_RETENTION_DAYS: JSON.stringify({ "photo-landscape": { accepted: 10 } }) }),
      /^FULLBLEED_RETENTION_DAYS: photo-landscape: .*10 days, less than what is rejected \(90\)/,
    ));

  test.each([
    ["keeps the designer out of every page", { "x-frame-options": "DENY" }, /adds X-Frame-Options/],
    ["takes away the server's nonces", {}, /takes away the header DPoP .* or DPoP-Nonce/],
  ])("a proxy in front that %s", async (_what, headers, expected) => {
    const csp = { "content-security-policy": "default-src 'none'; frame-ancestors *" };
    const front = await serve(404, "text/html", page, { ...csp, ...headers });
    const { port } = new URL(await serve(200, "application/json", '{"status":"ok"}'));
    const saying = new RegExp(`^FULLBLEED_PUBLIC_URL: .*${expected.source}`);
    await expectOneWrong(withEnv({ FULLBLEED_PUBLIC_URL: front, FULLBLEED_PORT: port }), saying);
  });
});

test.each([
  ["https://no-such-host.invalid", "unchecked", /Seen from this machine, (?:there is no host|the name server)/],
  ["https://127.0.0.1:9", "unchecked", /Seen from this machine, nothing listens there\. .*\/health\/live/],
  ["plain", "wrong", /does not speak TLS/],
] as const)("a public address that does not lead here (%s) is told in words", async (url, verdict, expected) => {
  const { port } = new URL(await serve(200, "application/json", '{"status":"ok"}'));
  const plain = (await serve(200, "text/html", page)).replace("http:", "https:");
  const change = { FULLBLEED_PORT: port, FULLBLEED_TRUSTED_PROXIES: "127.0.0.1" };
  const said = await doctor(withEnv({ ...change, FULLBLEED_PUBLIC_URL: url === "plain" ? plain : url }));
  expect(said.of(verdict)).toEqual([expect.stringMatching(expected)]);
});

test("a log of deletions that is a folder is refused", async () => {
  const folder = path.join(await makeTestFolder(), "log");
  await mkdir(folder);
  await expectOneWrong(withEnv({ FULLBLEED_PURGE_LOG: folder }), /^FULLBLEED_PURGE_LOG: .*cannot read and write/);
});

test("a file that never answers keeps nobody waiting for ever", async () => {
  const pipe = path.join(await makeTestFolder(), "ca.pem");
  execFileSync("mkfifo", [pipe]);
  const lines: string[] = [];
  let ended = 0;
  const surroundings = {
    args: [],
    env: withEnv({ FULLBLEED_OUTBOUND_CA: pipe }),
    fetch,
    out: (line: string) => void lines.push(line),
    err: () => {},
    end: () => void (ended += 1),
  };
  expect(await runDoctor(surroundings, [], { "send-test-picture": false, leave: false, json: false }, 200)).toBe(2);
  expect(lines.join(" ").replaceAll(/\s+/g, " ")).toContain("Something on this machine does not answer: a disk");
  expect(ended).toBe(1);
  // Lets go of who waits for it.
  await writeFile(pipe, "");
});

describe("the data folder", () => {
  const folderOf = (): string => bench.env["FULLBLEED_DATA"] ?? "";

  test("of this version is looked at and left as it is, whether a server has it open or not", async () => {
    await mkdir(folderOf());
    const store = await openStore(path.join(folderOf(), "fullbleed.sqlite"));
    expect((await doctor(bench.env)).of("ok").join()).toContain("its database is of this version");
    await store.destroy();
    const before = await readdir(folderOf());
    expect((await doctor(bench.env)).of("ok").join()).toContain("its database is of this version");
    expect(await readdir(folderOf())).toEqual(before);
  });

  test("of a newer version is refused", async () => {
    await mkdir(folderOf());
    const store = await openStore(path.join(folderOf(), "fullbleed.sqlite"));
    await sql`insert into kysely_migration (name, timestamp) values ('2199-of-tomorrow', '2199')`.execute(store);
    await store.destroy();
    await expectOneWrong(bench.env, /^FULLBLEED_DATA: .*newer version than this one \(2199-of-tomorrow\)/);
  });

  test("that is a file is refused", async () => {
    await writeFile(folderOf(), "");
    await expectOneWrong(bench.env, /^FULLBLEED_DATA: .*expected a folder, and something on the way to it is none/);
  });

  test.skipIf(process.getuid?.() !== 0)("of another user says nothing to root", async () => {
    await mkdir(folderOf());
    await chown(folderOf(), 1, 1);
    const { of, code } = await doctor(bench.env);
    expect([of("unchecked"), code]).toEqual([[expect.stringMatching(/^FULLBLEED_DATA: .*as the server's user/)], 2]);
  });

  test.skipIf(process.getuid?.() === 0)("that may not be written is refused", async () => {
    await mkdir(folderOf());
    await chmod(folderOf(), 0o500);
    await expectOneWrong(bench.env, /^FULLBLEED_DATA: .*may read and write/);
  });
});
