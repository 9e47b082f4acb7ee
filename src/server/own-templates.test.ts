import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { findProduct } from "#card/products.ts";
import { features } from "#contracts/session.ts";
import type { SessionView } from "#contracts/session.ts";
import type { Design } from "#design/design.ts";
import { stickerNames } from "#design/stickers/collection.ts";
import { builtInIds, listBuiltIn } from "#design/templates/built-in.ts";
import type { Template } from "#design/templates/template.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import { templateFile } from "#design/templates/template-schema.ts";
import { club } from "#design/templates/testing/club.ts";
import { ConfigError, readConfig } from "./config.ts";
import { openTestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { codeOf, enterSession, testDesign } from "./testing/issuer.ts";

const landscape = findProduct("photo-landscape")!;

let folder: string;
const brandFile = (): string => path.join(folder, "brand.json");
const write = (name: string, content: unknown): Promise<void> =>
  writeFile(path.join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  await write("club-1.json", { ...club, version: 1, elements: club.elements.slice(0, 2) });
  await write("club-2.json", club);
});
afterEach(() => rm(folder, { recursive: true }));

/** The lines about the brand file, without the variable's name. */
async function refusals(brand: object): Promise<string[]> {
  await write("brand.json", brand);
  try {
    readConfig({ ...testEnv, FULLBLEED_BRAND: brandFile() });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [, ...lines] = (error as ConfigError).message.split("\n");
    return lines.map((line) => line.replace("  FULLBLEED_BRAND: ", ""));
  }
  return [];
}

const offering = (features: object) => ({
  templates: ["club-1.json", "club-2.json"],
  products: { "photo-landscape": { features } },
});

async function openWith(brand: object, productId = "photo-landscape") {
  await write("brand.json", brand);
  const server = await openTestApp({ env: { FULLBLEED_BRAND: brandFile() } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url, undefined, productId);
  const put = (design: Design, at = "design"): Promise<Response> => {
    const address = `/v1/sessions/${frame.sessionId}/${at}`;
    return fetch(url + address, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) },
      body: JSON.stringify(design),
    });
  };
  const view = async (): Promise<SessionView> =>
    (await (await frame.get(`/v1/sessions/${frame.sessionId}`)).json()) as SessionView;
  return { server, url, put, view };
}

const art = { width: 5000, height: 1000, ops: [] };
const lay = (template: Template): Design => layTemplate(template, undefined, () => art)(testDesign, landscape);
const codeAndDetail = async (answer: Response): Promise<[string, string]> => {
  const { detail } = (await answer.clone().json()) as { detail: string };
  return [await codeOf(answer), detail];
};

