import { startBank } from "./bank.ts";
import { type BankConfig, BankConfigError, readBankConfig } from "./config.ts";

/** Ends the process with a message for the operator, without a stack: what is wrong is not in the code. */
function refuse(error: unknown): never {
  if (!(error instanceof BankConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function readConfigOrRefuse(): BankConfig {
  try {
    return readBankConfig(process.env);
  } catch (error) {
    return refuse(error);
  }
}

const bank = await startBank(readConfigOrRefuse(), { log: true, webhooks: true });
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void bank.stop().then(() => process.exit(0)));
}
