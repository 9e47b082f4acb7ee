import path from "node:path";
import type { FastifyBaseLogger } from "fastify";
import { products } from "#card/products.ts";
import { finalStates } from "#contracts/submission.ts";
import type { Provider } from "#providers/provider.ts";
import { buildApp } from "./app.ts";
import { makeDurableFolder } from "./blobs/durable-folder.ts";
import { openFileBlobStore } from "./blobs/file-blob-store.ts";
import { type Config, ConfigError } from "./config.ts";
import { describeDataFailure, findStorageFailure, lockFolder, tryWriting } from "./data-folder.ts";
import { type Courier, createCourier } from "./delivery/courier.ts";
import type { DeliveryPolicy } from "./delivery/policy.ts";
import { createScopes } from "./drafts/scope.ts";
import { createNotifier } from "./events/notifier.ts";
import { keepIssuers } from "./issuers.ts";
import { describeListenFailure } from "./listen-failure.ts";
import { serveMetrics } from "./metrics/listener.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { measureCalls } from "./metrics/platform-calls.ts";
import { openOutbound } from "./outbound.ts";
import type { App, AppParts } from "./parts.ts";
import { createPictureCheck, type PictureCheck } from "./picture-check/picture-check.ts";
import { startPurgingByAge } from "./purge/by-age.ts";
import { openPurgeLog } from "./purge/log.ts";
import { replayPurges } from "./purge/replay.ts";
import { createProviders, listWithoutPurge, requireOffered } from "./providers.ts";
import { requireBuild } from "./require-build.ts";
import { startSweepingDrafts } from "./retention/drafts.ts";
import { startRemovingOrphans } from "./retention/orphans.ts";
import { startSealingPlain } from "./retention/seal-plain.ts";
import { startSweeping } from "./retention/sweep.ts";
import { createProofs } from "./sessions/proofs.ts";
import { keepServerKey } from "./sessions/server-keys.ts";
import { openStore } from "./store/open.ts";
import { watchConnections } from "./unused-connections.ts";
import { createAddressGuard } from "./webhooks/addresses.ts";
import { createWebhookCourier, type WebhookCourier } from "./webhooks/courier.ts";
import { keepListedEndpoints } from "./webhooks/listed.ts";

/** How long requests that are being served may still take once the server is told to stop. */
const closeTimeoutMs = 10_000;
/** How long connections without a request stay open meanwhile, so that a request on its way is still answered. */
const unusedMs = 250;

export interface RunningServer {
  readonly url: string;
  /** Takes no more requests, lets the running ones and a running send end, closes the database. Safe to call twice. */
  stop(): Promise<void>;
}

function refuseData(cause: unknown): never {
  const why = describeDataFailure(cause);
  throw why === undefined ? cause : new ConfigError(why, { cause });
}

function refusePurgeLog(cause: unknown): never {
  const why = `expected a file that this server may make, read and write (${(cause as Error).message})`;
  throw new ConfigError(`FULLBLEED_PURGE_LOG is not valid: ${why}.`, { cause });
}

/** What the data folder holds; `unlock` lets another server have it. */
interface Data extends Pick<AppParts, "store" | "blobs" | "purgeLog"> {
  unlock(): void;
}

const purgeLogName = "purges.jsonl";

async function openData({ dataFolder, purgeLog = path.join(dataFolder, purgeLogName) }: Config): Promise<Data> {
  const largestPicture = Math.max(...products.map((product) => product.maxPictureBytes));
  await makeDurableFolder(dataFolder);
  await tryWriting(dataFolder);
  const unlock = await lockFolder(dataFolder);
  const blobs = await openFileBlobStore(path.join(dataFolder, "pictures"), largestPicture);
  const store = await openStore(path.join(dataFolder, "fullbleed.sqlite"));
  return { blobs, store, purgeLog: await openPurgeLog(purgeLog).catch(refusePurgeLog), unlock };
}

type Parts = AppParts &
  Data & {
    courier: Courier;
    webhooks: WebhookCourier;
    pictureCheck: PictureCheck;
    policy: Pick<DeliveryPolicy, "quietWindowMs">;
  };

async function openParts(config: Config, log: FastifyBaseLogger, metrics: Metrics | undefined): Promise<Parts> {
  const outbound = await openOutbound(config, Date.now());
  for (const warning of outbound.warnings) log.warn(warning);
  const measured = (provider: Provider): Provider => measureCalls(provider, metrics);
  const providers = await createProviders(config, outbound.fetch, measured);
  requireOffered(config, providers);
  const data = await openData(config).catch(refuseData);
  const guard = createAddressGuard(config.webhookNetworks);
  const poster = {
    fetch: outbound.guardedFetch(guard),
    guard,
    timeoutMs: config.webhookTimeoutSeconds * 1000,
    now: Date.now,
  };
  const policy = { quietWindowMs: config.quietWindowSeconds * 1000 };
  const proofs = createProofs({ config, log, now: Date.now }, await keepServerKey(data.store, "nonces"));
  const scopeOf = createScopes(await keepServerKey(data.store, "drafts"));
  const told = { log, metrics, notifier: createNotifier() };
  const parts = { ...data, ...told, config, now: Date.now, proofs, scopeOf, providers, poster, policy };
  const leaseMs = config.leaseSeconds * 1000;
  const courier = createCourier({
    ...parts,
    sendTimeoutMs: config.sendTimeoutSeconds * 1000,
    policy: {
      ...policy,
      firstPauseMs: config.coolDownSeconds * 1000,
      leaseMs,
    },
  });
  const pictureCheck = createPictureCheck(parts);
  return { ...parts, courier, pictureCheck, webhooks: createWebhookCourier({ ...parts, policy: { leaseMs } }) };
}

