import path from "node:path";
import * as z from "zod";
import { products } from "#card/products.ts";
import { providers } from "#providers/providers.ts";
import { readSettings, type Source, secretsOf } from "#providers/setting.ts";
import { cardFields, logoField, readLogo } from "./brand.ts";
import type { Issuer, Platform } from "./issuers.ts";
import {
  fields,
  gatherRefusals,
  named,
  oneOf,
  type Path,
  placeOf,
  type Refuse,
  readJsonFile,
  text,
} from "./json-file.ts";
import { nameField, namesOf, plainNameOf } from "./names.ts";
import { ownFiltersField, readOwnFilters, refuseUnknownFilters } from "./own-filters.ts";
import { allNamesOf, ownStickersField, readOwnStickers } from "./own-stickers.ts";
import { ownTemplatesField, readOwnTemplates, refuseUnknownTemplates } from "./own-templates.ts";
import { isPageOrigin } from "./sessions/origins.ts";

const productIds = products.map(({ id }) => id);
const providerNames = providers.map(({ name }) => name);
const asBrowsersWrite = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
const hash = text("sha256: and 64 hexadecimal digits, as npx fullbleed issuer-key prints them", (given) =>
  /^sha256:[0-9a-f]{64}$/i.test(given),
).transform((given) => given.slice("sha256:".length).toLowerCase());
const keys = "an array of the hashes of at most two keys";
const origins = "an array of 1 to 50 origins";
const originList = z
  .array(
    text(
      "an origin as browsers write it, https (or http on this machine), such as https://bank.example, or an app's, such as capacitor://localhost",
      (given) => isPageOrigin(given) && asBrowsersWrite.test(given),
    ),
    origins,
  )
  .min(1, origins)
  .max(50, origins);
const webhooks = "an array of at most 20 addresses with their secrets";

const issuer = fields({
  id: text("1 to 40 of a-z, 0-9 and -", (given) => /^[a-z0-9-]{1,40}$/.test(given)),
  name: nameField,
  logo: logoField.optional(),
  filters: ownFiltersField.optional(),
  stickers: ownStickersField.optional(),
  stickerGroup: nameField.optional(),
  templates: ownTemplatesField.optional(),
  keys: z.array(hash, keys).max(2, keys),
  origins: originList.optional(),
  returnOrigins: originList.optional(),
  products: named(
    productIds,
    fields({
      provider: oneOf(providerNames),
      ...cardFields,
    }),
  ),
  providers: named(
    providerNames,
    z.record(z.string(), z.unknown(), "an object from the names of the platform's settings to their values"),
  ),
  webhooks: z
    .array(fields({ url: z.unknown(), secret: z.unknown() }), webhooks)
    .max(20, webhooks)
    .optional(),
});
const many = "an array of 1 to 1000 issuers";
const file = fields({ issuers: z.array(issuer, many).min(1, many).max(1000, many) });
type Entry = z.output<typeof issuer>;

/** Gathers what is wrong, and what is to be kept secret. */
interface Reading {
  readonly env: Source;
  readonly isWebhookAddress: (url: string) => boolean;
  readonly secrets: string[];
  readonly refuse: Refuse;
  /** Of the file. */
  readonly folder: string;
}

const variableExpected = '{ "env": "NAME" } with the name of a variable that is set';

/** A text that stands there, or in the environment; for a setting that is JSON, also as such. Undefined when refused. */
function readText(reading: Reading, path: Path, value: unknown, isJson = false): string | undefined {
  if (typeof value === "string") return value;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isObject && "env" in value) {
    const name = Object.keys(value).length === 1 && typeof value.env === "string" ? value.env : "";
    const found = Object.hasOwn(reading.env, name) ? reading.env[name] : undefined;
    if (found === undefined || found === "") return reading.refuse(path, `is not set: expected ${variableExpected}`);
    reading.secrets.push(found);
    return found;
  }
  if (isObject && isJson) return JSON.stringify(value);
  const expected = `a text${isJson ? ", an object" : ""} or ${variableExpected}`;
  return reading.refuse(path, `is ${value === undefined ? "missing" : "not valid"}: expected ${expected}`);
}

function readPlatform(reading: Reading, path: Path, name: string, given: Record<string, unknown>): Platform[] {
  const definition = providers.find((one) => one.name === name);
  if (definition === undefined) return [];
  const known = new Map(Object.values(definition.settings).map((one) => [one.variable, one]));
  const source: Record<string, string> = {};
  const settled = new Set<string>();
  for (const [variable, value] of Object.entries(given)) {
    const setting = known.get(variable);
    const place = [...path, variable];
    const found =
      setting === undefined
        ? reading.refuse(place, `is not known: ${name} has no such setting`)
        : readText(reading, place, value, setting.json === true);
    if (found === undefined) settled.add(variable);
    else source[variable] = found;
  }
  const { values, wrong } = readSettings(definition.settings, source);
  for (const sentence of wrong) {
    const [, variable = "", rest = ""] = /^(\S+) (.*)\.$/.exec(sentence) ?? [];
    // What has been refused is not missing besides.
    if (!settled.has(variable)) reading.refuse([...path, variable], rest);
  }
  reading.secrets.push(...(wrong.length === 0 ? secretsOf(definition.settings, values) : []));
  return [{ definition, values }];
}

