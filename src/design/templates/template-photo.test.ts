import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coveredBy, coversBleed } from "#card/placement.ts";
import { type Region, sameRegion } from "#card/region.ts";
import { openingPlacement } from "#card/sharpness.ts";
import { type Design, photoOf, sameDesign, samePlacement } from "../design.ts";
import { designDocument } from "../document.ts";
import { adjustPhoto, type Edit, filterPhoto, place, putPhoto, resetAdjustments } from "../edits.ts";
import { addElement } from "../element-edits.ts";
import { type Look, noAdjustments, sameLook } from "../look.ts";
import { anyChange, designWith, landscape } from "../testing/arbitrary.ts";
import { heart } from "../testing/elements.ts";
import { detachTemplate, layTemplate } from "./template-edits.ts";
import { findBreach, holdTemplate, isLocked, type Template } from "./template.ts";
import { findPhotoBreach, type PhotoLocks } from "./template-photo.ts";
import { findFault, templateFile } from "./template-schema.ts";
import { club } from "./testing/club.ts";

const findArt = () => ({ width: 5000, height: 1000, ops: [] });
const mono: Look = { filter: { id: "mono", percent: 80 } };
const withPhoto = (locks: PhotoLocks, look?: Look, region?: Region): Template => ({
  ...club,
  photo: { locks, ...(look && { look }), ...(region && { region }) },
});
const leftHalf: Region = { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 };
const circleLike: Region = { xMm: 10, yMm: 5, widthMm: 30, heightMm: 30 };
const lay = (template: Template, design: Design = designWith(), before?: Template): Design =>
  layTemplate(template, before, findArt)(design, landscape);
const bare: Design = { ...designWith(), elements: [] };
const file = { sha256: "f".repeat(64) };

