import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "#server/testing/app.ts";
import { testEnv } from "#server/testing/env.ts";
import { enterSession, sendOne } from "#server/testing/issuer.ts";
import { makePicture } from "#server/testing/picture.ts";
import { createWebhookCourier, type WebhookCourier } from "#server/webhooks/courier.ts";
import { replayEvents } from "#server/webhooks/endpoints.ts";
import { type RunningBank, startBank } from "./bank.ts";
import { openNews } from "./news.ts";
import { makeBankConfig } from "./testing/bank-config.ts";
import { isSigned, webhookPath } from "./webhooks.ts";

let folder: string;
let server: TestApp;
let courier: WebhookCourier;
let designerUrl: string;
let bank: RunningBank;

const start = (port = 0) => {
  const issuerKey = testEnv.FULLBLEED_ISSUER_KEY;
  return startBank(makeBankConfig({ port, dataFolder: folder, designerUrl, issuerKey }), { webhooks: true });
};

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "bank-hooks-"));
  server = await openTestApp({ env: { FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8,::1" } });
  const { poster } = server.parts;
  // The bank looks at the clock of this machine.
  courier = createWebhookCourier({ ...server.parts, poster: { ...poster, now: Date.now } });
  courier.start();
  designerUrl = await server.app.listen({ host: "127.0.0.1", port: 0 });
  bank = await start();
});
afterEach(async () => {
  await bank.stop();
  await courier.stop();
  await server.close();
  rmSync(folder, { recursive: true });
});

const endpoints = () => server.parts.store.selectFrom("webhook_endpoints").selectAll().execute();
const knownToBank = () => {
  const news = openNews(folder);
  const known = news.endpoint();
  news.close();
  return known;
};
/** The server has the endpoint a moment before the bank has kept its secret. */
const isRegistered = async () => {
  await expect.poll(async () => (await endpoints()).map(({ url }) => url)).toEqual([`${bank.origin}${webhookPath}`]);
  const [endpoint] = await endpoints();
  await expect.poll(() => knownToBank()?.id).toBe(endpoint?.id);
};

async function statesOf(cardholderId: string): Promise<string[]> {
  const news = openNews(folder);
  const states = news.of(cardholderId).map(({ state }) => state);
  news.close();
  return states;
}

test("the bank has itself told what happens, at each start at the address that it then has, and knows what its visitor's card has come to", async () => {
  await isRegistered();
  const visit = await fetch(`${bank.origin}/`);
  const cookie = visit.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect(await (await fetch(`${bank.origin}/api/news`, { headers: { cookie } })).json()).toEqual({ news: [] });
  await bank.stop();
  bank = await start();
  await isRegistered();
  const frame = await enterSession(designerUrl);
  await sendOne(frame, makePicture());
  await expect.poll(() => statesOf(frame.cardholderId)).toEqual(["stored", "queued"]);
  const [endpoint] = await endpoints();
  const isTold = async () => (await endpoints()).map((one) => one.delivered_seq);
  await expect.poll(isTold).toEqual([2]);
  expect((await replayEvents(server.parts, "default", endpoint?.id ?? "", { fromSeq: 1 })).deliveredSeq).toBe(0);
  courier.wake();
  await expect.poll(isTold).toEqual([2]);
  expect(await statesOf(frame.cardholderId), "what comes twice counts once").toEqual(["stored", "queued"]);
  expect(await (await fetch(`${bank.origin}/api/news`)).json()).toEqual({ news: [] });
});

test("a bank that has lost its secret gets another endpoint in place of the one that it cannot read", async () => {
  await isRegistered();
  const { port } = new URL(bank.origin);
  const [before] = await endpoints();
  await bank.stop();
  rmSync(path.join(folder, "news.sqlite"));
  bank = await start(Number(port));
  await expect.poll(async () => (await endpoints()).map(({ id }) => id)).not.toEqual([before?.id]);
  await isRegistered();
});

test("a webhook that is not signed, signed long ago, or changed on its way is refused, and nothing is kept", async () => {
  await isRegistered();
  const { secret = "" } = knownToBank() ?? {};
  const body = JSON.stringify({ id: "evt_1", type: "submission.approved", data: { cardholderId: "c" } });
  const post = async (at: Date, signedBody: string, signature?: string) => {
    const own = signature ?? new Webhook(secret).sign("evt_1", at, signedBody);
    const headers = {
      "content-type": "application/json",
      "webhook-id": "evt_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": own,
    };
    return (await fetch(`${bank.origin}${webhookPath}`, { method: "POST", headers, body })).status;
  };
  expect(await post(new Date(), body)).toBe(400);
  expect(await post(new Date(), `${body} `)).toBe(401);
  expect(await post(new Date(Date.now() - 600_000), body)).toBe(401);
  expect(await post(new Date(), body, "v1,AAAA")).toBe(401);
  expect(await post(new Date(), body, "")).toBe(401);
  expect(await statesOf("c")).toEqual([]);
});

test("of several signatures one is enough", () => {
  const { secret, other } = { secret: `whsec_${btoa("a".repeat(32))}`, other: `whsec_${btoa("b".repeat(32))}` };
  const at = new Date();
  const seconds = Math.floor(at.getTime() / 1000);
  const both = [other, secret].map((one) => new Webhook(one).sign("evt_1", at, "{}")).join(" ");
  const headers = { "webhook-id": "evt_1", "webhook-timestamp": String(seconds), "webhook-signature": both };
  expect(isSigned(secret, headers, "{}", seconds)).toBe(true);
  expect(isSigned(`whsec_${btoa("c".repeat(32))}`, headers, "{}", seconds)).toBe(false);
  expect(isSigned(secret, {}, "{}", seconds)).toBe(false);
});
