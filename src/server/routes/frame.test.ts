import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { designerPage } from "./frame-pages.ts";

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp();
});
afterEach(() => server.close());

async function openSession(origins: string[], locale?: string): Promise<string> {
  const answer = await server.app.inject({
    method: "POST",
    url: "/v1/sessions",
    headers: asIssuer,
    payload: { cardholderId: "A1", productId: "photo-landscape", origins, locale },
  });
  return answer.json().sessionId;
}

function directives(headers: Record<string, unknown>): Record<string, string> {
  const policy = String(headers["content-security-policy"]);
  return Object.fromEntries(
    policy.split("; ").map((directive) => [directive.split(" ", 1)[0], directive.split(" ").slice(1).join(" ")]),
  );
}

describe("the frame of a session", () => {
  test("is the built designer, told which origins it may speak to", async () => {
    const sessionId = await openSession(["https://bank.example", "http://localhost:4400"]);
    const answer = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.body).toContain("<title>Designer</title>");
    expect(answer.body).toContain(
      '<meta name="fullbleed-origins" content="https://bank.example http://localhost:4400">',
    );
  });

  test("is told the locale of its session, before it has asked for that", async () => {
    const sessionId = await openSession(["https://bank.example"], "ar-EG-u-nu-latn");
    const answer = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(answer.body).toContain('<meta name="fullbleed-locale" content="ar-EG-u-nu-latn">');
  });

  test("may be framed by the pages of its own session only, and runs nothing but our own files", async () => {
    const sessionId = await openSession(["https://bank.example", "http://localhost:4400"]);
    const { headers } = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(directives(headers)).toEqual({
      "default-src": "'none'",
      "script-src": "'self'",
      "worker-src": "'self'",
      "style-src": "'self'",
      "img-src": "'self' blob: data:",
      "font-src": "'self'",
      "connect-src": "'self'",
      "manifest-src": "'self'",
      "form-action": "'none'",
      "base-uri": "'none'",
      "frame-ancestors": "https://bank.example http://localhost:4400",
      "require-trusted-types-for": "'script'",
      "trusted-types": "default",
    });
    expect(headers).toMatchObject({
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "permissions-policy": expect.stringMatching(
        /^camera=\(\), clipboard-read=\(\), .*accelerometer=\(self\), gyroscope=\(self\)$/,
      ),
      "strict-transport-security": "max-age=31536000; includeSubDomains",
    });
  });

  test("that is over says so, in a page that a screen reader can read, and gives the designer away to nobody", async () => {
    const sessionId = await openSession(["https://bank.example"]);
    server.advance(4 * 60 * 60_000);
    const answer = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(answer.statusCode).toBe(410);
    expect(directives(answer.headers)["frame-ancestors"]).toBe("https://bank.example");
    expect(answer.headers["permissions-policy"]).toMatch(
      /^(?:[a-z-]+=\(\)(?:, |$))*accelerometer=\(\), gyroscope=\(\)$/,
    );
    expect(answer.body).toContain('<html lang="en" dir="ltr">');
    expect(answer.body).toContain("<h1>This visit has ended</h1>");
    expect(answer.body).not.toContain("Designer");
    expect(directives(answer.headers)["script-src"]).toBe("'self'");
    expect(answer.body).toContain('<meta name="fullbleed-origins" content="https://bank.example">');
    expect(answer.body.match(/<script.*?>/g)).toEqual(['<script src="/ended-visit.js" defer>']);
  });

  test("that is over says so in the language of the session, from right to left where that is read so", async () => {
    const sessionId = await openSession(["https://bank.example"], "ar-EG");
    server.advance(4 * 60 * 60_000);
    const answer = await server.app.inject({ url: `/frame/${sessionId}`, headers: { "accept-language": "en" } });
    expect(answer.body).toContain('<html lang="ar" dir="rtl">');
    expect(answer.body).toContain("<h1>انتهت هذه الزيارة</h1>");
  });

  test("whose issuer named no language leaves it to the browser", async () => {
    const sessionId = await openSession(["https://bank.example"]);
    expect((await server.app.inject({ url: `/frame/${sessionId}` })).body).toContain(
      '<meta name="fullbleed-locale" content="">',
    );
    server.advance(4 * 60 * 60_000);
    const answer = await server.app.inject({ url: `/frame/${sessionId}`, headers: { "accept-language": "fr-CA" } });
    expect(answer.body).toContain('<html lang="fr" dir="ltr">');
  });

  test.each([
    [undefined, "en"],
    ["ar-SA,ar;q=0.9,en;q=0.8", "ar"],
    ["he-IL, AR;q=0.5, en;q=0.3", "ar"],
    ["de-AT", "de"],
    ["he", "en"],
    ["ar_EG", "ar"],
    ["constructor, <script>", "en"],
  ])("that nobody opened says so to a browser that asks for %s in %s", async (accepted, language) => {
    const headers = accepted === undefined ? {} : { "accept-language": accepted };
    const answer = await server.app.inject({ url: "/frame/ses_unknown", headers });
    expect(answer.body).toContain(`<html lang="${language}" `);
  });

  test("that is none is drawn with a style of its own, and may load nothing and run nothing", async () => {
    const answer = await server.app.inject({ url: "/frame/ses_unknown" });
    const style = /<style>(.*)<\/style>/s.exec(answer.body)?.[1] ?? "";
    expect(directives(answer.headers)).toEqual({
      "default-src": "'none'",
      "style-src": `'sha256-${createHash("sha256").update(style).digest("base64")}'`,
      "form-action": "'none'",
      "base-uri": "'none'",
      "frame-ancestors": "*",
      "require-trusted-types-for": "'script'",
      "trusted-types": "default",
    });
    expect(answer.body).not.toMatch(/ style=|<script|https?:/);
  });

  test("that nobody opened says so, wherever it is framed, and repeats nothing of the address", async () => {
    const answer = await server.app.inject({ url: "/frame/%3Cscript%3E" });
    expect(answer.statusCode).toBe(404);
    expect(directives(answer.headers)["frame-ancestors"]).toBe("*");
    expect(answer.body).toContain("<h1>This link does not work</h1>");
    expect(answer.body).not.toContain("script");
  });

  test("answers with a problem, not a broken page, while the designer is not built", async () => {
    const sessionId = await openSession(["https://bank.example"]);
    await rm(path.join(server.parts.config.distFolder, "designer/index.html"));
    const answer = await server.app.inject({ url: `/frame/${sessionId}` });
    expect(answer.json()).toMatchObject({ status: 500, code: "internal" });
    expect(answer.headers["content-type"]).toBe("application/problem+json");
  });

  test("escapes origins, even such as the session's rules would never let in", () => {
    const page = designerPage("<html><head></head></html>", ['https://a"><script>&$&']);
    expect(page).toContain('content="https://a&quot;&gt;&lt;script&gt;&amp;$&amp;"');
    expect(() => designerPage("<html></html>", [])).toThrow("no <head>");
  });
});