describe("locks of the photo", () => {
  const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
    anyChange.map((change) => place("photo", change)),
    fc.integer({ min: -100, max: 100 }).map((brightness) => adjustPhoto({ brightness })),
    fc.constantFrom("mono", "warm").map((id) => filterPhoto({ id, percent: 50 })),
    fc.constantFrom(filterPhoto(null), resetAdjustments(), addElement(heart)),
    fc.record({ widthPx: fc.integer({ min: 300, max: 9000 }), heightPx: fc.integer({ min: 300, max: 9000 }) }).map(
      (size): Edit =>
        (design, product) =>
          putPhoto({ ...file, ...size }, openingPlacement(size, product))(design, product),
    ),
    fc.constant<Edit>((design) => ({ ...design, elements: design.elements.slice(1) })),
  );
  const flag = fc.constantFrom(true, undefined);
  const anyLocks = fc.record({ move: flag, style: flag, remove: flag });
  const anyRegion = fc.constantFrom(undefined, leftHalf, circleLike);
  const anyLook = fc.constantFrom(undefined, mono, { adjust: { ...noAdjustments, contrast: 20 } });

  it("hold whatever sequence of edits is applied, and whatever else is done to the photo is found", () => {
    fc.assert(
      fc.property(anyLocks, anyLook, anyRegion, fc.array(anyEdit, { maxLength: 15 }), (locks, look, region, edits) => {
        const template = withPhoto(locks, look, region);
        let design = lay(template);
        for (const change of edits) {
          const wanted = change(design, landscape);
          design = holdTemplate(design, wanted, template);
          expect(findBreach(design, template)).toBeNull();
          expect(designDocument.safeParse(JSON.parse(JSON.stringify(design))).error).toBeUndefined();
          const [photo, asked] = [photoOf(design), photoOf(wanted)];
          if (photo === null || asked === null) continue;
          expect(photo.region).toEqual(region);
          expect(coversBleed(photo.placement, photo, landscape)).toBe(true);
          // Laid anew on a card that had lost its photo.
          if (!sameRegion(asked.region, region)) {
            expect(findPhotoBreach(wanted, template.photo)).toBe("elements[0].region");
            continue;
          }
          const isMoved = !samePlacement(asked.placement, openingPlacement(asked, landscape));
          const isStyled = !sameLook(wanted.look, look);
          expect(findPhotoBreach(wanted, template.photo) !== null).toBe(
            (isMoved && locks.move === true) || (isStyled && locks.style === true),
          );
          if (!locks.move) expect(samePlacement(photo.placement, asked.placement)).toBe(true);
          if (!locks.style) expect(sameLook(design.look, wanted.look)).toBe(true);
        }
        if (locks.remove) expect(photoOf(design)).not.toBeNull();
      }),
    );
  });

  it("are told apart, and by the very place", () => {
    const all = withPhoto({ move: true, style: true, remove: true }, mono);
    const laid = lay(all);
    expect(laid.look).toEqual(mono);
    const moved = place("photo", (at) => ({ ...at, mmPerPx: at.mmPerPx * 1.5 }))(laid, landscape);
    expect(findBreach(moved, all)).toBe("elements[0].placement");
    expect(findBreach({ ...laid, look: { filter: { id: "mono", percent: 79 } } }, all)).toBe("look");
    expect(findBreach({ ...laid, elements: laid.elements.slice(1) }, all)).toBe("template");
    expect(["move", "style", "content", "remove"].map((lock) => isLocked(all, "photo", lock as "move"))).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(isLocked(club, "photo", "move")).toBe(false);
  });

  it("hold the part of the card that the photo covers, and no design without the template has one", () => {
    const template = withPhoto({}, undefined, leftHalf);
    const laid = lay(template);
    expect(photoOf(laid)?.region).toEqual(leftHalf);
    expect(photoOf(laid)!.placement.xMm).toBeCloseTo(coveredBy({ region: leftHalf }, landscape).xMm);
    for (const other of [undefined, { ...leftHalf, widthMm: 59 }]) {
      const { region: _own, ...photo } = photoOf(laid)!;
      const forged = { ...laid, elements: [{ ...photo, ...(other && { region: other }) }, ...laid.elements.slice(1)] };
      expect(findBreach(forged, template)).toBe("elements[0].region");
    }
    expect(findPhotoBreach(laid, undefined)).toBe("elements[0].region");
    for (const next of [layTemplate(null, template, findArt)(laid, landscape), detachTemplate(laid, landscape)]) {
      expect(photoOf(next)?.region).toBeUndefined();
      expect(photoOf(next)!.placement.mmPerPx).toBeCloseTo(photoOf(designWith())!.placement.mmPerPx, 9);
      expect(sameDesign(laid, next)).toBe(false);
    }
    const moved = lay(withPhoto({ move: true }, undefined, circleLike), laid, template);
    expect(photoOf(moved)).toMatchObject({ region: circleLike, placement: { xMm: 10, yMm: 5 } });
  });

  it("let a template that does not go without a photo be laid on a card with one alone", () => {
    const needy = withPhoto({ remove: true });
    expect(lay(needy, bare)).toBe(bare);
    expect(lay(needy).template).toBeDefined();
    expect(
      findBreach({ ...lay(withPhoto({ move: true, style: true }, mono), bare) }, withPhoto({ style: true }, mono)),
    ).toBe(null);
  });

  it("leave a look that is not fixed to the cardholder, and it goes with its template", () => {
    const template = withPhoto({}, mono);
    const laid = lay(template);
    expect(laid.look).toEqual(mono);
    const plain = holdTemplate(laid, filterPhoto(null)(laid, landscape), template);
    expect(plain.look).toBeUndefined();
    expect(layTemplate(null, template, findArt)(laid, landscape).look).toBeUndefined();
    const warm = filterPhoto({ id: "warm", percent: 50 })(laid, landscape);
    expect(lay(club, warm, template).look).toEqual({ filter: { id: "warm", percent: 50 } });
    // One that is fixed as it was taken takes off what is there.
    expect(lay(withPhoto({ style: true }), warm, template).look).toBeUndefined();
  });
});

describe("the file of a template with a photo", () => {
  it("is taken with a filter of ours alone", () => {
    const parsed = templateFile.safeParse(withPhoto({ move: true }, mono));
    expect(parsed.error).toBeUndefined();
    expect(findFault(withPhoto({}, mono))).toBeNull();
    expect(findFault(withPhoto({}, { filter: { id: "linden-blue", percent: 50 } }))?.path).toBe("photo.look.filter.id");
    expect(templateFile.safeParse({ ...club, photo: { locks: { content: true } } }).success).toBe(false);
  });

  it("is taken with a region that lies on each of its cards, on a colour", () => {
    const file = withPhoto({}, undefined, leftHalf);
    expect(templateFile.safeParse(file).error).toBeUndefined();
    expect(findFault(file)).toBeNull();
    expect(findFault(withPhoto({}, undefined, { ...leftHalf, xMm: -70 }))).toEqual({
      path: "photo.region",
      expected: "a part of at least 5 by 5 mm of the card photo-landscape",
    });
    const sky = { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 };
    expect(findFault({ ...file, ground: { fill: sky, locks: {} } })?.path).toBe("ground.fill");
    expect(findFault({ ...file, ground: { fill: "#2f4a7d", locks: {} } })).toBeNull();
    expect(templateFile.safeParse(withPhoto({}, undefined, { ...leftHalf, widthMm: 4 })).success).toBe(false);
  });
});
