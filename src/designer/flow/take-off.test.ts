import { expect, it } from "vitest";
import { offerProduct, products } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { photoOf, vectorElementsOf } from "#design/design.ts";
import { adjustPhoto, filterPhoto, zoomTo } from "#design/edits.ts";
import { addElement, newShape } from "#design/element-edits.ts";
import { nameOwnSticker } from "#design/offered.ts";
import { heart, sticker } from "#design/testing/elements.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { NoAnswer } from "../api/request.ts";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import { createFlowState, type FlowState } from "./flow-state.ts";
import { createLatestTask } from "./latest-task.ts";
import { type FlowEvent, nextFlow } from "./machine.ts";
import { createTakingOff, takeUnofferedOff } from "./take-off.ts";

const [plain] = products;
const session: SessionView = {
  sessionId: "s1",
  productId: plain.id,
  locale: "en",
  issuerName: "Bank",
  submission: null,
};
const answering = (now: Partial<SessionView>) => ({ readSession: () => Promise.resolve({ ...session, ...now }) });

/** A card with a photo that was moved, a shape and a filter, all of which was offered when it was made. */
function makeCard() {
  const product = offerProduct(plain, { features: { shapes: true, stickers: true } });
  const store = createDesignStore(product);
  const photo = makeOpenPhoto();
  store.getState().setPhoto(photo);
  changePhoto(store.getState(), zoomTo(1.5));
  for (const edit of [adjustPhoto({ contrast: 20 }), filterPhoto({ id: "warm", percent: 60 })])
    store.getState().edit(edit);
  store.getState().edit((design) => addElement(newShape("heart", "#ff0000", design, product))(design, product));
  return { store, photo };
}

it("takes off what is not offered any more, and leaves all else as it is", async () => {
  const { store, photo } = makeCard();
  const before = store.getState().design;
  const notice = await takeUnofferedOff(answering({ features: { shapes: false, stickers: true } }), store);
  expect(notice?.code).toBe("elements-left-out");
  const { design, product, assets, canUndo } = store.getState();
  expect(design).toEqual({ ...before, elements: [photoOf(before)] });
  expect(product.features).toMatchObject({ shapes: false, stickers: true });
  expect([assets.get(photo.sha256), canUndo], "the photo is open still").toEqual([photo, false]);
});

it("takes a filter off, and leaves the light", async () => {
  const { store } = makeCard();
  const notice = await takeUnofferedOff(answering({ features: { shapes: true, filters: [] } }), store);
  expect(notice?.code).toBe("filter-gone");
  const { elements, look } = store.getState().design;
  expect(elements).toHaveLength(2);
  expect(look).toMatchObject({ adjust: { contrast: 20 } });
  expect(look?.filter).toBeUndefined();
});

it.each([
  ["the visit has ended", new Problem("session-expired"), "session-ended"],
  ["there is no connection", new NoAnswer(), "send-no-connection"],
])("changes nothing where %s", async (_why, error, code) => {
  const { store } = makeCard();
  const before = store.getState();
  const notice = await takeUnofferedOff({ readSession: () => Promise.reject(error) }, store);
  expect([notice?.code, store.getState()]).toEqual([code, before]);
});

it("says that the server does not take it where everything is offered after all", async () => {
  const { store } = makeCard();
  const before = store.getState().design;
  const notice = await takeUnofferedOff(answering({ features: { shapes: true, stickers: true } }), store);
  expect([notice?.code, store.getState().design]).toEqual(["send-not-accepted", before]);
});

const names = { en: "Ours" };
const leaf = { id: "leaf", names, address: `/stickers/${"a".repeat(64)}.json` };
/** Known to no other test. */
const template = { ...club, id: "club-to-take-off" };
const ownClub = { id: template.id, version: club.version, names, address: `/templates/${"b".repeat(64)}.json` };

it("takes off a sticker that the issuer has withdrawn, and knows one that it has added", async () => {
  const product = {
    ...offerProduct(plain, { features: { stickers: true } }),
    ownStickers: [leaf],
    ownStickerGroup: names,
  };
  const store = createDesignStore(product);
  store.getState().setPhoto(makeOpenPhoto());
  store.getState().edit((design) => ({
    ...design,
    elements: [...design.elements, { ...sticker, id: "e1", art: "own.leaf" }, { ...sticker, id: "e2" }],
  }));
  const added = { ...leaf, id: "rose" };
  const notice = await takeUnofferedOff(answering({ features: { stickers: true }, ownStickers: [added] }), store);
  expect(notice?.code).toBe("elements-left-out");
  const { design, product: offered } = store.getState();
  expect(vectorElementsOf(design).map(({ id }) => id)).toEqual(["e2"]);
  expect([offered.ownStickers, offered.ownStickerGroup]).toEqual([[added], undefined]);
});

