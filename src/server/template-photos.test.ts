import { afterEach, beforeEach, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import { place } from "#design/edits.ts";
import { holdTemplate, type Template } from "#design/templates/template.ts";
import { fillSlot, layTemplate } from "#design/templates/template-edits.ts";
import { club } from "#design/templates/testing/club.ts";
import { type BrandedApp, openBranded } from "./testing/branded.ts";
import { codeOf, testDesign } from "./testing/issuer.ts";

const mono = { filter: { id: "mono", percent: 80 } };
const fixed: Template = { ...club, photo: { look: mono, locks: { move: true, style: true, remove: true } } };
const free: Template = { ...club, version: 3, photo: { look: mono, locks: {} } };
const lines: Template = {
  ...club,
  version: 5,
  elements: club.elements.map((part) => (part.slot ? { ...part, slot: { ...part.slot, lines: 2 } } : part)),
};
const landscape = findProduct("photo-landscape")!;

let app: BrandedApp;
const put: BrandedApp["put"] = (...asked) => app.put(...asked);

beforeEach(async () => {
  const half = { region: { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 }, locks: {} };
  const files = {
    "fixed.json": fixed,
    "free.json": free,
    "half.json": { ...free, version: 4, photo: half },
    "lines.json": lines,
  };
  const products = { "photo-landscape": { features: { grounds: true, filters: ["warm"], texts: { lines: 1 } } } };
  app = await openBranded({ templates: Object.keys(files), products }, files);
});
afterEach(() => app.close());

const lay = (template: Template): Design =>
  layTemplate(template, undefined, () => ({ width: 5000, height: 1000, ops: [] }))(testDesign, landscape);

test("a photo that lies or looks otherwise than its template fixes is refused, as is a card without one", async () => {
  const laid = lay(fixed);
  const moved = place("photo", (at) => ({ ...at, mmPerPx: at.mmPerPx * 2 }))(laid, landscape);
  const others: readonly [Design, string][] = [
    [moved, "elements[0].placement"],
    [{ ...laid, look: { filter: { id: "warm", percent: 80 } } }, "look"],
    [{ ...laid, elements: laid.elements.slice(1) }, "template"],
  ];
  for (const at of ["design", "draft"]) {
    for (const [other, place] of others) {
      const answer = await put(other, at);
      expect(await codeOf(answer.clone())).toBe("422 template-broken");
      const { detail } = (await answer.json()) as { detail: string };
      expect(detail).toBe(`body.${place}: this is not as version 2 of the template club fixes it.`);
    }
  }
  expect(await codeOf(await put(laid))).toMatch(/^200/);
});

test("the part of the card that a photo covers is its template's to say", async () => {
  const region = { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 };
  const half: Template = { ...free, version: 4, photo: { region, locks: {} } };
  expect(await codeOf(await put(lay(half)))).toMatch(/^200/);
  const [photo, ...others] = lay(half).elements;
  const forged = { ...lay(half), elements: [{ ...photo, region: { ...region, widthMm: 70 } }, ...others] } as Design;
  for (const at of ["design", "draft"]) {
    const answer = await put(forged, at);
    expect(await codeOf(answer.clone())).toBe("422 template-broken");
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/^body\.elements\[0\]\.region: /);
  }
  expect(await codeOf(await put({ ...testDesign, elements: [photo!] }))).toBe("422 not-offered");
});

test("more lines than a slot has, or than the product takes, are refused", async () => {
  const art = { width: 2000, height: 2000, ops: [] };
  const write = (template: Template, text: string): Design =>
    holdTemplate(lay(template), fillSlot(template, "name", text, art, () => art)(lay(template), landscape), template);
  const two = write(lines, "Grace\nHopper");
  const at = two.elements.findIndex(({ id }) => id === "name");
  const forged = { ...two, template: { id: "club", version: 3 } };
  const wrong = await put(forged);
  expect(await codeOf(wrong.clone())).toBe("422 template-broken");
  expect(((await wrong.json()) as { detail: string }).detail).toMatch(`body.elements[${at}].text: `);
  const strict = await put(two);
  expect(await codeOf(strict.clone())).toBe("422 not-offered");
  expect(((await strict.json()) as { detail: string }).detail).toBe(
    `body.elements[${at}].text: it has more lines than are offered with photo-landscape.`,
  );
  expect(await codeOf(await put(write(lines, "Grace")))).toMatch(/^200/);
});

test("a filter that the product does not offer is taken where the template has it, and nowhere else", async () => {
  expect(await codeOf(await put({ ...lay(free), look: { filter: { id: "mono", percent: 10 } } }))).toMatch(/^200/);
  const { template: _own, ...alone } = lay(free);
  expect(await codeOf(await put({ ...alone, elements: alone.elements.slice(0, 1) }))).toBe("422 not-offered");
  expect(await codeOf(await put({ ...lay(free), look: { filter: { id: "film", percent: 10 } } }))).toBe(
    "422 not-offered",
  );
});
