import { beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { turnTo } from "#design/edits.ts";
import type { Left } from "../drafts/draft-store.ts";
import { changeGround, changePhoto, createDesignStore } from "../store/design-store.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createFirstFlow } from "./first-flow.ts";
import { describeNotice, type Notice } from "./notice.ts";
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

  it("is opened without a filter that the card does not offer any more, and that is said with it", async () => {
    await visit.drafts.write({ ...kept, design: { ...kept.design, look: { filter: { id: "gone", percent: 50 } } } });
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    const { notice } = state() as { notice: Notice };
    expect(notice).toMatchObject({ code: "draft-resumed", isUnfiltered: true });
    expect(visit.design.getState().design).toMatchObject({ ground: "#14274e" });
    expect(visit.design.getState().design.look).toBeUndefined();
    expect(describeNotice(notice, products[0], createTranslate(chooseLocale("en")))).toEqual({
      title: "The filter is not offered any more",
      help: "Your photo is on the card without it. Everything else is as you left it.",
    });
  });

  it("that has lost elements as well as a filter is not said to have lost the filter alone", async () => {
    const box = { xMm: 0, yMm: 0, widthMm: 10, heightMm: 10, rotationDeg: 0, mirrored: false };
    const writing = { text: "Hi", face: "plain", align: "start" } as const;
    const text = { ...writing, kind: "text", id: "t", fill: "#c0272d", box } as const;
    const design = { ...kept.design, elements: [...kept.design.elements, text] };
    await visit.drafts.write({ ...kept, design: { ...design, look: { filter: { id: "gone", percent: 50 } } } });
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    const { notice } = state() as { notice: Notice };
    expect(visit.design.getState().design.elements).toHaveLength(1);
    expect(describeNotice(notice, products[0], createTranslate(chooseLocale("en")))).toEqual({
      title: "Some things were left off your card",
      help: "This card does not take all that lay on it. Everything else is as you left it.",
    });
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
    expect(await visit.drafts.read()).toMatchObject(kept);
  });

  it("is deleted with the card on the screen, and it is said where it could not be", async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    await visit.flow.deleteDraft();
    expect(state()).toMatchObject({ step: "pick", notice: { code: "draft-deleted" } });
    expect(await visit.drafts.read()).toBeNull();
    expect(visit.photosOpen.size).toBe(0);
    for (const [onDevice, atServer, code] of [
      [true, false, "draft-left-on-device"],
      [false, true, "draft-left-at-bank"],
      [true, true, "draft-not-deleted"],
    ] as const) {
      vi.spyOn(visit.drafts, "deleteAll").mockResolvedValueOnce({ onDevice, atServer });
      await visit.flow.deleteDraft();
      expect(state()).toMatchObject({ step: "pick", notice: { code } });
    }
  });

  it("is said to be there until the cardholder goes on with it", async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject({ notice: { code: "draft-resumed" } });
    changePhoto(visit.design.getState(), turnTo(13));
    expect(state()).toMatchObject({ step: "design", notice: null });
  });

  it("is deleted with the card on the screen at once, and not with the one that is placed meanwhile", async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    const deleting = Promise.withResolvers<Left>();
    vi.spyOn(visit.drafts, "deleteAll").mockReturnValueOnce(deleting.promise);
    const deleted = visit.flow.deleteDraft();
    expect(state()).toEqual({ step: "pick", opening: false, notice: null });
    void visit.flow.openPhoto(file);
    visit.endOpening("good");
    await rested();
    deleting.resolve({ onDevice: false, atServer: false });
    await deleted;
    expect(state()).toMatchObject({ step: "design", notice: { code: "draft-deleted" } });
    expect(photoOf(visit.design.getState().design)).not.toBeNull();
  });

  it("that cannot be had now is said to be, and had when it is tried again", async () => {
    for (const submission of [null, submissionOf("rejected")]) {
      visit = new Visit(submission);
      await visit.drafts.write(kept);
      vi.spyOn(visit.drafts, "read").mockRejectedValueOnce(new Error("no answer"));
      await visit.flow.resumeDraft();
      expect(state()).toMatchObject({ opening: false, notice: { code: "draft-unreachable" } });
      void visit.flow.resumeDraft();
      expect(state()).toMatchObject({ opening: true, notice: null });
      await rested();
      visit.endOpening("good");
      await rested();
      expect(photoOf(visit.design.getState().design)).toMatchObject(photoOf(kept.design)!);
    }
    await visit.flow.deleteDraft();
    expect(state()).toMatchObject({ step: "pick", opening: false, notice: { code: "draft-deleted" } });
    expect(photoOf(visit.design.getState().design)).toBeNull();
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

  it("is on the card at once on the day after it was rejected, and lies ready where it could not be sent", async () => {
    for (const stage of ["rejected", "rejected-image", "abandoned"] as const) {
      const submission = submissionOf(stage);
      visit = new Visit(submission);
      await visit.drafts.write(kept);
      void visit.flow.resumeDraft();
      await rested();
      visit.endOpening("good");
      await rested();
      const photo = photoOf(visit.design.getState().design);
      expect(photo?.placement).toEqual(photoOf(kept.design)?.placement);
      const rejected = { step: "design", notice: null, rejection: { submission, photoSha256: photo?.sha256 } };
      expect(state()).toMatchObject(stage === "abandoned" ? { step: "follow", notice: null } : rejected);
    }
  });
});

