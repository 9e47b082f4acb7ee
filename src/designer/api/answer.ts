import type * as z from "zod/mini";
import { NoConnection, parseJson } from "./request.ts";

/** The body of an answer in its agreed shape. An answer of any other shape did not come from our server whole. */
export async function parseAnswer<Schema extends z.ZodMiniType>(
  response: Response,
  schema: Schema,
): Promise<z.infer<Schema>> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw new NoConnection({ cause: error });
  }
  return parseText(text, schema);
}

/** The same for text that has already arrived. */
export function parseText<Schema extends z.ZodMiniType>(text: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new NoConnection({ cause: parsed.error });
  return parsed.data;
}
