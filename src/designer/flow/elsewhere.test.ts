import { beforeEach, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { turnTo } from "#design/edits.ts";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import type { Elsewhere } from "../drafts/elsewhere.ts";
import { Visit } from "./testing/visit.ts";

const elsewhere = { find: vi.fn<Elsewhere["find"]>(), takeOver: vi.fn<Elsewhere["takeOver"]>() };
const kept = makeDraft();
function makeDraft() {
  const design = createDesignStore(products[0]);
  const photo = new Visit().makePhoto();
  design.getState().setPhoto(photo);
  changePhoto(design.getState(), turnTo(12));
  return { design: design.getState().design, photo };
}

let visit: Visit;
const state = () => visit.flow.state.getState();
const rested = () => new Promise((resolve) => setImmediate(resolve));
const problems = () => visit.events.flatMap((event) => (event.type === "problem" ? event.code : []));

beforeEach(async () => {
  elsewhere.find.mockReset().mockResolvedValue("working");
  elsewhere.takeOver.mockReset().mockResolvedValue("free");
  visit = new Visit(null, undefined, true, undefined, elsewhere);
  await visit.drafts.write(kept);
});

it("a card that is worked on elsewhere is not opened by itself; that is said once, to the page as well", async () => {
  await visit.flow.resumeDraft();
  expect(state()).toMatchObject({ step: "pick", opening: false, notice: { code: "open-elsewhere", tone: "note" } });
  visit.flow.sayElsewhere("working");
  expect(problems()).toEqual(["open-elsewhere"]);
});

it("it is gone on with here when it has been left there, as it was there", async () => {
  await visit.flow.resumeDraft();
  const left = Promise.withResolvers<"free">();
  elsewhere.takeOver.mockReturnValue(left.promise);
  const read = vi.spyOn(visit.drafts, "read");
  void visit.flow.goOnHere();
  await rested();
  expect(state()).toMatchObject({ step: "pick", opening: true, notice: null });
  expect(read, "it may still be written there").not.toHaveBeenCalled();
  left.resolve("free");
  await rested();
  visit.endOpening("good");
  await rested();
  expect(state()).toMatchObject({ step: "design", notice: { code: "draft-resumed" } });
  expect(visit.shown).toEqual(photoOf(kept.design)?.placement);
});

it("while it is sent elsewhere it is not gone on with", async () => {
  await visit.flow.resumeDraft();
  elsewhere.takeOver.mockResolvedValue("sending");
  await visit.flow.goOnHere();
  expect(state()).toMatchObject({ step: "pick", opening: false, notice: { code: "sent-elsewhere" } });
  expect(problems()).toEqual(["open-elsewhere", "sent-elsewhere"]);
});

it("an answer that comes while the card is being opened stops that, and leaves a photo alone that was chosen", async () => {
  elsewhere.find.mockResolvedValue(null);
  void visit.flow.resumeDraft();
  await rested();
  visit.flow.sayElsewhere("working");
  expect(state()).toMatchObject({ step: "pick", opening: false, notice: { code: "open-elsewhere" } });
  void visit.flow.openPhoto(new Blob(["photo"], { type: "image/jpeg" }));
  visit.flow.sayElsewhere("working");
  expect(state()).toMatchObject({ step: "pick", opening: true, notice: null });
  await rested();
  visit.endOpening("good");
  await rested();
  expect(state()).toMatchObject({ step: "design" });
});

it("one that comes when the design is on the screen is said there, and the card is then as it was left elsewhere", async () => {
  elsewhere.find.mockResolvedValue(null);
  void visit.flow.resumeDraft();
  await rested();
  visit.endOpening("good");
  await rested();
  visit.flow.sayElsewhere("working");
  expect(state()).toMatchObject({ step: "design", notice: { code: "open-elsewhere" } });
  void visit.flow.showPreview();
  await rested();
  visit.endRendering("good");
  await rested();
  expect(state()).toMatchObject({ step: "preview" });
  void visit.flow.goOnHere();
  await rested();
  visit.endOpening("good");
  await rested();
  expect(state()).toMatchObject({ step: "design", notice: { code: "draft-resumed" } });
});
