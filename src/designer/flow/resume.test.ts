import { beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { turnTo } from "#design/edits.ts";
import { changeGround, changePhoto, createDesignStore } from "../store/design-store.ts";
import { createFirstFlow } from "./first-flow.ts";
import { file, rested, submissionOf, Visit } from "./testing/visit.ts";

let visit: Visit;
const state = () => visit.flow.state.getState();
const kept = makeDraft();

/** A card as somebody has left it, with colour behind it. */
function makeDraft() {
  const design = createDesignStore(products[0]);
  const photo = { ...new Visit().makePhoto(), transparent: true };
  design.getState().setPhoto(photo);
  changePhoto(design.getState(), turnTo(12));
  changeGround(design.getState(), "#14274e");
  return { design: design.getState().design, photo };
}

beforeEach(async () => {
  visit = new Visit();
  await visit.drafts.write(kept);
});

describe("a draft that there is", () => {
  it("is opened as it was left, with nothing to undo, and said to be", async () => {
    void visit.flow.resumeDraft();
    expect(state()).toMatchObject({ step: "pick", opening: true });
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "design", opening: false, notice: { code: "draft-resumed" } });
    const { design, canUndo } = visit.design.getState();
    expect(design.ground).toBe("#14274e");
    expect(photoOf(design)?.placement).toEqual(photoOf(kept.design)?.placement);
    expect(canUndo).toBe(false);
  });

  it("goes from the screen when the cardholder starts over, and is there until another photo lies there", async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    visit.flow.startOver();
    expect(state()).toEqual({ step: "pick", opening: false, notice: null });
    expect(visit.design.getState().design.elements).toEqual([]);
    expect(visit.photosOpen.size).toBe(0);
    expect(await visit.drafts.read()).toBe(kept);
  });

  it("is deleted with the card on the screen, or stays with it where that fails", async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    vi.spyOn(visit.drafts, "deleteAll").mockResolvedValueOnce(false);
    await visit.flow.deleteDraft();
    expect(state()).toMatchObject({ step: "design", notice: { code: "draft-not-deleted" } });
    await visit.flow.deleteDraft();
    expect(state()).toMatchObject({ step: "pick", notice: { code: "draft-deleted" } });
    expect(await visit.drafts.read()).toBeNull();
    expect(visit.photosOpen.size).toBe(0);
  });

  it("gives way to a photo that is picked meanwhile", async () => {
    void visit.flow.resumeDraft();
    void visit.flow.openPhoto(file);
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "design", notice: null });
    expect(visit.working).toBe(false);
  });

  it("is said to be lost when its photo cannot be opened any more", async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("bad");
    await rested();
    expect(state()).toMatchObject({ step: "pick", opening: false, notice: { code: "draft-not-opened" } });
  });

  it("lies ready behind a card that was rejected", async () => {
    visit = new Visit(submissionOf("rejected"));
    await visit.drafts.write(kept);
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "follow", notice: null });
    visit.flow.changeDesign();
    expect(state()).toMatchObject({ step: "design" });
    expect(photoOf(visit.design.getState().design)?.placement).toEqual(photoOf(kept.design)?.placement);
  });
});

it("without a draft the cardholder is asked for a photo", async () => {
  await visit.drafts.remove();
  void visit.flow.resumeDraft();
  await rested();
  expect(state()).toEqual({ step: "pick", opening: false, notice: null });
});

describe("the first screen", () => {
  it("shows that a draft is being opened, which begins as soon as it can", async () => {
    const first = createFirstFlow(visit.flow.state, true);
    expect(state()).toEqual({ step: "pick", opening: true, notice: null });
    await first.isWanted();
    first.handOver(() => visit);
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ step: "design", notice: { code: "draft-resumed" } });
  });

  it.each(["another photo is picked", "it is stopped"])("leaves it where it is when %s first", async (what) => {
    const first = createFirstFlow(visit.flow.state, true);
    if (what === "it is stopped") first.stopOpening();
    else void first.openPhoto(file);
    first.handOver(() => visit);
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state().step).toBe(what === "it is stopped" ? "pick" : "design");
    expect(state()).toMatchObject({ notice: null });
  });
});
