import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import type { Features, OwnTemplate } from "#card/products.ts";
import { builtInIds } from "#design/templates/built-in.ts";
import { isLaidAtOnce, type Template } from "#design/templates/template.ts";
import { findFault, templateFile } from "#design/templates/template-schema.ts";
import { canBeSet } from "#lettering/read-digits.ts";
import { readPath } from "#paint/read-path.ts";
import { isBuiltIn } from "#design/templates/templates.ts";
import { type Path, placeOf, type Refuse, text } from "./json-file.ts";
import { hasRepeatedName } from "./repeated-names.ts";
import { findCardNumber } from "./texts.ts";

/** One version of an issuer's own template, with its content as it goes over the wire. */
export interface OwnTemplateFile extends OwnTemplate {
  readonly template: Template;
  readonly bytes: Buffer;
}

const mostTemplates = 24;
const mostBytes = 256 * 1024;
const expected = `an array of at most ${mostTemplates} paths of JSON files`;

export const ownTemplatesField = z
  .array(
    text("the path of a JSON file", (given) => given.trim() !== "" && given.length <= 1000),
    expected,
  )
  .max(mostTemplates, expected);

type Read = { readonly template: Template } | { readonly fault: string };

/** What is wrong is told by its place in the file, and never with a value. */
function readTemplate(json: string): Read {
  let given: unknown;
  try {
    given = JSON.parse(json.replace(/^\uFEFF/, ""));
  } catch {
    return { fault: "expected JSON" };
  }
  if (hasRepeatedName(json)) return { fault: "expected no name twice in an object" };
  const { data, error } = templateFile.safeParse(given);
  if (error !== undefined) {
    const [issue] = error.issues;
    const isUnknown = issue?.code === "unrecognized_keys";
    const place = placeOf([...(issue?.path ?? []), ...(isUnknown ? issue.keys.slice(0, 1) : [])]);
    if (isUnknown) return { fault: `at ${place} of the file, expected no such name` };
    return { fault: `at ${place} of the file: ${sayIssue(issue?.message ?? "")}` };
  }
  const fault = findFault(data) ?? findUnpaintable(data) ?? findUnwritable(data);
  return fault === null ? { template: data } : { fault: `at ${fault.path} of the file, expected ${fault.expected}` };
}

/** An outline that no painter reads: no card of such a template could be printed. */
function findUnpaintable({ elements }: Template): ReturnType<typeof findFault> {
  for (const [at, { element }] of elements.entries()) {
    const op =
      element.kind === "drawing" ? element.art.ops.findIndex(({ path: d }) => typeof readPath(d) === "string") : -1;
    if (op >= 0)
      return {
        path: `elements[${at}].element.art.ops[${op}].path`,
        expected: "an outline such as M0 0L9 0Q9 9 0 9Z, with all its numbers",
      };
  }
  return null;
}

/** A text of which nothing would be printed, and a card number, with which every design would be refused. */
function findUnwritable({ elements }: Template): ReturnType<typeof findFault> {
  const unwritable = elements.findIndex(({ element }) => element.kind === "text" && !canBeSet(element.text));
  if (unwritable >= 0)
    return { path: `elements[${unwritable}].element.text`, expected: "letters that can be printed, and no emoji" };
  const laid = elements.filter(isLaidAtOnce);
  const at = findCardNumber(laid.map(({ element }) => element));
  if (at === undefined) return null;
  const part = laid.find((_, index) => index === at);
  const path = part === undefined ? "elements" : `elements[${elements.indexOf(part)}].element.text`;
  return { path, expected: "texts without a card number, with which every design would be refused" };
}

function sayIssue(message: string): string {
  return message.replace(/^Invalid input: |\.$/g, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

function readFile(refuse: Refuse, at: Path, name: string): OwnTemplateFile | undefined {
  let read: Read;
  try {
    const found = statSync(name);
    if (!found.isFile() || found.size > mostBytes)
      return refuse(at, `cannot be used: expected a file of at most ${mostBytes / 1024} kB`);
    read = readTemplate(readFileSync(name, "utf8"));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    return refuse(at, `cannot be read (${code}): expected the path of a file, as seen from the folder of this one`);
  }
  if ("fault" in read) return refuse(at, `cannot be used: ${read.fault}`);
  const { template } = read;
  if (isBuiltIn(template.id))
    return refuse(at, `cannot be used: at id of the file, expected none of ${builtInIds.join(", ")}`);
  const bytes = Buffer.from(JSON.stringify(template));
  const address = `/templates/${createHash("sha256").update(bytes).digest("hex")}.json`;
  return { id: template.id, version: template.version, names: template.names, address, template, bytes };
}

/** The templates of an issuer, whose files' names are seen from `folder`. Those that were refused are left out. */
export function readOwnTemplates(
  refuse: Refuse,
  at: Path,
  given: z.output<typeof ownTemplatesField>,
  folder: string,
): readonly OwnTemplateFile[] {
  const seen = new Set<string>();
  return given.flatMap((name, index) => {
    const file = readFile(refuse, [...at, index], path.resolve(folder, name));
    if (file === undefined) return [];
    const key = `${file.id} ${file.version}`;
    if (seen.has(key))
      refuse([...at, index], "cannot be used: expected another id or version than an earlier file has");
    seen.add(key);
    return [file];
  });
}

/** Those for this product, as browsers are told. */
export function describeOwnTemplates(files: readonly OwnTemplateFile[], productId: string) {
  return files
    .filter(({ template }) => template.products.includes(productId))
    .map(({ id, version, names, address }) => ({ id, version, names, address }));
}

/** Refuses the ids that a product offers and nobody has for it. */
export function refuseUnknownTemplates(
  refuse: Refuse,
  at: Path,
  offered: Features["templates"],
  own: readonly OwnTemplateFile[],
  productId: string,
): void {
  if (typeof offered !== "object") return;
  const known = [...builtInIds, ...new Set(describeOwnTemplates(own, productId).map(({ id }) => id))];
  for (const [index, id] of offered.entries())
    if (!known.includes(id)) refuse([...at, index], `is not known: expected one of ${known.join(", ")}`);
}
