import { expect, it } from "vitest";
import { noticeOf } from "../flow/notice.ts";
import { actions, rested, submissionOf, Visit, ways } from "../flow/testing/visit.ts";
import { submitDesign } from "./submit-design.ts";

it("a design that was left for the choice of a photo is not said to have none: its preview is shown", async () => {
  const visit = new Visit();
  expect(await submitDesign(visit.flow)).toMatchObject({ code: "photo-missing" });
  for (const name of ways["to a photo"]) {
    void actions[name]?.(visit);
    await rested();
  }
  visit.flow.leaveDesign();
  expect(visit.flow.state.getState().step).toBe("pick");
  const answer = submitDesign(visit.flow);
  await rested();
  visit.endRendering("good");
  expect(await answer).toMatchObject({ code: "preview-missing" });
  expect(visit.flow.state.getState().step).toBe("preview");
});

/** A visit at the preview, where the rules are agreed to. */
async function visitAgreed() {
  const visit = new Visit();
  for (const name of [...ways["to the preview"], "agree"]) {
    void actions[name]?.(visit);
    await rested();
  }
  const { state } = visit.flow;
  const now = state.getState();
  if (now.step !== "preview") throw new Error(now.step);
  return { visit, state, now };
}

it("the page that asks for the rejected picture to be sent again learns that the cardholder is asked first", async () => {
  const { visit, state, now } = await visitAgreed();
  const submission = { ...submissionOf("rejected"), pictureSha256: now.picture.sha256 };
  state.setState({ ...now, rejection: { submission, photoSha256: null } }, true);
  expect(await submitDesign(visit.flow)).toMatchObject({ code: "same-picture" });
  expect(state.getState()).toMatchObject({ step: "preview", asksSame: true });
});

it("the page that did not let a design be sent learns that it was that", async () => {
  const { visit, state, now } = await visitAgreed();
  const send = async () => {
    state.setState({ ...now, notice: noticeOf("send-declined") }, true);
    return null;
  };
  expect(await submitDesign({ ...visit.flow, send })).toMatchObject({ code: "declined" });
});