describe("an issuer's own templates", () => {
  test("are told to the frame, each version with its content, where they are for the product", async () => {
    const { server, url, view } = await openWith(offering({}));
    const { ownTemplates = [] } = await view();
    expect(ownTemplates.map(({ id, version, names }) => [id, version, names])).toEqual([
      ["club", 1, club.names],
      ["club", 2, club.names],
    ]);
    const answer = await fetch(url + ownTemplates[1]!.address);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      200,
      "application/json",
      "public, max-age=31536000, immutable",
    ]);
    const text = await answer.text();
    expect(JSON.parse(text)).toEqual(club);
    expect(ownTemplates[1]!.address).toBe(`/templates/${createHash("sha256").update(text).digest("hex")}.json`);
    expect((await fetch(`${url}/templates/${"0".repeat(64)}.json`)).status).toBe(404);
    await server.close();
    const other = await openWith(offering({}), "photo-portrait");
    expect((await other.view()).ownTemplates).toBeUndefined();
    await other.server.close();
  });

  const [stripe] = club.elements;
  const many = Array.from({ length: 500 }, (_, at) => ({
    ...stripe!,
    element: { ...stripe!.element, id: `x${at}` },
  }));
  const withPart = (change: object) => ({ ...club, elements: [{ ...stripe!, ...change }] });
  test.each([
    ["no JSON", "{ secret", "cannot be used: expected JSON."],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>', "cannot be used: expected JSON."],
    ["another kind of JSON", "[]", "cannot be used: at the file of the file: expected object, received array."],
    [
      "500 elements",
      { ...club, elements: many },
      "cannot be used: at elements of the file: expected at most 40 elements.",
    ],
    [
      "a later kind of field",
      { ...club, glow: "secret" },
      "cannot be used: at glow of the file, expected no such name.",
    ],
    [
      "the id of one of ours",
      { ...club, id: "film" },
      `cannot be used: at id of the file, expected none of ${builtInIds.join(", ")}.`,
    ],
    ["a version of 0", { ...club, version: 0 }, /^cannot be used: at version of the file: /],
    [
      "no English name",
      { ...club, names: { de: "Verein" } },
      "cannot be used: at names of the file: expected English (en) among the languages.",
    ],
    ["an unknown product", { ...club, products: ["secret"] }, /^cannot be used: at products\[0\] of the file: /],
    [
      "an id of the cardholder's own",
      withPart({ element: { ...stripe!.element, id: "e1" } }),
      /^cannot be used: at elements\[0\]\.element\.id of the file: expected another id/,
    ],
    [
      "an outline that is none",
      withPart({
        element: {
          ...stripe!.element,
          kind: "drawing",
          art: { width: 1, height: 1, ops: [{ path: "javascript:secret", fill: "#000000", rule: "nonzero" }] },
        },
      }),
      /^cannot be used: at elements\[0\]\.element\./,
    ],
    [
      "a sticker that there is not",
      withPart({ element: { kind: "sticker", id: "s", art: "secret", box: stripe!.element.box } }),
      "cannot be used: at elements[0].element.art of the file, expected the name of a sticker of the collection.",
    ],
    [
      "a place beside the card",
      withPart({ element: { ...stripe!.element, box: { ...stripe!.element.box, xMm: 80 } } }),
      /^cannot be used: at elements\[0\]\.element\.box of the file, expected a centre on the card/,
    ],
    [
      "what is on top and can be moved",
      withPart({ locks: {}, onTop: true }),
      "cannot be used: at elements[0].onTop of the file: expected what is on top to be locked against moves.",
    ],
    [
      "a text without room",
      {
        ...club,
        elements: [
          {
            ...club.elements[1]!,
            element: { ...club.elements[1]!.element, box: { ...stripe!.element.box, heightMm: 2 } },
          },
        ],
      },
      /^cannot be used: at elements\[0\]\.element\.box\.heightMm of the file: expected/,
    ],
  ])("with %s stops the start, with its place and nothing of what is in it", async (_, content, line) => {
    await write("own.json", content);
    const lines = await refusals({ templates: ["own.json"] });
    expect(lines).toEqual([
      typeof line === "string"
        ? `templates[0] ${line}`
        : expect.stringMatching(line.source.replace("^", "^templates\\[0\\] ")),
    ]);
    expect(lines.join()).not.toContain("secret");
  });

  test("that are not there, too large, twice, or not those that are offered stop the start", async () => {
    expect(await refusals({ templates: ["none.json", "."] })).toEqual([
      "templates[0] cannot be read (ENOENT): expected the path of a file, as seen from the folder of this one.",
      "templates[1] cannot be used: expected a file of at most 256 kB.",
    ]);
    expect(await refusals({ templates: ["club-1.json", "club-1.json"] })).toEqual([
      "templates[1] cannot be used: expected another id or version than an earlier file has.",
    ]);
    expect(await refusals({ templates: Array.from({ length: 25 }, () => "x") })).toEqual([
      "templates is not valid: expected an array of at most 24 paths of JSON files.",
    ]);
    expect(await refusals(offering({ templates: ["film", "club", "gone"] }))).toEqual([
      `products.photo-landscape.features.templates[2] is not known: expected one of ${[...builtInIds, "club"].join(", ")}.`,
    ]);
    expect((await refusals(offering({ templates: "film" }))).join()).toMatch(
      /^products\.photo-landscape\.features\.templates is not valid/,
    );
  });
});

