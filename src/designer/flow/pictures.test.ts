import { expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { createDesign, type Design, photoOf, vectorElementsOf } from "#design/design.ts";
import { extentOf } from "#design/element-places.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { heart } from "#design/testing/elements.ts";
import { makeDesignFile } from "../drafts/design-file.ts";
import { LaterVersion } from "../drafts/read-design.ts";
import { cardOf, otherPhoto } from "../drafts/testing/cards.ts";
import { createDesignStore } from "../store/design-store.ts";
import { createFirstFlow } from "./first-flow.ts";
import { openPhoto, type PictureDeps, renderPreview } from "./pictures.ts";
import { rested, submissionOf, Visit } from "./testing/visit.ts";

async function open(visit: Visit, file: Blob) {
  void visit.flow.openPhoto(file);
  await expect.poll(() => visit.working).toBe(true);
  // Its digest is not that of the file.
  visit.endOpening("good");
  await expect.poll(() => visit.flow.state.getState()).toMatchObject({ opening: false });
  return visit.flow.state.getState();
}

it("a saved copy is opened though its photo has to be mended for that, and is damaged where it has another photo", async () => {
  const kept = cardOf("#14274e");
  const visit = new Visit();
  expect(await open(visit, makeDesignFile({ ...kept, photo: otherPhoto }))).toMatchObject({
    step: "pick",
    notice: { code: "design-file-damaged" },
  });
  expect(visit.photosOpen.size).toBe(0);
  expect(await open(visit, makeDesignFile(kept))).toMatchObject({ step: "design" });
  expect(visit.design.getState().design).toMatchObject({ ground: "#14274e" });
});

it("a saved copy of a later version is said to be that, and what is on the card stays", async () => {
  const kept = cardOf("#14274e");
  const visit = new Visit();
  await open(visit, makeDesignFile(kept));
  const later = makeDesignFile({ ...kept, design: { ...kept.design, version: 3 } as unknown as Design });
  await visit.flow.openPhoto(later);
  expect(visit.flow.state.getState()).toMatchObject({
    step: "design",
    opening: false,
    notice: { code: "design-of-later-version", tone: "problem" },
  });
  expect(visit.design.getState().design).toMatchObject({ ground: "#14274e" });
});

it("a draft of a later version is said to be that, before anything was sent and after, and is left", async () => {
  for (const submission of [null, submissionOf("rejected")]) {
    const visit = new Visit(submission);
    vi.spyOn(visit.drafts, "read").mockRejectedValueOnce(new LaterVersion());
    await visit.flow.resumeDraft();
    expect(visit.flow.state.getState()).toMatchObject({
      opening: false,
      notice: { code: "design-of-later-version", tone: "problem" },
    });
    expect(visit.design.getState().isBegun).toBe(false);
  }
});

it("a saved copy of another card gives its photo, and says so", async () => {
  const kept = cardOf("#14274e");
  const [, other] = products;
  const visit = new Visit();
  const copy = makeDesignFile({ ...kept, design: { ...kept.design, productId: other.id } });
  expect(await open(visit, copy)).toMatchObject({ step: "design", notice: { code: "design-of-other-card" } });
  expect(visit.design.getState().design).toMatchObject({ productId: products[0].id, ground: "#ffffff" });
  expect(photoOf(visit.design.getState().design)?.placement.rotationDeg).toBe(0);
});

it("a saved copy with a filter that this card does not offer is opened with all the rest, and that is said", async () => {
  const kept = cardOf("#14274e");
  const adjust = { brightness: 10, contrast: 0, warmth: 0, saturation: 0, lift: 0 };
  for (const [filter, isOffered] of [
    [{ id: "mono", percent: 40 }, true],
    [{ id: "bank-s-own", percent: 40 }, false],
    // As a later version may write it.
    [{ id: "duotone", colours: ["#102a43", "#ffffff"] }, false],
  ] as const) {
    const visit = new Visit();
    const design = { ...kept.design, look: { adjust, filter } } as unknown as Design;
    const { notice } = (await open(visit, makeDesignFile({ ...kept, design }))) as { notice: unknown };
    const opened = visit.design.getState().design;
    if (isOffered) expect(notice).toBeNull();
    else expect(notice).toMatchObject({ code: "filter-gone", tone: "note" });
    expect(opened.ground).toBe("#14274e");
    expect(opened.look).toStrictEqual(isOffered ? { adjust, filter } : { adjust });
  }
});

it("a saved copy with an issuer's sticker that is there no more is opened with all the rest, and that is said", async () => {
  const kept = cardOf("#14274e");
  const visit = new Visit();
  const box = { ...heart.box, widthMm: 12, heightMm: 12 };
  const stickers = ["own.gone", "star"].map((art) => ({ kind: "sticker", id: art.slice(0, 3), art, box }) as const);
  const design = { ...kept.design, elements: [...kept.design.elements, ...stickers] };
  expect(await open(visit, makeDesignFile({ ...kept, design }))).toMatchObject({
    step: "design",
    notice: { code: "elements-left-out", tone: "note" },
  });
  expect(vectorElementsOf(visit.design.getState().design)).toEqual([stickers[1]]);
});

const wanted = { type: "product-wanted", productId: products[1].id };

it("the card the other way round is asked for once this one is kept, once however often it is pressed, and again afterwards", async () => {
  const visit = new Visit();
  const keeping = Promise.withResolvers<void>();
  visit.keeping = keeping.promise;
  visit.flow.wantTurnedProduct();
  visit.flow.wantTurnedProduct();
  await rested();
  expect([visit.events, [...visit.sentAlong]]).toEqual([[], []]);
  keeping.resolve();
  await expect.poll(() => visit.events).toEqual([wanted]);
  expect([...visit.sentAlong]).toEqual([products[1].id]);
  visit.flow.wantTurnedProduct();
  await expect.poll(() => visit.events).toEqual([wanted, wanted]);
});

it("nobody waits longer than two seconds for the card the other way round, and one that cannot be kept holds nobody up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const visit = new Visit();
    visit.keeping = new Promise(() => {});
    visit.flow.wantTurnedProduct();
    await vi.advanceTimersByTimeAsync(1999);
    expect(visit.events).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(visit.events).toEqual([wanted]);
    visit.keeping = Promise.reject(new Error("no room"));
    visit.flow.wantTurnedProduct();
    await vi.advanceTimersByTimeAsync(0);
    expect(visit.events).toEqual([wanted, wanted]);
  } finally {
    vi.useRealTimers();
  }
});

