import type { AddressInfo } from "node:net";
import { createBank } from "./app.ts";
import type { BankConfig } from "./config.ts";
import { createDesignerClient } from "./designer-client.ts";
import { openVisits } from "./visits.ts";

export interface RunningBank {
  /** Where visitors open it, for example `http://localhost:4400`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts the demo bank on `localhost`, in both address families where the machine has them. */
export async function startBank(config: BankConfig, { log = false } = {}): Promise<RunningBank> {
  const visits = openVisits(config.dataFolder);
  let origin = "";
  const app = createBank({ config, designer: createDesignerClient(config), visits, origin: () => origin, log });
  app.addHook("onClose", async () => visits.close());
  await app.listen({ host: "localhost", port: config.port });
  origin = `http://localhost:${(app.server.address() as AddressInfo).port}`;
  return { origin, stop: () => app.close() };
}
