import { expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import { type ColourTable, makeColourTable, packTable } from "#design/colour-table.ts";
import { findFilter, listFilters } from "#design/filters/filters.ts";
import { pageTransport } from "../api/request.ts";
import { loadOwnFilters } from "./own-filters.ts";

const plain = findProduct("photo-landscape")!;
const table = makeColourTable((colour) => {
  [colour[0], colour[2]] = [colour[2], colour[0]];
});

test("an issuer's own filters are offered where their tables are there, and the designer opens without the others", async () => {
  const answers: Readonly<Record<string, () => Promise<Response>>> = {
    "/filters/good.bin": async () => new Response(packTable(table)),
    "/filters/gone.bin": async () => new Response("not here", { status: 404 }),
    "/filters/page.bin": async () => new Response("<html>please sign in</html>"),
    "/filters/none.bin": () => Promise.reject(new TypeError("no connection")),
  };
  const ownFilters = ["good", "gone", "page", "none"].map((id) => ({
    id,
    names: { en: id },
    address: `/filters/${id}.bin`,
  }));
  const told: ReadonlyMap<string, ColourTable>[] = [];
  const fetch = (input: unknown): Promise<Response> => answers[String(input)]!();
  const product = await loadOwnFilters(
    { ...plain, ownFilters, features: { filters: ["mono", "good", "gone"] } },
    { ...pageTransport, fetch },
    { addFilters: (tables) => void told.push(tables) },
  );
  expect(product.ownFilters).toEqual(ownFilters.slice(0, 1));
  expect(listFilters(product)).toEqual(["mono", "good"]);
  expect(told).toEqual([new Map([["good", table]])]);
  const colour: [number, number, number] = [1, 0.5, 0];
  findFilter("good")?.(colour);
  expect(colour).toEqual([0, expect.closeTo(0.5, 3), 1]);
  expect(findFilter("gone")).toBeUndefined();
});

test("where there are none nothing is asked for", async () => {
  const fetch = () => Promise.reject(new Error("asked"));
  const worker = { addFilters: () => expect.unreachable() };
  expect(await loadOwnFilters(plain, { ...pageTransport, fetch }, worker)).toBe(plain);
});
