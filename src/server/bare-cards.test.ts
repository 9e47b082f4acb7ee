import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Design } from "#design/design.ts";
import type { SessionView } from "#contracts/session.ts";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { leaveDraft, makePhoto, putDraft } from "./testing/drafts.ts";
import { codeOf, enterSession, type Frame, testDesign } from "./testing/issuer.ts";
import { sha256Of } from "./testing/picture.ts";

const bare: Design = { ...testDesign, ground: { from: "#14274e", to: "#2e6fdb", angleDeg: 45 }, elements: [] };
let folder: string;
let server: TestApp;
let url: string;
let frame: Frame;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  const file = path.join(folder, "brand.json");
  await writeFile(file, JSON.stringify({ products: { "photo-landscape": { features: { grounds: true } } } }));
  server = await openTestApp({ env: { FULLBLEED_BRAND: file } });
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  frame = await enterSession(url, undefined, undefined, "c-one");
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const put = (of: Frame, design: Design): Promise<Response> =>
  of.ask("PUT design", { "content-type": "application/json" }, JSON.stringify(design));

test("a design without a photo is stored where the product offers that, and the frame is told so", async () => {
  expect((await put(frame, bare)).status).toBe(200);
  const view = (await (await frame.get(`/v1/sessions/${frame.sessionId}`)).json()) as SessionView;
  expect(view.features).toEqual({ grounds: true });
});

test("with another product it is refused with its place, and so is its draft", async () => {
  const other = await enterSession(url, undefined, "photo-portrait", "c-one");
  const refused = { ...bare, productId: "photo-portrait" };
  const response = await put(other, refused);
  expect([response.status, await response.json()]).toMatchObject([
    422,
    { code: "not-offered", detail: "body.elements: a card without a photo is not offered with photo-portrait." },
  ]);
  expect(await codeOf(await putDraft(other, refused, "none"))).toBe("422 not-offered");
});

test("its draft needs no photo, is there in a new session, and leaves the photo of the one before to nobody", async () => {
  const photo = makePhoto();
  const etag = await leaveDraft(frame, photo);
  expect((await putDraft(frame, bare, etag)).status).toBe(200);
  const anew = await enterSession(url, undefined, undefined, "c-one");
  expect(await (await anew.ask("GET draft")).text()).toBe(JSON.stringify(bare));
  const [asset] = await server.parts.store.selectFrom("assets").selectAll().execute();
  expect(asset).toMatchObject({ sha256: sha256Of(photo), unused_since: server.parts.now() });
});
