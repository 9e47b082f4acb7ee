import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noCapabilities } from "../provider.ts";
import { noCheckpoint } from "../testing/memory-checkpoint.ts";
import type { SendOutcome } from "../provider.ts";
import type { ThalesOptions } from "./options.ts";
import { providerAt, serve } from "./testing/platform.ts";

const example = (name: string) => readFileSync(new URL(`examples/${name}.xml`, import.meta.url), "utf8");
const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const picture = {
  reference: "REFERENCE0REFERENCE0",
  attempt: 1,
  checkpoint: noCheckpoint,
  cardholderId: "cardholder-1",
  pixelOrigin: "cardholder",
  bytes: new Uint8Array(300_000).fill(7),
  mediaType: "image/png",
  productId: "photo-landscape",
} as const;

function send(url: string, options: Partial<ThalesOptions> = {}): Promise<SendOutcome> {
  return providerAt(url, options).send(picture, AbortSignal.timeout(60_000));
}

const twoKeys = {
  handoverKeys: { "photo-landscape": "CHECKED-L", "photo-portrait": "CHECKED-P" },
  galleryHandoverKeys: { "photo-landscape": "UNCHECKED-L" },
};
test.each([
  ["photo-landscape", "cardholder", "CHECKED-L"],
  ["photo-landscape", "gallery", "UNCHECKED-L"],
  ["photo-portrait", "cardholder", "CHECKED-P"],
  ["photo-portrait", "gallery", "CHECKED-P"],
  // What a server without types might say: more checking is never wrong.
  ["photo-landscape", "Gallery" as "gallery", "CHECKED-L"],
  ["photo-landscape", undefined as unknown as "gallery", "CHECKED-L"],
] as const)("a picture for %s from the %s goes out with the key %s", async (productId, pixelOrigin, key) => {
  const { url, heard } = await serve((response) => response.end(example("accepted")));
  await providerAt(url, twoKeys).send({ ...picture, productId, pixelOrigin }, AbortSignal.timeout(60_000));
  expect(heard[0]?.body.toString()).toContain(`<handoverKey>${key}</handoverKey>`);
});

test("nothing but product and origin chooses the key", async () => {
  const sent: string[] = [];
  const provider = providerAt("http://127.0.0.1", {
    ...twoKeys,
    referenceFields: { "photo-portrait": "Reference" },
    fetch: async (_url, init) => {
      sent.push(/<handoverKey>(.*)<\/handoverKey>/.exec(Buffer.from(init?.body as Uint8Array).toString())?.[1] ?? "");
      return new Response(example("unexpected-system-error"));
    },
  });
  const order = fc.record({
    reference: fc.stringMatching(/^[A-Z0-9]{20}$/),
    attempt: fc.integer({ min: 1 }),
    cardholderId: fc.oneof(fc.string(), fc.constantFrom("gallery", "UNCHECKED-L")),
    productId: fc.constantFrom("photo-landscape", "photo-portrait"),
    pixelOrigin: fc.constantFrom("cardholder", "gallery"),
    bytes: fc.uint8Array({ maxLength: 20 }),
    mediaType: fc.constant("image/png"),
    checkpoint: fc.constant(noCheckpoint),
  });
  await fc.assert(
    fc.asyncProperty(order, async (given) => {
      await provider.send(given, AbortSignal.timeout(60_000));
      const gallery = given.pixelOrigin === "gallery" && given.productId === "photo-landscape";
      expect(sent.at(-1)).toBe(gallery ? "UNCHECKED-L" : twoKeys.handoverKeys[given.productId]);
    }),
  );
});

test("a product with a gallery key only is not offered, and a cardholder's picture does not go out with it", async () => {
  const provider = providerAt("http://127.0.0.1:9", {
    handoverKeys: {},
    galleryHandoverKeys: { "photo-landscape": "UNCHECKED-L" },
  });
  expect(provider.offers("photo-landscape")).toBe(false);
  expect((await provider.send(picture, AbortSignal.timeout(60_000))).kind).toBe("misconfigured");
});

