import { afterEach, beforeEach, expect, test } from "vitest";
import { shortReference } from "#contracts/short-reference.ts";
import { runCli } from "./cli.ts";
import { toRecord } from "./state/view.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { enterSession, sendOne } from "./testing/issuer.ts";
import { makePicture } from "./testing/picture.ts";
import { makeSubmissionRow } from "./testing/rows.ts";

let server: TestApp;
let url: string;
let id: string;
const provider = {
  ...absentPlatform,
  getPreview: async () => ({ kind: "image", bytes: new Uint8Array(), mediaType: "image/jpeg" }) as const,
};

beforeEach(async () => {
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  id = (await sendOne(await enterSession(url), makePicture())).submissionId;
  await server.parts.store.updateTable("submissions").set({ state: "held", note: "timeout" }).execute();
});
afterEach(() => server.close());

/** Runs a command as a shell would: words are separated by blanks, an underscore stands for a blank inside one. */
async function fullbleed(command: string, env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const args = command === "" ? [] : command.split(" ").map((word) => word.replaceAll("~", " "));
  const all = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY, ...env };
  const code = await runCli({ args, env: all, fetch, out: write, err: write });
  return { code, said: lines.join("\n") };
}

const stateOf = async () =>
  (await server.parts.store.selectFrom("submissions").select("state").executeTakeFirst())?.state;

test("lists what is held, with the reason", async () => {
  const { code, said } = await fullbleed("list");
  expect(code).toBe(0);
  expect(said).toContain(`${id}  held`);
  expect(said).toMatch(/no image id {2}timeout\n1 held$/);
});

/** Runs a command against a server with so many pages of two submissions. Gives what it asked and wrote, in order. */
async function listPages(pages: number, command: string) {
  const happened: string[] = [];
  const note = "a\u2028b\nc";
  const record = (n: number) => toRecord(makeSubmissionRow({ id: `s${n}`, session_id: "ses", state: "held", note }));
  const answer = async (input: string | URL | Request): Promise<Response> => {
    const after = Number(new URL(input as string).searchParams.get("after")?.slice(1) ?? 0);
    happened.push(`asked after ${after}`);
    const submissions = pages === 0 ? [] : [record(after + 1), record(after + 2)];
    return Response.json({ submissions, next: after + 2 < pages * 2 ? `s${after + 2}` : null });
  };
  let writing = 0;
  const out = async (line: string): Promise<void> => {
    writing += 1;
    expect(writing).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    happened.push(line);
    writing -= 1;
  };
  const env = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY };
  const err = (line: string): void => void happened.push(line);
  const code = await runCli({ args: command.split(" "), env, fetch: answer, out, err });
  const all = Array.from({ length: Math.min(pages, 10) * 2 }, (_, n) => record(n + 1));
  return { code, happened, all };
}

test("a long list is written page by page, at the pace of its reader, and not kept until its end", async () => {
  const { code, happened } = await listPages(3, "list");
  expect(code).toBe(0);
  expect(happened.map((line) => line.split("  ")[0])).toEqual(
    [["asked after 0", "s1", "s2"], ["asked after 2", "s3", "s4"], ["asked after 4", "s5", "s6"], "6 held"].flat(),
  );
});

test.each([0, 1, 3])("a list of %i pages as JSON is one array, written page by page", async (pages) => {
  const { code, happened, all } = await listPages(pages, "list --json");
  expect(code).toBe(0);
  expect(happened.filter((line) => !line.startsWith("asked")).join("\n")).toBe(JSON.stringify(all, null, 2));
  const asked = [...happened.keys()].filter((at) => happened[at]?.startsWith("asked"));
  expect(asked).toEqual([0, 3, 6].slice(0, Math.max(pages, 1)));
});

test("a list without an end ends, with a sentence", async () => {
  const { code, happened } = await listPages(Number.POSITIVE_INFINITY, "list");
  expect(code).toBe(1);
  expect(happened.at(-1)).toMatch(/^There are more than these 10000 pages/);
});

