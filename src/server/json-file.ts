import { readFileSync } from "node:fs";
import * as z from "zod";
import { toOneLine } from "#contracts/one-line.ts";
import { hasRepeatedName } from "./repeated-names.ts";

/** A text of which `expected` ends the sentence "expected ...". */
export function text(expected: string, holds: (text: string) => boolean) {
  return z.custom<string>((value) => typeof value === "string" && holds(value), expected);
}

export function line(most: number) {
  const holds = (given: string) => given.length <= most && given.trim() !== "" && toOneLine(given) === given;
  return text(`1 to ${most} characters in one line`, holds);
}

export function oneOf(names: readonly string[]) {
  return text(names.join(" or "), (given) => names.includes(given));
}

/** An object that has no other fields than these. */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(", ");
  return z.strictObject(shape, `an object whose fields are ${names}`);
}

/** An object from one of these names to what `value` allows. */
export function named<Value extends z.ZodType>(names: readonly string[], value: Value) {
  return z.partialRecord(z.enum(names), value, `an object whose fields are among ${names.join(", ")}`);
}

export type Path = readonly PropertyKey[];

/** Where in the file, such as `issuers[1].products.photo-fine.provider`. What is no name may be a value in the wrong place. */
export function placeOf(path: Path): string {
  const toName = (part: PropertyKey): string => (/^[\w-]{1,64}$/.test(String(part)) ? String(part) : "…");
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${toName(part)}`));
  return parts.join("").replace(/^\./, "") || "the file";
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

/** Takes a place in a file that is not as it should be, and the end of the sentence about it. */
export type Refuse = (place: Path, sentence: string) => undefined;

/** Gathers what is refused: one line for each place, with the variable that names the file, and never with a value. */
export function gatherRefusals(variable: string): { readonly refuse: Refuse; readonly wrong: () => readonly string[] } {
  const lines = new Set<string>();
  return {
    refuse(place, sentence) {
      lines.add(`${variable}: ${placeOf(place)} ${sentence}.`);
      return undefined;
    },
    wrong: () => [...lines],
  };
}

/** What the file at `path` holds, as the schema has it; undefined, and each fault refused, where it is not. */
export function readJsonFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  refuse: Refuse,
): z.output<Schema> | undefined {
  let json: unknown;
  try {
    json = parse(path);
  } catch (error) {
    return refuse([], (error as Error).message);
  }
  const { data, error } = schema.safeParse(json);
  if (error === undefined) for (const place of listNotRead(json)) refuse(place, "is not known: expected no such name");
  for (const issue of error?.issues ?? [])
    for (const [place, sentence] of explain(json, issue)) refuse(place, sentence);
  return data;
}