/** A visit to the card that the cardholder has asked for from another one, whose photo is there. */
function comeFromOtherCard(hasDraft = false) {
  const visit = new Visit();
  visit.otherPhoto = new Blob(["photo"]);
  visit.sentAlong.add(products[0].id);
  return { visit, first: createFirstFlow(visit.flow.state, hasDraft) };
}

it("a card begins with the photo that was sent along for it", async () => {
  const { visit, first } = comeFromOtherCard();
  first.handOver(() => visit);
  await expect.poll(() => visit.working).toBe(true);
  visit.endOpening("good");
  await expect.poll(() => visit.flow.state.getState()).toMatchObject({ step: "design", notice: null });
});

it("what lies on the other card comes along, upright in the safe area, without what this card does not offer", async () => {
  const { visit, first } = comeFromOtherCard();
  const [, other] = products;
  const lying = [
    { ...heart, id: "e1", box: { ...heart.box, xMm: -10, yMm: -35 } },
    { ...heart, id: "e2", box: { ...heart.box, xMm: 10, yMm: 35, rotationDeg: 20 } },
    { kind: "text", id: "e3", text: "Hi", face: "plain", align: "start", fill: "#000000", box: heart.box },
  ] as const;
  const kept = cardOf("#14274e").design;
  visit.otherDesign = { ...kept, productId: other.id, elements: [...kept.elements, ...lying] };
  first.handOver(() => visit);
  await expect.poll(() => visit.working).toBe(true);
  visit.endOpening("good");
  await expect
    .poll(() => visit.flow.state.getState())
    .toMatchObject({ step: "design", notice: { code: "elements-left-out" } });
  const { design, selection } = visit.design.getState();
  expect(selection).toBeNull();
  const laid = vectorElementsOf(design);
  expect(laid.map(({ box }) => box.rotationDeg)).toEqual([0, 20]);
  for (const { box } of laid) {
    const { leftMm, topMm, rightMm, bottomMm } = extentOf(box);
    expect(Math.max(-topMm, bottomMm)).toBeLessThanOrEqual(products[0].trimHeightMm / 2 - 3 + 1e-6);
    expect(Math.max(-leftMm, rightMm)).toBeLessThanOrEqual(products[0].trimWidthMm / 2 - 3 + 1e-6);
  }
});

