import * as z from "zod";
import { textScripts } from "#card/products.ts";
import { leastTextPoints, mostLeastTextPoints } from "#design/text-policy.ts";
import { maxLetters, maxLines } from "#design/text-rules.ts";
import { text } from "./json-file.ts";

const scriptsExpected = `an array of 1 to ${textScripts.length}, each once, of ${textScripts.join(", ")}`;
const coloursExpected = "an array of 1 to 12 colours such as #102a43";
function colourOf(expected: string) {
  return text(expected, (given) => /^#[0-9a-f]{6}$/i.test(given)).transform((given) => given.toLowerCase());
}
const colour = colourOf(coloursExpected);

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

/** Whether something is offered, or what of it. In place of a union, which would not say what in the object is wrong. */
function yesNoOr<Policy extends z.ZodType>(policy: Policy) {
  return z.unknown().transform((given, context): boolean | z.output<Policy> => {
    if (typeof given === "boolean") return given;
    const { data, error } = policy.safeParse(given);
    for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: given } as z.core.$ZodRawIssue);
    return data ?? z.NEVER;
  });
}

/** Whether, and which, texts a product offers. */
export const textsField = yesNoOr(textsObject);

const groundsExpected = "true, false or an object with colours, and gradients where there are any";
const gradientsExpected = "an array of at most 12 pairs of colours such as { from: #102a43, to: #f2c6a0 }";
const gradientColour = colourOf(gradientsExpected);

/** Whether, and of which grounds, a product offers cards without a photo. */
export const groundsField = yesNoOr(
  z.strictObject(
    {
      colours: z.array(colour, coloursExpected).min(1, coloursExpected).max(12, coloursExpected),
      gradients: z
        .array(z.strictObject({ from: gradientColour, to: gradientColour }, gradientsExpected), gradientsExpected)
        .max(12, gradientsExpected)
        .optional(),
    },
    groundsExpected,
  ),
);
