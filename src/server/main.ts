import { type Config, ConfigError, findUnknownVariables, listSecrets, readConfig } from "./config.ts";
import { createLog } from "./log.ts";
import { createMetrics, readVersion } from "./metrics/metrics.ts";
import { prepareDecoder } from "./picture-decoder.ts";
import { createScrub } from "./scrub.ts";
import { startTracing } from "./traces/sdk.ts";
import { readTraceOptions } from "./traces/settings.ts";
import { activeTrace } from "./traces/spans.ts";

/** Ends the process with a message for the operator, without a stack: what is wrong is not in the code. */
function refuse(error: unknown, more = ""): never {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n${more}`);
  process.exit(1);
}

function readConfigOrRefuse(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    return refuse(error, "When they are corrected, npx fullbleed doctor tells whether the card platforms take them.\n");
  }
}

// The data folder may be one that others can enter: nothing in it is for them.
process.umask(0o077);
const config = readConfigOrRefuse();
const metrics = config.metricsListen === undefined ? undefined : createMetrics();
const traces = readTraceOptions(config);
const log = createLog({
  level: config.logLevel,
  scrub: createScrub(listSecrets(config)),
  count: metrics && ((level) => metrics.logLines.inc({ level })),
  mixin: traces && (() => activeTrace()),
});
for (const variable of findUnknownVariables(process.env))
  log.warn({ variable }, "this variable is not known, or not read without a default issuer; misspelt?");

const tracing = traces && (await startTracing(traces, readVersion(), log));
await prepareDecoder().catch((error: unknown) => refuse(error));
const { startServer } = await import("./server.ts");
const server = await startServer(config, log, metrics).catch((error: unknown) => refuse(error));

async function stopAll(): Promise<void> {
  try {
    await server.stop();
  } finally {
    await tracing?.stop();
  }
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    log.info({ signal }, "stopping");
    stopAll().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, "could not stop cleanly");
        process.exit(1);
      },
    );
  });
}
// Last: whoever reads this may end it at once.
log.info({ at: server.url }, "ready");
