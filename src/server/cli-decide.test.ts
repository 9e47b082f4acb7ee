import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemTexts } from "#contracts/problem-details.ts";
import { noCapabilities } from "#providers/provider.ts";
import { runCli } from "./cli.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { enterSession, sendOne } from "./testing/issuer.ts";
import { makePicture } from "./testing/picture.ts";

let server: TestApp;
let url: string;
let id: string;
let decision: "ours" | "theirs" = "ours";
const provider = {
  ...absentPlatform,
  capabilities: () =>
    ({ ...noCapabilities, decision, rejectionReasons: ["BRANDED", "OTHER"], purge: "unsupported" }) as const,
};

beforeEach(async () => {
  decision = "ours";
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  id = (await sendOne(await enterSession(url), makePicture())).submissionId;
  await server.parts.store.updateTable("submissions").set({ state: "accepted", card_image_id: "img-1" }).execute();
  await server.parts.store.deleteFrom("jobs").execute();
});
afterEach(() => server.close());

async function fullbleed(args: readonly string[], answer: typeof fetch = fetch): Promise<[number, string]> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const env = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY };
  const code = await runCli({ args, env, fetch: answer, out: write, err: write });
  return [code, lines.join("\n")];
}
const ordered = async () => {
  const job = await server.parts.store.selectFrom("jobs").selectAll().where("kind", "=", "decide").executeTakeFirst();
  const { key: _, ...order } = JSON.parse(job?.payload ?? "{}") as Record<string, unknown>;
  return order;
};

describe("fullbleed decide", () => {
  test("approve: the verdict goes its way, and the answer says what follows", async () => {
    const [code, said] = await fullbleed(["decide", id, "approve", "--by", "Ada"]);
    expect(code).toBe(0);
    expect(said).toMatch(
      new RegExp(`^${id}  accepted .*\nThe card platform is being told. The state becomes approved`),
    );
    expect(await ordered()).toEqual({ decision: { verdict: "approve" }, by: "Ada" });
  });

  test("reject: with a reason of the platform's, and what the cardholder is to read", async () => {
    const memo = "The shoe has its maker's mark";
    const [code] = await fullbleed(["decide", id, "reject", "--reason", "BRANDED", "--memo", memo]);
    expect(code).toBe(0);
    expect(await ordered()).toEqual({ decision: { verdict: "reject", reason: "BRANDED", memo }, by: null });
  });

  test("the same verdict again has nothing to follow", async () => {
    await server.parts.store.updateTable("submissions").set({ state: "approved" }).execute();
    expect(await fullbleed(["decide", id, "approve"])).toEqual([0, expect.not.stringContaining("\n")]);
  });

  test.each([
    [["decide"], "decide takes a submission's id, and approve or reject."],
    [["decide", "ID"], "decide takes a submission's id, and approve or reject."],
    [["decide", "ID", "maybe"], "decide takes a submission's id, and approve or reject."],
    [["decide", "ID", "approve", "now"], "decide takes a submission's id, and approve or reject."],
    [["decide", "ID", "reject"], "decide reject needs --reason"],
    [["decide", "ID", "reject", "--reason", " "], "decide reject needs --reason"],
    [["decide", "ID", "approve", "--memo", "fine"], "decide approve takes no --reason and no --memo"],
  ])("%j is not understood, with a sentence, and asks nobody", async (args, sentence) => {
    const [code, said] = await fullbleed(args, () => Promise.reject(new Error("asked")));
    expect(code).toBe(2);
    expect(said).toContain(sentence);
  });

  test("what the server refuses is told in a sentence with the command's own words", async () => {
    const refused = async (...args: string[]) => {
      const [code, said] = await fullbleed(["decide", ...args]);
      expect(code).toBe(1);
      return said;
    };
    expect(await refused(id, "reject", "--reason", "UGLY")).toBe(
      "bad-request: --reason: choose one of BRANDED, OTHER.",
    );
    expect(await refused(id, "reject", "--reason", "OTHER", "--memo", "x".repeat(501))).toMatch(
      /^bad-request: --memo: /,
    );
    expect(await refused(id, "approve", "--by", "x".repeat(101))).toMatch(/^bad-request: --by: /);
    expect(await refused("sub_nobody", "approve")).toMatch(/^not-found: .*\.$/);
    await fullbleed(["decide", id, "approve"]);
    expect(await refused(id, "reject", "--reason", "OTHER")).toMatch(/^not-possible: Another verdict is on its way/);
    await server.parts.store.updateTable("submissions").set({ state: "held" }).execute();
    await server.parts.store.deleteFrom("jobs").execute();
    expect(await refused(id, "approve")).toMatch(/^not-possible: A picture that is held cannot be approved\. /);
    decision = "theirs";
    expect(await refused(id, "approve")).toMatch(/^not-possible: The card platform's own reviewers decide/);
  });

  test.each(Object.entries(problemTexts))("%s is a sentence", async (code, { title, help: detail }) => {
    const answer = async () =>
      Response.json({ type: "t", title, status: 400, code, detail, retryable: false }, { status: 400 });
    const [ended, said] = await fullbleed(["decide", id, "approve"], answer);
    expect(ended).toBe(1);
    expect(said).toMatch(/^[a-z-]+: [A-Z].*\.$/);
  });
});

test("fullbleed show says of the card platform who decides, for which reasons, and that it deletes nothing", async () => {
  const [, said] = await fullbleed(["show", id]);
  expect(said).toContain("Card platform absent: the issuer decides (BRANDED, OTHER); no picture can be deleted there");
  decision = "theirs";
  expect((await fullbleed(["show", id]))[1]).toContain("Card platform absent: its own reviewers decide");
});
