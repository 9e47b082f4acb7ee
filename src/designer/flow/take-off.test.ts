import { expect, it } from "vitest";
import { offerProduct, products } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { photoOf } from "#design/design.ts";
import { adjustPhoto, filterPhoto, zoomTo } from "#design/edits.ts";
import { addElement, newShape } from "#design/element-edits.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { NoAnswer } from "../api/request.ts";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import { takeUnofferedOff } from "./take-off.ts";

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
  expect(notice.code).toBe("elements-left-out");
  const { design, product, assets, canUndo } = store.getState();
  expect(design).toEqual({ ...before, elements: [photoOf(before)] });
  expect(product.features).toMatchObject({ shapes: false, stickers: true });
  expect([assets.get(photo.sha256), canUndo], "the photo is open still").toEqual([photo, false]);
});

it("takes a filter off, and leaves the light", async () => {
  const { store } = makeCard();
  const notice = await takeUnofferedOff(answering({ features: { shapes: true, filters: [] } }), store);
  expect(notice.code).toBe("filter-gone");
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
  expect([notice.code, store.getState()]).toEqual([code, before]);
});

it("says that the server does not take it where everything is offered after all", async () => {
  const { store } = makeCard();
  const before = store.getState().design;
  const notice = await takeUnofferedOff(answering({ features: { shapes: true, stickers: true } }), store);
  expect([notice.code, store.getState().design]).toEqual(["send-not-accepted", before]);
});
