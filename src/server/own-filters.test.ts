import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionView } from "#contracts/session.ts";
import { packTable, unpackTable } from "#design/colour-table.ts";
import { readCube } from "#design/filters/cube.ts";
import { filterIds } from "#design/filters/filters.ts";
import { ConfigError, readConfig } from "./config.ts";
import { openTestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { codeOf, enterSession, testDesign } from "./testing/issuer.ts";

const turned = Array.from({ length: 8 }, (_, node) => `${1 - (node & 1)} ${(node >> 1) & 1} ${node >> 2}`);
const cube = ["LUT_3D_SIZE 2", ...turned].join("\n");

let folder: string;
const brandFile = (): string => path.join(folder, "brand.json");
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  await writeFile(path.join(folder, "own.cube"), cube);
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

const own = { "harbour-blue": { cube: "own.cube", name: { en: "Harbour blue", de: "Hafenblau" } } };
const offering = (filters: unknown) => ({ filters: own, products: { "photo-landscape": { features: { filters } } } });

async function openWith(brand: object) {
  await writeFile(brandFile(), JSON.stringify(brand));
  const server = await openTestApp({ env: { FULLBLEED_BRAND: brandFile() } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  const put = (filter: unknown, at = "design"): Promise<Response> => {
    const address = `/v1/sessions/${frame.sessionId}/${at}`;
    return fetch(url + address, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) },
      body: JSON.stringify({ ...testDesign, look: { filter } }),
    });
  };
  const view = async (): Promise<SessionView> => {
    const address = `/v1/sessions/${frame.sessionId}`;
    return (await (await fetch(url + address, { headers: frame.show("GET", address) })).json()) as SessionView;
  };
  return { server, url, put, view };
}

describe("an issuer's own filter", () => {
  test("is told to the frame, and its table is what the file says", async () => {
    const { server, url, view } = await openWith(offering(["mono", "harbour-blue"]));
    const { ownFilters, features } = await view();
    const address = `/filters/${createHash("sha256")
      .update(packTable(readCube(cube)))
      .digest("hex")}.bin`;
    expect(features).toEqual({ filters: ["mono", "harbour-blue"] });
    expect(ownFilters).toEqual([{ id: "harbour-blue", names: { en: "Harbour blue", de: "Hafenblau" }, address }]);
    const answer = await fetch(url + address);
    expect([answer.status, answer.headers.get("content-encoding"), answer.headers.get("cache-control")]).toEqual([
      200,
      "gzip",
      "public, max-age=31536000, immutable",
    ]);
    expect(unpackTable(await answer.arrayBuffer())).toEqual(readCube(cube));
    expect((await fetch(`${url}/filters/${"0".repeat(64)}.bin`)).status).toBe(404);
    await server.close();
  });

  test.each([
    [
      "a file that is not there",
      { cube: "none.cube", name: "x" },
      "filters.own.cube cannot be read (ENOENT): expected the path of a file, as seen from the folder of this one.",
    ],
    ["no file", { cube: ".", name: "x" }, "filters.own.cube cannot be used: expected a file of at most 16 MB."],
    ["no name", { cube: "own.cube" }, /^filters\.own\.name is missing/],
  ])("with %s stops the start", async (_, filter, line) => {
    expect(await refusals({ filters: { own: filter } })).toEqual([
      typeof line === "string" ? line : expect.stringMatching(line),
    ]);
  });

  test("whose file is broken stops the start, with the line of the file and nothing of what is in it", async () => {
    await writeFile(path.join(folder, "own.cube"), cube.replace("1 1 0", "1 secret 0"));
    expect(await refusals({ filters: own })).toEqual([
      "filters.harbour-blue.cube cannot be used: at line 4 of the file, expected three numbers of at most 1000, and nothing else.",
    ]);
    await writeFile(path.join(folder, "own.cube"), "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n");
    expect((await refusals({ filters: own })).join()).toContain(
      "at line 1 of the file, expected a table of three dimensions",
    );
  });

  test("takes the id of none of ours, and a product offers none that nobody has", async () => {
    expect((await refusals({ filters: { mono: own["harbour-blue"] } })).join()).toMatch(/^filters/);
    expect((await refusals({ filters: { "../x": own["harbour-blue"] } })).join()).toMatch(/^filters/);
    expect(await refusals(offering(["mono", "sepia"]))).toEqual([
      `products.photo-landscape.features.filters[1] is not known: expected one of ${[...filterIds, "harbour-blue"].join(", ")}.`,
    ]);
    expect((await refusals(offering("mono"))).join()).toMatch(
      /^products\.photo-landscape\.features\.filters is not valid/,
    );
    expect(await refusals(offering(false))).toEqual([]);
  });
});

describe("a design with a filter", () => {
  test("is stored where the product offers it, and refused with the choice where it does not", async () => {
    const { server, put } = await openWith(offering(["mono", "harbour-blue"]));
    expect((await put({ id: "harbour-blue", percent: 40 })).status).toBe(200);
    expect((await put({ id: "mono", percent: 100 })).status).toBe(200);
    for (const at of ["design", "draft"]) {
      const refused = await put({ id: "warm", percent: 100 }, at);
      const told = (await refused.clone().json()) as { detail: string };
      expect(await codeOf(refused)).toBe("422 not-offered");
      expect(told.detail).toBe(
        "body.look.filter.id: this filter is not offered with photo-landscape; those are mono, harbour-blue.",
      );
    }
    expect(await codeOf(await put({ id: "mono", percent: 0 }))).toBe("400 bad-request");
    await server.close();
  });

  test("may have any of ours where nothing is said, and none where none is offered", async () => {
    const all = await openWith({});
    for (const id of filterIds) expect((await all.put({ id, percent: 50 })).status, id).toBe(200);
    expect(await codeOf(await all.put({ id: "harbour-blue", percent: 50 }))).toBe("422 not-offered");
    expect((await all.view()).features).toBeUndefined();
    await all.server.close();
    const none = await openWith(offering(false));
    expect(await codeOf(await none.put({ id: "warm", percent: 50 }))).toBe("422 not-offered");
    await none.server.close();
  });
});
