import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionView } from "#contracts/session.ts";
import type { Art } from "#design/elements.ts";
import { nameOwnSticker } from "#design/offered.ts";
import { ConfigError, readConfig } from "./config.ts";
import { openTestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { codeOf, enterSession, testDesign } from "./testing/issuer.ts";

const svg = (content: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">${content}</svg>`;
const leaf = svg(`<path fill="#1b6b47" d="M0 0h20v10z"/>`);

let folder: string;
const brandFile = (): string => path.join(folder, "brand.json");
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  await writeFile(path.join(folder, "leaf.svg"), leaf);
});
afterEach(() => rm(folder, { recursive: true }));

/** The lines about the brand file, without the variable's name. */
async function refusals(brand: object): Promise<string[]> {
  await writeFile(brandFile(), JSON.stringify(brand));
  try {
    readConfig({ ...testEnv, FULLBLEED_BRAND: brandFile() });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [, ...lines] = (error as ConfigError).message.split("\n");
    return lines.map((line) => line.replace("  FULLBLEED_BRAND: ", ""));
  }
  return [];
}

const names = { en: "Linden leaf", de: "Lindenblatt" };
const words = { en: ["tree"], de: ["Baum", "Linde"] };
const own = { stickers: { "linden-leaf": { svg: "leaf.svg", name: names, words } }, stickerGroup: "From Linden" };

async function openWith(brand: object) {
  await writeFile(brandFile(), JSON.stringify(brand));
  const server = await openTestApp({ env: { FULLBLEED_BRAND: brandFile() } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  const put = (art: string): Promise<Response> => {
    const address = `/v1/sessions/${frame.sessionId}/design`;
    const box = { xMm: 0, yMm: 0, widthMm: 14, heightMm: 7, rotationDeg: 0, mirrored: false };
    const elements = [...testDesign.elements, { kind: "sticker", id: "e1", art, box }];
    return fetch(url + address, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) },
      body: JSON.stringify({ ...testDesign, elements }),
    });
  };
  const view = async (): Promise<SessionView> => {
    const address = `/v1/sessions/${frame.sessionId}`;
    return (await (await fetch(url + address, { headers: frame.show("GET", address) })).json()) as SessionView;
  };
  return { server, url, put, view };
}

