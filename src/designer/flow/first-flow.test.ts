import { beforeEach, describe, expect, it, vi } from "vitest";
import { createFirstFlow, type WaitingFlow } from "./first-flow.ts";
import type { FlowState } from "./flow-state.ts";
import { noticeOf } from "./notice.ts";
import { rested, Visit } from "./testing/visit.ts";

const [first, second] = [new Blob(["first"]), new Blob(["second"])];
let visit: Visit;
let flow: WaitingFlow;
const state = (): FlowState => visit.flow.state.getState();
const opened = vi.fn<(file: Blob) => Promise<void>>();

beforeEach(() => {
  visit = new Visit();
  flow = createFirstFlow(visit.flow.state);
  opened.mockReset().mockImplementation((file) => visit.flow.openPhoto(file));
});

function handOver(): void {
  flow.handOver(() => ({ flow: { ...visit.flow, openPhoto: opened } }));
}

describe("before the work can be done", () => {
  it("a photo that is picked is being opened, and it is known that it is wanted", async () => {
    void flow.openPhoto(first);
    expect(state()).toEqual({ step: "pick", opening: true, notice: null });
    await flow.isWanted();
  });

  it("a photo that is no longer wanted needs nothing more, until there is another", async () => {
    void flow.openPhoto(first);
    flow.stopOpening();
    const wanted = vi.fn();
    void flow.isWanted().then(wanted);
    await rested();
    expect(wanted).not.toHaveBeenCalled();
    void flow.openPhoto(second);
    await rested();
    expect(wanted).toHaveBeenCalledOnce();
  });

  it("the last of several photos is opened as soon as that is possible", async () => {
    void flow.openPhoto(first);
    void flow.openPhoto(second);
    handOver();
    expect(opened.mock.calls).toEqual([[second]]);
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "design", opening: false });
  });

  it("a photo that is no longer wanted is not opened", () => {
    void flow.openPhoto(first);
    flow.stopOpening();
    expect(state()).toEqual({ step: "pick", opening: false, notice: null });
    handOver();
    expect(opened).not.toHaveBeenCalled();
    expect(state()).toEqual({ step: "pick", opening: false, notice: null });
  });

  it("what was wrong with a drop is said, reported afterwards, and stops no photo", () => {
    void flow.openPhoto(first);
    flow.showNotice("two-files");
    expect(state()).toEqual({ step: "pick", opening: true, notice: noticeOf("two-files") });
    expect(visit.events).toHaveLength(1);
    visit.events.length = 0;
    handOver();
    expect(opened.mock.calls).toEqual([[first]]);
    expect(state()).toEqual({ step: "pick", opening: true, notice: noticeOf("two-files") });
    expect(visit.events).toEqual([{ type: "problem", code: "two-files", detail: expect.stringMatching(/./) }]);
  });

  it("a notice goes with the next photo, and when it is dismissed", () => {
    flow.showNotice("two-files");
    void flow.openPhoto(first);
    expect(state()).toEqual({ step: "pick", opening: true, notice: null });
    flow.showNotice("two-files");
    flow.showNotice(null);
    expect(state()).toEqual({ step: "pick", opening: true, notice: null });
  });
});

it("does nothing of its own once the work can be done", async () => {
  handOver();
  void flow.openPhoto(first);
  expect(opened.mock.calls).toEqual([[first]]);
  flow.showNotice("two-files");
  flow.stopOpening();
  expect(state()).toEqual({ step: "pick", opening: false, notice: noticeOf("two-files") });
});
