import { expect, it } from "vitest";
import { vectorElementsOf } from "#design/design.ts";
import type { Edit } from "#design/edits.ts";
import { mirrorBox, moveBoxBy, scaleBox, turnBoxBy } from "#design/element-box.ts";
import {
  addElement,
  duplicateElement,
  placeElement,
  removeElement,
  rewriteText,
  setFill,
  stackElement,
} from "#design/element-edits.ts";
import { designWith, landscape } from "#design/testing/arbitrary.ts";
import { heart } from "#design/testing/elements.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate } from "../../locales/text.tsx";
import { describeElements, describeSelection } from "./element-announcements.ts";

const star = { ...heart, shape: "star", fill: "#f6c544" } as const;
const start = [addElement(heart), addElement(star)].reduce((design, edit) => edit(design, landscape), designWith());
const wording = { t: createTranslate(chooseLocale("en")), language: "en" };

function said(edit: Edit): string {
  return describeElements(start, edit(start, landscape), landscape, wording, "e1").join(" ");
}

it("says what has happened to what lies on the photo", () => {
  expect(said(addElement(heart))).toBe("Added: Heart, Red, 12 mm wide, 3 of 3, 11 mm from the edge.");
  expect(said(duplicateElement("e1"))).toMatch(/^Added: Heart, Red, 12 mm wide, 2 of 3, /);
  expect(said(removeElement("e1"))).toBe("Deleted: Heart, Red, 12 mm wide, 1 of 2, 11 mm from the edge.");
  expect(said(stackElement("e1", "raise"))).toBe("Heart: 2 of 2.");
  expect(said(placeElement("e2", moveBoxBy(3, -2)))).toBe("Star 3 mm right. Star 2 mm up.");
  expect(said(placeElement("e1", scaleBox(1.5)))).toBe("Heart: 18 mm wide.");
  expect(said(placeElement("e1", turnBoxBy(15)))).toBe("Turned to 15 degrees.");
  expect(said(placeElement("e1", mirrorBox()))).toBe("Heart mirrored.");
  expect(said(setFill("e2", "#000000"))).toBe("Star: Black.");
  expect(said((design) => design)).toBe("");
});

it("says the colour and the new words of a text", () => {
  const text = { ...heart, kind: "text", text: "Zoë", face: "plain", align: "start" } as const;
  const before = addElement(text)(start, landscape);
  const saidOfText = (edit: Edit): string =>
    describeElements(before, edit(before, landscape), landscape, wording, "e3").join(" ");
  expect(saidOfText(setFill("e3", "#000000"))).toBe("Text “Zoë”: Black.");
  const art = { width: 1000, height: 1360 };
  const writing = { text: "Noé", face: "plain", align: "start" } as const;
  expect(saidOfText(rewriteText("e3", writing, () => ({ ...art, ops: [] }), art))).toMatch(
    /^Text “Noé”: [\d.]+ mm wide\.$/,
  );
});

it("says what is selected, and where it lies", () => {
  const [element] = vectorElementsOf(start);
  expect(describeSelection(element!.id, start, landscape, wording)).toBe(
    "Selected: Heart, Red, 12 mm wide, 1 of 2, 11 mm from the edge.",
  );
  expect(describeSelection(null, start, landscape, wording)).toBe("Selected: Photo.");
});
