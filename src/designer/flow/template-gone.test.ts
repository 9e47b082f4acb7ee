import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { createDesignStore } from "../store/design-store.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { describeNotice, type Notice } from "./notice.ts";
import { rested, Visit } from "./testing/visit.ts";

it("a draft is opened without a template that is not offered any more, and that is said with it", async () => {
  const visit = new Visit();
  const photo = visit.makePhoto();
  const store = createDesignStore(products[0]);
  store.getState().setPhoto(photo);
  const kept = { design: store.getState().design, photo };
  const box = { xMm: 0, yMm: 0, widthMm: 10, heightMm: 10, rotationDeg: 0, mirrored: false };
  const logo = { kind: "shape", id: "logo", shape: "star", fill: "#c0272d", box } as const;
  const own = { ...logo, id: "e1" };
  const elements = [...kept.design.elements, logo, own];
  await visit.drafts.write({ ...kept, design: { ...kept.design, elements, template: { id: "gone", version: 1 } } });
  void visit.flow.resumeDraft();
  await rested();
  visit.endOpening("good");
  await rested();
  const { notice } = visit.flow.state.getState() as { notice: Notice };
  expect(notice).toMatchObject({ code: "draft-resumed", isDetached: true });
  const { design } = visit.design.getState();
  expect(design.template).toBeUndefined();
  expect(design.elements.map(({ id }) => id)).toEqual(["photo", "e1"]);
  expect(describeNotice(notice, products[0], createTranslate(chooseLocale("en"))).title).toBe(
    "The template is not offered any more",
  );
});
