import { beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { createDesign, photoOf } from "#design/design.ts";
import { announceFlow } from "../app/flow-announcements.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import type { Template } from "#design/templates/template.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { makeDesignFile } from "../drafts/design-file.ts";
import type { Draft } from "../drafts/draft-store.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { onAnnounce } from "../ui/LiveRegion.tsx";
import { createFirstFlow } from "./first-flow.ts";
import { rested, submissionOf, Visit } from "./testing/visit.ts";

const product = { ...products[0], features: { grounds: true } };
const ground = { from: "#1e7d5a", to: "#f6c544", angleDeg: 90 } as const;
const kept: Draft = { design: { ...createDesign(product), ground }, photo: null };

function visitWith(submission: ConstructorParameters<typeof Visit>[0] = null): Visit {
  return new Visit(submission, undefined, true, product);
}
let visit: Visit;
const state = () => visit.flow.state.getState();
beforeEach(() => {
  visit = visitWith();
});

it("is begun on a gradient, left and returned to, and its picture is made without any photo", async () => {
  await visit.flow.startWithoutPhoto();
  expect(state()).toMatchObject({ step: "design", opening: false, notice: null });
  expect(visit.design.getState()).toMatchObject({ isBegun: true, canUndo: false, design: { elements: [] } });
  visit.flow.leaveDesign();
  expect(state()).toMatchObject({ step: "pick", hasDesign: true });
  visit.flow.returnToDesign();
  void visit.flow.showPreview();
  await rested();
  visit.endRendering("good");
  await rested();
  const { design } = visit.design.getState();
  expect(state()).toMatchObject({ step: "preview", picture: { design, transparent: false } });
});

it("is begun as soon as the work can be done, where it was asked for before", async () => {
  const flow = createFirstFlow(visit.flow.state);
  const wanted = vi.fn();
  void flow.isWanted().then(wanted);
  void flow.openPhoto(new Blob(["photo"]));
  void flow.startWithoutPhoto();
  expect(state()).toMatchObject({ step: "pick", opening: true });
  await rested();
  expect(wanted).toHaveBeenCalledOnce();
  flow.handOver(() => ({ flow: visit.flow }));
  await rested();
  expect(visit.working).toBe(false);
  expect(state()).toMatchObject({ step: "design", opening: false });
});

it("is said to be there with its ground, and once more when undo has taken the photo off it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const said: string[] = [];
  const stop = [
    onAnnounce((sentence) => said.push(sentence)),
    announceFlow(visit.flow, visit.design, () => ({ t: createTranslate(chooseLocale("en")), language: "en" })),
  ];
  const hear = async (): Promise<string[]> => {
    await rested();
    await vi.advanceTimersByTimeAsync(1000);
    return said.splice(0);
  };
  void visit.flow.startWithoutPhoto();
  expect(await hear()).toEqual(["Your card has no photo. Background: Navy to Blue."]);
  void visit.flow.openPhoto(new Blob(["photo"]));
  await hear();
  visit.endOpening("good");
  expect((await hear()).join(" ")).toMatch(/^The new photo is on the card\./);
  visit.design.getState().undo();
  expect(await hear()).toEqual(["Your card has no photo. Background: Navy to Blue."]);
  for (const end of stop) end();
  vi.useRealTimers();
});

it("is begun without a template that needs a photo, which is said and heard, and undo brings back", async () => {
  const template: Template = { ...club, id: "club-for-photos", photo: { locks: { remove: true } } };
  addTemplate(template);
  const { id, version, names } = template;
  const ownTemplates = [{ id, version, names, address: "/templates/club.json" }];
  visit = new Visit(null, undefined, true, { ...product, features: { grounds: true, templates: true }, ownTemplates });
  void visit.flow.openPhoto(new Blob(["photo"]));
  await rested();
  visit.endOpening("good");
  await rested();
  const { edit, undo } = visit.design.getState();
  const path = { path: "M0 0L1 0L1 1Z", fill: "#000000", rule: "nonzero" } as const;
  edit(layTemplate(template, undefined, () => ({ width: 1000, height: 1000, ops: [path] })));
  const before = visit.design.getState().design;
  expect(before.template).toEqual({ id, version });
  const said: string[] = [];
  const stop = [
    onAnnounce((sentence) => said.push(sentence)),
    announceFlow(visit.flow, visit.design, () => ({ t: createTranslate(chooseLocale("en")), language: "en" })),
  ];
  visit.flow.leaveDesign();
  await visit.flow.startWithoutPhoto();
  expect(state()).toMatchObject({ step: "design", notice: { code: "template-needs-photo", tone: "note" } });
  expect(visit.design.getState().design.template).toBeUndefined();
  await expect
    .poll(() => said.at(-1))
    .toMatch(/^Your card has no photo\. .*The template needs a photo, and is off your card\./);
  undo();
  expect(visit.design.getState().design).toEqual(before);
  for (const end of stop) end();
});

describe("of another day", () => {
  it("is opened as it was left", async () => {
    await visit.drafts.write(kept);
    await visit.flow.resumeDraft();
    expect(state()).toMatchObject({ step: "design", opening: false, notice: { code: "draft-resumed" } });
    expect(visit.design.getState()).toMatchObject({ isBegun: true, canUndo: false, design: { ground } });
  });

  it("is not opened where the product wants a photo by now, and that is said", async () => {
    visit = new Visit();
    await visit.drafts.write(kept);
    await visit.flow.resumeDraft();
    expect(state()).toMatchObject({ step: "pick", opening: false, notice: { code: "no-photo-not-offered" } });
    expect(visit.design.getState().isBegun).toBe(false);
  });

  it("is known to be the one that was not accepted, until another lies there", async () => {
    visit = visitWith(submissionOf("rejected"));
    await visit.drafts.write(kept);
    await visit.flow.resumeDraft();
    const { rejection } = state() as { rejection?: { photoSha256: string | null } };
    expect([state().step, rejection?.photoSha256]).toEqual(["design", "no photo"]);
    void visit.flow.openPhoto(new Blob(["photo"]));
    await rested();
    visit.endOpening("good");
    await rested();
    expect(photoOf(visit.design.getState().design)?.sha256).not.toBe("no photo");
  });
});

describe("a saved copy", () => {
  it("is opened as it was, and takes the place of a photo in one step of undo", async () => {
    void visit.flow.openPhoto(new Blob(["photo"]));
    await rested();
    visit.endOpening("good");
    await rested();
    await visit.flow.openPhoto(makeDesignFile(kept));
    expect(state()).toMatchObject({ step: "design", opening: false, notice: null });
    expect(visit.design.getState()).toMatchObject({ canUndo: true, design: kept.design });
    visit.design.getState().undo();
    expect(photoOf(visit.design.getState().design)).not.toBeNull();
  });

  it("is not opened where the product wants a photo, or is another, and all stays as it is", async () => {
    const [, other] = products;
    for (const [at, copy, code] of [
      [new Visit(), kept, "no-photo-not-offered"],
      [visit, { ...kept, design: { ...kept.design, productId: other.id } }, "bare-design-of-other-card"],
    ] as const) {
      await at.flow.openPhoto(makeDesignFile(copy));
      const now = at.flow.state.getState();
      expect(now).toMatchObject({ step: "pick", opening: false, notice: { code } });
      expect(at.design.getState().isBegun).toBe(false);
    }
  });
});
