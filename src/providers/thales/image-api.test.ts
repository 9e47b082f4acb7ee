import { gzipSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { noCheckpoint } from "../testing/memory-checkpoint.ts";
import { nameDocumentedError } from "./image-api-errors.ts";
import type { ThalesOptions } from "./options.ts";
import { providerAt, serve } from "./testing/platform.ts";

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const reference = "REFERENCE0REFERENCE0";
const productId = "photo-landscape";
const fields = { referenceFields: { [productId]: "IssuerRef" } };
const soon = () => AbortSignal.timeout(60_000);
const card = sharp({ create: { width: 32, height: 20, channels: 3, background: "#2040a0" } });
const [jpeg, png] = [await card.jpeg().toBuffer(), await card.png().toBuffer()];

const find = (url: string, options: Partial<ThalesOptions> = fields) =>
  providerAt(url, options).find({ reference, productId, cardholderId: "c", checkpoint: noCheckpoint }, soon());

test("a search asks GetImage for a small picture by the field that takes our reference", async () => {
  const { url, heard } = await serve((response) => response.setHeader("content-type", "image/jpeg").end(jpeg));
  expect(await find(url)).toEqual({ kind: "found" });
  const asked = new URL(heard[0]?.url ?? "", url);
  expect(asked.pathname).toBe("/ImageAPI/GetImage");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    ImageDeliveryKey: "CANARY-DELIVERY-KEY",
    SearchField: "IssuerRef",
    CardImageId: reference,
    DesignType: "Print",
    Corner: "Square",
    Width: "32",
    ImageFormat: "JPEG",
  });
});

test("a search's address and parameter are the installation's", async () => {
  const { url, heard } = await serve((response) => response.end(jpeg));
  await find(url, { ...fields, searchUrl: `${url}/Search/GetImageByDC?tenant=7`, searchValueParameter: "SearchValue" });
  const asked = new URL(heard[0]?.url ?? "", url);
  expect(asked.pathname).toBe("/Search/GetImageByDC");
  expect(asked.searchParams.get("SearchValue")).toBe(reference);
  expect(asked.searchParams.get("tenant")).toBe("7");
  expect(asked.searchParams.has("CardImageId")).toBe(false);
});

test.each<[string, number, string, Buffer | string, string]>([
  ["a JPEG", 200, "image/jpeg", jpeg, "found"],
  ["a PNG, although JPEG was asked", 200, "image/png", png, "found"],
  ["a JPEG of no media type", 200, "", jpeg, "found"],
  ["a picture of another size", 200, "image/jpeg", await card.clone().resize(500, 315).jpeg().toBuffer(), "found"],
  ["a web page", 200, "text/html", "<html>", "cannot-tell"],
  ["a picture that is called a web page", 200, "text/html", jpeg, "cannot-tell"],
  ["a web page that is called a picture", 200, "image/jpeg", "<html>", "cannot-tell"],
  ["a GIF", 200, "image/gif", Buffer.from("GIF89a"), "cannot-tell"],
  ["nothing", 200, "image/jpeg", "", "cannot-tell"],
  ["not found", 404, "application/json", '{"Message":"Design Not Found"}', "absent"],
  ["not found, in a web page", 404, "text/html", "<!DOCTYPE html><h1>Design not found.</h1>", "absent"],
  ["not found, without a word", 404, "", "", "absent"],
  ["not found, in other words", 404, "text/plain", "nothing here", "absent"],
  ["a gateway's not found", 404, "text/html", "<!DOCTYPE html><h1>Not Found</h1>", "cannot-tell"],
  ["a gateway's not found that says nothing of its type", 404, "", "\r\n<HTML><body>404</body>", "cannot-tell"],
  ["not found, with a picture", 404, "image/jpeg", jpeg, "absent"],
  ["a wrong field", 400, "application/json", '{"Message":"Invalid Search Field"}', "cannot-tell"],
  ["an error", 500, "text/plain", "CANARY", "cannot-tell"],
  ["no content", 204, "", "", "cannot-tell"],
  ["a redirect", 302, "", "", "cannot-tell"],
  ["no permission", 401, "", "", "cannot-tell"],
  ["a service that is away", 503, "", "", "cannot-tell"],
])("a search answered with %s (%i %s)", async (_what, status, type, body, kind) => {
  const headers = type === "" ? {} : { "content-type": type };
  const { url } = await serve((response) => response.writeHead(status, headers).end(body));
  const outcome = await find(url);
  expect(outcome.kind).toBe(kind);
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});

test("a search that nobody answers, or that has no field, cannot tell", async () => {
  expect((await find("http://127.0.0.1:9")).kind).toBe("cannot-tell");
  const { url, heard } = await serve((response) => response.end(jpeg));
  expect((await find(url, {})).kind).toBe("cannot-tell");
  expect(heard).toHaveLength(0);
});

const request = { format: "png", corner: "round", designType: "design", widthPx: 32 } as const;

test("a preview by our reference uses the search", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  const outcome = await providerAt(url, fields).getPreview({ reference, productId }, request, soon());
  expect(outcome).toMatchObject({ kind: "image", mediaType: "image/png" });
  const asked = new URL(heard[0]?.url ?? "", url).searchParams;
  expect([asked.get("SearchField"), asked.get("CardImageId"), asked.get("Width")]).toEqual([
    "IssuerRef",
    reference,
    "32",
  ]);
  expect(await providerAt(url).getPreview({ reference, productId }, request, soon())).toMatchObject({
    kind: "unavailable",
  });
});

