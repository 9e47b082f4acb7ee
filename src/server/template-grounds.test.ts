import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import type { Template } from "#design/templates/template.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import { club } from "#design/templates/testing/club.ts";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { codeOf, enterSession, testDesign } from "./testing/issuer.ts";

const sky = { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 };
const fixed: Template = { ...club, ground: { fill: sky, locks: { style: true } } };
const free: Template = { ...club, version: 3, ground: { fill: sky, locks: {} } };

let folder: string;
let server: TestApp;
let put: (design: Design, at?: string) => Promise<Response>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  const write = (name: string, content: object): Promise<void> =>
    writeFile(path.join(folder, name), JSON.stringify(content));
  await write("fixed.json", fixed);
  await write("free.json", free);
  const products = { "photo-landscape": { features: { grounds: true } } };
  await write("brand.json", { templates: ["fixed.json", "free.json"], products });
  server = await openTestApp({ env: { FULLBLEED_BRAND: path.join(folder, "brand.json") } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  put = (design, at = "design") => {
    const address = `/v1/sessions/${frame.sessionId}/${at}`;
    const headers = { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) };
    return fetch(url + address, { method: "PUT", headers, body: JSON.stringify(design) });
  };
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

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