const secretForm = /^whsec_(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function readWebhooks(reading: Reading, path: Path, given: NonNullable<Entry["webhooks"]>): Issuer["webhooks"] {
  const read = given.map((one, index) => {
    const at = [...path, index];
    const url = readText(reading, [...at, "url"], one.url);
    if (url !== undefined && !reading.isWebhookAddress(url))
      reading.refuse([...at, "url"], "is not valid: expected an https address in a public network, without a user");
    const secret = readText(reading, [...at, "secret"], one.secret);
    if (secret !== undefined && !secretForm.test(secret))
      reading.refuse([...at, "secret"], "is not valid: expected whsec_ and 24 to 60 random bytes in base64");
    if (secret !== undefined) reading.secrets.push(secret);
    return { url: url ?? "", secret: secret ?? "" };
  });
  refuseRepeated(
    reading,
    read,
    ({ url }) => [url].filter((one) => one !== ""),
    (index) => [...path, index, "url"],
  );
  return read;
}

/** Refuses what an earlier one has too. */
function refuseRepeated<One>(
  reading: Reading,
  all: readonly One[],
  namesOf: (one: One) => readonly string[],
  pathOf: (index: number, position: number) => Path,
  seen = new Set<string>(),
): void {
  for (const [index, one] of all.entries()) {
    for (const [position, name] of namesOf(one).entries()) {
      if (seen.has(name)) reading.refuse(pathOf(index, position), "stands elsewhere too: expected one of its own");
      seen.add(name);
    }
  }
}

function readIssuer(reading: Reading, entry: Entry, index: number): Issuer {
  const at = (...path: Path): Path => ["issuers", index, ...path];
  const begun = reading.secrets.length;
  const platforms = Object.entries(entry.providers).flatMap(([name, given]) =>
    readPlatform(reading, at("providers", name), name, given ?? {}),
  );
  const ownFilters = readOwnFilters(reading.refuse, at("filters"), entry.filters ?? {}, reading.folder);
  const ownTemplates = readOwnTemplates(reading.refuse, at("templates"), entry.templates ?? [], reading.folder);
  const made = Object.entries(entry.products).flatMap(([id, product]) => {
    if (product === undefined) return [];
    if (!Object.hasOwn(entry.providers, product.provider))
      reading.refuse(at("products", id, "provider"), "is not valid: expected one of this issuer's providers");
    const { provider, texts = {}, art, features } = product;
    refuseUnknownFilters(reading.refuse, at("products", id, "features", "filters"), features?.filters, ownFilters);
    const placeOfTemplates = at("products", id, "features", "templates");
    refuseUnknownTemplates(reading.refuse, placeOfTemplates, features?.templates, ownTemplates, id);
    return [[id, { provider, texts, art, features }] as const];
  });
  const own = readWebhooks(reading, at("webhooks"), entry.webhooks ?? []);
  return {
    id: entry.id,
    place: placeOf(at()),
    name: plainNameOf(entry.name),
    names: namesOf(entry.name),
    logo: entry.logo && readLogo(reading.refuse, at("logo"), entry.logo, reading.folder),
    ownFilters,
    ownStickers: readOwnStickers(reading.refuse, at("stickers"), entry.stickers ?? {}, reading.folder),
    stickerGroup: entry.stickerGroup === undefined ? undefined : allNamesOf(entry.stickerGroup),
    ownTemplates,
    keyHashes: entry.keys,
    origins: entry.origins,
    returnOrigins: entry.returnOrigins ?? [],
    products: Object.fromEntries(made),
    platforms,
    webhooks: own,
    secrets: reading.secrets.slice(begun),
  };
}

/**
 * The issuers of the file with this name. `before` are those of the environment, who may have none of their ids and keys. `wrong` has one
 * line for each place that is not as it should be, with what is expected and never with a value.
 */
export function readIssuersFile(
  fileName: string,
  env: Source,
  before: readonly Issuer[],
  isWebhookAddress: (url: string) => boolean,
): { readonly issuers: readonly Issuer[]; readonly wrong: readonly string[] } {
  const { refuse, wrong } = gatherRefusals("FULLBLEED_ISSUERS");
  const reading: Reading = { env, isWebhookAddress, secrets: [], refuse, folder: path.dirname(fileName) };
  const data = readJsonFile(fileName, file, refuse);
  if (data === undefined) return { issuers: [], wrong: wrong() };
  const issuers = data.issuers.map((entry, index) => readIssuer(reading, entry, index));
  const ids = new Set(before.map(({ id }) => id));
  const hashes = new Set(before.flatMap(({ keyHashes }) => keyHashes));
  refuseRepeated(
    reading,
    issuers,
    ({ id }) => [id],
    (index) => ["issuers", index, "id"],
    ids,
  );
  const pathOfKey = (index: number, position: number): Path => ["issuers", index, "keys", position];
  refuseRepeated(reading, issuers, ({ keyHashes }) => keyHashes, pathOfKey, hashes);
  return { issuers, wrong: wrong() };
}
