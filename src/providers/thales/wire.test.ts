import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SendOutcome } from "../provider.ts";
import { thalesDefaults } from "./defaults.ts";
import { readCardImageId } from "./guid.ts";
import { readEnvelope } from "./reply.ts";
import { readSendImageResult, readSetCustomDataCaptureResult, writeDataCapture, writeSendImage } from "./wire.ts";

const example = (name: string) => readFileSync(new URL(`examples/${name}.xml`, import.meta.url), "utf8");
const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const spelling = { ...thalesDefaults, namespace: "urn:a&b" };

/** As the adapter does it, once the bytes are a text. */
function read(text: string): SendOutcome {
  const reply = readEnvelope(text);
  return reply.kind === "result"
    ? readSendImageResult("SendImage", reply.body)
    : { kind: "unknown", detail: reply.what };
}

test.each<[string, SendOutcome["kind"]]>([
  ["accepted", "accepted"],
  ["accepted-without-wrapper", "accepted"],
  ["image-data-is-invalid", "image-refused"],
  ["handover-key-invalid", "misconfigured"],
  ["authentication-error", "misconfigured"],
  ["unexpected-system-error", "unknown"],
  ["success-without-id", "unknown"],
  ["success-with-empty-guid", "unknown"],
  ["success-with-malformed-id", "unknown"],
  ["code-of-another-method", "unknown"],
  ["fault", "unknown"],
])("the reply %s means %s", (name, kind) => {
  const outcome = read(example(name));
  expect(outcome.kind).toBe(kind);
  if (outcome.kind === "accepted") expect(outcome.cardImageId).toBe(id);
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});

const accepted = example("accepted");
test.each<[string, string]>([
  ["nothing", ""],
  ["a web page", "<html><body><h1>It works!</h1></body></html>"],
  ["an unclosed page", "<html><body><h1>It works!"],
  ["JSON", '{"ErrorCode":0}'],
  ["a reply that breaks off", accepted.slice(0, accepted.indexOf("</SendImageResult>"))],
  ["a reply with a tail", `${accepted}<more/>`],
  ["a document type", accepted.replace("<soap:Envelope", '<!DOCTYPE x [<!ENTITY e "0">]><soap:Envelope')],
  ["two codes", accepted.replace("<ErrorCode>0</ErrorCode>", "<ErrorCode>0</ErrorCode><ErrorCode>1</ErrorCode>")],
  ["two ids", accepted.replace("<ClientID>", `<CardImageID>${id}</CardImageID><ClientID>`)],
  ["no code", accepted.replace("<ErrorCode>0</ErrorCode>", "")],
  ["an empty code", accepted.replace("<ErrorCode>0</ErrorCode>", "<ErrorCode/>")],
  ["a code with elements inside", accepted.replace("<ErrorCode>0</ErrorCode>", "<ErrorCode><b>0</b></ErrorCode>")],
  ["a code written otherwise", accepted.replace(">0<", ">0x0<")],
  ["a code that is a property of every object", accepted.replace(">0<", ">constructor<")],
  [
    "the code outside the body",
    `<Envelope><Header><ErrorCode>0</ErrorCode><CardImageID>${id}</CardImageID></Header></Envelope>`,
  ],
  ["elements a thousand deep", `<Envelope><Body>${"<a>".repeat(1000)}${"</a>".repeat(1000)}</Body></Envelope>`],
])("%s leaves it unknown whether the platform has the picture", (_name, text) => {
  expect(read(text).kind).toBe("unknown");
});

test("no text makes the reader throw, and none without a code is believed", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        // By a function: in a plain text `$&` would put the code back.
        fc.string().map((text) => accepted.replace("<ErrorCode>0</ErrorCode>", () => text)),
      ),
      (text) => {
        fc.pre(!/ErrorCode/i.test(text.replace(accepted, "")));
        expect(read(text).kind).toBe("unknown");
      },
    ),
  );
});

test("a reply that breaks off anywhere is never believed", () => {
  const end = accepted.trimEnd().length;
  for (let length = 0; length < end; length += 1) expect(read(accepted.slice(0, length)).kind).toBe("unknown");
});

test.each(["0", "00", "+0", "-0", " 0\n", "\t000 ", "<![CDATA[0]]>", "&#48;", "&#x30;", "<!-- ok -->0", "0<?pi?>"])(
  "the code %j is xs:int for success",
  (code) => {
    expect(read(accepted.replace(">0<", () => `>${code}<`)).kind).toBe("accepted");
  },
);

test.each([
  "",
  " ",
  "0.0",
  "0e0",
  "O",
  "--0",
  "+",
  "0 0",
  "\u00a00",
  "&#160;0",
  "٠",
  "0x0",
  "NaN",
  "2147483648",
  "-2147483649",
  "&zero;",
  "<![CDATA[&#48;]]>",
])("the code %j is no xs:int", (code) => {
  expect(read(accepted.replace(">0<", () => `>${code}<`))).toEqual({
    kind: "unknown",
    detail: "SendImage was answered without one ErrorCode that is a number",
  });
});

