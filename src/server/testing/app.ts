import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFreshFetch } from "#providers/fresh-fetch.ts";
import { noCapabilities, type Provider } from "#providers/provider.ts";
import { buildApp } from "../app.ts";
import { openFileBlobStore } from "../blobs/file-blob-store.ts";
import { listSecrets, readConfig } from "../config.ts";
import { createScopes } from "../drafts/scope.ts";
import { createNotifier } from "../events/notifier.ts";
import { keepIssuers } from "../issuers.ts";
import { createLog } from "../log.ts";
import type { App, AppParts } from "../parts.ts";
import { openPurgeLog } from "../purge/log.ts";
import { createProviders, type Providers } from "../providers.ts";
import { createScrub } from "../scrub.ts";
import { createProofs } from "../sessions/proofs.ts";
import { keepServerKey } from "../sessions/server-keys.ts";
import { createAddressGuard } from "../webhooks/addresses.ts";
import type { Poster } from "../webhooks/post.ts";
import { testEnv } from "./env.ts";
import { writeBuild } from "./folder.ts";
import { knowOrigin } from "./issuer.ts";
import { openMemoryStore } from "./store.ts";

/** A platform that has settings and does nothing. */
export const absentPlatform: Provider = {
  name: "absent",
  offers: (productId) => productId === "photo-landscape" || productId === "photo-portrait",
  capabilities: () => noCapabilities,
  findCardholderFault: () => undefined,
  readCardImageId: (text) => text,
  settingsFingerprint: () => "absent",
  find: async () => ({ kind: "cannot-tell", detail: "there is no platform" }),
  annotate: async () => ({ kind: "failed", detail: "there is no platform" }),
  getTemplate: async () => ({ kind: "unavailable", detail: "there is no platform" }),
  send: async () => ({ kind: "not-sent", detail: "there is no platform" }),
  getPreview: async () => ({ kind: "unavailable", detail: "there is no platform" }),
  decide: async () => ({ kind: "failed", detail: "there is no platform" }),
  purge: async () => ({ kind: "failed", detail: "there is no platform" }),
  getReview: async () => ({ kind: "cannot-tell", detail: "there is no platform" }),
  readNotification: () => ({
    cardImageId: "0",
    state: "pending",
    rejectionCode: null,
    rejectionMemo: null,
    reference: null,
    decidedAt: null,
  }),
};

/** Everything is this one's, whatever the rows say. */
export function onlyProvider(provider: Provider): Providers {
  return { of: () => provider, making: () => provider, listOf: () => [provider] };
}

/** Posts webhooks directly, with the real guard. */
export function createTestPoster(networks: readonly string[], now: () => number, timeoutMs = 15_000): Poster {
  const guard = createAddressGuard(networks);
  return { fetch: createFreshFetch({ lookup: guard.lookup }), guard, timeoutMs, now };
}

export interface TestApp {
  readonly app: App;
  readonly parts: AppParts;
  /** Everything logged so far, one JSON line each. */
  readonly logged: string[];
  /** Moves the server's clock. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** The whole app over a real database and real files in a folder of its own, with a clock that a test moves. `issuers` are those of the file, with the platforms that it names. */
export async function openTestApp(
  options: { env?: Record<string, string>; parts?: Partial<AppParts>; issuers?: readonly object[] } = {},
): Promise<TestApp> {
  const folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  const folders = { FULLBLEED_DATA: path.join(folder, "data"), FULLBLEED_DIST: path.join(folder, "dist") };
  const listed = options.issuers && { FULLBLEED_ISSUERS: path.join(folder, "issuers.json") };
  if (listed) await writeFile(listed.FULLBLEED_ISSUERS, JSON.stringify({ issuers: options.issuers }));
  const config = readConfig({ ...testEnv, ...folders, ...listed, ...options.env });
  await mkdir(config.dataFolder);
  await writeBuild(config.distFolder);
  let now = Date.UTC(2026, 0, 1);
  const logged: string[] = [];
  const destination = { write: (line: string) => void logged.push(line) };
  const log = createLog({ level: "debug", scrub: createScrub(listSecrets(config)), destination });
  const store = await openMemoryStore();
  const parts: AppParts = {
    config,
    log,
    now: () => now,
    store,
    proofs: createProofs({ config, log, now: () => now }, await keepServerKey(store, "nonces")),
    scopeOf: createScopes(await keepServerKey(store, "drafts")),
    blobs: await openFileBlobStore(path.join(config.dataFolder, "pictures"), 16 * 1024 * 1024),
    notifier: createNotifier(),
    purgeLog: await openPurgeLog(path.join(config.dataFolder, "purges.jsonl")),
    providers: options.issuers ? await createProviders(config, fetch) : onlyProvider(absentPlatform),
    poster: createTestPoster(config.webhookNetworks, () => now),
    ...options.parts,
  };
  await keepIssuers(parts.store, config.issuers);
  const app = await buildApp(parts);
  app.server.once("listening", () => {
    const { port } = app.server.address() as AddressInfo;
    knowOrigin(`http://127.0.0.1:${port}`, config.publicUrl);
  });
  return {
    app,
    parts,
    logged,
    advance: (ms) => {
      now += ms;
    },
    async close() {
      const closed = app.close();
      // A client that was cut off opens a connection in advance and leaves it unused.
      app.server.closeAllConnections();
      await closed;
      await parts.purgeLog.close();
      await parts.store.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
