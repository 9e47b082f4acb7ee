import { createClientAsync } from "soap";
import { afterEach, beforeEach, expect, test } from "vitest";
import { thalesDefaults } from "../defaults.ts";
import { writeSendImage } from "../wire.ts";
import { sha256Of } from "#server/testing/picture.ts";
import {
  addFault,
  callSoap,
  makeNoise,
  openTestPlatform,
  setSwitches,
  type TestPlatform,
  testKeys,
} from "./testing/platform.ts";

const picture = await makeNoise(1036, 664).png().toBuffer();
const key = testKeys["photo-landscape"];
const spelling = { ...thalesDefaults, soapAction: `${thalesDefaults.namespace}SendImage` };
let platform: TestPlatform;

beforeEach(async () => {
  platform = await openTestPlatform();
});
afterEach(() => platform.close());

interface Call {
  readonly httpStatus: number | null;
  readonly resultCode: number | null;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly cardImageId: string | null;
  readonly note: string | null;
  readonly dataCapture: string | null;
  readonly reference: string | null;
}
const ledger = async () => (await platform.app.inject("/sandbox/ledger")).json<{ calls: Call[] }>().calls;
const images = async () =>
  (await platform.app.inject("/sandbox/images")).json<{ images: { cardImageId: string; sha256: string }[] }>().images;

function post(payload: Uint8Array | string, headers: Record<string, string> = {}) {
  return platform.app.inject({
    method: "POST",
    url: "/PDS/ImageUpload.asmx",
    payload: Buffer.from(payload),
    headers: { "content-type": "text/xml; charset=utf-8", soapaction: `"${spelling.soapAction}"`, ...headers },
  });
}
const send = (image: Uint8Array, handoverKey: string = key) => post(writeSendImage(spelling, image, handoverKey));
const codeIn = (text: string) => /<ErrorCode>(.*)<\/ErrorCode>/.exec(text)?.[1];

async function openClient() {
  const url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  return createClientAsync(`${url}/PDS/ImageUpload.asmx?wsdl`);
}

test("a SOAP client that others wrote sends a picture by our WSDL, and we keep its very bytes", async () => {
  const client = await openClient();
  const [reply] = await client.SendImageAsync({ Image: picture.toString("base64"), handoverKey: key });
  expect(reply.SendImageResult).toMatchObject({ ErrorCode: 0, ClientID: 1, handoverKey: key });
  const [image] = await images();
  expect(image).toMatchObject({ cardImageId: reply.SendImageResult.CardImageID, sha256: sha256Of(picture) });
  const stored = await platform.app.inject(`/sandbox/images/${image!.cardImageId}/picture`);
  expect(sha256Of(stored.rawPayload)).toBe(sha256Of(picture));
  expect(await ledger()).toMatchObject([
    { resultCode: 0, sha256: sha256Of(picture), bytes: picture.byteLength, httpStatus: 200 },
  ]);
});

test("that client reads every documented code", async () => {
  const client = await openClient();
  const codeOf = async (Image: Buffer, handoverKey: string) => {
    const [reply] = await client.SendImageAsync({ Image: Image.toString("base64"), handoverKey });
    return reply.SendImageResult.ErrorCode;
  };
  expect(await codeOf(picture, "wrong")).toBe(2);
  expect(await codeOf(Buffer.from("not an image"), key)).toBe(1);
  for (const [fault, code] of [
    ["code-minus-2", -2],
    ["minus-one", -1],
    ["code-1", 1],
    ["code-2", 2],
  ] as const) {
    await addFault(platform, { method: "SendImage", fault });
    expect(await codeOf(picture, key)).toBe(code);
  }
  expect(await codeOf(picture, key)).toBe(0);
  expect((await ledger()).map(({ resultCode }) => resultCode)).toEqual([2, 1, -2, -1, 1, 2, 0]);
  expect(await images()).toHaveLength(1);
});

test("that client's data capture is kept, and the first field is our reference", async () => {
  const client = await openClient();
  await client.SendImageWithDataCaptureAsync({
    Image: picture.toString("base64"),
    handoverKey: key,
    DataCapture: "X=1&Ref=A%26B",
  });
  expect(await ledger()).toMatchObject([{ resultCode: 0, dataCapture: "X=1&Ref=A%26B", reference: "A&B" }]);
});