describe("the designer's files", () => {
  test("are kept for ever by browsers when their name has a hash, and workers get the headers they need", async () => {
    const { statusCode, headers } = await server.app.inject({ url: "/designer/assets/worker-1a2b.js" });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      "content-type": expect.stringContaining("javascript"),
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    expect(directives(headers)).toEqual({
      "default-src": "'none'",
      "script-src": "'self' 'wasm-unsafe-eval'",
      "connect-src": "'self'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
    });
    expect((await server.app.inject({ url: "/designer/logo.svg" })).headers["cache-control"]).toBe(
      "public, max-age=3600",
    );
  });

  test.each(["/designer", "/designer/", "/designer/assets", "/designer/assets/", "/embed/", "/assets/"])(
    "are in no list: the folder %s is not there",
    async (url) => {
      const answer = await server.app.inject({ url });
      expect([answer.statusCode, answer.body]).toEqual([404, expect.not.stringContaining("worker-1a2b")]);
    },
  );

  test("run WebAssembly in the worker only", async () => {
    const answer = await server.app.inject({ url: "/designer/logo.svg" });
    expect(directives(answer.headers)["script-src"]).toBe("'self'");
  });

  test.each([
    "/designer/index.html",
    "/designer/",
    "/designer/assets/worker-1a2b.js.map",
    "/designer/assets/",
    "/designer/..%2fembed/card-designer.js",
    "/embed/..%2fdesigner%2findex.html",
    "/embed/%00",
    "/embed/absent.js",
    "/embed/card-designer-0000000000000000.js",
    "/embed/card-designer.js.map",
  ])("do not include %s", async (url) => {
    const answer = await server.app.inject({ url });
    expect(answer.json()).toMatchObject({ status: 404, code: "not-found" });
    expect(answer.headers["content-type"]).toBe("application/problem+json");
  });
});

describe("the loader", () => {
  test("may be fetched by any issuer's page, also with integrity, and is asked for again after five minutes", async () => {
    const first = await server.app.inject({ url: "/embed/card-designer.js" });
    expect(first.body).toBe("var FullbleedLoader={};");
    expect(first.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "cache-control": "public, max-age=300",
    });
    const headers = { "if-none-match": String(first.headers.etag) };
    expect((await server.app.inject({ url: "/embed/card-designer.js", headers })).statusCode).toBe(304);
  });

  test.each(["carddesigner.js", "card-designer-0000000000000000.js", "card-designer"])(
    "at a wrong address, %s, is a 404 to a page's tag, and not what browsers block",
    async (name) => {
      const headers = { "sec-fetch-dest": "script" };
      const answer = await server.app.inject({ url: `/embed/${name}`, headers });
      expect([answer.statusCode, answer.body]).toEqual([404, ""]);
      expect(answer.headers).toMatchObject({
        "access-control-allow-origin": "*",
        "cache-control": "no-store",
        "content-type": expect.stringContaining("text/javascript"),
        "cross-origin-resource-policy": "cross-origin",
      });
    },
  );

  test("is kept for ever under its exact name, and pages are told name and integrity", async () => {
    const open = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };
    const told = await server.app.inject({ url: "/embed/card-designer.json" });
    expect(told.headers).toMatchObject({
      ...open,
      "content-type": expect.stringContaining("application/json"),
      "cache-control": "public, max-age=300",
    });
    const { src, integrity } = told.json<{ src: string; integrity: string }>();
    expect(integrity).toBe("sha384-1a2b");
    const exact = await server.app.inject({ url: src });
    expect(exact.body).toBe("var FullbleedLoader={};");
    expect(exact.headers).toMatchObject({
      ...open,
      "content-type": expect.stringContaining("javascript"),
      "cache-control": "public, max-age=31536000, immutable",
    });
  });
});
