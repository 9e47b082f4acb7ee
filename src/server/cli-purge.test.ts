import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "./cli.ts";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { enterSession, sendOne } from "./testing/issuer.ts";
import { makePicture } from "./testing/picture.ts";

let server: TestApp;
let url: string;
let id: string;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  id = (await sendOne(await enterSession(url, undefined, undefined, "A1"), makePicture())).submissionId;
  await server.parts.store.updateTable("submissions").set({ state: "approved", card_image_id: "img-1" }).execute();
});
afterEach(() => server.close());

async function fullbleed(...args: string[]): Promise<[number, string]> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const env = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY };
  const code = await runCli({ args, env, fetch, out: write, err: write });
  return [code, lines.join("\n")];
}
const stateOf = async () =>
  (await server.parts.store.selectFrom("submissions").select("state").executeTakeFirstOrThrow()).state;

describe.each([
  ["a submission", () => [id]],
  ["a cardholder", () => ["--cardholder", "A1"]],
])("purging %s", (_what, subject) => {
  test("says what would go and what cannot be undone, and deletes nothing; with --confirm it does", async () => {
    const [code, said] = await fullbleed("purge", ...subject(), "--reason", "ticket 4711");
    expect([code, await stateOf()]).toEqual([0, "approved"]);
    expect(said).toContain("Nothing has been deleted yet: --confirm does it.");
    expect(said).toContain(id);
    expect(said).toContain("no card can be made, replaced or reissued with it any more");
    const [done, told] = await fullbleed("purge", ...subject(), "--reason", "t", "--by", "Ada", "--confirm");
    expect([done, await stateOf()]).toEqual([0, "purging"]);
    expect(told).toContain("Deleted here: 1 submissions");
  });
});

test("the history shows what the platform was told to delete, and when it was gone", async () => {
  const { store } = server.parts;
  const image = { issuer_id: "default", provider: "absent", submission_id: id, taken_at: 1 };
  await store
    .insertInto("purged_images")
    .values([
      { ...image, card_image_id: "img-1", gone_at: Date.UTC(2026, 11, 9) },
      { ...image, card_image_id: "img-2", gone_at: null },
    ])
    .execute();
  const [, said] = await fullbleed("show", id);
  expect(said).toContain("img-1  gone, 2026-12-09 00:00:00");
  expect(said).toContain("img-2  not gone yet");
});

test("what is held about a cardholder is printed as JSON", async () => {
  const [code, said] = await fullbleed("export", "A1");
  expect(code).toBe(0);
  expect(JSON.parse(said)).toMatchObject({ cardholderId: "A1", submissions: [{ submission: { submissionId: id } }] });
});

test.each([
  [["purge"], "purge takes a submission's id, or --cardholder ID."],
  [["purge", "a", "--cardholder", "b"], "purge takes a submission's id, or --cardholder ID."],
  [["purge", "a", "b"], "purge takes a submission's id, or --cardholder ID."],
  [["purge", "a"], "purge needs --reason TEXT."],
  [["purge", "a", "--reason", " "], "purge needs --reason TEXT."],
  [["export"], "export takes a cardholder's id."],
  [["export", "a", "b"], "export takes a cardholder's id."],
])("%j is not understood", async (args, said) => {
  expect(await fullbleed(...args)).toEqual([2, expect.stringContaining(said)]);
});

test("nobody's and nothing's are refused", async () => {
  expect(await fullbleed("export", "nobody")).toEqual([1, expect.stringContaining("not-found")]);
  expect(await fullbleed("purge", "--cardholder", "nobody", "--reason", "t")).toEqual([
    1,
    expect.stringContaining("not-found"),
  ]);
});
