import { readFileSync } from "node:fs";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SendOutcome } from "../provider.ts";
import { maxReplyBytes, readReply } from "./reply.ts";
import { providerAt, serve } from "./testing/platform.ts";
import { readSendImageResult } from "./wire.ts";

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const accepted = readFileSync(new URL("examples/accepted.xml", import.meta.url), "utf8").trim();
const bare = accepted.replace(/^<\?xml.*\?>\s*/, "");
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${bare}`;
const xml = "text/xml; charset=utf-8";

async function read(bytes: Uint8Array | string, headers: Record<string, string> = {}): Promise<SendOutcome> {
  const given = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  const reply = await readReply(given, new Headers({ "content-type": xml, ...headers }));
  return reply.kind === "result"
    ? readSendImageResult("SendImage", reply.body)
    : { kind: "unknown", detail: reply.what };
}
const success = { kind: "accepted", cardImageId: id, clientId: "17" };

test.each<[string, string]>([
  ["a line break", `\r\n${accepted}`],
  ["blanks and tabs", ` \t\n${accepted}`],
  ["a byte order mark", `\uFEFF${accepted}`],
  ["two byte order marks", `\uFEFF\uFEFF${accepted}`],
  ["a line break and a byte order mark", `\r\n\uFEFF${accepted}`],
  ["a byte order mark and a line break", `\uFEFF\r\n${accepted}`],
  ["a comment", `<!-- made by hand --><!-- <?xml?> -->\n${accepted}`],
])("%s before the declaration: accepted", async (_what, text) => {
  expect(await read(text)).toEqual(success);
});

const utf16 = (text: string) => Buffer.from(text, "utf16le");
const swapped = (text: string) => utf16(text).swap16();
const withWords = (words: string, encoding: string) => declared(encoding).replace("<ClientID>", `<M>${words}</M>$&`);
test.each<[string, Uint8Array, string]>([
  ["UTF-8 with a mark, called something else", Buffer.from(`\uFEFF${declared("utf-16")}`), "text/xml; charset=utf-16"],
  ["UTF-16 LE with a mark", utf16(`\uFEFF${declared("utf-16")}`), "text/xml"],
  ["UTF-16 BE with a mark", swapped(`\uFEFF${declared("utf-16")}`), "text/xml"],
  ["UTF-16 LE without a mark", utf16(declared("utf-16")), "text/xml; charset=utf-16"],
  ["UTF-16 BE without a mark", swapped(declared("utf-16")), "text/xml; charset=UTF-16BE"],
  ["UTF-16 BE without a mark or a declaration", swapped(bare), 'text/xml; charset="utf-16"'],
  ["UTF-16 LE after a line break", utf16(`\r\n${declared("utf-16")}`), "text/xml"],
  ["UTF-16 LE with a mark, called UTF-8", utf16(`\uFEFF${declared("utf-8")}`), "text/xml; charset=utf-8"],
  ["UTF-8 that declares UTF-16", Buffer.from(declared("utf-16")), "text/xml"],
  ["UTF-8 that is called UTF-16", Buffer.from(declared("utf-16")), "text/xml; charset=utf-16"],
  ["ISO-8859-1 by its declaration", Buffer.from(withWords("gültig", "ISO-8859-1"), "latin1"), "text/xml"],
  ["ISO-8859-1 by its header", Buffer.from(withWords("gültig", "utf-8"), "latin1"), "text/xml; charset=iso-8859-1"],
  ["windows-1252", Buffer.from(withWords("\x80", "windows-1252"), "latin1"), "text/xml"],
  ["US-ASCII", Buffer.from(declared("us-ascii")), "application/xml; charset=US-ASCII"],
  ["a charset in single quotes", Buffer.from(accepted), "text/xml; charset='utf-8'"],
  ["a charset that nobody knows", Buffer.from(accepted), "text/xml; charset=x-own"],
  ["a declaration that nobody knows", Buffer.from(declared("x-own")), "text/xml"],
  ["UTF-8 with a wrong byte in a message", Buffer.from(withWords("\xff", "utf-8"), "latin1"), xml],
  ["no media type", Buffer.from(accepted), ""],
  ["a media type that says nothing", Buffer.from(accepted), "application/octet-stream"],
  ["SOAP 1.2's media type", Buffer.from(accepted), 'application/soap+xml; charset=utf-8; action="urn:x"'],
])("a reply in %s: accepted", async (_what, bytes, type) => {
  expect(await read(bytes, { "content-type": type })).toEqual(success);
});

test("the charset of the header wins over the declaration's, a mark over both", async () => {
  // In UTF-7-like tricks one charset's text is the other's markup; here ISO-2022-JP hides what windows-1252 shows.
  const text = bare.replace(">0<", ">\x1b(J0\x1b(B<");
  expect(
    await read(`<?xml version="1.0" encoding="windows-1252"?>${text}`, {
      "content-type": "text/xml; charset=iso-2022-jp",
    }),
  ).toEqual(success);
  expect(
    (
      await read(`<?xml version="1.0" encoding="iso-2022-jp"?>${text}`, {
        "content-type": "text/xml; charset=windows-1252",
      })
    ).kind,
  ).toBe("unknown");
  expect(
    (
      await read(`\uFEFF<?xml version="1.0" encoding="iso-2022-jp"?>${text}`, {
        "content-type": "text/xml; charset=iso-2022-jp",
      })
    ).kind,
  ).toBe("unknown");
});

const bytes = Buffer.from(accepted);
describe("compressed although identity was asked", () => {
  test.each<[string, Uint8Array]>([
    ["gzip", gzipSync(bytes)],
    ["GZIP", gzipSync(bytes)],
    ["x-gzip", gzipSync(bytes)],
    ["deflate", deflateSync(bytes)],
    ["deflate", deflateRawSync(bytes)],
    ["br", brotliCompressSync(bytes)],
    ["zstd", zstdCompressSync(bytes)],
    ["identity", bytes],
    ["gzip, br", brotliCompressSync(gzipSync(bytes))],
    ["deflate,identity, gzip", gzipSync(deflateSync(bytes))],
    ["gzip", bytes],
    ["br", bytes],
  ])("%s: accepted", async (coding, compressed) => {
    expect(await read(compressed, { "content-encoding": coding })).toEqual(success);
  });

  test.each<[string, Uint8Array, string]>([
    ["gzip", gzipSync(bytes).subarray(0, 200), "a body that is not the gzip that its Content-Encoding says"],
    ["br", gzipSync(bytes), "a body that is not the br that its Content-Encoding says"],
    ["x-canary", gzipSync(bytes), "a body that is in a Content-Encoding that is not known"],
    ["gzip,gzip,gzip,gzip,gzip", gzipSync(bytes), "a body that is compressed too often"],
    ["gzip", gzipSync(Buffer.alloc(50_000_000)), "more than 256 kB"],
    ["gzip, gzip", gzipSync(gzipSync(Buffer.alloc(50_000_000))), "more than 256 kB"],
  ])("%s that cannot be read is named", async (coding, compressed, detail) => {
    expect(await read(compressed, { "content-encoding": coding })).toEqual({ kind: "unknown", detail });
  });
});

const part = (content: string, ...fields: string[]) => `${[...fields, "", content].join("\r\n")}\r\n`;
const multipart = (parts: string[], boundary = "b=_1") =>
  `${parts.map((one) => `--${boundary}\r\n${one}`).join("")}--${boundary}--\r\n`;
const type = 'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"';
const root = part(accepted, type, "Content-Transfer-Encoding: 8bit", "Content-ID: <root@pds>");
const other = part("<x/>", "Content-Type: text/xml", "Content-ID: <other@pds>");
const related =
  'multipart/related; type="application/xop+xml"; boundary="b=_1"; start="<root@pds>"; start-info="a; boundary=no"';
const quoted = accepted.replaceAll("=", "=3D").replaceAll(/.{60}(?![0-9A-F])/g, "$&=\r\n");
const folded = Buffer.from(accepted).toString("base64").replaceAll(/.{76}/g, "$&\r\n");
test.each<[string, string, string]>([
  ["MTOM", related, multipart([root])],
  ["a root that is not first", related, multipart([other, root])],
  ["a root that is the first", "multipart/related; boundary=b=_1", multipart([root, other])],
  ["a start without angle brackets", 'Multipart/Related;BOUNDARY="b=_1";START=root@pds', multipart([other, root])],
  ["a start that no part has", 'multipart/related; boundary="b=_1"; start="<none>"', multipart([root, other])],
  ["a preamble and an epilogue", related, `This is a message\r\n--b=_12\r\n${multipart([root])}and more`],
  ["lines without carriage returns", related, multipart([root]).replaceAll("\r\n", "\n")],
  ["blanks behind the delimiters", related, multipart([root]).replaceAll("--b=_1\r\n", "--b=_1 \t\r\n")],
  ["folded fields", related, multipart([root.replace("; charset", ";\r\n\tcharset")])],
  ["a root without fields", related, multipart([part(accepted)])],
  ["base64", related, multipart([part(folded, type, "content-transfer-encoding: BASE64")])],
  ["quoted-printable", related, multipart([part(quoted, type, "Content-Transfer-Encoding: quoted-printable")])],
  ["no last delimiter", related, `--b=_1\r\n${root}`],
  ["no boundary in its header", "multipart/related", multipart([root])],
  ["another boundary in its header", "multipart/related; boundary=none", multipart([root])],
  ["a header that says XML", xml, multipart([root])],
  ["a header that says multipart around a plain envelope", related, accepted],
  [
    "one within another",
    'multipart/mixed; boundary="outer"',
    multipart([part(multipart([other, root]), `Content-Type: ${related}`)], "outer"),
  ],
])("a multipart body with %s: accepted", async (_what, contentType, body) => {
  expect(await read(body, { "content-type": contentType })).toEqual(success);
});

test("each part has its own charset, and the whole may be compressed", async () => {
  const latin = part(withWords("gültig", "utf-8"), "Content-Type: text/xml; charset=ISO-8859-1");
  const body = Buffer.from(multipart([latin]), "latin1");
  expect(await read(gzipSync(body), { "content-type": related, "content-encoding": "gzip" })).toEqual(success);
});

test.each<[string, string]>([
  ["no part at all", "--b=_1--\r\n"],
  ["nothing in it", ""],
  ["a root that is no XML", multipart([part("CANARY")])],
  ["a root without end", multipart([part(accepted.slice(0, -20))])],
  [
    "more levels than anybody needs",
    multipart([part(multipart([part(multipart([part(multipart([part(multipart([root], "e"))], "d"))], "c"))], "b"))]),
  ],
])("a multipart body with %s leaves it unknown", async (_what, body) => {
  expect((await read(body, { "content-type": related })).kind).toBe("unknown");
});

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
  expect(await read(text)).toEqual(success);
});

const nil = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"';
test.each<[string, string]>([
  ["a code that is nil", fields.replace("<ErrorCode>0</ErrorCode>", `<ErrorCode ${nil}/>`)],
  ["an id that is nil", fields.replace(/<CardImageID>.*<\/CardImageID>/, `<CardImageID ${nil}/>`)],
  ["a nil code that holds one", fields.replace("<ErrorCode>", `<ErrorCode ${nil}>`)],
  ["a code that refers to nothing", fields.replace("<ErrorCode>0</ErrorCode>", '<ErrorCode href="#9"/>')],
  ["a code that refers to itself", fields.replace("<ErrorCode>0</ErrorCode>", '<ErrorCode id="2" href="#2"/>')],
])("an envelope with %s leaves it unknown", async (_what, given) => {
  expect((await read(envelope(`<R>${given}</R>`))).kind).toBe("unknown");
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
        cardholderId: "c",
        pixelOrigin: "cardholder",
        bytes: new Uint8Array(10),
        mediaType: "image/png",
        productId: "photo-landscape",
      } as const;
      expect(await providerAt(url).send(picture, AbortSignal.timeout(20_000))).toEqual({
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
    bare,
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
      const outcome = await read(given, fieldsOf);
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
  expect(await read(`<Envelope><Body>${many}</Body></Envelope>`)).toEqual({
    kind: "unknown",
    detail: "SendImage was answered without one ErrorCode that is a number",
  });
});