describe("an issuer's own sticker", () => {
  test("is told to the frame with its words, and served as outlines that never change", async () => {
    const { server, url, view } = await openWith(own);
    const { ownStickers = [], ownStickerGroup } = await view();
    expect(ownStickerGroup).toEqual({ en: "From Linden" });
    const [told] = ownStickers;
    expect(ownStickers).toEqual([
      { id: "linden-leaf", names, words, address: expect.stringMatching(/^\/stickers\/[0-9a-f]{64}\.json$/) },
    ]);
    const answer = await fetch(url + told?.address);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      200,
      "application/json",
      "public, max-age=31536000, immutable",
    ]);
    const art: Art = {
      width: 100,
      height: 50,
      ops: [{ path: "M0 0L100 0L100 50Z", fill: "#1b6b47", rule: "nonzero" }],
    };
    expect(await answer.json()).toEqual(art);
    expect((await fetch(`${url}/stickers/${"0".repeat(64)}.json`)).status).toBe(404);
    await server.close();
  });

  test("may lie on the cards of this issuer and of no other", async () => {
    const linden = await openWith(own);
    expect((await linden.put("own.linden-leaf")).status).toBe(200);
    expect(await codeOf(await linden.put("own.another"))).toBe("422 not-offered");
    expect(await codeOf(await linden.put("own.own.linden-leaf"))).toBe("400 bad-request");
    await linden.server.close();
    const other = await openWith({});
    expect(await codeOf(await other.put("own.linden-leaf"))).toBe("422 not-offered");
    expect((await other.view()).ownStickers).toBeUndefined();
    await other.server.close();
  });

  test("that is drawn anew is another one: a design with the old drawing is refused, and not printed with the new one", async () => {
    const before = await openWith(own);
    const [first] = (await before.view()).ownStickers ?? [];
    const name = nameOwnSticker(first!);
    expect(name).toMatch(/^own\.linden-leaf-[0-9a-f]{16}$/);
    expect((await before.put(name)).status).toBe(200);
    await before.server.close();
    await writeFile(path.join(folder, "leaf.svg"), svg(`<path fill="#b3262d" d="M0 0h20v10z"/>`));
    const after = await openWith(own);
    const [second] = (await after.view()).ownStickers ?? [];
    expect(await codeOf(await after.put(name))).toBe("422 not-offered");
    expect((await after.put(nameOwnSticker(second!))).status).toBe(200);
    await after.server.close();
  });

  test("is not offered where the issuer's product has no stickers", async () => {
    const without = { ...own, products: { "photo-landscape": { features: { stickers: false } } } };
    const { server, put } = await openWith(without);
    expect(await codeOf(await put("own.linden-leaf"))).toBe("422 not-offered");
    await server.close();
  });

  test.each([
    [
      "a file that is not there",
      { svg: "none.svg", name: "x" },
      "svg cannot be read (ENOENT): expected the path of a file, as seen from the folder of this one.",
    ],
    ["a folder", { svg: ".", name: "x" }, "svg cannot be used: expected an SVG file of at most 200 kB."],
    ["no name", { svg: "leaf.svg" }, /^stickers\.own\.name is missing/],
    [
      "words that are none",
      { svg: "leaf.svg", name: "x", words: { en: ["two\nlines"] } },
      /^stickers\.own\.words\.en\[0\] is not valid/,
    ],
  ])("with %s stops the start", async (_, sticker, line) => {
    expect(await refusals({ stickers: { own: sticker } })).toEqual([
      typeof line === "string" ? `stickers.own.${line}` : expect.stringMatching(line),
    ]);
  });

  test("that would run something, or cannot be drawn, stops the start with its place and the reason", async () => {
    await writeFile(path.join(folder, "leaf.svg"), svg("<script>alert(1)</script>"));
    expect(await refusals(own)).toEqual([
      expect.stringMatching(
        /^stickers\.linden-leaf\.svg cannot be used: the file has <script>: expected only g, .*\.$/,
      ),
    ]);
    await writeFile(path.join(folder, "leaf.svg"), `<!DOCTYPE svg [<!ENTITY a "x">]>${svg("<title>&a;</title>")}`);
    expect((await refusals(own)).join()).toContain("has a DOCTYPE, an entity or a CDATA section: leave it out");
  });

  test("has an id of its own form, and there are no more than 24", async () => {
    expect((await refusals({ stickers: { "own.x": own.stickers["linden-leaf"] } })).join()).toMatch(/^stickers/);
    const many = Array.from({ length: 25 }, (_, at) => [`s${at}`, own.stickers["linden-leaf"]]);
    expect((await refusals({ stickers: Object.fromEntries(many) })).join()).toMatch(/^stickers is not valid/);
    expect(await refusals({ stickers: Object.fromEntries(many.slice(1)) })).toEqual([]);
  });
});

test("the digits that designs name a drawing by stay what they are: otherwise every own sticker would fall off the designs that are kept", async () => {
  const curved = `<g transform="translate(8 1) rotate(30) scale(.5)"><circle cx="8" cy="4" r="3.3" fill="#1b6b47"/></g><path fill="#008080" fill-rule="evenodd" d="M1 5q2 3 4.4 0t3 .7zm2 0c1 1 2 1 3 0z"/>`;
  await writeFile(path.join(folder, "leaf.svg"), svg(curved));
  await writeFile(brandFile(), JSON.stringify(own));
  const { issuers } = readConfig({ ...testEnv, FULLBLEED_BRAND: brandFile() });
  expect(issuers.flatMap(({ ownStickers }) => ownStickers ?? []).map(nameOwnSticker)).toEqual([
    "own.linden-leaf-ec9f15df613f508d",
  ]);
});
