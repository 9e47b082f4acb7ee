import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { inks } from "#card/art.ts";
import { products } from "#card/products.ts";
import { filterIds } from "#design/filters/filters.ts";
import { templateIdForm } from "#design/design.ts";
import { filterIdForm } from "#design/look.ts";
import { builtInIds } from "#design/templates/built-in.ts";
import { fields, gatherRefusals, line, named, type Path, type Refuse, readJsonFile, text } from "./json-file.ts";
import { language, nameField, namesOf, plainNameOf } from "./names.ts";
import { allNamesOf, type OwnStickerFile, ownStickersField, readOwnStickers } from "./own-stickers.ts";
import { type OwnFilterFile, ownFiltersField, readOwnFilters, refuseUnknownFilters } from "./own-filters.ts";
import { type OwnTemplateFile, ownTemplatesField, readOwnTemplates, refuseUnknownTemplates } from "./own-templates.ts";
import { groundsField, textsField } from "./texts-field.ts";

/** A file that the server holds and gives to anybody, under a name that changes with what is in it. */
export interface LogoFile {
  readonly address: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** An issuer's logo on light and on dark ground, and as it stands on the card. */
export interface Logo {
  readonly light: LogoFile;
  readonly dark: LogoFile;
  readonly card: LogoFile | undefined;
  /** It does not say the name, which therefore stands beside it. */
  readonly isWordless: boolean;
}

const file = text("the path of an SVG or PNG file", (given) => given.trim() !== "" && given.length <= 1000);
export const logoField = fields({
  light: file,
  dark: file.optional(),
  card: file.optional(),
  wordless: z.boolean("true or false").optional(),
});

const inkNames = Object.keys(inks);
const isInk = (given: string): boolean => Object.hasOwn(inks, given) || /^#[0-9a-f]{6}$/i.test(given);
const ink = text(`${inkNames.join(", ")} or a colour such as #102a43`, isInk).transform(
  (given) => (inks as Readonly<Record<string, string>>)[given] ?? given.toLowerCase(),
);

const filterIdsExpected = `true, false or an array of ids, of ${filterIds.join(", ")} and the issuer's own`;
const filterId = text(filterIdsExpected, (given) => filterIdForm.test(given));

const templateIdsExpected = `true, false or an array of ids, of ${builtInIds.join(", ")} and the issuer's own`;
const templateId = text(templateIdsExpected, (given) => templateIdForm.test(given));

/** What an issuer says and shows of one of its cards, and offers with it. */
export const cardFields = {
  texts: z
    .record(
      language,
      fields({ name: line(60), intro: line(200).optional() }),
      "an object from language, such as en, to the texts",
    )
    .optional(),
  art: fields({
    ink: ink.optional(),
    chip: z.enum(["gold", "silver"], "gold or silver").optional(),
    contacts: z.literal([6, 8], "6 or 8").optional(),
    logo: z.enum(["top-left", "top-right"], "top-left or top-right").optional(),
  }).optional(),
  features: fields({
    filters: z
      .union([z.boolean(), z.array(filterId, filterIdsExpected).max(50, filterIdsExpected)], filterIdsExpected)
      .optional(),
    shapes: z.boolean("true or false").optional(),
    stickers: z.boolean("true or false").optional(),
    drawings: z.boolean("true or false").optional(),
    texts: textsField.optional(),
    grounds: groundsField.optional(),
    templates: z
      .union([z.boolean(), z.array(templateId, templateIdsExpected).max(50, templateIdsExpected)], templateIdsExpected)
      .optional(),
  }).optional(),
} as const;

const maxLogoBytes = 64 * 1024;
const usable = "an SVG in UTF-8 with its xmlns and a viewBox and no entities of its own, or a PNG, of at most 64 kB";
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function kindOf(bytes: Buffer): { readonly type: string; readonly ending: string } | undefined {
  if (bytes.subarray(0, pngSignature.length).equals(pngSignature)) return { type: "image/png", ending: "png" };
  const markup = bytes.toString("utf8").replaceAll(/<!--[\s\S]*?-->/g, "");
  // A declaration that goes on in brackets is not read over: with entities in it a few bytes can become any number.
  const [root] = /^\uFEFF?\s*(?:<\?[^>]*>\s*)?(?:<!DOCTYPE[^>]*>\s*)?<svg\s[^>]*>/.exec(markup) ?? [];
  // Without them a browser does not show it as a picture, or not in its own shape.
  const isNamed = root !== undefined && /\sxmlns\s*=\s*(["'])http:\/\/www\.w3\.org\/2000\/svg\1/.test(root);
  const isDrawn = isNamed && /\sviewBox\s*=/.test(root);
  return isDrawn ? { type: "image/svg+xml", ending: "svg" } : undefined;
}

function readLogoFile(refuse: Refuse, at: Path, name: string): LogoFile | undefined {
  let bytes: Buffer;
  try {
    const found = statSync(name);
    if (!found.isFile() || found.size > maxLogoBytes) return refuse(at, `cannot be used: expected ${usable}`);
    bytes = readFileSync(name);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown";
    return refuse(at, `cannot be read (${code}): expected the path of a file, as seen from the folder of this one`);
  }
  const kind = kindOf(bytes);
  if (kind === undefined) return refuse(at, `cannot be used: expected ${usable}`);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { address: `/logos/${hash}.${kind.ending}`, type: kind.type, bytes };
}

/** The files that an issuer's `logo` names, from the folder of the file that it stands in. Undefined when one was refused. */
export function readLogo(
  refuse: Refuse,
  at: Path,
  { light, dark = light, card, wordless = false }: z.output<typeof logoField>,
  folder: string,
): Logo | undefined {
  const read = (field: string, name: string) => readLogoFile(refuse, [...at, field], path.resolve(folder, name));
  const onLight = read("light", light);
  const onDark = dark === light ? onLight : read("dark", dark);
  const onCard = card === undefined ? undefined : read("card", card);
  if (onLight === undefined || onDark === undefined) return undefined;
  return { light: onLight, dark: onDark, card: onCard, isWordless: wordless };
}

const card = fields(cardFields);
const productIds = products.map(({ id }) => id);
const brandFile = fields({
  name: nameField.optional(),
  logo: logoField.optional(),
  filters: ownFiltersField.optional(),
  stickers: ownStickersField.optional(),
  stickerGroup: nameField.optional(),
  templates: ownTemplatesField.optional(),
  products: named(productIds, card).optional(),
});

/** What the issuer of the environment is called and looks like, beyond what variables can say. */
export interface Brand {
  readonly names: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly logo?: Logo | undefined;
  readonly ownFilters?: readonly OwnFilterFile[];
  readonly ownStickers?: readonly OwnStickerFile[];
  readonly stickerGroup?: Readonly<Record<string, string>>;
  readonly ownTemplates?: readonly OwnTemplateFile[];
  readonly products: Readonly<Record<string, z.output<typeof card> | undefined>>;
}

/** The brand in the file with this name. `wrong` has one line for each place that is not as it should be, never with a value. */
export function readBrandFile(fileName: string): { readonly brand: Brand; readonly wrong: readonly string[] } {
  const { refuse, wrong } = gatherRefusals("FULLBLEED_BRAND");
  const data = readJsonFile(fileName, brandFile, refuse);
  const { logo, filters = {}, templates = [] } = data ?? {};
  const folder = path.dirname(fileName);
  const ownFilters = readOwnFilters(refuse, ["filters"], filters, folder);
  const ownTemplates = readOwnTemplates(refuse, ["templates"], templates, folder);
  for (const [id, { features }] of Object.entries(data?.products ?? {}) as [string, z.output<typeof card>][]) {
    const at = ["products", id, "features"];
    refuseUnknownFilters(refuse, [...at, "filters"], features?.filters, ownFilters);
    refuseUnknownTemplates(refuse, [...at, "templates"], features?.templates, ownTemplates, id);
  }
  const brand = {
    ownFilters,
    ownStickers: readOwnStickers(refuse, ["stickers"], data?.stickers ?? {}, folder),
    ...(data?.stickerGroup !== undefined && { stickerGroup: allNamesOf(data.stickerGroup) }),
    ownTemplates,
    names: data?.name === undefined ? {} : namesOf(data.name),
    ...(data?.name !== undefined && { name: plainNameOf(data.name) }),
    ...(logo !== undefined && { logo: readLogo(refuse, ["logo"], logo, folder) }),
    products: data?.products ?? {},
  };
  return { brand, wrong: wrong() };
}

/** Of the issuer, as the frame is told: undefined without a logo. */
export function describeLogo(logo: Logo | undefined) {
  if (logo === undefined) return undefined;
  const { light, dark, card, isWordless } = logo;
  return {
    light: light.address,
    dark: dark.address,
    ...(card !== undefined && { card: card.address }),
    ...(isWordless && { wordless: true }),
  };
}
