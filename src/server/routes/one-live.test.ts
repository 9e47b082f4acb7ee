import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionView } from "#contracts/session.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import { recordEvent } from "../state/transition.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { codeOf, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let server: TestApp;
let url: string;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => server.close());

const enter = (cardholderId = "holder", productId = "photo-landscape"): Promise<Frame> =>
  enterSession(url, undefined, productId, cardholderId);
const picture = makePicture();

async function knownTo(frame: Frame): Promise<SessionView["submission"]> {
  return ((await (await frame.get(`/v1/sessions/${frame.sessionId}`)).json()) as SessionView).submission;
}

async function setState(submissionId: string, state: SubmissionState): Promise<void> {
  await server.parts.store.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable("submissions")
      .set(({ eb }) => ({ state, updated_at: server.parts.now(), sequence: eb("sequence", "+", 1) }))
      .where("id", "=", submissionId)
      .returningAll()
      .executeTakeFirstOrThrow();
    await recordEvent(trx, row, "queued", { cause: "bound", actor: "operator" });
  });
}

async function tryToSend(frame: Frame): Promise<string> {
  const response = await frame.send(picture, await frame.putDesign(), "another");
  return response.status === 202 ? "202" : codeOf(response);
}

describe("one cardholder, one product, two sessions", () => {
  test.each(["queued", "sending", "unknown", "held", "accepted-no-id", "accepted", "in-review"] as const)(
    "while the first submission is %s, the second session finds and follows it, and cannot send another",
    async (state) => {
      const first = await enter();
      const { submissionId } = await sendOne(first, picture);
      await setState(submissionId, state);
      server.advance(60_000);
      const second = await enter();
      expect(await knownTo(second)).toMatchObject({ submissionId, state });
      expect(await tryToSend(second)).toBe("409 already-submitted");
      const events = await second.get(`/v1/submissions/${submissionId}/events`);
      expect(events.status).toBe(200);
      await events.body?.cancel();
    },
  );

  test("of two that send at the same moment, one is taken and the other told so", async () => {
    const frames = await Promise.all([enter(), enter(), enter(), enter()]);
    const designs = await Promise.all(frames.map((frame) => frame.putDesign()));
    const answers = await Promise.all(frames.map((frame, index) => frame.send(picture, designs[index] ?? "")));
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([202, 409, 409, 409]);
  });

  test("after approval a session opened later starts anew; one that was open before shows what has become of it", async () => {
    const first = await enter();
    const { submissionId } = await sendOne(first, picture);
    const before = await enter();
    server.advance(1_000);
    await setState(submissionId, "approved");
    server.advance(1_000);
    const later = await enter();
    expect(await knownTo(first)).toMatchObject({ submissionId, state: "approved" });
    expect(await knownTo(before)).toMatchObject({ submissionId, state: "approved" });
    expect(await tryToSend(before)).toBe("409 already-submitted");
    expect(await knownTo(later)).toBeNull();
    expect(await tryToSend(later)).toBe("202");
  });

  test("after approval a session opened later starts anew although the clock has been set back meanwhile", async () => {
    const { submissionId } = await sendOne(await enter(), picture);
    await setState(submissionId, "approved");
    server.advance(-6 * 60 * 60_000);
    const later = await enter();
    expect(await knownTo(later)).toBeNull();
    expect(await tryToSend(later)).toBe("202");
  });

  test("a session that was open before approval shows it although the clock has been set back meanwhile", async () => {
    const before = await enter();
    server.advance(-60 * 60_000);
    const { submissionId } = await sendOne(await enter(), picture);
    await setState(submissionId, "approved");
    expect(await knownTo(before)).toMatchObject({ submissionId, state: "approved" });
    expect(await tryToSend(before)).toBe("409 already-submitted");
  });

  test.each(["rejected", "rejected-image", "abandoned"] as const)("after %s either may send another", async (state) => {
    const first = await enter();
    const second = await enter();
    const { submissionId } = await sendOne(first, picture);
    await setState(submissionId, state);
    expect(await tryToSend(second)).toBe("202");
    expect(await tryToSend(first)).toBe("409 already-submitted");
  });

  test("another product, and another cardholder, are a matter of their own", async () => {
    const first = await enter();
    const { submissionId } = await sendOne(first, picture);
    expect(await tryToSend(await enter("somebody-else"))).toBe("202");
    const portrait = await enter("holder", "photo-portrait");
    expect(await knownTo(portrait)).toBeNull();
    expect(await codeOf(await portrait.get(`/v1/submissions/${submissionId}`))).toBe("403 not-allowed");
  });
});