it("what this card has no room for is told, as is a text that comes in another colour", async () => {
  const offered = { shapes: true, texts: { colours: ["#c0272d"] } };
  const text = { kind: "text", id: "t", text: "Hi", face: "plain", align: "start", fill: "#000000" } as const;
  const one = { ...text, box: { ...heart.box, widthMm: 10, heightMm: 6 } };
  const many = Array.from({ length: 99 }, (_, at) => ({ ...heart, id: `e${at}` }));
  for (const [lying, code] of [
    [[one], "texts-changed"],
    [many, "elements-left-out"],
  ] as const) {
    const visit = new Visit(null, undefined, true, { ...products[0], features: offered });
    void visit.flow.openPhoto(new Blob(["photo"]));
    await rested();
    visit.endOpening("good");
    await rested();
    visit.design.getState().edit((design) => ({ ...design, elements: [...design.elements, { ...heart, id: "own" }] }));
    visit.otherPhoto = new Blob(["photo"]);
    const kept = cardOf("#14274e").design;
    visit.otherDesign = { ...kept, elements: [...kept.elements, ...lying] };
    void visit.flow.takeOtherPhoto(true);
    await rested();
    visit.endOpening("good");
    await expect.poll(() => visit.flow.state.getState()).toMatchObject({ step: "design", notice: { code } });
  }
});

it("who only asks for the other card's photo gets that alone", async () => {
  const { visit } = comeFromOtherCard();
  const kept = cardOf("#14274e").design;
  visit.otherDesign = { ...kept, elements: [...kept.elements, { ...heart, id: "e1" }] };
  void visit.flow.takeOtherPhoto();
  await expect.poll(() => visit.working).toBe(true);
  visit.endOpening("good");
  await expect.poll(() => visit.flow.state.getState()).toMatchObject({ step: "design", notice: null });
  expect(vectorElementsOf(visit.design.getState().design)).toEqual([]);
});

it.each(["a draft", "a photo that is picked"])(
  "%s goes before the photo that was sent along, which then comes no more",
  (what) => {
    const { visit, first } = comeFromOtherCard(what === "a draft");
    if (what !== "a draft") void first.openPhoto(new Blob(["picked"]));
    const takeOtherPhoto = vi.spyOn(visit.flow, "takeOtherPhoto");
    first.handOver(() => visit);
    expect(takeOtherPhoto).not.toHaveBeenCalled();
    expect([...visit.sentAlong]).toEqual([]);
  },
);

it("without one that was sent along a card begins empty", () => {
  const { visit, first } = comeFromOtherCard();
  visit.sentAlong.clear();
  first.handOver(() => visit);
  expect(visit.flow.state.getState()).toMatchObject({ step: "pick", opening: false });
});

it("no picture is made of what the product does not take, whoever asks for it", async () => {
  const strict = { ...products[0], refuseBelowBrightness: 0.3 };
  const design = createDesignStore(strict);
  const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(20, 20, 20, 255) };
  design.getState().setPhoto(makeOpenPhoto({ colours }));
  const [render, dispatch] = [vi.fn(), vi.fn()];
  const ahead = { render, stop: () => {}, close: () => {} };
  await renderPreview(design, ahead, dispatch, new AbortController().signal);
  const refusal = { type: "render-failed", notice: { code: "not-printable", tone: "problem" } };
  expect([render.mock.calls, dispatch.mock.calls]).toEqual([[], [[refusal]]]);
});

it("no picture is made ahead with a pen on the card, and one as soon as that is lifted", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const visit = new Visit();
    await open(visit, new Blob(["photo"]));
    visit.design.getState().putPen(true);
    vi.advanceTimersByTime(2000);
    expect(visit.renders).toBe(0);
    visit.design.getState().putPen(false);
    vi.advanceTimersByTime(2000);
    expect(visit.renders).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

it("of a template nothing comes along to the turned card, and that is no loss; what is the cardholder's own does", async () => {
  const [from, to] = products;
  const box = { ...heart.box, widthMm: 12, heightMm: 12 };
  const logo = { ...heart, id: "logo", box };
  const own = [{ ...heart, id: "e1", box }] as const;
  const foreign = { kind: "sticker", id: "e2", art: "own.gone", box } as const;
  const template = { id: "club", version: 2 };
  const image = { openPhoto: async () => makeOpenPhoto() } as unknown as PictureDeps["image"];
  for (const [elements, code] of [
    [[logo, ...own], undefined],
    [[logo, { ...foreign, id: "seal" }, ...own], undefined],
    [[logo, ...own, foreign], "elements-left-out"],
  ] as const) {
    const design = createDesignStore(to);
    const dispatch = vi.fn();
    const other = { ...createDesign(from), elements, template };
    const { signal } = new AbortController();
    await openPhoto(
      { image, design } as unknown as PictureDeps,
      dispatch,
      new File([], "a.jpg", { type: "image/jpeg" }),
      signal,
      other,
    );
    expect(vectorElementsOf(design.getState().design)).toMatchObject([{ id: "e1", shape: "heart" }]);
    const [[{ type, notice }]] = dispatch.mock.calls as [[{ type: string; notice: { code: string } | null }]];
    expect([type, notice?.code]).toEqual(["photo-opened", code]);
  }
});
