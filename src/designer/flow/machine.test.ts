import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { products } from "#card/products.ts";
import { type SubmissionView, statesThatAllowAnother, submissionState } from "#contracts/submission.ts";
import { createDesign } from "#design/design.ts";
import { createFlowState, type FlowState } from "./flow-state.ts";
import { type FlowEvent, nextFlow } from "./machine.ts";
import { noticeOf } from "./notice.ts";

const picture = {
  png: new Uint8Array(),
  sha256: "a".repeat(64),
  url: "blob:x",
  design: createDesign(products[0]),
  transparent: false,
};
const agreement = { rulesVersion: "1", agreedAt: 5 };

function view(state: SubmissionView["state"], sequence = 1): SubmissionView {
  const rest = { rejectionCode: null, hasPreview: false, pictureSha256: picture.sha256, updatedAt: 1 };
  return { submissionId: "sub-1", state, sequence, ...rest };
}
function run(from: FlowState, ...events: readonly FlowEvent[]): FlowState {
  return events.reduce(nextFlow, from);
}

const picked: FlowEvent = { type: "photo-picked" };
const opened: FlowEvent = { type: "photo-opened", notice: null };
const design = run(createFlowState(null).getState(), picked, opened);
const preview = run(design, { type: "render-started" }, { type: "rendered", picture });
const sending = run(preview, { type: "agreed", agreement }, { type: "send-asked" });
const follow = (state: SubmissionView["state"]) =>
  run(sending, { type: "acknowledged", submission: view(state), notice: null });

describe("the way through", () => {
  it("goes from a photo to its status", () => {
    expect([design, preview, sending, follow("stored")].map(({ step }) => step)).toEqual([
      "design",
      "preview",
      "sending",
      "follow",
    ]);
  });

  it("shows no picture as the one that was sent when an earlier design is on its way", () => {
    const submission = { ...view("queued"), pictureSha256: "b".repeat(64) };
    const earlier = run(sending, { type: "acknowledged", submission, notice: noticeOf("already-sent") });
    expect(earlier).toMatchObject({ step: "follow", picture: null, notice: { code: "already-sent" } });
    expect(follow("queued")).toMatchObject({ picture });
  });

  it("keeps the design on screen when the next photo cannot be opened", () => {
    const failed = run(design, picked, { type: "photo-failed", notice: noticeOf("heic-image") });
    expect(failed).toMatchObject({ step: "design", opening: false, notice: { code: "heic-image" } });
  });

  it("points to the checkbox each time sending is tried without agreement", () => {
    const asked = run(preview, { type: "send-asked" }, { type: "send-asked" });
    expect(asked).toMatchObject({ step: "preview", remindedTimes: 2 });
    expect(nextFlow(asked, { type: "agreed", agreement })).toMatchObject({ remindedTimes: 0, agreement });
  });

  it("asks for the agreement again after the design was changed", () => {
    const again = run(
      preview,
      { type: "agreed", agreement },
      { type: "went-back" },
      { type: "render-started" },
      {
        type: "rendered",
        picture,
      },
    );
    expect(again).toMatchObject({ step: "preview", agreement: null });
  });

  it("comes back to the preview, still agreed, when sending stops", () => {
    const stopped = run(sending, { type: "send-stopped", notice: noticeOf("send-no-connection") });
    expect(stopped).toMatchObject({ step: "preview", agreement, notice: { code: "send-no-connection" } });
  });

  it("stays unconfirmed until the design is known to be there or not, and takes no send meanwhile", () => {
    const unconfirmed = run(sending, { type: "send-unconfirmed" }, { type: "send-asked" }, { type: "went-back" });
    expect(unconfirmed).toMatchObject({ step: "sending", unconfirmed: "asking" });
    expect(nextFlow(unconfirmed, { type: "send-asked" })).toBe(unconfirmed);
    expect(run(unconfirmed, { type: "acknowledged", submission: view("queued"), notice: null }).step).toBe("follow");
    const lost = run(unconfirmed, { type: "send-unresolved" }, { type: "send-asked" }, { type: "went-back" });
    expect(lost).toMatchObject({ step: "sending", unconfirmed: "unresolved" });
  });

  it("starts with the status when a submission is live", () => {
    expect(createFlowState(view("in-review")).getState()).toMatchObject({ step: "follow" });
  });

  it("ignores a status that is older than what is shown", () => {
    const now = run(follow("stored"), { type: "status-changed", submission: view("approved", 4) });
    expect(nextFlow(now, { type: "status-changed", submission: view("in-review", 3) })).toBe(now);
  });

  it.each(submissionState.options)("lets the cardholder start again from %s only where that is allowed", (state) => {
    const changed = nextFlow(follow(state), { type: "change-asked", photoSha256: "p" });
    expect(changed.step).toBe(statesThatAllowAnother.has(state) ? "design" : "follow");
  });
});

