import { describe, expect, it } from "vitest";
import type { Product } from "#card/products.ts";
import { cardCentre, filterPhoto, layGround, zoomAbout } from "#design/edits.ts";
import { findElement } from "#design/element-edits.ts";
import { nameWriting } from "#design/elements.ts";
import { findBreach, type Template } from "#design/templates/template.ts";
import { fillSlot, layTemplate } from "#design/templates/template-edits.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { landscape } from "#design/testing/arbitrary.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changeGround, changePhoto, createDesignStore, type DesignStore, isGroundFixed } from "./design-store.ts";
import { isPhotoPlaced, isPhotoStyled } from "./photo-locks.ts";

describe("the design store of a card that is made by a template", () => {
  const { id, version, names } = club;
  const art = {
    width: 1000,
    height: 1000,
    ops: [{ path: "M0 0L1 0L1 1Z", fill: "#000000", rule: "nonzero" }],
  } as const;
  const withTexts = (texts: NonNullable<Product["features"]>["texts"]): Product => ({
    ...landscape,
    features: { ...landscape.features, texts, templates: true },
    ownTemplates: [{ id, version, names, address: "/templates/club.json" }],
  });

  /** On which "Ada" is written in the slot for a name. */
  function fillCard(product: Product, template: Template = club): DesignStore {
    addTemplate(template);
    const store = createDesignStore(product);
    store.getState().setPhoto(makeOpenPhoto());
    store.getState().edit(layTemplate(template, undefined, () => art));
    store.getState().edit(fillSlot(template, "name", "Ada", art, () => art));
    expect(findElement(store.getState().design, "name")).toMatchObject({ text: "Ada" });
    return store;
  }

  it("keeps the arts of guides, and of the templates that may be laid instead", () => {
    addTemplate(club);
    const store = createDesignStore(withTexts(true));
    store.getState().setPhoto(makeOpenPhoto());
    const nameOf = (text: string, face: "hand" | "classic" | "plain") => nameWriting({ text, face, align: "centre" });
    const shown = [nameOf("Since 1921", "classic"), nameOf("Name", "hand")];
    const kept = () => [...store.getState().arts.keys()];
    for (const lay of [undefined, layTemplate(club, undefined, () => art)]) {
      if (lay !== undefined) store.getState().edit(lay);
      store.getState().addArts(new Map([...shown, nameOf("A", "plain")].map((name) => [name, art])));
      store.getState().addArts(new Map([[nameOf("AB", "plain"), art]]));
      expect(kept().toSorted()).toEqual([...shown, nameOf("AB", "plain")].toSorted());
    }
  });

  it("lies on the ground that the template fixes, with and without a photo, whatever is chosen for it", () => {
    const sky = { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 };
    const template = { ...club, ground: { fill: sky, locks: { style: true } } };
    addTemplate(template);
    const product = withTexts(true);
    const store = createDesignStore({ ...product, features: { ...product.features, grounds: true } });
    const ground = () => store.getState().design.ground;
    store.getState().begin("#14274e");
    store.getState().edit(layTemplate(template, undefined, () => art));
    expect(ground()).toEqual(sky);
    expect(isGroundFixed(store.getState())).toBe(true);
    changeGround(store.getState(), "#f6c544");
    expect(ground()).toEqual(sky);
    store.getState().setPhoto(makeOpenPhoto());
    expect(ground()).toBe("#ffffff");
    store.getState().edit(layGround("#f6c544"));
    expect(ground()).toBe("#ffffff");
    store.getState().begin("#f6c544");
    expect(ground()).toEqual(sky);
    expect(findBreach(store.getState().design, template)).toBeNull();
    // Kept by a forged or older designer: then it is the cardholder's own.
    store.getState().resume(null, { ...store.getState().design, ground: "#f6c544" });
    expect(store.getState().design).toMatchObject({ ground: "#f6c544" });
    expect(store.getState().design.template).toBeUndefined();
    addTemplate(club);
  });

  it("keeps the photo as the template fixes it, whichever comes, and goes without the template where no photo is wanted", () => {
    const look = { filter: { id: "mono", percent: 80 } };
    const template: Template = { ...club, photo: { look, locks: { move: true, style: true, remove: true } } };
    addTemplate(template);
    const product = withTexts(true);
    const store = createDesignStore({ ...product, features: { ...product.features, grounds: true, filters: false } });
    store.getState().setPhoto(makeOpenPhoto());
    store.getState().edit(layTemplate(template, undefined, () => art));
    const holds = () => findBreach(store.getState().design, template);
    const before = store.getState().design;
    changePhoto(store.getState(), zoomAbout(cardCentre, 2));
    store.getState().edit(filterPhoto({ id: "warm", percent: 50 }));
    // Nothing that could be undone has happened.
    expect(store.getState().design).toBe(before);
    store.getState().setPhoto(makeOpenPhoto({ sha256: "b".repeat(64), widthPx: 2000, heightPx: 5000 }));
    expect(store.getState().design.look).toEqual(look);
    expect([holds(), isPhotoPlaced(store.getState()), isPhotoStyled(store.getState())]).toEqual([null, true, true]);
    store.getState().resume(makeOpenPhoto({ sha256: "b".repeat(64) }), store.getState().design);
    expect([holds(), store.getState().design.template?.id]).toEqual([null, "club"]);
    store.getState().begin("#14274e");
    expect(store.getState().design).toMatchObject({ ground: "#14274e" });
    expect(store.getState().design.template).toBeUndefined();
    store.getState().undo();
    expect([holds(), store.getState().design.template?.id]).toEqual([null, "club"]);
    addTemplate(club);
  });

  it("holds to the product's texts what becomes the cardholder's own when the template is taken off", () => {
    const store = fillCard(withTexts({ colours: ["#14274e"], leastPoints: 24 }));
    expect(findElement(store.getState().design, "name")).toMatchObject({ fill: "#ffffff", box: { heightMm: 9 } });
    store.getState().edit(layTemplate(null, club, () => art));
    expect(findElement(store.getState().design, "e1")).toMatchObject({
      text: "Ada",
      fill: "#14274e",
      box: { heightMm: expect.closeTo(11.2) },
    });
  });

  it("leaves out what is written in letters that are printed no more, and the template where it does not go without", () => {
    const stays = club.elements.map((part) =>
      part.element.id === "name" ? { ...part, locks: { ...part.locks, remove: true } } : part,
    );
    for (const [template, left] of [
      [club, { id, version }],
      [{ ...club, elements: stays }, undefined],
    ] as const) {
      const store = fillCard(withTexts(true), template);
      store.getState().changeProduct(withTexts({ scripts: ["greek"] }));
      const { design } = store.getState();
      expect(design.template).toEqual(left);
      expect(design.elements.flatMap((element) => (element.kind === "text" ? element.text : []))).toEqual(
        left === undefined ? [] : ["Since 1921"],
      );
    }
    addTemplate(club);
  });
});
