import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SendOutcome } from "../provider.ts";
import { readCardImageId, readSendImageReply, writeSendImage } from "./wire.ts";

const example = (name: string) => readFileSync(new URL(`examples/${name}.xml`, import.meta.url), "utf8");
const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const spelling = { namespace: "urn:a&b", soapAction: "urn:x", imageField: "Image", handoverKeyField: "handoverKey" };

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
  const outcome = readSendImageReply(example(name));
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
  expect(readSendImageReply(text).kind).toBe("unknown");
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
        expect(readSendImageReply(text).kind).toBe("unknown");
      },
    ),
  );
});

test("a reply that breaks off anywhere is never believed", () => {
  const end = accepted.trimEnd().length;
  for (let length = 0; length < end; length += 1)
    expect(readSendImageReply(accepted.slice(0, length)).kind).toBe("unknown");
});

test("the handover key and the namespace are escaped, the picture is base64 of its bytes", () => {
  const envelope = Buffer.from(writeSendImage(spelling, new Uint8Array([0, 255, 128]), `<k&"y'>]]>`)).toString("utf8");
  expect(envelope).toContain('<SendImage xmlns="urn:a&amp;b"><Image>AP+A</Image>');
  expect(envelope).toContain("<handoverKey>&lt;k&amp;&quot;y&apos;&gt;]]&gt;</handoverKey>");
});

test("a view into a larger buffer sends its own bytes only", () => {
  const view = new Uint8Array([9, 9, 1, 2, 3, 9]).subarray(2, 5);
  expect(Buffer.from(writeSendImage(spelling, view, "k")).toString()).toContain("<Image>AQID</Image>");
});

test("an id has one spelling, and the empty GUID is none", () => {
  expect(readCardImageId(` ${id.toUpperCase()}\n`)).toBe(id);
  expect(readCardImageId("00000000-0000-0000-0000-000000000000")).toBeUndefined();
  expect(readCardImageId(`{${id}}`)).toBeUndefined();
});
