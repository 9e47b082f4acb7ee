import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionRecord } from "#contracts/submission.ts";
import {
  newCustomer,
  openTestSynctera,
  syncteraAt,
  type TestSynctera,
  testWebhookSecret,
} from "#providers/synctera/emulator/testing/synctera.ts";
import { signWebhook, writeWebhook } from "#providers/synctera/emulator/webhooks.ts";
import { type CourierOptions, createCourier } from "../delivery/courier.ts";
import { createProviders } from "../providers.ts";
import { onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { codeOf, enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let synctera: TestSynctera;
let server: TestApp;
let courier: ReturnType<typeof createCourier>;
let url: string;
let submissionId: string;

beforeEach(async () => {
  synctera = await openTestSynctera();
  const provider = syncteraAt(await synctera.app.listen({ port: 0, host: "127.0.0.1" }));
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  await startCourier();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url, undefined, undefined, newCustomer());
  ({ submissionId } = await sendOne(frame, makePicture()));
  await reaches("accepted");
});
afterEach(async () => {
  await courier.stop();
  await server.close();
  await synctera.close();
});

async function startCourier(): Promise<void> {
  const options: CourierOptions = { ...server.parts, now: Date.now, sendTimeoutMs: 60_000 };
  courier = createCourier({ ...options, policy: { pollMs: 20, firstBackOffMs: 10, quietWindowMs: 800 } });
  await courier.start();
}
async function read(): Promise<SubmissionRecord> {
  const response = await fetch(`${url}/v1/submissions/${submissionId}`, { headers: asIssuer });
  return (await response.json()) as SubmissionRecord;
}
async function reaches(state: string): Promise<SubmissionRecord> {
  await expect.poll(async () => (await read()).state).toBe(state);
  return read();
}
const decide = (body: object, headers: Record<string, string> = asIssuer) =>
  fetch(`${url}/v1/submissions/${submissionId}/decision`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const reject = { verdict: "reject", reason: "COPYRIGHT", memo: "A film's hero", by: "Ada" };
const patches = async () => (await synctera.ledger()).calls.filter(({ method }) => method === "Decide");
const jobs = () => server.parts.store.selectFrom("jobs").selectAll().where("kind", "=", "decide").execute();

async function post(status: "APPROVED" | "REJECTED" | "UNREVIEWED", change: { at?: number; secret?: string } = {}) {
  const [{ image }] = (await synctera.images()) as [Awaited<ReturnType<TestSynctera["images"]>>[number]];
  const body = writeWebhook({ ...image, status, ...(status === "REJECTED" && { rejection_reason: "BRANDED" }) });
  const headers = signWebhook([change.secret ?? testWebhookSecret], body, change.at ?? Date.UTC(2026, 0, 1));
  return fetch(`${url}/v1/platform/synctera/notifications`, { method: "POST", headers, body });
}

describe("the issuer's verdict", () => {
  test("goes to the platform, and the state follows: approved, then rejected with reason and memo, and never back", async () => {
    expect((await decide({ verdict: "approve" })).status).toBe(202);
    await reaches("approved");
    expect((await decide(reject)).status).toBe(202);
    expect(await reaches("rejected")).toMatchObject({ rejectionCode: "COPYRIGHT", rejectionMemo: "A film's hero" });
    const [{ image }] = (await synctera.images()) as [Awaited<ReturnType<TestSynctera["images"]>>[number]];
    expect(image).toMatchObject({
      status: "REJECTED",
      rejection_reason: "COPYRIGHT",
      rejection_memo: "A film's hero",
    });
    expect(await codeOf(await decide({ verdict: "approve" }))).toBe("409 not-possible");
    const events = await server.parts.store.selectFrom("events").selectAll().where("actor", "=", "issuer").execute();
    expect(events.map(({ to_state, detail }) => [to_state, JSON.parse(detail ?? "{}")])).toMatchObject([
      ["approved", {}],
      ["rejected", { by: "Ada", rejectionCode: "COPYRIGHT", rejectionMemo: "A film's hero" }],
    ]);
  });

  test.each([
    "cut-reply",
    "error-500",
    "error-500-stored",
    "page-503",
    "page-502-stored",
    "refused",
    "error-429",
  ] as const)("with %s: reaches the platform once, under one key", async (fault) => {
    await synctera.addFault({ method: "Decide", fault });
    expect((await decide({ verdict: "approve" })).status).toBe(202);
    await reaches("approved");
    expect(new Set((await patches()).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect((await patches()).filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    await expect.poll(jobs).toEqual([]);
  });

  test("twice changes nothing the second time, and another one waits", async () => {
    await courier.stop();
    expect((await decide({ verdict: "approve" })).status).toBe(202);
    expect((await decide({ verdict: "approve" })).status).toBe(202);
    expect(await codeOf(await decide(reject))).toBe("409 not-possible");
    await startCourier();
    await reaches("approved");
    expect((await decide({ verdict: "approve" })).status).toBe(202);
    expect(await patches()).toHaveLength(1);
  });

  test("of approval never undoes a rejection that came while it was on its way", async () => {
    await synctera.addFault({ method: "Decide", fault: "late", seconds: 1 });
    await decide({ verdict: "approve" });
    await expect.poll(async () => (await synctera.images())[0]?.image.status).toBe("APPROVED");
    expect((await post("REJECTED")).status).toBe(204);
    await expect.poll(jobs).toEqual([]);
    expect(await read()).toMatchObject({ state: "rejected", rejectionCode: "BRANDED" });
  });

  test("that comes after a rejection at the platform of which nothing was told: the rejection is taken", async () => {
    const id = (await synctera.images())[0]?.image.id;
    await synctera.app.inject({
      method: "POST",
      url: `/sandbox/images/${id}/review`,
      payload: { status: "REJECTED", rejection_reason: "TRADEMARK", rejection_memo: "A logo" },
    });
    await decide({ verdict: "approve" });
    expect(await reaches("rejected")).toMatchObject({ rejectionCode: "TRADEMARK", rejectionMemo: "A logo" });
    await expect.poll(jobs).toEqual([]);
  });

  test("that is refused while nobody can read back why is not given up", async () => {
    await synctera.addFault({ method: "Decide", fault: "error-422" });
    await synctera.addFault({ method: "Details", fault: "error-500" });
    await decide({ verdict: "approve" });
    await reaches("approved");
  });

  test("that the platform does not take is said in the record, and the state stays", async () => {
    await synctera.addFault({ method: "Decide", fault: "error-422" });
    await decide({ verdict: "approve" });
    await expect.poll(async () => (await read()).note).toContain("has not taken the verdict");
    expect((await read()).state).toBe("accepted");
    await expect.poll(jobs).toEqual([]);
  });

  describe("that the platform has not taken leaves no note behind", () => {
    beforeEach(async () => {
      await synctera.addFault({ method: "Decide", fault: "error-422" });
      await decide({ verdict: "approve" });
      await expect.poll(async () => (await read()).note).toContain("has not taken the verdict");
    });

    test("once it has taken it", async () => {
      await decide({ verdict: "approve" });
      expect((await reaches("approved")).note).toBeNull();
    });

    test("once another has come by webhook, and a word that is none leaves it", async () => {
      await post("UNREVIEWED");
      expect(await read()).toMatchObject({ state: "in-review", note: expect.stringContaining("has not taken") });
      await post("REJECTED");
      expect(await read()).toMatchObject({ state: "rejected", note: null });
    });

    test("once another is given, and while that is on its way", async () => {
      await courier.stop();
      const answer = await decide(reject);
      expect(await answer.json()).toMatchObject({ state: "accepted", note: null });
      await startCourier();
      expect((await reaches("rejected")).note).toBeNull();
    });
  });

  test("with a reason that the platform does not know, or without the issuer's key, is refused", async () => {
    const answer = await decide({ ...reject, reason: "UGLY" });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("BRANDED, COPYRIGHT, INAPPROPRIATE, OTHER, PROMOTIONAL, TRADEMARK");
    expect(await codeOf(await decide({ verdict: "approve" }, {}))).toBe("401 not-authenticated");
    expect(await patches()).toEqual([]);
  });
});

test("where the platform's own reviewers decide, the issuer cannot", async () => {
  const other = await openTestApp();
  const origin = await other.app.listen({ host: "127.0.0.1", port: 0 });
  const sent = await sendOne(await enterSession(origin), makePicture());
  const response = await fetch(`${origin}/v1/submissions/${sent.submissionId}/decision`, {
    method: "POST",
    headers: { "content-type": "application/json", ...asIssuer },
    body: JSON.stringify({ verdict: "approve" }),
  });
  expect(await codeOf(response)).toBe("409 not-possible");
  await other.close();
});

test("where the platform's settings are missing, that is what the answer says", async () => {
  await server.parts.store.updateTable("submissions").set({ provider: "gone" }).execute();
  const { of } = await createProviders(server.parts.config, fetch);
  Object.assign(server.parts.providers, { of });
  const answer = await decide({ verdict: "approve" });
  expect(await answer.json()).toMatchObject({
    code: "not-possible",
    detail: expect.stringContaining("The settings of the card platform gone are missing"),
  });
});

test("a verdict that is given at the platform, and an approval that is taken back there, are learnt without a webhook", async () => {
  const id = (await synctera.images())[0]?.image.id ?? "";
  const review = async (payload: object): Promise<void> => {
    await synctera.app.inject({ method: "POST", url: `/sandbox/images/${id}/review`, payload });
    await server.parts.store.updateTable("jobs").set({ run_at: 0 }).where("kind", "=", "poll").execute();
    courier.wake();
  };
  await review({ status: "APPROVED" });
  await reaches("approved");
  await review({ status: "REJECTED", rejection_reason: "BRANDED", rejection_memo: "A logo" });
  expect(await reaches("rejected")).toMatchObject({ rejectionCode: "BRANDED", rejectionMemo: "A logo" });
});

describe("the platform's webhook", () => {
  test("moves the submission; twice, late and out of order it changes nothing more", async () => {
    expect((await post("APPROVED")).status).toBe(204);
    expect((await read()).state).toBe("approved");
    const { sequence } = await read();
    for (const status of ["APPROVED", "UNREVIEWED"] as const) expect((await post(status)).status).toBe(204);
    expect((await read()).sequence).toBe(sequence);
    await post("REJECTED");
    expect(await read()).toMatchObject({ state: "rejected", rejectionCode: "BRANDED" });
    for (const status of ["APPROVED", "UNREVIEWED", "REJECTED"] as const) await post(status);
    expect(await read()).toMatchObject({ state: "rejected", sequence: sequence + 1 });
  });

  test("that is forged, or replayed after an hour, is turned away and changes nothing", async () => {
    const before = await read();
    expect(await codeOf(await post("REJECTED", { secret: "somebody else's secret" }))).toBe("401 not-authenticated");
    expect(await codeOf(await post("REJECTED", { at: Date.UTC(2026, 0, 1) - 3_600_000 }))).toBe(
      "401 not-authenticated",
    );
    expect(await read()).toEqual(before);
  });
});

test("a session for a cardholder who is no customer is refused, with a sentence for the developer", async () => {
  const response = await fetch(`${url}/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...asIssuer },
    body: JSON.stringify({ cardholderId: "c-4711", productId: "photo-landscape", origins: ["https://bank.example"] }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("body.cardholderId: for this product it is the customer's id at Synctera");
});
