import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { makeDesignFile } from "../drafts/design-file.ts";
import { cardOf, otherPhoto } from "../drafts/testing/cards.ts";
import { Visit } from "./testing/visit.ts";

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

it("a saved copy of another card gives its photo, and says so", async () => {
  const kept = cardOf("#14274e");
  const [, other] = products;
  const visit = new Visit();
  const copy = makeDesignFile({ ...kept, design: { ...kept.design, productId: other.id } });
  expect(await open(visit, copy)).toMatchObject({ step: "design", notice: { code: "design-of-other-card" } });
  expect(visit.design.getState().design).toMatchObject({ productId: products[0].id, ground: "#ffffff" });
  expect(photoOf(visit.design.getState().design)?.placement.rotationDeg).toBe(0);
});

it("a cardholder who would rather have the card the other way round is not held up, and the photo goes along", async () => {
  const visit = new Visit();
  visit.flow.bringPhotoAlong();
  expect(visit.flow.state.getState()).toMatchObject({ step: "pick", opening: false });
  visit.flow.wantTurnedProduct();
  expect(visit.sentAlong).toEqual([products[1].id]);
  expect(visit.events).toEqual([{ type: "product-wanted", productId: products[1].id }]);
  visit.otherPhoto = new Blob(["photo"]);
  visit.flow.bringPhotoAlong();
  await expect.poll(() => visit.working).toBe(true);
  visit.endOpening("good");
  await expect.poll(() => visit.flow.state.getState()).toMatchObject({ step: "design", notice: null });
});