it("a card that was not taken and is still being opened is shown when another may be made", async () => {
  visit = new Visit(submissionOf("rejected"));
  await visit.drafts.write(kept);
  void visit.flow.resumeDraft();
  await rested();
  expect(state()).toMatchObject({ step: "follow", opening: true });
  visit.flow.changeDesign();
  expect(state()).toMatchObject({ step: "pick", opening: true });
  visit.endOpening("good");
  await rested();
  expect(state()).toMatchObject({ step: "design", opening: false });
});

describe("a card that was changed elsewhere", () => {
  beforeEach(async () => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
    vi.spyOn(visit.drafts, "isOvertaken").mockReturnValue(true);
    visit.flow.sayOvertaken();
  });
  const told = { step: "design", notice: { code: "draft-overtaken" } };

  it("is said so whenever the design is on the screen, until the cardholder has chosen", async () => {
    expect(state()).toMatchObject(told);
    void visit.flow.showPreview();
    await rested();
    visit.endRendering("good");
    await rested();
    expect(state()).toMatchObject({ step: "preview", notice: null });
    visit.flow.goBack();
    await rested();
    expect(state()).toMatchObject(told);
    void visit.flow.openPhoto(file);
    visit.endOpening("good");
    await rested();
    expect(state()).toMatchObject(told);
    vi.mocked(visit.drafts.isOvertaken).mockReturnValue(false);
    visit.flow.keepOwn();
    await rested();
    expect(state()).toMatchObject({ step: "design", notice: null });
  });

  it("is still to be chosen where the other cannot be had, and is not where the other has been deleted", async () => {
    vi.spyOn(visit.drafts, "readOther").mockRejectedValueOnce(new Error("no answer"));
    await visit.flow.takeOther();
    await rested();
    expect(state()).toMatchObject({ step: "design", notice: { code: "draft-unreachable" } });
    visit.flow.showNotice(null);
    await rested();
    expect(state()).toMatchObject(told);
    const readOther = vi.spyOn(visit.drafts, "readOther");
    readOther.mockImplementationOnce(async () => {
      vi.mocked(visit.drafts.isOvertaken).mockReturnValue(false);
      return null;
    });
    // "Try again"
    await visit.flow.resumeDraft();
    await rested();
    expect(readOther).toHaveBeenCalledTimes(2);
    expect(state()).toMatchObject({ step: "design", opening: false, notice: null });
  });

  it("is as it is elsewhere only once that lies there", async () => {
    const take = vi.spyOn(visit.drafts, "takeOther");
    void visit.flow.takeOther();
    await rested();
    visit.endOpening("bad");
    await rested();
    expect(take).not.toHaveBeenCalled();
    void visit.flow.takeOther();
    await rested();
    visit.endOpening("good");
    await rested();
    expect(take).toHaveBeenCalledOnce();
  });
});

it("without a draft the cardholder is asked for a photo", async () => {
  await visit.drafts.deleteAll();
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

it("the photo of another card is laid as a new one when it is asked for, and said to be gone where it is", async () => {
  const asked = new Visit();
  expect(asked.flow.hasOtherPhoto()).toBe(true);
  await asked.flow.takeOtherPhoto();
  expect(asked.flow.state.getState()).toMatchObject({ step: "pick", notice: { code: "other-photo-gone" } });
  asked.otherPhoto = file;
  void asked.flow.takeOtherPhoto();
  await rested();
  asked.endOpening("good");
  await rested();
  expect(asked.flow.state.getState()).toMatchObject({ step: "design", notice: null });
  expect(asked.design.getState().canUndo).toBe(false);
});
