import * as z from "zod";
import { findProduct } from "#card/products.ts";

/** A setting that is the JSON text of an object from product to such a value. */
export function byProduct(value: z.ZodType<string, string>) {
  const productId = z.string().refine((id) => findProduct(id) !== undefined, "is no product");
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(z.record(productId, value));
}
