import { afterEach, beforeEach, expect, test } from "vitest";
import {
  makePng,
  newCustomer,
  openTestSynctera,
  type TestSynctera,
  testApiKey,
  testCardProducts,
} from "./testing/synctera.ts";
import sharp from "sharp";

let synctera: TestSynctera;
beforeEach(async () => {
  synctera = await openTestSynctera();
});
afterEach(() => synctera.close());

const page = async () => (await synctera.app.inject("/")).body;
const call = (method: "POST" | "PATCH", path: string, payload: object | Buffer, type = "application/json") =>
  synctera.app.inject({
    method,
    url: `/v1/cards/images${path}`,
    payload,
    headers: { authorization: `Bearer ${testApiKey}`, "content-type": type },
  });

test("the page shows what has arrived, the issuer's decision with its memo as text, and every call", async () => {
  expect(await page()).toContain("Nothing has arrived yet.");
  const ids = { customer_id: newCustomer(), card_product_id: testCardProducts["photo-portrait"] };
  const { id } = (await call("POST", "", ids)).json<{ id: string }>();
  expect(await page()).toContain("Waits for its picture");
  const jpeg = await sharp(await makePng(664, 1036))
    .jpeg()
    .toBuffer();
  await call("POST", `/${id}/data`, jpeg, "image/jpeg");
  expect(await page()).toContain("Waits for the issuer&apos;s decision");
  const picture = await synctera.app.inject(`/sandbox/images/${id}/picture`);
  expect(picture.headers["content-type"]).toBe("image/jpeg");
  expect(picture.rawPayload.equals(jpeg)).toBe(true);
  await call("PATCH", `/${id}`, { status: "REJECTED", rejection_reason: "BRANDED", rejection_memo: "<b>no</b>" });
  const html = await page();
  for (const part of ["Rejected by the issuer", "BRANDED", "&lt;b&gt;no&lt;/b&gt;", "photo-portrait", "Decide"])
    expect(html).toContain(part);
  expect((await synctera.app.inject(`/sandbox/images/${newCustomer()}/picture`)).statusCode).toBe(404);
});

test("the page carries no key, and no inline script or style, and forbids them", async () => {
  await call("POST", "", { customer_id: newCustomer(), card_product_id: testCardProducts["photo-landscape"] });
  const reply = await synctera.app.inject("/");
  expect(reply.body).not.toContain("CANARY");
  expect(reply.headers["content-security-policy"]).toContain("default-src 'none'; style-src 'self'; script-src 'self'");
  expect(reply.body).not.toMatch(/ style=|<style|\son\w+=|<script(?![^>]* src=)/);
  for (const [, path] of reply.body.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g))
    expect((await synctera.app.inject(path ?? "")).statusCode, path).toBe(200);
});
