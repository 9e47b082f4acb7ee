import { harbour } from "../brands/harbour.ts";
import type { BankConfig } from "../config.ts";

/** The first bank on any free port, unless `change` says otherwise. */
export function makeBankConfig(
  change: Partial<BankConfig> & Pick<BankConfig, "dataFolder" | "designerUrl">,
): BankConfig {
  return {
    brand: harbour,
    port: 0,
    issuerKey: "test-issuer-key-0123456789abcdefghij",
    platformUrl: "http://127.0.0.1:9",
    otherBankUrl: "http://localhost:8",
    ...change,
  };
}
