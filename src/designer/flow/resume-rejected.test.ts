import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import type { Draft } from "../drafts/draft-store.ts";
import { createDesignStore } from "../store/design-store.ts";
import { type FlowState, isReturning } from "./flow-state.ts";
import { rested, submissionOf, Visit } from "./testing/visit.ts";

let visit: Visit;
const state = () => visit.flow.state.getState();
const kept = makeDraft();

function makeDraft(): Draft {
  const design = createDesignStore(products[0]);
  const photo = new Visit().makePhoto();
  design.getState().setPhoto(photo);
  return { design: design.getState().design, photo };
}

describe("who comes back to a rejection", () => {
  const submission = submissionOf("rejected");
  const shown: FlowState[] = [];
  const come = async (): Promise<void> => {
    visit = new Visit(submission);
    await visit.drafts.write(kept);
    shown.length = 0;
    visit.flow.state.subscribe((now) => shown.push(now));
  };
  beforeEach(come);

  it("waits for the design and not for the news, and hears these only where it cannot be had", async () => {
    void visit.flow.resumeDraft();
    expect(state()).toMatchObject({ step: "follow", opening: true, returning: true });
    shown.length = 0;
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "design", rejection: { submission } });
    expect(shown.filter((each) => !isReturning(each)).map(({ step }) => step)).toEqual(["design"]);

    for (const end of ["bad", "gone", "unreachable"] as const) {
      await come();
      if (end === "gone") await visit.drafts.deleteAll();
      if (end === "unreachable") vi.spyOn(visit.drafts, "read").mockRejectedValueOnce(new Error("no answer"));
      void visit.flow.resumeDraft();
      await rested();
      visit.endOpening("bad");
      await rested();
      const code = { bad: "draft-not-opened", gone: undefined, unreachable: "draft-unreachable" }[end];
      expect(state()).toMatchObject({ step: "follow", opening: false, notice: code === undefined ? null : { code } });
      expect(isReturning(state()), end).toBe(false);
    }
  });

  it("gets the design by the way to change it, also where it could not be fetched at first", async () => {
    vi.spyOn(visit.drafts, "read").mockRejectedValueOnce(new Error("no answer"));
    await visit.flow.resumeDraft();
    expect(state()).toMatchObject({ step: "follow", notice: { code: "draft-unreachable" } });
    visit.flow.showNotice(null);
    expect(state()).toMatchObject({ notice: null, unfetched: true });
    visit.flow.changeDesign();
    expect(state()).toMatchObject({ step: "pick", opening: true });
    await rested();
    visit.endOpening("good");
    await rested();
    const photoSha256 = photoOf(visit.design.getState().design)?.sha256;
    expect(state()).toMatchObject({ step: "design", rejection: { submission, photoSha256 } });
  });

  it("reads on after eight seconds, and the design that comes later lies ready", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const reading = Promise.withResolvers<Draft | null>();
    vi.spyOn(visit.drafts, "read").mockReturnValueOnce(reading.promise);
    void visit.flow.resumeDraft();
    vi.advanceTimersByTime(7999);
    expect(isReturning(state())).toBe(true);
    vi.advanceTimersByTime(1);
    expect(state()).toMatchObject({ step: "follow", opening: true, notice: { code: "draft-slow" } });
    expect(isReturning(state())).toBe(false);
    reading.resolve(kept);
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "follow", opening: false, notice: null });
    visit.flow.changeDesign();
    expect(state()).toMatchObject({ step: "design", rejection: { submission } });
  });

  it("finds another photo that lies there since as it was left, and nothing is said of it", async () => {
    for (const [photoChosenAfter, isOther] of [
      // It may have been sent from elsewhere, or have arrived in the end: the reason is shown.
      [undefined, false],
      ["sub-before", false],
      [submission.submissionId, true],
    ] as const) {
      await come();
      const sync = { photoChosenAfter };
      vi.spyOn(visit.drafts, "read").mockResolvedValueOnce({ ...kept, sync });
      void visit.flow.resumeDraft();
      await rested();
      visit.endOpening("good");
      await rested();
      const photoSha256 = isOther ? null : photoOf(visit.design.getState().design)?.sha256;
      const notice = isOther ? { code: "draft-resumed" } : null;
      expect(state(), String(photoChosenAfter)).toMatchObject({ step: "design", notice, rejection: { photoSha256 } });
    }
  });

  it("hears the news at once where no design is likely to be kept", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    visit = new Visit(submission, undefined, false);
    void visit.flow.resumeDraft();
    expect(vi.getTimerCount(), "nothing is awaited").toBe(0);
    expect(state()).toMatchObject({ step: "follow", opening: true });
    expect(isReturning(state())).toBe(false);
    await rested();
    expect(state()).toMatchObject({ step: "follow", opening: false });
  });
});