test("the schemas in docs/ are those that the server checks with: node scripts/schemas.mjs makes them anew", () => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../docs/schemas/${name}.json`, import.meta.url), "utf8"));
  expect(read("template")).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(templateFile))));
  expect(read("features")).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(features))));
});

describe("a design by a template", () => {
  test("is stored with what only the template may have, by an earlier version too, and is a draft", async () => {
    const { server, put } = await openWith(offering({ shapes: false, texts: false, drawings: false }));
    for (const version of [1, 2]) {
      const template = { ...club, version, elements: version === 1 ? club.elements.slice(0, 2) : club.elements };
      expect(await codeOf(await put(lay(template))), `version ${version}`).toMatch(/^200/);
    }
    const withOwn = lay(club);
    const own = { ...withOwn.elements[1]!, id: "e1" };
    expect(
      await codeAndDetail(
        await put({ ...withOwn, elements: [...withOwn.elements.slice(0, -1), own, withOwn.elements.at(-1)!] }),
      ),
    ).toEqual(["422 not-offered", "body.elements[4]: such an element is not offered with photo-landscape."]);
    await server.close();
  });

  test("that breaks a lock is refused with the place, as a design and as a draft", async () => {
    const { server, put } = await openWith(offering({ shapes: true, texts: true, drawings: true }));
    const laid = lay(club);
    const changed = (at: number, change: object): Design => ({
      ...laid,
      elements: laid.elements.map((element, index) => (index === at ? { ...element, ...change } : element)),
    });
    const broken: readonly [string, Design][] = [
      ["elements[1].shape", changed(1, { shape: "star" })],
      ["elements[1].box", changed(1, { box: { ...club.elements[0]!.element.box, yMm: 5 } })],
      ["elements[2].text", changed(2, { text: "Since 1066" })],
      ["elements[2].fill", changed(2, { fill: "#000000" })],
      ["template", { ...laid, elements: laid.elements.slice(0, -1) }],
      ["elements[3]", { ...laid, elements: [...laid.elements.slice(0, 3), laid.elements[4]!, laid.elements[3]!] }],
    ];
    for (const [place, design] of broken) {
      for (const at of ["design", "draft"]) {
        expect(await codeAndDetail(await put(design, at)), `${place} ${at}`).toEqual([
          "422 template-broken",
          `body.${place}: this is not as version 2 of the template club fixes it.`,
        ]);
      }
    }
    await server.close();
  });

  test("may show something else in place of what the template has only as far as that is offered", async () => {
    const box = { xMm: 0, yMm: 0, widthMm: 10, heightMm: 10, rotationDeg: 0, mirrored: false };
    const line = (end: number) => ({
      width: 10,
      height: 10,
      ops: [{ path: `M0 0L${end} 0L0 ${end}Z`, fill: "#000000", rule: "nonzero" }],
    });
    const [stripe] = club.elements;
    const parts = [
      { ...stripe!.element, id: "shape" },
      { kind: "sticker", id: "sticker", art: stickerNames.hearts[0], box },
      { kind: "drawing", id: "drawing", art: line(9), box },
    ];
    const elements = parts.map((element) => ({ element, locks: {}, prints: true }));
    await write("club-2.json", { ...club, elements });
    const laid = lay({ ...club, elements } as unknown as Template);
    const others = [{ shape: "star" }, { art: "own.theirs" }, { art: line(8) }];
    const changed = (at: number) => ({
      ...laid,
      elements: laid.elements.map((element, index) => (index === at + 1 ? { ...element, ...others[at] } : element)),
    });
    const { server, put } = await openWith(offering({ shapes: false, stickers: true, drawings: false }));
    expect(await codeOf(await put(laid))).toMatch(/^200/);
    for (const at of others.keys())
      expect(await codeAndDetail(await put(changed(at) as Design))).toEqual([
        "422 not-offered",
        `body.elements[${at + 1}]: such an element is not offered with photo-landscape.`,
      ]);
    await server.close();
    const open = await openWith(offering({ shapes: true, stickers: true, drawings: true }));
    for (const at of [0, 2]) expect(await codeOf(await open.put(changed(at) as Design))).toMatch(/^200/);
    await open.server.close();
  });

  test("that is not offered, or no such version of it, is refused with the choice", async () => {
    const { server, put } = await openWith(offering({ templates: ["club", "film"] }));
    const film = listBuiltIn(landscape).find(({ id }) => id === "film")!;
    expect(await codeOf(await put(lay(film)))).toMatch(/^200/);
    for (const template of [
      { id: "club", version: 3 },
      { id: "line", version: 1 },
      { id: "gone", version: 1 },
    ]) {
      expect(await codeAndDetail(await put({ ...lay(club), template }))).toEqual([
        "422 not-offered",
        "body.template: this template, or this version of it, is not offered with photo-landscape; those are club (version 2), film (version 1).",
      ]);
    }
    expect(await codeOf(await put({ ...lay(club), template: { id: "../x", version: 1 } }))).toBe("400 bad-request");
    await server.close();
    const none = await openWith({});
    expect((await codeAndDetail(await none.put(lay(film))))[1]).toContain("none is.");
    await none.server.close();
  });
});
