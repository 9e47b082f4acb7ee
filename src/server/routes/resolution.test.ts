import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shortReference } from "#contracts/short-reference.ts";
import type { SubmissionHistory, SubmissionRecord, SubmissionState } from "#contracts/submission.ts";
import type { PreviewOutcome, Provider } from "#providers/provider.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { codeOf, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let server: TestApp;
let url: string;
let frame: Frame;
let id: string;
let shown: PreviewOutcome;

const provider: Provider = {
  ...absentPlatform,
  readCardImageId: (text) => (text.startsWith("img-") ? text : undefined),
  getPreview: async () => shown,
};

beforeEach(async () => {
  shown = { kind: "image", bytes: new Uint8Array(), mediaType: "image/jpeg" };
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
  id = (await sendOne(frame, makePicture())).submissionId;
});
afterEach(() => server.close());

async function setState(state: SubmissionState): Promise<void> {
  await server.parts.store.updateTable("submissions").set({ state, note: "in doubt" }).where("id", "=", id).execute();
  await server.parts.store.deleteFrom("jobs").execute();
}

function resolve(body: object, headers: Record<string, string> = asIssuer): Promise<Response> {
  const json = { "content-type": "application/json" };
  return fetch(`${url}/v1/submissions/${id}/resolution`, {
    method: "POST",
    headers: { ...headers, ...json },
    body: JSON.stringify({ reason: "looked it up in the dashboard", by: "Ada", ...body }),
  });
}

async function readHistory(): Promise<SubmissionHistory> {
  return (await (
    await fetch(`${url}/v1/submissions/${id}/history`, { headers: asIssuer })
  ).json()) as SubmissionHistory;
}

const bind = { action: "bind", cardImageId: "img-1" };
const resend = { action: "resend", confirm: true };
const abandon = { action: "abandon" };

describe("an operator ends a doubt", () => {
  test.each(["unknown", "held", "accepted-no-id"] as const)("by binding the id of one that is %s", async (state) => {
    await setState(state);
    const answer = await resolve(bind);
    expect(answer.status).toBe(200);
    const record = (await answer.json()) as SubmissionRecord;
    expect(record).toMatchObject({ state: "accepted", cardImageId: "img-1", note: null, hasPreview: true });
    const { events, jobs } = await readHistory();
    expect(events.at(-1)).toMatchObject({
      from: state,
      to: "accepted",
      cause: "bound",
      actor: "operator",
      detail: { reason: "looked it up in the dashboard", by: "Ada", cardImageId: "img-1" },
    });
    expect(jobs).toEqual([]);
  });

  test("by binding, and takes the verdict that had come for that id", async () => {
    await setState("held");
    const kept = {
      issuer_id: "default",
      provider: "absent",
      card_image_id: "img-1",
      state: "accepted",
      rejection_code: null,
      rejection_memo: null,
      decided_at: 5,
      received_at: 1,
    } as const;
    await server.parts.store.insertInto("unclaimed_notifications").values(kept).execute();
    expect(await (await resolve(bind)).json()).toMatchObject({ state: "approved" });
  });

  test("by sending it again: it waits in the queue, with its reason in the history", async () => {
    await setState("held");
    expect(await (await resolve(resend)).json()).toMatchObject({ state: "queued" });
    const { events, jobs } = await readHistory();
    expect(events.at(-1)).toMatchObject({ cause: "resent", actor: "operator" });
    expect(jobs).toMatchObject([{ kind: "send", isRunning: false }]);
  });

  test.each(["queued", "unknown", "held", "accepted-no-id"] as const)(
    "by giving up one that is %s: the cardholder may send another at once",
    async (state) => {
      await setState(state);
      expect(await (await resolve(abandon)).json()).toMatchObject({ state: "abandoned" });
      expect((await readHistory()).jobs).toEqual([]);
      expect((await sendOne(frame, makePicture({ shade: 9 }), "key-2")).state).toBe("stored");
    },
  );
});

