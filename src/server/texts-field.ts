import * as z from "zod";
import { textScripts } from "#card/products.ts";
import { leastTextPoints, mostLeastTextPoints } from "#design/text-policy.ts";
import { maxLetters, maxLines } from "#design/text-rules.ts";
import { text } from "./json-file.ts";

const scriptsExpected = `an array of 1 to ${textScripts.length}, each once, of ${textScripts.join(", ")}`;
const coloursExpected = "an array of 1 to 12 colours such as #102a43";
const colour = text(coloursExpected, (given) => /^#[0-9a-f]{6}$/i.test(given)).transform((given) =>
  given.toLowerCase(),
);

function whole(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected).optional();
}

const textPolicy = {
  scripts: z
    .array(z.enum(textScripts, scriptsExpected), scriptsExpected)
    .min(1, scriptsExpected)
    .refine((given) => new Set(given).size === given.length, scriptsExpected)
    .optional(),
  lines: whole(1, maxLines),
  letters: whole(2, maxLetters),
  leastPoints: whole(leastTextPoints, mostLeastTextPoints),
  colours: z.array(colour, coloursExpected).min(1, coloursExpected).max(12, coloursExpected).optional(),
};
const textsExpected = `true, false or an object whose fields are among ${Object.keys(textPolicy).join(", ")}`;
const textsObject = z.strictObject(textPolicy, textsExpected);

/** Whether, and which, texts a product offers. In place of a union, which would not say what in the object is wrong. */
export const textsField = z.unknown().transform((given, context) => {
  if (typeof given === "boolean") return given;
  const { data, error } = textsObject.safeParse(given);
  for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue);
  return data ?? z.NEVER;
});
