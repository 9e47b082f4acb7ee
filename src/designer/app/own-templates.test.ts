import { expect, test, vi } from "vitest";
import { findProduct } from "#card/products.ts";
import type { Template } from "#design/templates/template.ts";
import { findTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { pageTransport } from "../api/request.ts";
import { loadOwnTemplates } from "./own-templates.ts";

const wait = () => Promise.resolve();
const offering = (...templates: readonly Template[]) => ({
  ...findProduct("photo-landscape")!,
  ownTemplates: templates.map(({ id, version, names }) => ({ id, version, names, address: `/templates/${id}.json` })),
});

test("an issuer's own template is loaded once, when it is needed, and is that which is offered", async () => {
  const own = { ...club, id: "own" };
  const fetch = vi.fn(async () => Response.json(own));
  const product = offering(own);
  const load = loadOwnTemplates(() => product, { ...pageTransport, fetch, wait });
  expect(fetch).not.toHaveBeenCalled();
  expect(findTemplate(own, product)).toBeUndefined();
  await Promise.all([load(own), load(own)]);
  await load(own);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(findTemplate(own, product)).toEqual(own);
  expect(findTemplate(own, findProduct("photo-landscape")!)).toBeUndefined();
  await load({ id: "film", version: 1 });
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("one that the issuer has only added since is loaded as well", async () => {
  const added = { ...club, id: "added" };
  let product = offering(club);
  const fetch = async (): Promise<Response> => Response.json(added);
  const load = loadOwnTemplates(() => product, { ...pageTransport, fetch, wait });
  product = offering(added);
  await load(added);
  expect(findTemplate(added, product)).toEqual(added);
});

test("one that does not come is tried for three times, and again when it is needed", async () => {
  const late = { ...club, id: "late" };
  let left = 4;
  const fetch = vi.fn(async () => {
    if (left-- > 0) throw new TypeError("no connection");
    return Response.json(late);
  });
  const load = loadOwnTemplates(() => offering(late), { ...pageTransport, fetch, wait });
  await expect(load(late)).rejects.toThrow("no connection");
  expect(fetch).toHaveBeenCalledTimes(3);
  await load(late);
  expect(findTemplate(late, offering(late))).toEqual(late);
});

test.each([
  ["another version than was offered", { ...club, id: "odd", version: 7 }],
  ["what only a later version can read", { ...club, id: "odd", glow: true }],
  ["no template at all", ["please sign in"]],
])("of %s there is no template", async (_, content) => {
  const odd = { ...club, id: "odd" };
  const fetch = async (): Promise<Response> => Response.json(content);
  await loadOwnTemplates(() => offering(odd), { ...pageTransport, fetch, wait })(odd);
  expect(findTemplate(odd, offering(odd))).toBeUndefined();
});
