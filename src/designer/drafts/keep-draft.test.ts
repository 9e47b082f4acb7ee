import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { photoOf } from "#design/design.ts";
import { moveBy } from "#design/edits.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createFlowState } from "../flow/flow-state.ts";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import { createMemoryStore } from "./draft-store.ts";
import { keptAlone } from "./testing/kept-alone.ts";
import { keepDraft } from "./keep-draft.ts";

const [product] = products;
const placement = { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 3, mirrored: true } as const;

describe("what lies on the card", () => {
  const rejected: SubmissionView = {
    submissionId: "sub-1",
    state: "rejected",
    sequence: 1,
    rejectionCode: null,
    hasPreview: false,
    pictureSha256: "a".repeat(64),
    updatedAt: 1,
  };
  const photo = makeOpenPhoto({ sha256: "c".repeat(64), bytes: new Blob(["photo"]) });
  const resume = vi.fn();
  const picture = { url: "", png: new Uint8Array(), sha256: "a".repeat(64), transparent: false } as const;
  let stop: () => void;
  let page: EventTarget & { visibilityState: string };

  function begin(submission: SubmissionView | null = null) {
    const [design, state, store] = [
      createDesignStore(product),
      createFlowState(submission),
      keptAlone(createMemoryStore()),
    ];
    const write = vi.spyOn(store, "write");
    const deleteAll = vi.spyOn(store, "deleteAll");
    const keeping = keepDraft(design, state, store, resume);
    ({ stop } = keeping);
    return {
      design,
      keepNow: keeping.keepNow,
      state,
      store,
      write,
      deleteAll,
      kept: async () => (await store.read())?.design ?? null,
    };
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    resume.mockReset();
    page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    vi.stubGlobal("document", page);
    for (const name of ["addEventListener", "removeEventListener"] as const) vi.stubGlobal(name, page[name].bind(page));
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("is kept when the hand rests, once for a run of edits, and neither during a gesture nor with a pen on the card", async () => {
    const { design, write, kept } = begin();
    const { getState } = design;
    getState().setPhoto(photo);
    for (let step = 0; step < 5; step += 1) changePhoto(getState(), moveBy(0, 0.1));
    expect(write).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(write).toHaveBeenCalledOnce();
    expect(await kept()).toBe(getState().design);
    getState().beginGesture();
    changePhoto(getState(), moveBy(0, 1));
    vi.runAllTimers();
    expect(write).toHaveBeenCalledOnce();
    getState().endGesture();
    vi.runAllTimers();
    expect(await kept()).toBe(getState().design);
    changePhoto(getState(), moveBy(0, 1));
    getState().putPen(true);
    vi.runAllTimers();
    expect(await kept()).not.toBe(getState().design);
    getState().putPen(false);
    vi.runAllTimers();
    expect(await kept()).toBe(getState().design);
  });

  it("is kept at once when the page is left, though a finger still moves it", async () => {
    const { design, kept } = begin();
    const { getState } = design;
    getState().setPhoto(photo);
    page.dispatchEvent(new Event("pagehide"));
    const first = await kept();
    expect(first).toBe(getState().design);
    getState().beginGesture();
    changePhoto(getState(), moveBy(0, 1));
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    expect(photoOf((await kept())!)?.placement).not.toEqual(photoOf(first!)?.placement);
    expect(await kept()).toBe(getState().design);
  });

  it("is kept at once when that is asked for, which has ended when the device has it", async () => {
    const { design, store, keepNow, kept } = begin();
    await keepNow();
    expect(await kept()).toBeNull();
    const writing = Promise.withResolvers<void>();
    vi.spyOn(store, "write").mockReturnValue(writing.promise);
    design.getState().setPhoto(photo);
    const ended = vi.fn();
    // The second finds it under way.
    for (let time = 0; time < 2; time += 1) void keepNow().then(ended);
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).not.toHaveBeenCalled();
    writing.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveBeenCalledTimes(2);
  });

  it("is kept at once where the page is left, and again with the stroke that does not lie yet", async () => {
    const { design, keepNow, kept } = begin();
    design.getState().setPhoto(photo);
    const { promise, resolve } = Promise.withResolvers<void>();
    design.getState().awaitText(promise);
    const leaving = keepNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(await kept()).toEqual(design.getState().design);
    changePhoto(design.getState(), moveBy(1, 0));
    const moved = design.getState().design;
    resolve();
    await leaving;
    expect(await kept()).toEqual(moved);
  });

  it("is kept no longer once the card that was made of it is approved; an empty card takes nothing away", async () => {
    const { design, state, store, kept, deleteAll } = begin();
    const yieldLine = vi.spyOn(store, "yieldLine");
    design.getState().setPhoto(photo);
    const sent = { ...picture, design: design.getState().design };
    const sending = { sentFraction: 1, cancelling: false, waitsForPage: false, unconfirmed: null } as const;
    state.setState({ step: "sending", picture: sent, agreement: { rulesVersion: "1", agreedAt: 1 }, ...sending }, true);
    const follow = (submission: SubmissionView) =>
      state.setState({ step: "follow", submission, opening: false, picture: sent, notice: null }, true);
    expect(yieldLine.mock.lastCall).toEqual([true]);
    follow({ ...rejected, state: "in-review" });
    expect(yieldLine.mock.lastCall).toEqual([false]);
    // Before the hand has rested: it was sent like that.
    expect(await kept()).toBe(sent.design);
    design.getState().clear();
    vi.runAllTimers();
    expect(await kept()).toBe(sent.design);
    follow({ ...rejected, state: "approved" });
    expect(await kept()).toBeNull();
    // The server sees to its own: by now the next card may be there.
    expect(deleteAll).not.toHaveBeenCalled();
  });

  it("is kept as not of a rejected submission only where its photo was chosen after that and is another", () => {
    const { design, state, write } = begin();
    const place = (sha256: string) => {
      design.getState().setPhoto(makeOpenPhoto({ sha256: sha256.repeat(64), bytes: new Blob([sha256]) }));
      vi.runAllTimers();
      return write.mock.lastCall?.[1];
    };
    const quiet = { step: "design", opening: false, renderedFraction: null, notice: null } as const;
    state.setState(quiet, true);
    expect(place("a")).toBeUndefined();
    // As where it is written with its sending, and the card maker has been quick.
    state.setState({ step: "follow", submission: rejected, opening: false, picture: null, notice: null }, true);
    expect(place("b")).toBeUndefined();
    state.setState({ ...quiet, rejection: { submission: rejected, photoSha256: "b".repeat(64) } }, true);
    expect(place("d")).toBe("sub-1");
    expect(place("b"), "the photo that was not accepted is back").toBeUndefined();
  });

  it("stays when the card that is approved is not the one that was made of it", async () => {
    const { store, kept } = begin();
    await store.write({ design: designOf(photo, placement, product), photo });
    stop();
    const state = createFlowState({ ...rejected, state: "approved" });
    ({ stop } = keepDraft(createDesignStore(product), state, store, resume));
    expect(await kept()).not.toBeNull();
    expect(resume).not.toHaveBeenCalled();
  });

  it("is asked for when the card that was sent is rejected, in whichever page that is seen", () => {
    const { store } = begin(rejected);
    const note = vi.spyOn(store, "noteSubmission");
    expect(resume).toHaveBeenCalledOnce();
    stop();
    ({ stop } = keepDraft(createDesignStore(product), createFlowState(rejected), store, () => {}));
    expect(note.mock.lastCall).toEqual([null]);
    stop();
    const { state } = begin({ ...rejected, state: "in-review" });
    expect(resume).toHaveBeenCalledOnce();
    state.setState({ step: "follow", submission: rejected, opening: false, picture: null, notice: null }, true);
    expect(resume).toHaveBeenCalledTimes(2);
  });
});
