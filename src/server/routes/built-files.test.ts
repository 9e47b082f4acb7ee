import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compressFolder } from "../../../scripts/compress.mjs";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { acceptedEncodings } from "./built-files.ts";

const script = `export const text = "${"much the same ".repeat(300)}";`;
const files = {
  "designer/assets/index-1a2b.js": "/designer/assets/index-1a2b.js",
  "designer/assets/worker-3c4d.js": "/designer/assets/worker-3c4d.js",
  "designer/site.webmanifest": "/site.webmanifest",
  "embed/card-designer.js": "/embed/card-designer.js",
  "embed/card-designer-1a2b3c4d5e6f7890.js": "/embed/card-designer-1a2b3c4d5e6f7890.js",
};
const urls = Object.values(files);

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp();
  const { distFolder } = server.parts.config;
  for (const name of Object.keys(files)) await writeFile(path.join(distFolder, name), script);
  await writeFile(path.join(distFolder, "designer/favicon.ico"), randomBytes(100));
  await compressFolder(distFolder);
});
afterEach(() => server.close());

function get(url: string, encoding?: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") {
  const accept = encoding === undefined ? {} : { "accept-encoding": encoding };
  return server.app.inject({ method, url, headers: { ...accept, ...headers } });
}

const unpack: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { br: brotliDecompressSync, gzip: gunzipSync };
/** Headers that say what it is and who may use it, whatever it is packed in. */
const sameInAll = ({ headers }: Awaited<ReturnType<typeof get>>) => {
  const { etag: _, "content-length": _length, "content-encoding": _encoding, ...others } = headers;
  const { "x-request-id": _id, "last-modified": _modified, date: _date, ...rest } = others;
  return rest;
};

describe.each(urls)("%s", (url) => {
  test.each(["br", "gzip"])("is sent in %s, with the headers that it has as it is", async (encoding) => {
    const [plain, packed] = [await get(url), await get(url, encoding)];
    expect(plain.headers).not.toHaveProperty("content-encoding");
    expect(plain.body).toBe(script);
    expect(packed.headers["content-encoding"]).toBe(encoding);
    expect(unpack[encoding]?.(packed.rawPayload).toString()).toBe(script);
    expect(packed.headers["content-length"]).toBe(`${packed.rawPayload.byteLength}`);
    expect(packed.rawPayload.byteLength).toBeLessThan(script.length / 10);
    expect(sameInAll(packed)).toEqual(sameInAll(plain));
    expect(plain.headers["vary"]).toMatch(/^accept-encoding$/i);
  });

  test("has a tag of its own in each encoding, and is not sent again to whoever has that one", async () => {
    const etags = await Promise.all([undefined, "br", "gzip"].map(async (one) => (await get(url, one)).headers.etag));
    expect(new Set(etags).size).toBe(3);
    for (const [index, encoding] of [undefined, "br", "gzip"].entries()) {
      const again = await get(url, encoding, { "if-none-match": String(etags[index]) });
      expect([again.statusCode, again.rawPayload.byteLength]).toEqual([304, 0]);
      expect(again.headers).toMatchObject({ etag: etags[index], vary: expect.stringMatching(/accept-encoding/i) });
      expect((await get(url, encoding, { "if-none-match": String(etags[(index + 1) % 3]) })).statusCode).toBe(200);
    }
  });

  test("is described by HEAD as GET sends it", async () => {
    for (const encoding of ["br", "gzip", "identity"]) {
      const [whole, head] = [await get(url, encoding), await get(url, encoding, {}, "HEAD")];
      expect(head.rawPayload.byteLength).toBe(0);
      for (const name of ["content-length", "content-encoding", "content-type", "etag", "vary", "cache-control"])
        expect(head.headers[name], name).toBe(whole.headers[name]);
    }
  });

  test("is sent whole to whoever asks for a part", async () => {
    for (const encoding of ["br", "identity"]) {
      const answer = await get(url, encoding, { range: "bytes=0-9" });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).not.toHaveProperty("content-range");
      expect(answer.headers["content-length"]).toBe(`${answer.rawPayload.byteLength}`);
    }
  });

  test.each([".br", ".gz"])("is not there under its name and %s", async (ending) => {
    expect((await get(`${url}${ending}`, "br")).json()).toMatchObject({ status: 404, code: "not-found" });
  });
});

test("of all scripts the worker alone may run WebAssembly, however it is packed", async () => {
  const policy = async (url: string, encoding?: string) =>
    (await get(url, encoding)).headers["content-security-policy"];
  for (const encoding of [undefined, "br", "gzip"]) {
    expect(await policy("/designer/assets/worker-3c4d.js", encoding)).toContain(
      "script-src 'self' 'wasm-unsafe-eval';",
    );
    expect(await policy("/designer/assets/index-1a2b.js", encoding)).toContain("script-src 'self';");
  }
});

test("what dist does not have compressed is sent in what there is", async () => {
  expect((await get("/favicon.ico", "br, gzip")).headers).not.toHaveProperty("content-encoding");
  await rm(path.join(server.parts.config.distFolder, "designer/logo.svg.br"));
  expect((await get("/designer/logo.svg", "br, gzip")).headers["content-encoding"]).toBe("gzip");
});

test("the page of a session and the interface's answers are sent as they are", async () => {
  for (const url of ["/frame/ses_unknown", "/v1/openapi.json", "/health/live"])
    expect((await get(url, "br, gzip")).headers).not.toHaveProperty("content-encoding");
});

test.each<[string | undefined, string[]]>([
  [undefined, []],
  ["", []],
  ["gzip, deflate, br, zstd", ["br", "gzip"]],
  ["GZip", ["gzip"]],
  ["br;q=0", []],
  ["br;q=0, gzip", ["gzip"]],
  ["br; q=0.000, gzip; q=0.001", ["gzip"]],
  ["gzip;q=0.9, br;q=0.8", ["gzip", "br"]],
  ["identity", []],
  ["identity, gzip;q=0.5", []],
  ["identity;q=0.5, br;q=0.4, gzip;q=0.6", ["gzip"]],
  ["identity;q=0, br", ["br"]],
  ["*", ["gzip"]],
  ["*;q=0", []],
  ["gzip;q=0, *", []],
  ["br;q=0, *;q=0.5", ["gzip"]],
  ["br;q=high, gzip", ["gzip"]],
  ["deflate, x-br, zstd", []],
])("Accept-Encoding %j allows %j", (header, encodings) => {
  expect(acceptedEncodings(header)).toEqual(encodings);
});
