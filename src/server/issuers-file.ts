import { readFileSync } from "node:fs";
import * as z from "zod";
import { products } from "#card/products.ts";
import { toOneLine } from "#contracts/one-line.ts";
import { providers } from "#providers/providers.ts";
import { readSettings, type Source, secretsOf } from "#providers/setting.ts";
import type { Issuer, Platform } from "./issuers.ts";
import { hasRepeatedName } from "./repeated-names.ts";
import { isPublicOrigin } from "./setting-kinds.ts";

/** A text of which `expected` ends the sentence "expected ...". */
function text(expected: string, holds: (text: string) => boolean) {
  return z.custom<string>((value) => typeof value === "string" && holds(value), expected);
}

function line(most: number) {
  const holds = (given: string) => given.length <= most && given.trim() !== "" && toOneLine(given) === given;
  return text(`1 to ${most} characters in one line`, holds);
}

function oneOf(names: readonly string[]) {
  return text(names.join(" or "), (given) => names.includes(given));
}

/** An object that has no other fields than these. */
function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(", ");
  return z.strictObject(shape, `an object whose fields are ${names}`);
}

/** An object from one of these names to what `value` allows. */
function named<Value extends z.ZodType>(names: readonly string[], value: Value) {
  return z.partialRecord(z.enum(names), value, `an object whose fields are among ${names.join(", ")}`);
}

const productIds = products.map(({ id }) => id);
const providerNames = providers.map(({ name }) => name);
const asBrowsersWrite = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
const hash = text("sha256: and 64 hexadecimal digits, as npx fullbleed issuer-key prints them", (given) =>
  /^sha256:[0-9a-f]{64}$/i.test(given),
).transform((given) => given.slice("sha256:".length).toLowerCase());
const keys = "an array of the hashes of at most two keys";
const origins = "an array of 1 to 50 origins";
const webhooks = "an array of at most 20 addresses with their secrets";
const language = z.string().regex(/^[a-z]{2,3}$/);

const issuer = fields({
  id: text("1 to 40 of a-z, 0-9 and -", (given) => /^[a-z0-9-]{1,40}$/.test(given)),
  name: line(100),
  keys: z.array(hash, keys).max(2, keys),
  origins: z
    .array(
      text(
        "an origin as browsers write it, https (or http on this machine), such as https://bank.example",
        (given) => isPublicOrigin(given) && asBrowsersWrite.test(given),
      ),
      origins,
    )
    .min(1, origins)
    .max(50, origins)
    .optional(),
  products: named(
    productIds,
    fields({
      provider: oneOf(providerNames),
      texts: z
        .record(
          language,
          fields({ name: line(60), intro: line(200).optional() }),
          "an object from language, such as en, to the texts",
        )
        .optional(),
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

type Path = readonly PropertyKey[];

/** Where in the file, such as `issuers[1].products.photo-fine.provider`. What is no name may be a value in the wrong place. */
function toPlace(path: Path): string {
  const toName = (part: PropertyKey): string => (/^[\w-]{1,64}$/.test(String(part)) ? String(part) : "…");
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${toName(part)}`));
  return parts.join("").replace(/^\./, "") || "the file";
}

/** Gathers what is wrong, and what is to be kept secret. */
interface Reading {
  readonly env: Source;
  readonly isWebhookAddress: (url: string) => boolean;
  readonly secrets: string[];
  refuse(path: Path, sentence: string): undefined;
}

function explain(json: unknown, { path, ...issue }: z.core.$ZodIssue): [Path, string][] {
  const unknown = `is not known: expected ${issue.message}`;
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => [[...path, name], unknown]);
  if (issue.code === "invalid_key") return [[path, unknown]];
  const value = path.reduce((holder: unknown, part) => (holder as Record<PropertyKey, unknown>)?.[part], json);
  return [[path, `is ${value === undefined ? "missing" : "not valid"}: expected ${issue.message}`]];
}

/** What is read would be read without it. */
const notRead = "__proto__";

/** Where an object has that name. */
function listNotRead(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  if (Object.hasOwn(value, notRead)) return [[...path, notRead]];
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return parts.flatMap(([name, part]: [PropertyKey, unknown]) => listNotRead(part, [...path, name]));
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
  const made = Object.entries(entry.products).flatMap(([id, product]) => {
    if (product === undefined) return [];
    if (!Object.hasOwn(entry.providers, product.provider))
      reading.refuse(at("products", id, "provider"), "is not valid: expected one of this issuer's providers");
    return [[id, { provider: product.provider, texts: product.texts ?? {} }] as const];
  });
  const own = readWebhooks(reading, at("webhooks"), entry.webhooks ?? []);
  return {
    id: entry.id,
    place: toPlace(at()),
    name: entry.name,
    keyHashes: entry.keys,
    origins: entry.origins,
    products: Object.fromEntries(made),
    platforms,
    webhooks: own,
    secrets: reading.secrets.slice(begun),
  };
}

/** The file's JSON. Throws an Error with the end of a sentence: Node's own words may repeat what is in it. */
function parse(path: string): unknown {
  let json: string;
  try {
    json = readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`, { cause });
  }
  try {
    const parsed: unknown = JSON.parse(json.replace(/^\uFEFF/, ""));
    if (!hasRepeatedName(json)) return parsed;
  } catch (cause) {
    const [, position] = / position (\d+)/.exec((cause as Error).message) ?? [];
    const row = position === undefined ? "" : `: look at line ${json.slice(0, Number(position)).split("\n").length}`;
    throw new Error(`is not JSON${row}`, { cause });
  }
  throw new Error("has an object in which a name stands twice");
}

/**
 * The issuers of the file at `path`. `before` are those of the environment, who may have none of their ids and keys. `wrong` has one
 * line for each place that is not as it should be, with what is expected and never with a value.
 */
export function readIssuersFile(
  path: string,
  env: Source,
  before: readonly Issuer[],
  isWebhookAddress: (url: string) => boolean,
): { readonly issuers: readonly Issuer[]; readonly wrong: readonly string[] } {
  const lines = new Set<string>();
  const add = (where: string, sentence: string): void => void lines.add(`FULLBLEED_ISSUERS: ${where} ${sentence}.`);
  const reading: Reading = {
    env,
    isWebhookAddress,
    secrets: [],
    refuse(place, sentence) {
      add(toPlace(place), sentence);
      return undefined;
    },
  };
  let json: unknown;
  try {
    json = parse(path);
  } catch (error) {
    add("the file", (error as Error).message);
    return { issuers: [], wrong: [...lines] };
  }
  const { data, error } = file.safeParse(json);
  if (data !== undefined)
    for (const place of listNotRead(json)) reading.refuse(place, "is not known: expected no such name");
  for (const issue of error?.issues ?? [])
    for (const [place, sentence] of explain(json, issue)) reading.refuse(place, sentence);
  if (data === undefined) return { issuers: [], wrong: [...lines] };
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
  return { issuers, wrong: [...lines] };
}
