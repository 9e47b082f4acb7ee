import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  newCustomer,
  openTestSynctera,
  syncteraAt,
  type TestSynctera,
} from "#providers/synctera/emulator/testing/synctera.ts";
import { createCourier } from "#server/delivery/courier.ts";
import { defaultPolicy } from "#server/delivery/policy.ts";
import { onlyProvider, openTestApp, type TestApp } from "#server/testing/app.ts";
import { testEnv } from "#server/testing/env.ts";
import { enterSession, sendOne } from "#server/testing/issuer.ts";
import { makePicture } from "#server/testing/picture.ts";
import { type RunningBank, startBank } from "./bank.ts";
import { linden } from "./brands/linden.ts";
import { makeBankConfig } from "./testing/bank-config.ts";

let folder: string;
let synctera: TestSynctera;
let server: TestApp;
let courier: ReturnType<typeof createCourier>;
let designerUrl: string;
let bank: RunningBank;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "bank-desk-"));
  synctera = await openTestSynctera();
  const provider = syncteraAt(await synctera.app.listen({ port: 0, host: "127.0.0.1" }));
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  const policy = { ...defaultPolicy, pollMs: 20, firstBackOffMs: 10 };
  courier = createCourier({ ...server.parts, now: Date.now, sendTimeoutMs: 60_000, policy });
  await courier.start();
  designerUrl = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const issuerKey = testEnv.FULLBLEED_ISSUER_KEY;
  bank = await startBank(makeBankConfig({ brand: linden, dataFolder: folder, designerUrl, issuerKey }));
});
afterEach(async () => {
  await bank.stop();
  await courier.stop();
  await server.close();
  await synctera.close();
  rmSync(folder, { recursive: true });
});

interface Case {
  readonly submissionId: string;
  readonly state: string;
  readonly productId: string;
}

async function readDesk(): Promise<{ waiting: Case[]; approved: Case[] }> {
  return (await (await fetch(`${bank.origin}/api/desk`)).json()) as { waiting: Case[]; approved: Case[] };
}
const idsOf = (cases: readonly Case[]) => cases.map(({ submissionId }) => submissionId);

/** A card that waits for the decision, as once Synctera has told that it has the picture. */
async function sendCard(): Promise<string> {
  server.advance(1_000);
  const frame = await enterSession(designerUrl, undefined, undefined, newCustomer());
  const { submissionId } = await sendOne(frame, makePicture());
  const row = () => server.parts.store.selectFrom("submissions").select("state").where("id", "=", submissionId);
  await expect.poll(async () => (await row().executeTakeFirst())?.state).toBe("accepted");
  await server.parts.store
    .updateTable("submissions")
    .set({ state: "in-review" })
    .where("id", "=", submissionId)
    .execute();
  return submissionId;
}

async function decide(body: object, headers: Record<string, string> = { origin: bank.origin }): Promise<number> {
  const answer = await fetch(`${bank.origin}/api/desk/decisions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return answer.status;
}

test("the reviewer sees what waits, approves it, takes the approval back with a reason and a note, and that is the end", async () => {
  const submissionId = await sendCard();
  const later = await sendCard();
  expect(await readDesk()).toMatchObject({
    waiting: [{ submissionId, state: "in-review", productId: "photo-landscape", note: null }, { submissionId: later }],
    approved: [],
  });
  const picture = await fetch(`${bank.origin}/api/desk/pictures/${submissionId}`);
  expect(picture.headers.get("content-type")).toBe("image/png");
  expect(picture.headers.get("cross-origin-resource-policy")).toBe("same-origin");
  expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({ format: "png", width: 640 });

  expect(await decide({ submissionId, verdict: "approve" })).toBe(204);
  await expect.poll(async () => idsOf((await readDesk()).approved)).toEqual([submissionId]);
  expect(idsOf((await readDesk()).waiting)).toEqual([later]);

  const rejection = { submissionId, verdict: "reject", reason: "BRANDED", memo: "There is a logo on the cup." };
  expect(await decide(rejection)).toBe(204);
  await expect.poll(async () => (await readDesk()).approved).toEqual([]);
  const [stored] = await synctera.images();
  expect(stored?.image).toMatchObject({
    status: "REJECTED",
    rejection_reason: "BRANDED",
    rejection_memo: "There is a logo on the cup.",
  });
  const events = await server.parts.store.selectFrom("events").select("detail").where("actor", "=", "issuer").execute();
  expect(events.map(({ detail }) => JSON.parse(detail ?? "{}").by)).toEqual(["Reviewer's desk", "Reviewer's desk"]);
  expect(await decide({ submissionId, verdict: "approve" }), "a rejection is never taken back").toBe(409);
});

test("only the bank's own page may decide or look, and nothing of the key reaches it", async () => {
  const submissionId = await sendCard();
  const approval = { submissionId, verdict: "approve" };
  for (const headers of [{ origin: "http://evil.example" }, { origin: designerUrl }, {}])
    expect(await decide(approval, headers as Record<string, string>)).toBe(403);
  for (const path of ["/api/desk", `/api/desk/pictures/${submissionId}`]) {
    const status = new Promise((done) => {
      const headers = { host: `evil.example:${new URL(bank.origin).port}` };
      httpRequest(`${bank.origin}${path}`, { headers }, (answer) => done(answer.resume().statusCode)).end();
    });
    expect(await status, path).toBe(403);
  }
  const { calls } = await synctera.ledger();
  expect(calls.map(({ method }) => method)).toEqual(["Create", "Upload"]);
  expect(await (await fetch(`${bank.origin}/api/desk`)).text()).not.toContain(testEnv.FULLBLEED_ISSUER_KEY);
});

test.each([
  {},
  { submissionId: "sub_1" },
  { submissionId: "../sessions", verdict: "approve" },
  { submissionId: "sub_1", verdict: "reject" },
  { submissionId: "sub_1", verdict: "reject", reason: "COPYRIGHT", memo: "x".repeat(501) },
])("what is no decision, such as %j, is refused and goes nowhere", async (body) => {
  expect(await decide(body)).toBe(400);
});

test("a designer's server that is away is said so", async () => {
  const issuerKey = "a-key-that-nobody-knows-0123456789abcdef";
  const dataFolder = path.join(folder, "stranger");
  const stranger = await startBank(makeBankConfig({ brand: linden, dataFolder, designerUrl, issuerKey }));
  const statuses = await Promise.all(
    ["/api/desk", "/api/desk/pictures/sub_1"].map(async (one) => (await fetch(`${stranger.origin}${one}`)).status),
  );
  await stranger.stop();
  expect(statuses).toEqual([502, 502]);
  expect((await fetch(`${bank.origin}/api/desk/pictures/sub_1`)).status).toBe(404);
});