test("list and show say to which rules the cardholder has agreed, and when", async () => {
  for (const command of ["list", `show ${id}`]) {
    expect((await fullbleed(command)).said).toContain("  agreed to rules 1 at 2026-01-01 00:00:00  ");
  }
  const { store } = server.parts;
  const changed = async (change: { rules_version?: string | null; agreed_at?: number | null }): Promise<string> => {
    await store.updateTable("submissions").set(change).execute();
    return (await fullbleed("list")).said;
  };
  expect(await changed({ agreed_at: Number.MAX_SAFE_INTEGER })).toContain("rules 1 at 9007199254740991  ");
  expect(await changed({ rules_version: "a\n1 held\u001b[31m\u202e" })).toMatch(
    / {2}agreed to rules a 1 held \[31m at /,
  );
  expect(await changed({ rules_version: "\u200b" })).toContain("  agreed to rules without a version at ");
  expect(await changed({ rules_version: null, agreed_at: null })).toContain("  agreement unknown  ");
});

test("a server of before, whose records have no agreement, is understood", async () => {
  const { agreement: _, ...record } = toRecord(makeSubmissionRow({ id: "s1", session_id: "ses", state: "held" }));
  const history = { submission: record, events: [], attempts: [], jobs: [], orphans: [] };
  const answers = { list: { submissions: [record], next: null }, "show s1": history, "abandon s1 --reason x": record };
  for (const [command, answer] of Object.entries(answers)) {
    const said: string[] = [];
    const write = (line: string): void => void said.push(line);
    const env = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY };
    const surroundings = { env, fetch: async () => Response.json(answer), out: write, err: write };
    expect([await runCli({ ...surroundings, args: command.split(" ") }), said[0]]).toEqual([
      0,
      expect.stringContaining("s1  held  1970-01-01 00:00:00  s1  agreement unknown  no image id"),
    ]);
    said.length = 0;
    await runCli({ ...surroundings, args: [...command.split(" "), "--json"] });
    expect(JSON.parse(said.join("\n")), "the server's own answer").toEqual(command === "list" ? [record] : answer);
  }
});

test("shows all that is known of one", async () => {
  const { code, said } = await fullbleed(`show ${id}`);
  expect(code).toBe(0);
  expect(said).toMatch(/stored -> queued {2}taken-up \(system\)/);
  expect(said).toMatch(/Still to be done\n {2}send/);
});

test("shows one by the reference that is read out, with or without its blank, and with what else there is refused", async () => {
  const heard = shortReference(id);
  for (const typed of [heard, heard.replace(" ", "-").toLowerCase(), heard.replace(" ", "~"), heard.replace(" ", "")])
    expect(await fullbleed(`show ${typed}`)).toMatchObject({ code: 0, said: expect.stringContaining(`${id}  held`) });
  expect(await fullbleed(`show ${heard} 1`)).toMatchObject({ code: 2 });
});

test.each([
  ["bind ID img-1 --reason it~is~there --by Ada", "accepted"],
  ["resend ID --reason it~is~not~there --confirm", "queued"],
  ["abandon ID --reason the~cardholder~has~moved", "abandoned"],
])("%s: a held submission becomes %s, and the history says why", async (command, state) => {
  expect(await fullbleed(command.replace("ID", id))).toMatchObject({ code: 0, said: expect.stringContaining(state) });
  expect(await stateOf()).toBe(state);
  expect((await fullbleed(`show ${id}`)).said).toMatch(
    /\(operator\) {2}reason: (it is there|it is not there|the cardholder)/,
  );
});

test("a risk that nobody has taken is explained, and nothing is done", async () => {
  const { code, said } = await fullbleed(`resend ${id} --reason why~not`);
  expect([code, await stateOf()]).toEqual([1, "held"]);
  expect(said).toMatch(/^confirmation-needed: .*twice.* with --confirm/);
});

