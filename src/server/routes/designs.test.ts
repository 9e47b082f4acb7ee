import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import {
  codeOf,
  designWithId,
  enterSession,
  type Frame,
  firstDesign,
  sendOne,
  testAgreement,
  testDesign,
} from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";

let server: TestApp;
let url: string;
let frame: Frame;

beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
});
afterEach(() => server.close());

function put(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  const path = `/v1/sessions/${frame.sessionId}/design`;
  return fetch(url + path, {
    method: "PUT",
    headers: { "content-type": "application/json", ...frame.show("PUT", path), ...headers },
    body: body as string,
  });
}

describe("a design document", () => {
  test("is kept byte for byte and named by its SHA-256, however often it is put", async () => {
    const text = `${JSON.stringify({ ...testDesign, ground: "#14274e" }, null, 3)}\n`;
    for (let time = 0; time < 2; time += 1) {
      const response = await put(text);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ designSha256: sha256Of(text) });
    }
    expect(await server.parts.store.selectFrom("designs").select("document").execute()).toEqual([{ document: text }]);
  });

  test.each([
    ["not JSON", "{", "400 bad-request"],
    ["not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), "400 bad-request"],
    ["empty", "", "400 bad-request"],
    ["of a version to come", JSON.stringify({ ...testDesign, version: 3 }), "400 bad-request"],
    ["for another product", JSON.stringify({ ...testDesign, productId: "photo-portrait" }), "400 bad-request"],
    ["with a ground by name", JSON.stringify({ ...testDesign, ground: "white" }), "400 bad-request"],
    ["without a photo", JSON.stringify({ ...testDesign, elements: [] }), "422 not-offered"],
    ["with an agreement", JSON.stringify({ ...testDesign, agreement: testAgreement }), "400 bad-request"],
    ["of version 1 without one", JSON.stringify({ ...firstDesign, agreement: undefined }), "400 bad-request"],
    ["with a name that stands twice", JSON.stringify(testDesign).replace("{", '{"version":1,'), "400 bad-request"],
    ["with one twice inside", JSON.stringify(testDesign).replace('"xMm"', '"xMm":1,"x\\u004dm"'), "400 bad-request"],
    ["ten thousand lists deep", "[".repeat(10_000) + "]".repeat(10_000), "400 bad-request"],
    ["over the limit", `${JSON.stringify(testDesign)}${" ".repeat(262_144)}`, "413 body-too-large"],
  ])("%s is refused", async (_name, body, code) => {
    expect(await codeOf(await put(body))).toBe(code);
    expect(await server.parts.store.selectFrom("designs").selectAll().execute()).toEqual([]);
  });

  test("with what the product does not offer is refused with its place, and kept with what it offers", async () => {
    const box = { xMm: 0, yMm: 0, widthMm: 10, heightMm: 10, rotationDeg: 0, mirrored: false };
    const shape = { kind: "shape", id: "e1", shape: "heart", fill: "#c0272d", box };
    const sticker = { kind: "sticker", id: "e2", art: "plane", box };
    const text = { kind: "text", id: "e3", text: "Hi", face: "plain", align: "start", fill: "#c0272d", box };
    const withAll = (...more: object[]) =>
      JSON.stringify({ ...testDesign, elements: [...testDesign.elements, ...more] });
    expect((await put(withAll(shape, sticker))).status).toBe(200);
    const response = await put(withAll(shape, text));
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { code: "not-offered", detail: "body.elements[2]: such an element is not offered with photo-landscape." },
    ]);
  });

  test("with what is not printed is refused with what is taken", async () => {
    const elements = ["a", "b"].flatMap((id) => designWithId(id).elements);
    for (const [change, detail] of [
      [{ ground: "#FFFFFF" }, 'body.ground: expected a colour as "#rrggbb", in lower case.'],
      [{ elements }, "body.elements: expected one photo at most, below everything else."],
    ] as const) {
      const response = await put(JSON.stringify({ ...testDesign, ...change }));
      expect(await response.json()).toMatchObject({ code: "bad-request", detail });
    }
  });

  test("with thousands of names that nobody knows is refused in a sentence, and not with all of them", async () => {
    const names = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`name${at}`, 1]));
    const { detail } = (await (await put(JSON.stringify({ ...testDesign, ...names }))).json()) as { detail: string };
    expect(detail).toMatch(/^body: Unrecognized keys: "name0", "name1"/);
    expect(detail.length).toBeLessThan(500);
  });

  const box = { xMm: 0, yMm: 0, widthMm: 30, heightMm: 8, rotationDeg: 0, mirrored: false };
  const heart = { kind: "shape", id: "e1", shape: "heart", fill: "#c0272d", box };
  const text = { kind: "text", id: "e1", text: "Hi", face: "plain", align: "start", fill: "#c0272d", box };
  const hearts = (count: number) => Array.from({ length: count }, (_, at) => ({ ...heart, id: `e${at}` }));

  test.each([
    ["of a version to come", { version: 3 }, [], /^body\.version: /],
    ["with 101 elements", {}, hearts(100), /^body\.elements: expected at most 100 elements\.$/],
    [
      "with an element eleven metres away",
      {},
      [{ ...heart, box: { ...box, xMm: 11_000 } }],
      /^body\.elements\.1\.box\.xMm: /,
    ],
    ["with ten thousand characters", {}, [{ ...text, text: "a".repeat(10_000) }], /^body\.elements\.1\.text: .*500/],
    [
      "with marks by the hundred",
      {},
      [{ ...text, text: `Z${"\u0335".repeat(100)}` }],
      /^body\.elements\.1\.text: expected 1 to 2 lines of at most 24 letters\.$/,
    ],
    [
      "with an override of the direction",
      {},
      [{ ...text, text: "\u202eiH" }],
      /^body\.elements\.1\.text: expected composed letters without control characters\.$/,
    ],
    [
      "with a control character",
      {},
      [{ ...text, text: "Hi\u0007" }],
      /^body\.elements\.1\.text: expected composed letters without control characters\.$/,
    ],
  ])("%s is refused with the place and what is taken", async (_name, change, more, detail) => {
    const response = await put(
      JSON.stringify({ ...testDesign, elements: [...testDesign.elements, ...more], ...change }),
    );
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ code: "bad-request", detail: expect.stringMatching(detail) }),
    ]);
    expect(await server.parts.store.selectFrom("designs").selectAll().execute()).toEqual([]);
  });

  test("with 500 elements is refused with how many may be, and one that lies off the card is kept", async () => {
    const withMore = (...more: object[]) =>
      JSON.stringify({ ...testDesign, elements: [...testDesign.elements, ...more] });
    const refused = await put(withMore(...hearts(500)));
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining("expected at most 100 elements") }),
    ]);
    expect((await put(withMore({ ...heart, box: { ...box, xMm: 5_000 } }))).status).toBe(200);
  });

  test("may have names and colons in its texts, and names that are written with escapes", async () => {
    const text = JSON.stringify({
      ...firstDesign,
      agreement: { rulesVersion: 'a "b": \\" "c":', agreedAt: 1 },
    }).replace('"xMm"', '"x\\u004dm"\n\t ');
    expect((await put(text)).status).toBe(200);
  });

  test("needs the session's own token and the right content type", async () => {
    const other = await enterSession(url);
    const text = JSON.stringify(testDesign);
    expect(await codeOf(await put(text, { authorization: "" }))).toBe("401 not-authenticated");
    expect(await codeOf(await put(text, other.show("PUT", `/v1/sessions/${frame.sessionId}/design`)))).toBe(
      "403 not-allowed",
    );
    expect(await codeOf(await put(text, { "content-type": "text/plain" }))).toBe("415 unsupported-media-type");
  });

  test("is among fifty at most; the one that was sent stays", async () => {
    await sendOne(frame, makePicture());
    const sent = (await server.parts.store.selectFrom("designs").select("sha256").executeTakeFirstOrThrow()).sha256;
    for (let index = 0; index < 60; index += 1) {
      server.advance(1);
      await frame.putDesign(designWithId(`photo-${index}`));
    }
    const kept = (await server.parts.store.selectFrom("designs").select("sha256").execute()).map((row) => row.sha256);
    expect(kept).toHaveLength(51);
    expect(kept).toContain(sent);
  });
});
