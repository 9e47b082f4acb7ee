import { cp, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";

const root = path.join(import.meta.dirname, "../../..");
const names = await readdir(path.join(root, "public"));
const readPublic = (name: string) => readFile(path.join(root, "public", name));

interface Manifest {
  readonly theme_color: string;
  readonly background_color: string;
  readonly icons: readonly { src: string; sizes: string; type: string; purpose?: string }[];
}

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp();
  // As Vite does it.
  await cp(path.join(root, "public"), path.join(server.parts.config.distFolder, "designer"), { recursive: true });
});
afterEach(() => server.close());

const types: Readonly<Record<string, RegExp>> = {
  ".ico": /^image\/(x-icon|vnd\.microsoft\.icon)$/,
  ".js": /^(text|application)\/javascript/,
  ".png": /^image\/png$/,
  ".svg": /^image\/svg\+xml/,
  ".txt": /^text\/plain; charset=utf-8$/i,
  ".webmanifest": /^application\/manifest\+json/,
};

describe("at the root", () => {
  test.each(names)("%s of public/ is served byte for byte, under its own type, for an hour", async (name) => {
    const answer = await server.app.inject({ url: `/${name}` });
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.equals(await readPublic(name))).toBe(true);
    expect(answer.headers["content-type"]).toMatch(types[path.extname(name)] ?? /^$/);
    expect(answer.headers).toMatchObject({
      "cache-control": "public, max-age=3600",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    });
    expect((await server.app.inject({ url: `/designer/${name}` })).statusCode, "at one address only").toBe(404);
    const headers = { "if-none-match": String(answer.headers.etag) };
    expect((await server.app.inject({ url: `/${name}`, headers })).statusCode).toBe(304);
  });

  test.each([
    "/",
    "/index.html",
    "/logo.svg",
    "/assets/worker-1a2b.js",
    "/favicon.png",
    "/favicon.svg/",
    "/..%2fembed%2fcard-designer.js",
  ])("there is no %s", async (url) => {
    const answer = await server.app.inject({ url });
    expect(answer.json()).toMatchObject({ status: 404, code: "not-found" });
    expect(answer.headers["content-type"]).toBe("application/problem+json");
  });

  test("a file that the build has left out is not there, and nothing else suffers", async () => {
    const other = await openTestApp();
    expect((await other.app.inject({ url: "/favicon.ico" })).json()).toMatchObject({ status: 404, code: "not-found" });
    expect((await other.app.inject({ url: "/health/ready" })).statusCode).toBe(200);
    await other.close();
  });

  test("everything that the designer's page links is there", async () => {
    const html = await readFile(path.join(root, "index.html"), "utf8");
    const links = [...html.matchAll(/<link [^>]*href="([^"]+)"/g)].map(([, href]) => href ?? "");
    expect(links).toContain("/site.webmanifest");
    for (const url of links) expect((await server.app.inject({ url })).statusCode, url).toBe(200);
  });
});

describe("the web manifest", () => {
  const readManifest = async () => JSON.parse((await readPublic("site.webmanifest")).toString()) as Manifest;

  test("has icons of the sizes that it says, maskable ones without a transparent pixel", async () => {
    const { icons } = await readManifest();
    const maskable = icons.filter(({ purpose }) => purpose === "maskable").map(({ sizes }) => sizes);
    expect(maskable).toEqual(["192x192", "512x512"]);
    for (const { src, sizes, purpose } of icons.filter(({ type }) => type === "image/png")) {
      const { width, height, hasAlpha } = await sharp(await readPublic(src.slice(1))).metadata();
      expect(`${width}x${height}`, src).toBe(sizes);
      if (purpose === "maskable") expect(hasAlpha, src).toBe(false);
    }
  });

  test("has the colours of the designer", async () => {
    const tokens = await readFile(path.join(root, "src/designer/styles/tokens.css"), "utf8");
    const token = (name: string) => new RegExp(`--${name}: (#\\w+);`).exec(tokens)?.[1];
    expect(await readManifest()).toMatchObject({ theme_color: token("accent"), background_color: token("page") });
  });
});
