import { expect, test, vi } from "vitest";
import { findProduct } from "#card/products.ts";
import { type ColourTable, makeColourTable, packTable } from "#design/colour-table.ts";
import { findFilter } from "#design/filters/filters.ts";
import { pageTransport } from "../api/request.ts";
import { loadOwnFilters } from "./own-filters.ts";

const plain = findProduct("photo-landscape")!;
const table = makeColourTable((colour) => {
  [colour[0], colour[2]] = [colour[2], colour[0]];
});

const own = (...ids: readonly string[]) => ids.map((id) => ({ id, names: { en: id }, address: `/filters/${id}.bin` }));
const wait = () => Promise.resolve();
const good = async (): Promise<Response> => new Response(packTable(table));

test("an issuer's own filters are loaded at once, each for itself, and those that are needed are waited for", async () => {
  const answers: Readonly<Record<string, () => Promise<Response>>> = {
    "/filters/good.bin": good,
    "/filters/gone.bin": async () => new Response("not here", { status: 404 }),
    "/filters/page.bin": async () => new Response("<html>please sign in</html>"),
    "/filters/none.bin": () => Promise.reject(new TypeError("no connection")),
    "/filters/slow.bin": () => new Promise(() => {}),
  };
  const told: ReadonlyMap<string, ColourTable>[] = [];
  const fetch = vi.fn((input: unknown): Promise<Response> => answers[String(input)]!());
  const ownFilters = own("good", "gone", "page", "none", "slow");
  const worker = { addFilters: (tables: ReadonlyMap<string, ColourTable>) => void told.push(tables) };
  const need = loadOwnFilters({ ownFilters }, { ...pageTransport, fetch, wait }, worker);
  expect(fetch).toHaveBeenCalledTimes(5);
  await need(["mono", "good"]);
  expect(told).toEqual([new Map([["good", table]])]);
  const colour: [number, number, number] = [1, 0.5, 0];
  findFilter("good")?.(colour);
  expect(colour).toEqual([0, expect.closeTo(0.5, 3), 1]);
  for (const id of ["gone", "page", "none"]) {
    await expect(need([id])).rejects.toThrow();
    expect(findFilter(id)).toBeUndefined();
  }
  const leaving = new AbortController();
  const waiting = need(["slow"], leaving.signal);
  leaving.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
});

test("a table that does not come is tried for three times, and again when it is needed", async () => {
  let left = 4;
  const fetch = vi.fn(() => (left-- > 0 ? Promise.reject(new TypeError("no connection")) : good()));
  const need = loadOwnFilters({ ownFilters: own("late") }, { ...pageTransport, fetch, wait }, { addFilters() {} });
  await expect(need(["late"])).rejects.toThrow("no connection");
  expect(fetch).toHaveBeenCalledTimes(3);
  await need(["late"]);
  expect(fetch).toHaveBeenCalledTimes(5);
  await need(["late"]);
  expect(fetch).toHaveBeenCalledTimes(5);
});

test("one that the issuer adds in mid-visit is loaded then, one that is as it was not again, and one with another table anew", async () => {
  const fetch = vi.fn((_address: unknown) => good());
  const told: string[] = [];
  const worker = { addFilters: (tables: ReadonlyMap<string, ColourTable>) => void told.push(...tables.keys()) };
  const need = loadOwnFilters({ ownFilters: own("first", "other") }, { ...pageTransport, fetch, wait }, worker);
  await need(["first", "other"]);
  await need(["added"]);
  expect(told).toEqual(["first", "other"]);
  const [first] = own("first");
  need.offer({ ownFilters: [{ ...first!, address: "/filters/first-2.bin" }, ...own("other", "added")] });
  await need(["first", "other", "added"]);
  expect(told).toEqual(["first", "other", "first", "added"]);
  expect(fetch.mock.calls.map(([address]) => address)).toEqual(
    ["first", "other", "first-2", "added"].map((name) => `/filters/${name}.bin`),
  );
});

/** What the worker is told of, by id. */
function listen(): { told: string[]; worker: { addFilters: (tables: ReadonlyMap<string, ColourTable>) => void } } {
  const told: string[] = [];
  return { told, worker: { addFilters: (tables) => void told.push(...tables.keys()) } };
}

test("two with the same table are two filters, and one that is renamed in mid-visit is there by its new id", async () => {
  const { told, worker } = listen();
  const [twin] = own("twin");
  const ownFilters = [twin!, { ...twin!, id: "other-twin" }];
  const need = loadOwnFilters({ ownFilters }, { ...pageTransport, fetch: good, wait }, worker);
  await need(["twin", "other-twin"]);
  need.offer({ ownFilters: [{ ...twin!, id: "renamed" }] });
  await need(["renamed"]);
  expect(told.toSorted()).toEqual(["other-twin", "renamed", "twin"]);
  for (const id of ["twin", "other-twin", "renamed"]) expect(findFilter(id), id).toBeDefined();
});

test("one that gets its former table back has it, and a table that comes after a newer one is not taken", async () => {
  const { told, worker } = listen();
  const [first] = own("back");
  const second = { ...first!, address: "/filters/back-2.bin" };
  const need = loadOwnFilters({ ownFilters: [first!] }, { ...pageTransport, fetch: good, wait }, worker);
  await need(["back"]);
  for (const now of [second, first!]) {
    need.offer({ ownFilters: [now] });
    await need(["back"]);
  }
  expect(told).toEqual(["back", "back", "back"]);
  const late = Promise.withResolvers<Response>();
  const fetch = (address: unknown) => (address === second.address ? late.promise : good());
  const another = listen();
  const needLate = loadOwnFilters({ ownFilters: [second] }, { ...pageTransport, fetch, wait }, another.worker);
  const waiting = needLate(["back"]);
  needLate.offer({ ownFilters: [first!] });
  await needLate(["back"]);
  late.resolve(await good());
  await waiting;
  expect(another.told).toEqual(["back"]);
});

test("where there are none nothing is asked for", async () => {
  const fetch = () => Promise.reject(new Error("asked"));
  const worker = { addFilters: () => expect.unreachable() };
  await loadOwnFilters(plain, { ...pageTransport, fetch }, worker)(["mono"]);
});
