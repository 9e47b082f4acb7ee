import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IssuerEvent } from "#contracts/webhook.ts";
import { createTestPoster } from "../testing/app.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { type Receiver, startReceiver } from "../testing/webhooks.ts";
import { postWebhook } from "./post.ts";
import { addSecret, createSecret } from "./secrets.ts";

type ReadWebhook = (secret: string, headers: object, body: string) => IssuerEvent | null;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function readExample(): Promise<ReadWebhook> {
  const page = await readFile(new URL("../../../docs/webhooks.md", import.meta.url), "utf8");
  const [, code = ""] = /```js\n([^]*?)```/.exec(page) ?? [];
  const file = path.join(await makeTestFolder(), "example.mjs");
  await writeFile(file, code);
  return ((await import(pathToFileURL(file).href)) as { readWebhook: ReadWebhook }).readWebhook;
}

test("the guide's example reads a webhook from the wire, with the old secret and the new, and refuses all else", async () => {
  const readWebhook = await readExample();
  const old = createSecret();
  const rotated = addSecret(old, Date.now(), 60_000);
  const poster = createTestPoster(["127.0.0.1"], Date.now);
  const endpoint = { url: receiver.url, secrets: rotated.secrets };
  await postWebhook(poster, endpoint, "evt_1", '{"seq":7}', new AbortController().signal);
  const { headers = {}, body = "" } = receiver.received[0] ?? {};
  for (const secret of [old.secret, rotated.secret]) expect(readWebhook(secret, headers, body)).toEqual({ seq: 7 });
  expect(readWebhook(createSecret().secret, headers, body)).toBeNull();
  expect(readWebhook(rotated.secret, headers, '{"seq":8}')).toBeNull();
  expect(readWebhook(rotated.secret, { ...headers, "webhook-timestamp": "1" }, body)).toBeNull();
  expect(readWebhook(rotated.secret, {}, body)).toBeNull();
});
