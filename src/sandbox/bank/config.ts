import * as z from "zod";
import type { Brand } from "./brands/brand.ts";
import { brands } from "./brands/brands.ts";

const webOrigin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin);

const environment = z.object({
  BANK_BRAND: z.enum(Object.keys(brands) as (keyof typeof brands)[]),
  BANK_PORT: z.coerce.number().int().min(0).max(65_535),
  BANK_DATA: z.string().min(1),
  BANK_DESIGNER_URL: webOrigin,
  BANK_ISSUER_KEY: z.string().min(1),
  BANK_PLATFORM_URL: webOrigin,
  BANK_OTHER_URL: webOrigin,
});

export interface BankConfig {
  readonly brand: Brand;
  /** 0 for any free port. */
  readonly port: number;
  readonly dataFolder: string;
  /** Origin of the designer's server, as browsers reach it. */
  readonly designerUrl: string;
  readonly issuerKey: string;
  /** Origin of the platform sandbox, for the link to its page. */
  readonly platformUrl: string;
  /** Where the demo's other bank is. */
  readonly otherBankUrl: string;
}

/** The message names every variable that is missing or wrong, never a value. */
export class BankConfigError extends Error {}

/** The bank's configuration. Throws a `BankConfigError`. */
export function readBankConfig(env: Readonly<Record<string, string | undefined>>): BankConfig {
  const result = environment.safeParse(env);
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new BankConfigError(`The bank cannot start. ${wrong.join("; ")}`);
  }
  return {
    brand: brands[result.data.BANK_BRAND],
    port: result.data.BANK_PORT,
    dataFolder: result.data.BANK_DATA,
    designerUrl: result.data.BANK_DESIGNER_URL,
    issuerKey: result.data.BANK_ISSUER_KEY,
    platformUrl: result.data.BANK_PLATFORM_URL,
    otherBankUrl: result.data.BANK_OTHER_URL,
  };
}