describe("after a rejection", () => {
  const changing = run(follow("rejected"), { type: "change-asked", photoSha256: "p" });
  const render = [{ type: "render-started" }, { type: "rendered", picture }] as const;
  const agree = { type: "agreed", agreement } as const;
  const ask = { type: "send-asked" } as const;

  it("the very same picture is sent again only when that is wished, and another one at once", () => {
    const asked = run(changing, ...render, agree, ask);
    expect(asked).toMatchObject({ step: "preview", asksSame: true, agreement });
    expect(run(asked, ask)).toMatchObject({ step: "preview", asksSame: true });
    expect(run(asked, { ...ask, same: true }).step).toBe("sending");
    const thought = run(asked, { type: "send-thought-over" });
    expect(thought).toMatchObject({ step: "preview", agreement });
    expect(thought).not.toHaveProperty("asksSame");
    // Rules that have changed meanwhile are agreed to first, and for that the box has to be seen.
    expect(run(asked, { ...agree, agreement: null }, { ...ask, same: true })).not.toHaveProperty("asksSame");
    const other = { ...picture, sha256: "b".repeat(64) };
    expect(run(changing, render[0], { ...render[1], picture: other }, agree, ask).step).toBe("sending");
  });

  it("why is known until another design has been sent, and of which photo it is true", () => {
    const rejection = { submission: view("rejected"), photoSha256: "p" };
    expect(changing).toEqual({ ...design, rejection });
    const ways = [run(changing, picked, opened), run(changing, ...render), run(changing, { type: "left-design" })];
    const sendingAgain = run(changing, ...render, agree, { ...ask, same: true });
    for (const state of [...ways, sendingAgain]) expect(state).toMatchObject({ rejection });
    expect(run(sendingAgain, { type: "acknowledged", submission: view("stored"), notice: null })).not.toHaveProperty(
      "rejection",
    );
    const waiting = run(follow("rejected"), picked, { type: "change-asked", photoSha256: null });
    expect(run(waiting, { ...opened, draftPhoto: "q" })).toMatchObject({ rejection: { photoSha256: "q" } });
    expect(run(waiting, picked, opened)).toMatchObject({ rejection: { photoSha256: null } });
    expect(run(follow("abandoned"), { type: "change-asked", photoSha256: "p" })).toEqual(design);
  });

  it("what is noticed while the design is still to be seen is shown with it, whichever photo that has", () => {
    const returning = run(follow("rejected"), picked, { type: "return-awaited" });
    const resumed = { type: "photo-opened", notice: noticeOf("draft-resumed"), draftPhoto: "p" } as const;
    for (const code of ["session-ended", "submission-gone"] as const) {
      const noticed = run(returning, { type: "noticed", notice: noticeOf(code) });
      for (const event of [resumed, { ...resumed, chosenAfter: "sub-1" }]) {
        expect(run(returning, event).step).toBe("design");
        expect(run(noticed, event)).toMatchObject({ step: "design", notice: { code } });
      }
    }
  });
});

describe("whatever happens", () => {
  const notice = fc.constantFrom(null, noticeOf("two-files"));
  const submission = fc.record({ state: fc.constantFrom(...submissionState.options), sequence: fc.nat(9) });
  const event: fc.Arbitrary<FlowEvent> = fc.oneof(
    fc.constantFrom<FlowEvent>(
      picked,
      { type: "render-started" },
      { type: "rendered", picture },
      { type: "went-back" },
      { type: "send-asked" },
      { type: "cancel-asked" },
      { type: "send-unconfirmed" },
      { type: "send-unresolved" },
      { type: "send-stopped", notice: noticeOf("send-cancelled") },
    ),
    notice.map((value): FlowEvent => ({ type: "photo-opened", notice: value })),
    fc.constantFrom<FlowEvent>(
      { type: "photo-failed", notice: noticeOf("heic-image") },
      { type: "opening-stopped" },
      { type: "render-failed", notice: noticeOf("dpi-too-low") },
      { type: "rendering-stopped" },
    ),
    fc.constantFrom(null, agreement).map((given): FlowEvent => ({ type: "agreed", agreement: given })),
    fc.constantFrom("a", null).map((photoSha256): FlowEvent => ({ type: "change-asked", photoSha256 })),
    submission.map(({ state, sequence }): FlowEvent => ({ type: "status-changed", submission: view(state, sequence) })),
    submission.map(
      ({ state, sequence }): FlowEvent => ({ type: "acknowledged", submission: view(state, sequence), notice: null }),
    ),
  );

  it("nothing is sent without agreement, and nothing is sent twice", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = createFlowState(null).getState();
        for (const each of events) {
          const before = state;
          state = nextFlow(before, each);
          if (state.step === "sending" && before.step !== "sending") {
            expect(before).toMatchObject({ step: "preview", agreement });
          }
          if (before.step === "sending" && state.step !== "sending") {
            expect(each.type).toMatch(/^(send-stopped|acknowledged)$/);
          }
          if (before.step === "follow" && state.step !== "follow") {
            expect(["rejected", "rejected-image"]).toContain(before.submission.state);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
