import { expect, test, vi } from "vitest";
import type { Art } from "#design/elements.ts";
import { findSticker, loadStickers } from "#design/stickers/stickers.ts";
import { pageTransport } from "../api/request.ts";
import { nameSticker } from "../locales/sticker-words.ts";
import { offerOwnStickers } from "./own-stickers.ts";

const art: Art = { width: 100, height: 50, ops: [{ path: "M0 0L100 0L100 50Z", fill: "#1b6b47", rule: "nonzero" }] };
const wait = () => Promise.resolve();
const own = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, names: { en: `the ${id}`, de: `das ${id}` }, address: `/stickers/${id}.json` }));

test("an issuer's own sticker is loaded when it is asked for, once, and ours with it", async () => {
  const fetch = vi.fn(async () => Response.json(art));
  offerOwnStickers({ ownStickers: own("leaf") }, { ...pageTransport, fetch, wait });
  expect(fetch).not.toHaveBeenCalled();
  expect([nameSticker("own.leaf", "de"), nameSticker("own.leaf", "fr")]).toEqual(["das leaf", "the leaf"]);
  await loadStickers(["own.leaf", "airplane"]);
  await loadStickers(["own.leaf"]);
  expect(fetch).toHaveBeenCalledOnce();
  expect(findSticker("own.leaf")).toEqual(art);
  expect(findSticker("airplane")?.width).toBe(32);
});

test("is loaded in the drawing that it has now, also for a design that names it by its id alone", async () => {
  const fetch = vi.fn(async () => Response.json(art));
  const hash = "0123456789abcdef".repeat(4);
  const redrawn = own("redrawn").map((sticker) => ({ ...sticker, address: `/stickers/${hash}.json` }));
  offerOwnStickers({ ownStickers: redrawn }, { ...pageTransport, fetch, wait });
  const name = "own.redrawn-0123456789abcdef";
  expect(nameSticker(name, "de")).toBe("das redrawn");
  await loadStickers([name, "own.redrawn"]);
  expect([findSticker(name), findSticker("own.redrawn")]).toEqual([art, art]);
});

test.each<[string, () => Promise<Response>]>([
  ["what is no JSON", async () => new Response("<html>please sign in</html>")],
  ["a file that is not there", async () => new Response("{}", { status: 404 })],
  ["no outlines", async () => Response.json({ ...art, ops: [{ ...art.ops[0], path: "url(x)" }] })],
  ["no size", async () => Response.json({ ...art, width: -1 })],
  ["nothing", async () => Response.json(null)],
  ["no answer", () => Promise.reject(new TypeError("no connection"))],
])("%s is tried for three times, and again when it is asked for again", async (name, bad) => {
  const id = name.replaceAll(" ", "-");
  let left = 3;
  const fetch = vi.fn(() => (left-- > 0 ? bad() : Promise.resolve(Response.json(art))));
  offerOwnStickers({ ownStickers: own(id) }, { ...pageTransport, fetch, wait });
  await expect(loadStickers([`own.${id}`])).rejects.toThrow();
  expect(fetch).toHaveBeenCalledTimes(3);
  expect(findSticker(`own.${id}`)).toBeUndefined();
  await loadStickers([`own.${id}`]);
  expect(findSticker(`own.${id}`)).toEqual(art);
});