test("a picture that was compressed on its way is shown, and one that grows beyond its bound is not", async () => {
  let body = gzipSync(png);
  const { url } = await serve((response) => response.setHeader("content-encoding", "gzip").end(body));
  expect(await providerAt(url).getPreview({ cardImageId: id }, request, soon())).toMatchObject({
    kind: "image",
    bytes: png,
  });
  body = gzipSync(Buffer.alloc(13 * 1024 * 1024));
  expect(await providerAt(url).getPreview({ cardImageId: id }, request, soon())).toEqual({
    kind: "unavailable",
    detail: "GetImage was answered with more than 12 MB",
  });
});

const documented = [
  [400, "Invalid Search Field"],
  [400, "Invalid Card Image Id"],
  [400, "Invalid Parameter"],
  [400, "Invalid Delivery Image Key"],
  [500, "Invalid Overlay"],
  [500, "Invalid Design Image Type"],
  [500, "Invalid Hand Over Key"],
  [500, "Invalid Template Type"],
  [500, "Invalid Image Format"],
  [500, "Invalid Corner"],
] as const;
test.each(documented)("HTTP %i with %s: the operator reads which", async (status, sentence) => {
  for (const body of [
    sentence,
    JSON.stringify({ Message: sentence }),
    `<Error><Message>${sentence.toUpperCase()}.</Message></Error>`,
    sentence.replaceAll(" ", ""),
    `"${sentence}: CANARY"`,
  ]) {
    const { url } = await serve((response) => response.writeHead(status).end(body));
    const details = [
      await providerAt(url).getPreview({ cardImageId: id }, request, soon()),
      await find(url),
      await providerAt(url).getTemplate({ productId, template: "print" }, soon()),
    ].map((outcome) => ("detail" in outcome ? outcome.detail : outcome.kind));
    for (const [index, method] of ["GetImage", "GetImage", "GetTemplate"].entries())
      expect(details[index]).toMatch(
        new RegExp(`^${method} was answered with HTTP ${status}: ${sentence} \\([^()]+\\)$`),
      );
    expect(JSON.stringify(details)).not.toContain("CANARY");
  }
});

test("what is not documented, or names several errors, is not repeated", async () => {
  for (const body of ["CANARY", "", "Invalid", documented.map(([, sentence]) => sentence).join(", ")]) {
    const { url } = await serve((response) => response.writeHead(500).end(body));
    expect(await providerAt(url).getPreview({ cardImageId: id }, request, soon())).toEqual({
      kind: "unavailable",
      detail: "GetImage was answered with HTTP 500",
    });
  }
  expect(nameDocumentedError({ bytes: Buffer.from("Invalid Parameter: invalid corner"), contentType: "" })).toMatch(
    /^Invalid Corner /,
  );
});

test("whatever an error says, at most a documented sentence is named", () => {
  const text = fc.array(fc.oneof(fc.string(), fc.constantFrom("CANARY", "Invalid Corner", "Invalid Overlay")), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(
      text,
      fc.constantFrom("", "text/html", "text/plain; charset=utf-16", "x; charset=CANARY"),
      (words, contentType) => {
        const named = nameDocumentedError({ bytes: Buffer.from(words.join(" ")), contentType });
        expect(named ?? "Invalid x (y)").toMatch(/^(?:Invalid|Design Not) /);
        expect(named ?? "").not.toContain("CANARY");
      },
    ),
  );
});

const template = (url: string, options: Partial<ThalesOptions> = {}) =>
  providerAt(url, options).getTemplate({ productId, template: "virtual-card" }, soon());

test("GetTemplate is asked with the product's key, beside GetImage", async () => {
  const { url, heard } = await serve((response) => response.setHeader("content-type", "image/png").end(png));
  expect(await template(url, { getImageUrl: `${url}/ImageAPI/GetImage?tenant=7` })).toEqual({
    kind: "image",
    mediaType: "image/png",
    bytes: png,
  });
  const asked = new URL(heard[0]?.url ?? "", url);
  expect(asked.pathname).toBe("/ImageAPI/GetTemplate");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    tenant: "7",
    ImageDeliveryKey: "CANARY-DELIVERY-KEY",
    HandoverKey: "CANARY-HANDOVER-KEY",
    TemplateType: "VCDesign",
  });
  await template(url, { templateUrl: `${url}/templates` });
  expect(heard[1]?.url).toMatch(/^\/templates\?/);
});

test.each<[string, number, string, Buffer | string]>([
  ["a JPEG", 200, "image/jpeg", jpeg],
  ["a PNG that breaks off", 200, "image/png", png.subarray(0, 33)],
  ["a web page", 200, "text/html", "<html>"],
  ["not found", 404, "text/plain", "Design Not Found"],
  ["an error", 503, "", ""],
])("a template answered with %s (%i) is none", async (_what, status, type, body) => {
  const headers = type === "" ? {} : { "content-type": type };
  const { url } = await serve((response) => response.writeHead(status, headers).end(body));
  expect(await template(url)).toMatchObject({ kind: "unavailable", detail: expect.stringMatching(/^GetTemplate /) });
});

test("a template of a product without a key, or at an address that nobody knows, is not asked for", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  expect((await template(url, { handoverKeys: {} })).kind).toBe("unavailable");
  expect(await template(url, { getImageUrl: `${url}/pictures.ashx` })).toEqual({
    kind: "unavailable",
    detail: "The address of GetTemplate is not set",
  });
  expect(heard).toHaveLength(0);
});

test("an address that is none is refused at once", () => {
  for (const name of ["soapUrl", "setDataCaptureUrl", "getImageUrl", "searchUrl", "templateUrl"])
    expect(() => providerAt("http://127.0.0.1", { [name]: "nowhere" })).toThrow(`Thales: ${name} is not a URL`);
});
