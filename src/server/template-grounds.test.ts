import { afterEach, beforeEach, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import type { Template } from "#design/templates/template.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import { club } from "#design/templates/testing/club.ts";
import { type BrandedApp, openBranded } from "./testing/branded.ts";
import { codeOf, testDesign } from "./testing/issuer.ts";

const sky = { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 };
const fixed: Template = { ...club, ground: { fill: sky, locks: { style: true } } };
const free: Template = { ...club, version: 3, ground: { fill: sky, locks: {} } };

let app: BrandedApp;
const put: BrandedApp["put"] = (...asked) => app.put(...asked);

beforeEach(async () => {
  const products = { "photo-landscape": { features: { grounds: true } } };
  const files = { "fixed.json": fixed, "free.json": free };
  app = await openBranded({ templates: Object.keys(files), products }, files);
});
afterEach(() => app.close());

const art = { width: 5000, height: 1000, ops: [] };
const lay = (template: Template, design: Design = testDesign): Design =>
  layTemplate(template, undefined, () => art)(design, findProduct("photo-landscape")!);
const bare: Design = { ...testDesign, elements: [] };

test("a design on another ground than its template fixes is refused, as a design and as a draft; on its own it is taken", async () => {
  const laid = lay(fixed, bare);
  expect(laid.ground).toEqual(sky);
  const others = [
    { ...laid, ground: "#14274e" },
    { ...laid, ground: { ...sky, angleDeg: 91 } },
    // Below a photo it is white.
    { ...lay(fixed), ground: "#14274e" },
  ];
  for (const at of ["design", "draft"]) {
    for (const other of others) {
      const answer = await put(other, at);
      expect(await codeOf(answer.clone())).toBe("422 template-broken");
      const { detail } = (await answer.json()) as { detail: string };
      expect(detail).toBe("body.ground: this is not as version 2 of the template club fixes it.");
    }
    expect(await codeOf(await put(laid, at))).toMatch(/^20[01]/);
  }
  expect(await codeOf(await put(lay(fixed)))).toMatch(/^200/);
});

test("a ground that the template does not fix is the cardholder's", async () => {
  expect(await codeOf(await put({ ...lay(free, bare), ground: "#14274e" }))).toMatch(/^200/);
});
