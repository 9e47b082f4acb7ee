import { buildPlatform } from "./app.ts";
import { type PlatformConfig, readConfig } from "./config.ts";

async function run({ host, port, ...settings }: PlatformConfig): Promise<void> {
  const app = await buildPlatform({ ...settings, logger: { base: { part: "platform" } } });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      app.log.info({ signal }, "stopping");
      void app.close();
    });
  }
  await app.listen({ host, port });
}

try {
  await run(readConfig(process.env));
} catch (error) {
  process.stderr.write(`The card platform (sandbox) cannot start. ${(error as Error).message}\n`);
  // A verdict that is due would keep the process alive, without a port.
  process.exit(2);
}
