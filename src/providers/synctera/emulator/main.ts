import { buildSynctera } from "./app.ts";
import { readConfig } from "./config.ts";

try {
  const { host, port, settings } = readConfig(process.env);
  const app = await buildSynctera(settings, { base: { part: "synctera" } });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      app.log.info({ signal }, "stopping");
      void app.close();
    });
  }
  await app.listen({ host, port });
} catch (error) {
  process.stderr.write(`Synctera (sandbox) cannot start. ${(error as Error).message}\n`);
  process.exit(2);
}
