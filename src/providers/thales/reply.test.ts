import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  accepted,
  bare,
  declared,
  multipart,
  other,
  part,
  readBytes,
  related,
  root,
  rootType,
  success,
  xml,
} from "./testing/replies.ts";

test.each<[string, string]>([
  ["a line break", `\r\n${accepted}`],
  ["blanks and tabs", ` \t\n${accepted}`],
  ["a byte order mark", `\uFEFF${accepted}`],
  ["two byte order marks", `\uFEFF\uFEFF${accepted}`],
  ["a line break and a byte order mark", `\r\n\uFEFF${accepted}`],
  ["a byte order mark and a line break", `\uFEFF\r\n${accepted}`],
  ["a comment", `<!-- made by hand --><!-- <?xml?> -->\n${accepted}`],
])("%s before the declaration: accepted", async (_what, text) => {
  expect(await readBytes(text)).toEqual(success);
});

test("zeros behind the envelope, and gzip that no header names: accepted", async () => {
  expect(await readBytes(`${accepted}\r\n\0\0`)).toEqual(success);
  expect(await readBytes(gzipSync(accepted))).toEqual(success);
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
  expect(await readBytes(bytes, { "content-type": type })).toEqual(success);
});

test("the charset of the header wins over the declaration's, a mark over both", async () => {
  // In UTF-7-like tricks one charset's text is the other's markup; here ISO-2022-JP hides what windows-1252 shows.
  const text = bare.replace(">0<", ">\x1b(J0\x1b(B<");
  expect(
    await readBytes(`<?xml version="1.0" encoding="windows-1252"?>${text}`, {
      "content-type": "text/xml; charset=iso-2022-jp",
    }),
  ).toEqual(success);
  expect(
    (
      await readBytes(`<?xml version="1.0" encoding="iso-2022-jp"?>${text}`, {
        "content-type": "text/xml; charset=windows-1252",
      })
    ).kind,
  ).toBe("unknown");
  expect(
    (
      await readBytes(`\uFEFF<?xml version="1.0" encoding="iso-2022-jp"?>${text}`, {
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
    expect(await readBytes(compressed, { "content-encoding": coding })).toEqual(success);
  });

  test.each<[string, Uint8Array, string]>([
    ["gzip", gzipSync(bytes).subarray(0, 200), "a body that is not the gzip that its Content-Encoding says"],
    ["br", gzipSync(bytes), "a body that is not the br that its Content-Encoding says"],
    ["x-canary", gzipSync(bytes), "a body that is in a Content-Encoding that is not known"],
    ["gzip,gzip,gzip,gzip,gzip", gzipSync(bytes), "a body that is compressed too often"],
    ["gzip", gzipSync(Buffer.alloc(50_000_000)), "more than 256 kB"],
    ["gzip, gzip", gzipSync(gzipSync(Buffer.alloc(50_000_000))), "more than 256 kB"],
  ])("%s that cannot be read is named", async (coding, compressed, detail) => {
    expect(await readBytes(compressed, { "content-encoding": coding })).toEqual({ kind: "unknown", detail });
  });
});

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
  ["base64", related, multipart([part(folded, rootType, "content-transfer-encoding: BASE64")])],
  ["quoted-printable", related, multipart([part(quoted, rootType, "Content-Transfer-Encoding: quoted-printable")])],
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
  expect(await readBytes(body, { "content-type": contentType })).toEqual(success);
});

test("each part has its own charset, and the whole may be compressed", async () => {
  const latin = part(withWords("gültig", "utf-8"), "Content-Type: text/xml; charset=ISO-8859-1");
  const body = Buffer.from(multipart([latin]), "latin1");
  expect(await readBytes(gzipSync(body), { "content-type": related, "content-encoding": "gzip" })).toEqual(success);
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
  expect((await readBytes(body, { "content-type": related })).kind).toBe("unknown");
});