async function closeApp(app: App, endUnused: () => void): Promise<void> {
  const sweep = setInterval(endUnused, unusedMs);
  const force = setTimeout(() => {
    app.log.warn("requests were still being served when their time to end was over: their connections are closed");
    app.server.closeAllConnections();
  }, closeTimeoutMs);
  await app.close();
  clearInterval(sweep);
  clearTimeout(force);
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  return app.listen({ host, port }).catch((cause: unknown) => {
    const why = describeListenFailure(cause);
    throw new ConfigError(`FULLBLEED_HOST or FULLBLEED_PORT is not valid: ${why} (${host}, port ${port}).`, { cause });
  });
}

/** What versions before "one live submission per cardholder and product" have left, and what is in doubt again after its end. */
async function reportDoubles({ store, log }: AppParts): Promise<void> {
  const doubles = await store
    .selectFrom("submissions")
    .select("id")
    .where("is_double", "=", 1)
    .where("state", "not in", [...finalStates])
    .limit(100)
    .execute();
  if (doubles.length > 0)
    log.warn(
      { submissionIds: doubles.map(({ id }) => id) },
      "these submissions may be live beside another one of the same cardholder and product",
    );
}

/** Issuers whom the configuration has no more, and how many of their pictures wait for it to have them again. */
async function reportAbsentIssuers({ store, log, config }: AppParts): Promise<void> {
  const rows = await store
    .selectFrom("submissions")
    .select(({ fn }) => ["issuer_id", fn.countAll<number>().as("waiting")])
    .where(
      "issuer_id",
      "not in",
      config.issuers.map(({ id }) => id),
    )
    .where("state", "not in", [...finalStates])
    .groupBy("issuer_id")
    .execute();
  for (const { issuer_id: issuerId, waiting } of rows)
    log.warn({ issuerId, waiting }, "this issuer is not in the configuration any more: its pictures wait");
}

function reportWithoutPurge({ providers, log, config }: AppParts): void {
  const productIds = products.map(({ id }) => id);
  for (const platform of listWithoutPurge(providers, config.issuers, productIds))
    log.warn(
      { platform },
      "this card platform cannot delete a picture: what goes there stays there. Who must be able to delete a picture everywhere cannot use it",
    );
}

/** Who reaches the server at an address of its own machine only is trying it out. */
function reportPurgeLog({ log, config: { purgeLog, publicUrl, dataFolder } }: AppParts): void {
  if (purgeLog === undefined && publicUrl.startsWith("https:"))
    log.warn(
      { purgeLog: path.join(dataFolder, purgeLogName) },
      "the log of deletions lies in the data folder: a backup of the whole folder that is put back overwrites it, and brings deleted pictures back. Leave it out then, or set FULLBLEED_PURGE_LOG to a file elsewhere",
    );
}

/** Opens the database and the files, builds the app and listens. Throws ConfigError for what an operator must correct. */
export async function startServer(config: Config, log: FastifyBaseLogger, metrics?: Metrics): Promise<RunningServer> {
  await requireBuild(config);
  return start(config, log, metrics).catch((cause: unknown) => {
    if (findStorageFailure(cause, config.dataFolder) === cause) refuseData(cause);
    throw cause;
  });
}

async function start(config: Config, log: FastifyBaseLogger, metrics: Metrics | undefined): Promise<RunningServer> {
  const parts = await openParts(config, log, metrics);
  await keepIssuers(parts.store, config.issuers);
  await keepListedEndpoints(parts);
  await replayPurges(parts);
  const app = await buildApp(parts);
  const numbers = await serveMetrics(parts);
  const endUnused = watchConnections(app);
  const url = await listen(app, config);
  await parts.courier.start();
  parts.webhooks.start();
  await reportDoubles(parts);
  await reportAbsentIssuers(parts);
  reportWithoutPurge(parts);
  reportPurgeLog(parts);
  const sweeping = startSweeping(parts);
  const orphans = startRemovingOrphans(parts);
  const sealing = startSealingPlain(parts);
  const ageing = startPurgingByAge(parts);
  const draftSweeping = startSweepingDrafts(parts);
  parts.pictureCheck.warmUp();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const all = [parts.courier, sweeping, orphans, sealing, ageing, draftSweeping];
    await Promise.all([closeApp(app, endUnused), ...all.map((one) => one.stop())]);
    await parts.pictureCheck.stop();
    // Last, so that what has happened until then is told.
    await parts.webhooks.stop();
    await numbers?.stop();
    await parts.purgeLog.close();
    await parts.store.destroy();
    parts.unlock();
  };
  return { url, stop: () => (stopped ??= stop()) };
}
