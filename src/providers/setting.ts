import * as z from "zod";
import { products } from "#card/products.ts";
import { isEncryptedOrLocal } from "./encrypted-or-local.ts";

/** One value that an operator sets. */
export interface Setting {
  /** Its name in the environment, or in whatever record of names to strings the settings are read from. */
  readonly variable: string;
  readonly schema: z.ZodType;
  /** Ends the sentence "expected ...". */
  readonly expected: string;
  /** Its values are kept out of every log line and every answer. */
  readonly secret?: true;
  /** Its text is a JSON object, so that where the settings stand in JSON the object itself may stand there. */
  readonly json?: true;
}

export type Settings = Readonly<Record<string, Setting>>;
export type Values<All extends Settings> = { readonly [Name in keyof All]: z.output<All[Name]["schema"]> };
export type Source = Readonly<Record<string, string | undefined>>;

/**
 * The settings' values from a record of names to strings, where an empty string counts as none. `wrong` has one line for every
 * name that is missing or not valid, with what is expected and never with a value; while there is any, `values` are not whole.
 */
export function readSettings<All extends Settings>(
  settings: All,
  source: Source,
): { readonly values: Values<All>; readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  const entries = Object.entries<Setting>(settings).map(([name, { variable, schema, expected }]) => {
    const text = source[variable] === "" ? undefined : source[variable];
    const result = schema.safeParse(text);
    if (!result.success)
      wrong.push(`${variable} is ${text === undefined ? "missing" : "not valid"}: expected ${expected}.`);
    return [name, result.data] as const;
  });
  return { values: Object.fromEntries(entries) as Values<All>, wrong };
}

/** Every secret among the values, each of a table of them by itself. */
export function secretsOf<All extends Settings>(settings: All, values: Values<All>): string[] {
  return Object.entries<Setting>(settings)
    .filter(([, { secret }]) => secret === true)
    .flatMap(([name]) => {
      const value: unknown = values[name] ?? [];
      return typeof value === "string" ? [value] : Object.values(value as Record<string, string>);
    });
}

type Present<All> = {
  readonly [Name in keyof All as undefined extends All[Name] ? never : Name]: All[Name];
} & { readonly [Name in keyof All as undefined extends All[Name] ? Name : never]?: Exclude<All[Name], undefined> };

/** Without those that are undefined. */
export function leaveOutAbsent<All extends object>(values: All): Present<All> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<All>;
}

export function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom" });
    return z.NEVER;
  }
}

const productIds = products.map((product) => product.id);

/** A JSON object from product to what `value` allows, with at least one entry. */
export function byProduct<Value extends z.ZodType>(value: Value) {
  return z
    .string()
    .transform(parseJson)
    .pipe(z.partialRecord(z.enum(productIds), value))
    .refine((values) => Object.keys(values).length > 0);
}

/** For the sentence about such an object. */
export const listedProducts = `products are ${productIds.join(", ")}`;

export const xmlName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/);
export const headerName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
/** Keys and photos go there. */
export const webAddress = z.string().max(500).refine(isWebAddress);

function isWebAddress(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && isEncryptedOrLocal(url) && url.username === "" && url.password === "" && url.hash === "";
}

/** The sentence about a `webAddress`. */
export const addressOf = (what: string): string => `the address of ${what}, https (or http on this machine)`;

export function seconds(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);
}