test.each([
  [" -01 ", "unknown"],
  ["+2", "misconfigured"],
  ["-2", "misconfigured"],
  ["01", "image-refused"],
  ["3", "unknown"],
  ["-3", "unknown"],
] as const)("the code %j means %s, and says nothing about the next picture", (code, kind) => {
  const outcome = read(accepted.replace(">0<", `>${code}<`));
  expect(outcome.kind).toBe(kind);
  expect(outcome).not.toHaveProperty("symptom");
});

test.each([
  ["17", "17"],
  [" +0017 ", "0017"],
  ["-1", undefined],
  ["CANARY", undefined],
  ["", undefined],
])("ClientID %j is kept as %j", (given, clientId) => {
  const outcome = read(accepted.replace(">17<", `>${given}<`));
  expect(outcome).toEqual({ kind: "accepted", cardImageId: id, ...(clientId !== undefined && { clientId }) });
});

test("the handover key and the namespace are escaped, the picture is base64 of its bytes", () => {
  const envelope = Buffer.from(writeSendImage(spelling, new Uint8Array([0, 255, 128]), `<k&"y'>]]>`)).toString("utf8");
  expect(envelope).toContain('<SendImage xmlns="urn:a&amp;b"><Image>AP+A</Image>');
  expect(envelope).toContain("<handoverKey>&lt;k&amp;&quot;y&apos;&gt;]]&gt;</handoverKey></SendImage>");
});

test("a view into a larger buffer sends its own bytes only", () => {
  const view = new Uint8Array([9, 9, 1, 2, 3, 9]).subarray(2, 5);
  expect(Buffer.from(writeSendImage(spelling, view, "k")).toString()).toContain("<Image>AQID</Image>");
});

const plain = id.replaceAll("-", "");
test.each([
  id,
  `{${id}}`,
  `(${id})`,
  plain,
  id.toUpperCase(),
  `{${id.toUpperCase()}}`,
  ` ${id.toUpperCase()}\n`,
  plain.toUpperCase(),
])("the id %j has one spelling", (given) => {
  expect(readCardImageId(given)).toBe(id);
  expect(read(accepted.replace(id.toUpperCase(), given))).toMatchObject({ kind: "accepted", cardImageId: id });
});

test.each([
  "",
  "00000000-0000-0000-0000-000000000000",
  "{00000000-0000-0000-0000-000000000000}",
  "0".repeat(32),
  `{${id}`,
  `(${id}}`,
  `{${plain}}`,
  `${id}0`,
  `${id} ${id}`,
  plain.slice(1),
  id.replace("6f", "6g"),
])("%j is no id", (given) => {
  expect(readCardImageId(given)).toBeUndefined();
});

test("data capture is percent-encoded on both sides, and reads back as it was", () => {
  expect(writeDataCapture({ Reference: "ABC", "Card & Co": "50 % = é?" })).toBe(
    "Reference=ABC&Card%20%26%20Co=50%20%25%20%3D%20%C3%A9%3F",
  );
  const text = fc.string({ unit: "binary", maxLength: 20 });
  fc.assert(
    fc.property(fc.dictionary(text, text), (values) => {
      const written = writeDataCapture(values);
      if (written === undefined) return;
      expect(Object.fromEntries(new URLSearchParams(written))).toEqual({ ...values });
      expect(written).toMatch(/^[\x21-\x7e]*$/);
    }),
  );
});

test.each([
  { "a\0": "b" },
  { a: "b\n" },
  { a: "\u007f" },
  { a: "\u0085" },
  { a: "\u2028" },
  { a: "\ud800" },
  { "": "b" },
])("%j is no data capture", (values) => {
  expect(writeDataCapture(values as Record<string, string>)).toBeUndefined();
});

const annotated = (code: string) =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><SetCustomDataCaptureResponse xmlns="urn:x"><SetCustomDataCaptureResult>${code}</SetCustomDataCaptureResult></SetCustomDataCaptureResponse></s:Body></s:Envelope>`;

test.each([
  ["0", "done", undefined],
  ["-1", "failed", "internal error"],
  ["1", "refused", "no image with this CardImageID"],
  ["2", "refused", "ImageInformation_Key"],
  ["3", "refused", "no data-capture fields with these names"],
  ["4", "failed", "whose image"],
  ["5", "refused", "may not be changed"],
  ["6", "refused", "has no value"],
  ["7", "failed", "not documented"],
  ["-2", "failed", "not documented"],
  ["", "failed", "without one result"],
  ["CANARY", "failed", "without one result"],
] as const)("SetCustomDataCapture answering %j is %s", (code, kind, words) => {
  const reply = readEnvelope(annotated(code));
  const outcome = reply.kind === "result" ? readSetCustomDataCaptureResult(reply.body) : undefined;
  expect(outcome?.kind).toBe(kind);
  if (words !== undefined) expect(outcome).toMatchObject({ detail: expect.stringContaining(words) });
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});
