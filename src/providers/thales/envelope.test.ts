import fc from "fast-check";
import { expect, test } from "vitest";
import { noCheckpoint } from "../testing/memory-checkpoint.ts";
import { maxReplyBytes } from "./reply.ts";
import { providerAt, serve } from "./testing/platform.ts";
import { accepted, multipart, readBytes, related, root, success, xml } from "./testing/replies.ts";

const fields =
  "<CardImageID>6F9619FF-8B86-4011-B42D-00C04FC964FF</CardImageID><ClientID>17</ClientID><ErrorCode>0</ErrorCode>";
const envelope = (body: string, soap = "http://schemas.xmlsoap.org/soap/envelope/") =>
  `<Envelope xmlns="${soap}"><Header/><Body>${body}</Body></Envelope>`;
const soap12 = "http://www.w3.org/2003/05/soap-envelope";
test.each<[string, string]>([
  ["SOAP 1.2", envelope(`<R xmlns="urn:x">${fields}</R>`, soap12)],
  ["no namespace at all", `<Envelope><Body><R>${fields}</R></Body></Envelope>`],
  [
    "a prefix of its own on each element",
    `<a:Envelope xmlns:a="${soap12}"><a:Body><b:R xmlns:b="urn:x">${fields.replaceAll(/<(\/?)/g, "<$1b:")}</b:R></a:Body></a:Envelope>`,
  ],
  ["wrapping elements of another name", envelope(`<Out><Sub><return>${fields}</return></Sub></Out>`)],
  [
    "names in other case",
    envelope(`<R>${fields.replaceAll("CardImageID", "cardImageId").replaceAll("ErrorCode", "errorCode")}</R>`),
  ],
  [
    "attributes and types",
    envelope(
      `<R a="&lt;1>" xmlns:xsi="urn:i">${fields.replaceAll(/<(\w+)>/g, "<$1 xsi:type='xsd:string' x=\"<\">").replaceAll('x="<"', 'x="&lt;"')}</R>`,
    ),
  ],
  ["CDATA", envelope(`<R>${fields.replaceAll(/>([^<]+)</g, "><![CDATA[$1]]><")}</R>`)],
  [
    "references for characters",
    envelope(`<R>${fields.replace("6F96", "&#54;&#x46;96").replace(">0<", ">&#48;<")}</R>`),
  ],
  ["line breaks around values", envelope(`<R>${fields.replaceAll(/>([^<]+)</g, ">\r\n   $1\r\n<")}</R>`)],
  [
    "comments and instructions within",
    envelope(`<!-- <Fault/> --><R>${fields.replace(">0<", "><!-- c -->0<?p q?><")}</R>`),
  ],
  [
    "a doubled field that is nil",
    envelope(`<R xmlns:i="urn:i">${fields}<ErrorCode i:nil="true"/><CardImageID i:nil="1"/></R>`),
  ],
  ["a message in CDATA that looks like a document type", envelope(`<R>${fields}<M><![CDATA[<!DOCTYPE x>]]></M></R>`)],
  [
    "values elsewhere, as SOAP encoding has them",
    envelope(
      `<R><r href="#1"/></R><multiRef id="1">${fields.replace("<ErrorCode>0</ErrorCode>", '<ErrorCode href="#2"/>')}</multiRef><multiRef id="2">0</multiRef>`,
    ),
  ],
  ["white space behind it", `${accepted}\r\n\r\n`],
])("an envelope with %s: accepted", async (_what, text) => {
  expect(await readBytes(text)).toEqual(success);
});

const nil = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"';
test.each<[string, string]>([
  ["a code that is nil", fields.replace("<ErrorCode>0</ErrorCode>", `<ErrorCode ${nil}/>`)],
  ["an id that is nil", fields.replace(/<CardImageID>.*<\/CardImageID>/, `<CardImageID ${nil}/>`)],
  ["a nil code that holds one", fields.replace("<ErrorCode>", `<ErrorCode ${nil}>`)],
  ["a code that refers to nothing", fields.replace("<ErrorCode>0</ErrorCode>", '<ErrorCode href="#9"/>')],
  ["a code that refers to itself", fields.replace("<ErrorCode>0</ErrorCode>", '<ErrorCode id="2" href="#2"/>')],
])("an envelope with %s leaves it unknown", async (_what, given) => {
  expect((await readBytes(envelope(`<R>${given}</R>`))).kind).toBe("unknown");
});

const fault11 = (code: string) =>
  envelope(`<Fault><faultcode xmlns="">${code}</faultcode><faultstring xmlns="">CANARY</faultstring></Fault>`);
const fault12 = (code: string) =>
  envelope(
    `<Fault><Code><Value>${code}</Value><Subcode><Value>a:CANARY</Value></Subcode></Code><Reason><Text xml:lang="en">CANARY</Text></Reason></Fault>`,
    soap12,
  );