test("where a field takes our reference, it goes along as data capture", async () => {
  const { url, heard } = await serve((response) =>
    response.end(example("accepted").replaceAll("SendImage", "SendImageWithDataCapture")),
  );
  const referenceFields = { "photo-landscape": "Issuer & Ref" };
  expect(await send(url, { referenceFields })).toEqual({ kind: "accepted", cardImageId: id, clientId: "17" });
  expect(heard[0]?.headers.soapaction).toBe('"http://tempuri.org/SendImageWithDataCapture"');
  expect(heard[0]?.body.toString()).toMatch(
    /<SendImageWithDataCapture xmlns="http:\/\/tempuri.org\/"><Image>[^<]+<\/Image><handoverKey>CANARY-HANDOVER-KEY<\/handoverKey><DataCapture>Issuer%20%26%20Ref=REFERENCE0REFERENCE0<\/DataCapture><\/SendImageWithDataCapture>/,
  );
  await send(url, { referenceFields: { "photo-portrait": "Reference" }, dataCaptureSoapAction: "urn:other" });
  expect(heard[1]?.headers.soapaction).toBe('"http://tempuri.org/SendImage"');
  await send(url, {
    referenceFields,
    soapAction: "urn:plain",
    dataCaptureSoapAction: "urn:capture",
    dataCaptureField: "Capture",
  });
  expect(heard[2]?.headers.soapaction).toBe('"urn:capture"');
  expect(heard[2]?.body.toString()).toContain("<Capture>Issuer%20%26%20Ref=");
});

test("a field's name with a control character is the operator's matter, and nothing is sent", async () => {
  const { url, heard } = await serve((response) => response.end(example("accepted")));
  expect((await send(url, { referenceFields: { "photo-landscape": "a\u0000b" } })).kind).toBe("misconfigured");
  expect(heard).toHaveLength(0);
});

test("what a product can do is what its settings allow", () => {
  const provider = providerAt("http://127.0.0.1", {
    referenceFields: { "photo-landscape": "Reference" },
    dataCaptureFields: { "photo-portrait": ["Branch"] },
  });
  const none = noCapabilities;
  expect(provider.capabilities("photo-landscape")).toEqual({ ...none, reference: true, search: true });
  for (const other of ["photo-portrait", "toString"]) expect(provider.capabilities(other)).toEqual(none);
  const annotating = providerAt("http://127.0.0.1", {
    imageInformationKey: "CANARY",
    referenceFields: { "photo-landscape": "Reference" },
    dataCaptureFields: { "photo-portrait": ["Branch"] },
  });
  expect(annotating.capabilities("photo-landscape")).toEqual({
    ...none,
    reference: true,
    search: true,
    annotate: true,
  });
  expect(annotating.capabilities("photo-portrait")).toEqual({ ...none, annotate: true, fields: ["Branch"] });
  expect(annotating.capabilities("toString")).toEqual(none);
});

test("another way of sending has another fingerprint, and the same way has the same", () => {
  const base = { ...twoKeys, referenceFields: { "photo-landscape": "Reference" } };
  const print = (
    change: Partial<ThalesOptions> = {},
    origin: "cardholder" | "gallery" = "gallery",
    product = "photo-landscape",
  ) => providerAt("http://127.0.0.1", { ...base, ...change }).settingsFingerprint(product, origin);
  const prints = [
    print(),
    print({}, "cardholder"),
    print({}, "cardholder", "photo-portrait"),
    print({ soapUrl: "http://127.0.0.1/other" }),
    print({ soapVersion: "1.2" }),
    print({ namespace: "urn:x" }),
    print({ namespace: "urn:x", dataCaptureSoapAction: "http://tempuri.org/SendImageWithDataCapture" }),
    print({ dataCaptureSoapAction: "urn:x" }),
    print({ imageField: "Picture" }),
    print({ handoverKeyField: "Key" }),
    print({ dataCaptureField: "Data" }),
    print({ galleryHandoverKeys: { "photo-landscape": "other" } }),
    print({ referenceFields: { "photo-landscape": "Other" } }),
    print({ referenceFields: {} }),
    print({ handoverKeys: {}, galleryHandoverKeys: {} }),
  ];
  expect(new Set(prints).size).toBe(prints.length);
  for (const one of prints) expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(print({}, "gallery", "photo-portrait")).toBe(print({}, "cardholder", "photo-portrait"));
  expect(print({ getImageUrl: "http://127.0.0.1/else", imageDeliveryKey: "other", soapAction: "urn:unused" })).toBe(
    print(),
  );
});
