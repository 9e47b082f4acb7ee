import { expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import { markGoOn } from "../drafts/draft-mark.ts";
import { createFlowState, emptyPick, type FlowState } from "../flow/flow-state.ts";
import { followElsewhere } from "./follow-elsewhere.ts";
import { submission } from "./testing/mount-designer.tsx";

let count = 0;
const newKey = () => ({ scope: `follower-${Date.now()}-${(count += 1)}`, productId: "photo-landscape" });
const designing = { step: "design", opening: false, renderedFraction: null, notice: null } as const;

/** A designer of this card that stands there. */
function follow(key: ReturnType<typeof newKey>, state = createStore<FlowState>(() => emptyPick)) {
  const flow = { sayElsewhere: vi.fn(), goOnHere: vi.fn(() => Promise.resolve()) };
  const drafts = { isReplaced: vi.fn(() => Promise.resolve(false)) };
  const [leave, reload] = [vi.fn(() => Promise.resolve(true)), vi.fn()];
  return { flow, drafts, leave, reload, ...followElsewhere(key, { state, flow: () => flow, drafts, leave, reload }) };
}
const design = () => createStore<FlowState>(() => designing);

it("a card that has been sent elsewhere meanwhile is looked at anew", async () => {
  const key = newKey();
  const sender = follow(key, createFlowState(submission("in-review", 1)));
  const newcomer = follow(key);
  expect(await newcomer.takeOver()).toBe("sent");
  expect([newcomer.reload.mock.calls.length, sender.leave.mock.calls.length]).toEqual([1, 0]);
});

it("who has asked to go on here before the page was loaded again does so, once", async () => {
  const key = newKey();
  const other = follow(key, design());
  markGoOn();
  const newcomer = follow(key);
  expect(await newcomer.find()).toBeNull();
  expect([other.leave.mock.calls.length, newcomer.reload.mock.calls.length]).toEqual([1, 0]);
  follow(key, design());
  expect(await follow(key).find(), "the next one asks first").toBe("working");
});

it("when a card begins, whoever still chooses a photo for it hears so", async () => {
  const key = newKey();
  const chooser = follow(key);
  const state = createStore<FlowState>(() => emptyPick);
  follow(key, state);
  state.setState(designing, true);
  await expect.poll(() => chooser.flow.sayElsewhere.mock.calls).toEqual([["working"]]);
});

it("a page that comes back whole goes on with the card that another has kept since, or else as it was", async () => {
  const key = newKey();
  const [kept, replaced, chooser] = [follow(newKey(), design()), follow(key, design()), follow(newKey())];
  for (const { drafts } of [replaced, chooser]) drafts.isReplaced.mockResolvedValue(true);
  dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await expect.poll(() => replaced.flow.goOnHere.mock.calls.length).toBe(1);
  await expect.poll(() => kept.drafts.isReplaced.mock.calls.length).toBe(1);
  for (const { flow } of [kept, chooser]) expect(flow.goOnHere).not.toHaveBeenCalled();
});