test.each([
  [fault11("soap:Client"), "settings", "a SOAP fault (Client)"],
  [fault11("Client"), "settings", "a SOAP fault (Client)"],
  [fault11(" SOAP-ENV:Client.Authentication "), "settings", "a SOAP fault (Client)"],
  [fault11("soap:VersionMismatch"), "settings", "a SOAP fault (VersionMismatch)"],
  [fault11("soap:MustUnderstand"), "settings", "a SOAP fault (MustUnderstand)"],
  [fault11("a:ActionNotSupported"), "settings", "a SOAP fault (ActionNotSupported)"],
  [fault11("a:DeserializationFailed"), "settings", "a SOAP fault (DeserializationFailed)"],
  [fault11("wsse:FailedAuthentication"), "settings", "a SOAP fault (FailedAuthentication)"],
  [fault11("soap:Server"), "down", "a SOAP fault (Server)"],
  [fault11("soapenv:Server.userException"), "down", "a SOAP fault (Server)"],
  [fault11("a:InternalServiceFault"), "down", "a SOAP fault (InternalServiceFault)"],
  [fault11("x:CANARY"), "down", "a SOAP fault of another kind"],
  [fault11(""), "down", "a SOAP fault of another kind"],
  [envelope("<Fault/>"), "down", "a SOAP fault of another kind"],
  [fault12("env:Sender"), "settings", "a SOAP fault (Sender)"],
  [fault12("env:MustUnderstand"), "settings", "a SOAP fault (MustUnderstand)"],
  [fault12("env:DataEncodingUnknown"), "settings", "a SOAP fault (DataEncodingUnknown)"],
  [fault12("env:Receiver"), "down", "a SOAP fault (Receiver)"],
] as const)(
  "a SOAP fault says whose it is, with every status that faults come with: %s",
  async (body, symptom, what) => {
    for (const status of [200, 400, 500]) {
      const { url } = await serve((response) => response.writeHead(status, { "content-type": xml }).end(body));
      const picture = {
        reference: "REFERENCE0REFERENCE0",
        attempt: 1,
        checkpoint: noCheckpoint,
        cardholderId: "c",
        pixelOrigin: "cardholder",
        bytes: new Uint8Array(10),
        mediaType: "image/png",
        productId: "photo-landscape",
      } as const;
      expect(await providerAt(url).send(picture, AbortSignal.timeout(60_000))).toEqual({
        kind: "unknown",
        symptom,
        detail: `SendImage was answered with HTTP ${status} and ${what} (text/xml)`,
      });
    }
  },
);

test("whatever the bytes and headers, there is one outcome, and it repeats none of them", async () => {
  const pieces = [
    accepted,
    "CANARY",
    "<",
    "<!--",
    "<![CDATA[",
    "--b=_1",
    "\r\n\r\n",
    "\uFEFF",
    "&#1114112;",
    fields,
    "</Envelope>",
    "<Envelope><Body>",
    '<a id="1" href="#1"/>',
  ];
  const document = fc.oneof(
    fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 })
      .map((all) => Buffer.from(all.join(""))),
    fc.uint8Array({ maxLength: 400 }),
    fc
      .tuple(
        fc.constantFrom(accepted, multipart([root]), fault12("env:CANARY")),
        fc.nat(900),
        fc.string({ maxLength: 9 }),
      )
      .map(([text, at, more]) => Buffer.from(text.slice(0, at) + more + text.slice(at))),
  );
  const headers = fc.record({
    "content-type": fc.constantFrom(
      "",
      xml,
      related,
      "text/html",
      "CANARY/canary; charset=utf-16",
      "text/xml; charset=shift_jis",
    ),
    "content-encoding": fc.constantFrom("", "gzip", "br", "canary", "deflate, gzip"),
  });
  await fc.assert(
    fc.asyncProperty(document, headers, async (given, fieldsOf) => {
      const outcome = await readBytes(given, fieldsOf);
      expect(["accepted", "image-refused", "misconfigured", "unknown"]).toContain(outcome.kind);
      if ("detail" in outcome) expect(outcome.detail).toMatch(/^[A-Za-z0-9 ,.:()+_/-]{3,120}$/);
      expect(JSON.stringify(outcome)).not.toMatch(/canary/i);
    }),
    { numRuns: 500 },
  );
});

test("a reply as large as any, full of values that are elsewhere, is read as soon as another", async () => {
  const reference = '<ErrorCode href="#1"/>';
  const many = reference.repeat((maxReplyBytes - 100) / reference.length);
  expect(await readBytes(`<Envelope><Body>${many}</Body></Envelope>`)).toEqual({
    kind: "unknown",
    detail: "SendImage was answered without one ErrorCode that is a number",
  });
});