test.each<[string, () => Promise<Buffer>, string]>([
  ["another raster", () => makeNoise(1035, 664).png().toBuffer(), "1035 x 664 pixels"],
  ["the raster turned", () => makeNoise(664, 1036).png().toBuffer(), "664 x 1036 pixels"],
  ["an alpha channel", () => makeNoise(1036, 664).ensureAlpha().png().toBuffer(), "not 8-bit RGB"],
  ["a palette", () => makeNoise(1036, 664).threshold().png({ palette: true, colours: 4 }).toBuffer(), "not 8-bit RGB"],
  ["grey", () => makeNoise(1036, 664).toColourspace("b-w").png().toBuffer(), "not 8-bit RGB"],
  ["CMYK", () => makeNoise(1036, 664).toColourspace("cmyk").jpeg().toBuffer(), "not 8-bit RGB"],
  ["WebP", () => makeNoise(1036, 664).webp().toBuffer(), "neither PNG nor JPEG"],
  [
    "SVG",
    async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1036" height="664"/>'),
    "neither PNG nor JPEG",
  ],
  ["a broken end", async () => picture.subarray(0, picture.byteLength / 2), "it does not decode"],
  ["nothing", async () => Buffer.alloc(0), "neither PNG nor JPEG"],
])("a picture with %s is not valid: 1, and the ledger says why", async (_name, make, note) => {
  expect(codeIn((await send(await make())).body)).toBe("1");
  expect((await ledger())[0]?.note).toContain(note);
  expect(await images()).toHaveLength(0);
});

test("an RGB JPEG is as good as a PNG, and each key means its own product", async () => {
  expect(codeIn((await send(await makeNoise(1036, 664).jpeg().toBuffer())).body)).toBe("0");
  expect(codeIn((await send(await makeNoise(664, 1036).jpeg().toBuffer(), testKeys["photo-portrait"])).body)).toBe("0");
});