test.each([
  ["frobnicate", {}, "There is no command frobnicate."],
  ["show", {}, "show takes one submission's id."],
  ["abandon ID", {}, "abandon needs --reason TEXT."],
  ["bind ID --reason x", {}, "bind takes a submission's id and an image id."],
  ["list --colour red", {}, "Unknown option '--colour'"],
  ["list", { FULLBLEED_ISSUER_KEY: "" }, "FULLBLEED_ISSUER_KEY: set it"],
  ["list", { FULLBLEED_ISSUER_KEY: "k€y" }, "a character that no key has"],
  ["list", { FULLBLEED_URL: "nonsense" }, "FULLBLEED_PUBLIC_URL or FULLBLEED_URL: set it"],
  ["list", { FULLBLEED_URL: "localhost:8080" }, "FULLBLEED_PUBLIC_URL or FULLBLEED_URL: set it"],
  ["list", { FULLBLEED_URL: "http://ada:geheim@127.0.0.1:9" }, "leave user and password out"],
  ["list held", {}, "list takes options only."],
  ["show ID ID", {}, "show takes one submission's id."],
  ["abandon ID --reason ~", {}, "abandon needs --reason TEXT."],
  ["abandon ID --reason \u200b\u3164", {}, "abandon needs --reason TEXT."],
])("%s %j is not understood, with a sentence and where to read more", async (command, env, sentence) => {
  const { code, said } = await fullbleed(command.replace("ID", id), env);
  expect(code).toBe(2);
  expect(said).toContain(sentence);
  expect(said).toContain("fullbleed help");
  expect(said).not.toContain("geheim");
});

test("what another server answers is never taken for ours, whatever it is: a sentence, and no stack", async () => {
  const bodies = ["<html>Sign in", "{}", "null", "[]", '{"submissions":[{}],"next":null}', '{"code":502,"detail":{}}'];
  for (const body of bodies)
    for (const status of [200, 401, 502])
      for (const command of ["list", `show ${id}`, `abandon ${id} --reason x`]) {
        const env = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY };
        const said: string[] = [];
        const answer = async () => new Response(body, { status });
        const args = command.split(" ");
        const write = (line: string): void => void said.push(line);
        expect(await runCli({ args, env, fetch: answer, out: write, err: write })).toBe(1);
        expect(said.join()).toMatch(/^Something other than our server answers at .* Correct FULLBLEED_PUBLIC_URL/);
      }
});

test("a reason with line breaks, the terminal's control characters and a key stays one line without the key", async () => {
  const key = testEnv.FULLBLEED_ISSUER_KEY;
  const forged = `gone\n2026-01-01~accepted\u001b[31m~${key}`;
  expect((await fullbleed(`abandon ${id} --reason ${forged} --by Ada\r\nBob`)).code).toBe(0);
  const { said } = await fullbleed(`show ${id}`);
  expect(said).toMatch(/reason: gone 2026-01-01 accepted \[31m .*, by: Ada Bob$/m);
  for (const word of [key, "\u001b"]) expect(said).not.toContain(word);
});

test("of what cannot be done the answer says what can", async () => {
  await server.parts.store.updateTable("submissions").set({ state: "unknown" }).execute();
  expect((await fullbleed(`resend ${id} --reason x --confirm`)).said).toMatch(
    /^not-possible: A submission that is unknown cannot be sent again. What can be done now: bind, abandon; /,
  );
});

test("help and nothing at all show what there is", async () => {
  for (const command of ["help", "--help", "list --help", ""]) {
    const { code, said } = await fullbleed(command);
    expect(code).toBe(0);
    for (const word of ["list", "show", "bind", "resend", "abandon", "--reason", "FULLBLEED_ISSUER_KEY"])
      expect(said).toContain(word);
  }
});

test("a wrong key, a wrong address and a server that is away end with a sentence, and never with the key", async () => {
  const wrong = `wrong-${"k".repeat(40)}`;
  const answers = [
    await fullbleed("list", { FULLBLEED_ISSUER_KEY: wrong }),
    await fullbleed("list", { FULLBLEED_URL: `${url}/elsewhere` }),
    await fullbleed("list", { FULLBLEED_URL: "http://127.0.0.1:9" }),
  ];
  expect(answers.map(({ code }) => code)).toEqual([1, 1, 1]);
  expect(answers[0]?.said).toMatch(/^not-authenticated: /);
  expect(answers[2]?.said).toContain("cannot be reached");
  for (const { said } of answers)
    for (const key of [wrong, testEnv.FULLBLEED_ISSUER_KEY]) expect(said).not.toContain(key);
});