it("takes off a sticker that has been drawn anew since, and says so: another picture is not laid in its place", async () => {
  const product = { ...offerProduct(plain, { features: { stickers: true } }), ownStickers: [leaf] };
  const store = createDesignStore(product);
  store.getState().setPhoto(makeOpenPhoto());
  store.getState().edit((design) => ({
    ...design,
    elements: [...design.elements, { ...sticker, id: "e1", art: nameOwnSticker(leaf) }],
  }));
  const redrawn = { ...leaf, address: `/stickers/${"c".repeat(64)}.json` };
  const notice = await takeUnofferedOff(answering({ features: { stickers: true }, ownStickers: [redrawn] }), store);
  expect(notice?.code).toBe("elements-left-out");
  expect(vectorElementsOf(store.getState().design)).toEqual([]);
});

/** A card by the issuer's own template. */
function makeByClub() {
  addTemplate(template);
  const store = createDesignStore({ ...plain, ownTemplates: [ownClub] });
  store.getState().setPhoto(makeOpenPhoto());
  const parts = club.elements.filter(
    ({ prints, element }) => prints && (element.kind !== "text" || element.id === "since"),
  );
  const laid = (onTop: boolean) =>
    parts.filter((part) => (part.onTop === true) === onTop).map(({ element }) => element);
  const { id, version } = template;
  store.getState().edit((design) => ({
    ...design,
    template: { id, version },
    elements: [...design.elements, ...laid(false), { ...heart, id: "e1" }, ...laid(true)],
  }));
  return store;
}

it("takes off a template that the issuer has withdrawn", async () => {
  const store = makeByClub();
  const notice = await takeUnofferedOff(answering({ features: { shapes: true } }), store);
  expect(notice?.code).toBe("template-gone");
  const { design } = store.getState();
  expect([design.template, design.elements.map(({ id }) => id)]).toEqual([undefined, ["photo", "e1"]]);
});

it("takes off a template that the server has refused though it is offered, which undo takes back", async () => {
  const store = makeByClub();
  const before = store.getState().design;
  const notice = await takeUnofferedOff(answering({ features: { shapes: true }, ownTemplates: [ownClub] }), store);
  expect(notice?.code).toBe("template-gone");
  expect(store.getState().design.template).toBeUndefined();
  store.getState().undo();
  expect(store.getState().design).toEqual(before);
});

it("says of a text that it is in another colour now", async () => {
  const store = createDesignStore(offerProduct(plain, { features: { texts: true } }));
  store.getState().setPhoto(makeOpenPhoto());
  const box = { ...heart.box, widthMm: 10, heightMm: 6 };
  const text = { kind: "text", id: "e1", text: "Hi", face: "plain", align: "start", fill: "#000000", box } as const;
  store.getState().edit((design) => ({ ...design, elements: [...design.elements, text] }));
  const notice = await takeUnofferedOff(answering({ features: { texts: { colours: ["#c0272d"] } } }), store);
  expect(notice?.code).toBe("texts-changed");
  expect(vectorElementsOf(store.getState().design)).toEqual([{ ...text, fill: "#c0272d" }]);
});

/** The card on the screen, what is offered by now being known when the test says so. */
function press(store: ReturnType<typeof createDesignStore>) {
  const state = createFlowState(null);
  const dispatch = (event: FlowEvent): void => state.setState(nextFlow(state.getState(), event), true);
  const answer = Promise.withResolvers<SessionView>();
  dispatch({ type: "photo-picked" });
  dispatch({ type: "photo-opened", notice: null });
  const opening = createLatestTask();
  const deps = { api: { readSession: () => answer.promise }, design: store, state };
  const done = createTakingOff(deps, dispatch, { opening, stopWork: () => opening.stop() }).takeUnofferedOff();
  const end = (now: Partial<SessionView>): Promise<void> => {
    answer.resolve({ ...session, ...now });
    return done;
  };
  return { state, end, opening };
}

it("asks for a photo where a card without one is not offered any more, and keeps what lies on it", async () => {
  const store = createDesignStore(offerProduct(plain, { features: { grounds: true, shapes: true } }));
  store.getState().begin("#14274e");
  store.getState().edit((design) => addElement(newShape("heart", "#ff0000", design, plain))(design, plain));
  const { state, end } = press(store);
  await end({ features: { shapes: true } });
  expect(state.getState()).toMatchObject({ step: "pick", hasDesign: true, notice: { code: "no-photo-not-offered" } });
  store.getState().setPhoto(makeOpenPhoto());
  expect(store.getState().design.elements.map(({ kind }) => kind)).toEqual(["photo", "shape"]);
});

it.each([
  ["the preview is shown", { step: "preview", picture: {}, agreement: null, remindedTimes: 0, notice: null }, false],
  ["something else is opened", undefined, true],
])("changes nothing and says nothing where %s before it is known what is offered", async (_what, now, stops) => {
  const { store } = makeCard();
  const before = store.getState();
  const { state, end, opening } = press(store);
  if (now !== undefined) state.setState(now as unknown as FlowState, true);
  if (stops) opening.stop();
  const shown = state.getState();
  await end({ features: { shapes: false } });
  expect([store.getState(), state.getState()]).toEqual([before, shown]);
});