const envelope = (body: string) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${body}</soap:Body></soap:Envelope>`;
test.each<[string, string, Record<string, string>]>([
  ["no XML", "hello", {}],
  ["a document type", `<!DOCTYPE x [<!ENTITY e "1">]>${envelope("<SendImage/>")}`, {}],
  ["an unclosed envelope", envelope("<SendImage><Image>AAAA</Image>"), {}],
  ["another method", envelope("<DeleteImage><Image>AAAA</Image></DeleteImage>"), {}],
  ...["A*A=", "AAA", "AA==AAAA", "A-A_", "A===", "AAAA*"].map((text): [string, string, Record<string, string>] => [
    `${text}, which is no base64,`,
    envelope(`<SendImage><Image>${text}</Image></SendImage>`),
    {},
  ]),
  ["another version's envelope", envelope("<SendImage/>").replace("schemas.xmlsoap.org", "example.org"), {}],
  ["another action", envelope("<SendImage><Image>AAAA</Image></SendImage>"), { soapaction: '"urn:other"' }],
])("%s is answered with a fault, stored nowhere, and written in the ledger", async (_name, body, headers) => {
  const reply = await post(body, headers);
  expect(reply.statusCode).toBe(500);
  expect(reply.body).toContain("<faultcode>soap:Client</faultcode>");
  expect(await ledger()).toMatchObject([{ httpStatus: 500, resultCode: null, cardImageId: null }]);
});

test("a picture in an element of another name is read as null: 1, and the ledger says so", async () => {
  const reply = await callSoap(platform, "SendImage", { Picture: "A".repeat(100_000), handoverKey: key });
  expect(codeIn(reply.body)).toBe("1");
  expect(await ledger()).toMatchObject([{ resultCode: 1, bytes: null, note: "the picture is null" }]);
});

test("white space, prefixes and attributes around the base64 are all XML allows", async () => {
  const text = picture.toString("base64").replace(/.{76}/g, "$&\r\n");
  const reply = await post(
    envelope(
      `<n:SendImage xmlns:n="http://tempuri.org/"><n:handoverKey>${key}</n:handoverKey><n:Image a="b">\n${text}\n</n:Image></n:SendImage>`,
    ),
  );
  expect(codeIn(reply.body)).toBe("0");
  expect((await images())[0]?.sha256).toBe(sha256Of(picture));
});

test("bodies beyond the limit and of other kinds are refused and written in the ledger", async () => {
  expect((await post(Buffer.alloc(21 * 1024 * 1024, "A"))).statusCode).toBe(413);
  expect((await post("{}", { "content-type": "text/plain" })).statusCode).toBe(415);
  expect((await post("{}", { "content-type": "application/json" })).statusCode).toBe(415);
  expect(await ledger()).toMatchObject([{ httpStatus: 413 }, { httpStatus: 415 }, { httpStatus: 415 }]);
});

test("an image of 10 MB arrives whole through its envelope of 13 MB", async () => {
  const reply = await send(Buffer.alloc(10 * 1024 * 1024, 1));
  expect(codeIn(reply.body)).toBe("1");
  expect((await ledger())[0]?.bytes).toBe(10 * 1024 * 1024);
});

const soap12 = "http://www.w3.org/2003/05/soap-envelope";
const envelope12 = (body: string) => envelope(body).replace("http://schemas.xmlsoap.org/soap/envelope/", soap12);
const sendImageElement = (namespace: string) =>
  `<SendImage xmlns="${namespace}"><Image>${picture.toString("base64")}</Image><handoverKey>${key}</handoverKey></SendImage>`;

test("SOAP 1.2 is answered in SOAP 1.2, with an action in the media type or with none", async () => {
  for (const action of ["", '; action="http://tempuri.org/SendImage"']) {
    const reply = await post(envelope12(sendImageElement("http://tempuri.org/")), {
      "content-type": `application/soap+xml; charset=utf-8${action}`,
      soapaction: "",
    });
    expect(codeIn(reply.body)).toBe("0");
    expect(reply.headers["content-type"]).toBe("application/soap+xml; charset=utf-8");
    expect(reply.body).toContain(`xmlns:soap="${soap12}"`);
  }
  const fault = await post(envelope12("<Nothing/>"), { "content-type": "application/soap+xml" });
  expect(fault.statusCode).toBe(400);
  expect(fault.body).toContain("<soap:Value>soap:Sender</soap:Value>");
});

test("a SOAP 1.2 client that others wrote is served, too", async () => {
  const url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  const client = await createClientAsync(`${url}/PDS/ImageUpload.asmx?wsdl`, { forceSoap12Headers: true });
  const [reply] = await client.SendImageAsync({ Image: picture.toString("base64"), handoverKey: key });
  expect(reply.SendImageResult.ErrorCode).toBe(0);
});

const child = (name: string, value: string, prefix = "") => `<${prefix}${name}>${value}</${prefix}${name}>`;
const image64 = picture.toString("base64");
test.each<[string, string, string, string | null]>([
  ["all of its own", sendImageElement("http://tempuri.org/"), "0", null],
  ["all of another", sendImageElement("http://tempuri.org"), "1", "the picture is null"],
  ["all of none", sendImageElement(""), "1", "the picture is null"],
  [
    "the picture of another",
    `<n:SendImage xmlns:n="http://tempuri.org/">${child("Image", image64)}${child("handoverKey", key, "n:")}</n:SendImage>`,
    "1",
    "the picture is null",
  ],
  [
    "the key of another",
    `<n:SendImage xmlns:n="http://tempuri.org/">${child("Image", image64, "n:")}${child("handoverKey", key)}</n:SendImage>`,
    "2",
    "the handover key is null",
  ],
])("strict namespaces, %s: read as .NET reads it", async (_name, element, code, note) => {
  await setSwitches(platform, { soap: { strictNamespaces: true } });
  expect(codeIn((await post(envelope(element))).body)).toBe(code);
  expect((await ledger())[0]?.note).toBe(note);
  await setSwitches(platform, { soap: { strictNamespaces: false } });
  expect(codeIn((await post(envelope(element))).body)).toBe("0");
});
