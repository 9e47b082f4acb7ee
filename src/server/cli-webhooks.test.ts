import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "./cli.ts";
import { testEnv } from "./testing/env.ts";
import { openWebhookBench, type WebhookBench } from "./testing/webhooks.ts";

let bench: WebhookBench;
let url: string;
beforeEach(async () => {
  bench = await openWebhookBench();
  url = await bench.server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => bench.close());

async function fullbleed(...args: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const env = { FULLBLEED_URL: url, FULLBLEED_ISSUER_KEY: testEnv.FULLBLEED_ISSUER_KEY };
  const code = await runCli({ args, env, fetch, out: write, err: write });
  return { code, said: lines.join("\n") };
}

test("an endpoint is created, listed, pinged, rotated, replayed, disabled, enabled and deleted from the command line", async () => {
  const receiver = await bench.receive();
  const created = await fullbleed("webhooks", "create", receiver.url);
  expect(created).toMatchObject({ code: 0, said: expect.stringMatching(/\nwhsec_[\w+/]{43}=$/) });
  const [id = ""] = created.said.split("  ");
  expect((await fullbleed("webhooks")).said).toBe(`${id}  enabled  told 0 of 0  ${receiver.url}`);
  expect(await fullbleed("webhooks", "ping", id)).toEqual({ code: 0, said: "taken" });
  expect((await fullbleed("webhooks", "rotate", id)).said).toContain("whsec_");
  await bench.happen(2);
  expect((await fullbleed("webhooks", "replay", id, "--from", "1")).said).toContain("told 0 of 2");
  expect((await fullbleed("webhooks", "replay", id, "--since", "2025-12-31T10:00Z")).code).toBe(0);
  expect((await fullbleed("webhooks", "disable", id)).said).toContain("disabled (issuer)");
  expect((await fullbleed("webhooks", "enable", id)).said).toContain("enabled");
  expect(await fullbleed("webhooks", "delete", id)).toEqual({ code: 0, said: "deleted" });
  expect(await fullbleed("webhooks", "list", "--json")).toMatchObject({
    code: 0,
    said: expect.stringContaining('"webhookEndpoints": []'),
  });
  expect((await fullbleed("webhooks", "ping", id)).said).toMatch(/^not-found: /);
});

test.each([
  [["frobnicate", "x"], "There is no command webhooks frobnicate."],
  [["create"], "webhooks create takes one address."],
  [["rotate"], "webhooks rotate takes one endpoint's id."],
  [["delete", "a", "b"], "webhooks delete takes one endpoint's id."],
  [["list", "a"], "webhooks list takes nothing more."],
  [["replay", "a"], "replay needs --from SEQ or --since TIME"],
  [["replay", "a", "--from", "x"], "replay needs --from SEQ or --since TIME"],
  [["replay", "a", "--from", "1", "--since", "2026-01-01"], "replay needs --from SEQ or --since TIME"],
])("webhooks %j is not understood, with a sentence", async (args, sentence) => {
  const { code, said } = await fullbleed("webhooks", ...args);
  expect([code, said.split("\n")[0]]).toEqual([2, expect.stringContaining(sentence)]);
});
