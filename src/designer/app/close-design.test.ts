import { afterEach, describe, expect, it, vi } from "vitest";
import { submissionState } from "#contracts/submission.ts";
import { mayStartAgain } from "../flow/machine.ts";
import { actions, rested, submissionOf, Visit, ways } from "../flow/testing/visit.ts";
import { closeDesign, giveUp } from "./close-design.ts";

const never = new Promise<never>(() => {});

function closingOf(visit: Visit, makeSafe: () => Promise<void> = async () => {}, isSafe = true) {
  const keepNow = vi.fn(async () => {});
  const deleteAll = vi.spyOn(visit.drafts, "deleteAll");
  return { flow: visit.flow, drafts: { makeSafe: vi.fn(makeSafe), isSafe: () => isSafe }, keepNow, deleteAll };
}

async function come(visit: Visit, names: readonly string[]): Promise<void> {
  for (const name of names) {
    void actions[name]?.(visit);
    await rested();
  }
}

const makePreview = async (askPage?: () => Promise<unknown>): Promise<Visit> => {
  const visit = new Visit(null, askPage);
  await come(visit, [...ways["to the preview"], "agree"]);
  return visit;
};

afterEach(() => {
  vi.useRealTimers();
});

describe("a card that is gone on with in another place", () => {
  it("is left here once it is kept, and goes on here where neither device nor server can keep it", async () => {
    const visit = await makePreview();
    const close = vi.spyOn(visit.flow, "close");
    const [yieldLine, stop] = [vi.fn(), vi.fn()];
    const leave = (isSafe: boolean): Promise<boolean> => {
      const { drafts, ...closing } = closingOf(visit, undefined, isSafe);
      return giveUp({ ...closing, drafts: { ...drafts, yieldLine } }, [{ stop }, undefined]);
    };
    expect(await leave(false)).toBe(false);
    expect([close, yieldLine, stop].map(({ mock }) => mock.calls.length)).toEqual([0, 0, 0]);
    expect(await leave(true)).toBe(true);
    expect([close, yieldLine, stop].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
  });

  it("goes on here where it has begun to be sent meanwhile", async () => {
    const visit = await makePreview();
    const close = vi.spyOn(visit.flow, "close");
    const { drafts, ...closing } = closingOf(visit, async () => void visit.flow.send());
    expect(await giveUp({ ...closing, drafts: { ...drafts, yieldLine: () => {} } }, [])).toBe(false);
    expect([visit.flow.state.getState().step, close.mock.calls.length]).toEqual(["sending", 0]);
  });
});

describe("a page that closes the designer", () => {
  it("waits until the design is kept, and hears when that has failed", async () => {
    const visit = await makePreview();
    const upload = Promise.withResolvers<void>();
    const closing = closingOf(visit, () => upload.promise);
    const closed = closeDesign(closing, false);
    await expect.poll(() => closing.drafts.makeSafe.mock.calls.length).toBe(1);
    expect(closing.keepNow).toHaveBeenCalledOnce();
    upload.resolve();
    expect(await closed).toBe("kept");
    expect(await closeDesign(closingOf(visit, undefined, false), false)).toBe("closed");
  });

  it("is answered before it gives up, where the server says nothing", async () => {
    const visit = await makePreview();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const closed = closeDesign(
      closingOf(visit, () => never, false),
      false,
    );
    await vi.advanceTimersByTimeAsync(8000);
    expect(await closed).toBe("closed");
  });

  it.each(submissionState.options)("of a design that is %s deletes nothing that may be needed", async (state) => {
    const submission = submissionOf(state);
    const visit = new Visit(submission);
    const closing = closingOf(visit);
    expect(await closeDesign(closing, false)).toBe(mayStartAgain(submission) ? "kept" : "closed");
    await closeDesign(closing, true);
    expect(closing.deleteAll).toHaveBeenCalledTimes(mayStartAgain(submission) ? 1 : 0);
  });

  it.each([true, false])("while it is asked sends nothing; discards: %s", async (discard) => {
    const visit = await makePreview(() => never);
    await come(visit, ["send"]);
    expect(visit.flow.state.getState()).toMatchObject({ step: "sending", waitsForPage: true });
    const closing = closingOf(visit);
    await closeDesign(closing, discard);
    expect(visit.sent).toEqual([]);
    expect(closing.deleteAll).toHaveBeenCalledTimes(discard ? 1 : 0);
    expect(visit.flow.state.getState().step).toBe(discard ? "pick" : "preview");
  });

  it("while it is sent leaves that alone", async () => {
    const visit = await makePreview();
    await come(visit, ["send"]);
    const closing = closingOf(visit);
    expect(await closeDesign(closing, true)).toBe("kept");
    expect(visit.flow.state.getState()).toMatchObject({ step: "sending", cancelling: false });
    expect(closing.deleteAll).not.toHaveBeenCalled();
  });
});
