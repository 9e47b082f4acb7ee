import type { Brand } from "./brand.ts";
import { harbour } from "./harbour.ts";
import { linden } from "./linden.ts";

/** The demo's banks. Each page leads to the other. */
export const brands = { harbour, linden } as const satisfies Readonly<Record<string, Brand>>;

export function otherBrand({ id }: Brand): Brand {
  return id === harbour.id ? linden : harbour;
}