describe("what an operator cannot do", () => {
  test.each([
    ["accepted", bind],
    ["approved", bind],
    ["queued", bind],
    ["unknown", resend],
    ["accepted-no-id", resend],
    ["accepted", resend],
    ["sending", abandon],
    ["approved", abandon],
    ["rejected-image", abandon],
  ] as const)("to one that is %s: %j", async (state, body) => {
    await setState(state);
    expect(await codeOf(await resolve(body))).toBe("409 not-possible");
    expect(await readHistory()).toMatchObject({ submission: { state, note: "in doubt" } });
  });

  test("send again without taking the risk, of which the answer tells", async () => {
    await setState("held");
    const answer = await resolve({ action: "resend" });
    expect(await answer.json()).toMatchObject({
      code: "confirmation-needed",
      detail: expect.stringContaining("twice"),
    });
  });

  test.each([
    [{ kind: "not-ready" }, "shows no picture under that id"],
    [{ kind: "unavailable", detail: "down" }, "cannot be asked"],
  ] as const)("bind an id that the platform does not show (%j), unless sure", async (outcome, why) => {
    shown = outcome;
    await setState("held");
    const answer = await resolve(bind);
    expect(await answer.json()).toMatchObject({ code: "confirmation-needed", detail: expect.stringContaining(why) });
    expect((await resolve({ ...bind, confirm: true })).status).toBe(200);
  });

  test("bind an id that another submission has, or what is no id", async () => {
    await setState("held");
    const first = await sendOne(await enterSession(url), makePicture());
    await server.parts.store
      .updateTable("submissions")
      .set({ card_image_id: "img-1" })
      .where("id", "=", first.submissionId)
      .execute();
    expect(await codeOf(await resolve(bind))).toBe("409 not-possible");
    expect(await codeOf(await resolve({ ...bind, cardImageId: "nonsense" }))).toBe("400 bad-request");
  });

  test("anything without a reason, or without the issuer's key", async () => {
    await setState("held");
    for (const reason of ["", "\u00a0\n", "\u200b\u00ad\u3164"]) {
      expect(await codeOf(await resolve({ ...abandon, reason }))).toBe("400 bad-request");
    }
    expect(await codeOf(await resolve(abandon, { authorization: `Bearer ${frame.token}` }))).toBe(
      "401 not-authenticated",
    );
    expect((await fetch(`${url}/v1/submissions/${id}/history`)).status).toBe(401);
  });
});

test("a submission is found by the reference that its cardholder reads out, to be looked at and for nothing else", async () => {
  const heard = shortReference(id).toLowerCase().replace(" ", "-");
  expect(await (await fetch(`${url}/v1/submissions/${heard}/history`, { headers: asIssuer })).json()).toMatchObject({
    submission: { submissionId: id },
  });
  const record = await fetch(`${url}/v1/submissions/${heard}`, { headers: asIssuer });
  expect(await record.json()).toMatchObject({ submissionId: id });
  const none = await fetch(`${url}/v1/submissions/0000-0000`, { headers: asIssuer });
  expect(await codeOf(none)).toBe("404 not-found");
  await setState("approved");
  for (const seen of ["preview", "picture"])
    expect((await fetch(`${url}/v1/submissions/${heard}/${seen}`, { headers: asIssuer })).status, seen).toBe(200);
  await setState("held");
  const body = JSON.stringify({ ...abandon, reason: "a wrong number" });
  const headers = { ...asIssuer, "content-type": "application/json" };
  const decided = await fetch(`${url}/v1/submissions/${heard}/resolution`, { method: "POST", headers, body });
  expect(await codeOf(decided)).toBe("404 not-found");
});

test("the history of a submission shows each state with its cause, its attempts and what is to be done", async () => {
  const { submission, events, attempts, jobs, orphans } = await readHistory();
  expect(submission.reference).toMatch(/^[A-Z0-9]{20}$/);
  expect(events.map(({ from, to, cause, actor }) => [from, to, cause, actor])).toEqual([
    [null, "stored", "stored", "system"],
    ["stored", "queued", "taken-up", "system"],
  ]);
  expect([attempts, orphans]).toEqual([[], []]);
  expect(jobs).toMatchObject([{ kind: "send", tries: 0, lastError: null }]);
});
