import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from "fastify";
import type { PlatformSettings } from "./config.ts";
import { imageApiRoutes } from "./image-api.ts";
import { startImageChecking } from "./image-checking.ts";
import { imageUploadRoutes } from "./image-upload.ts";
import { startLifetime } from "../../emulator/lifetime.ts";
import { pageRoutes } from "./page.ts";
import { sandboxRoutes } from "./sandbox-api.ts";
import { openPlatformStore } from "./store.ts";

export interface PlatformOptions extends PlatformSettings {
  /** Fastify's logger setting; silent when left out. */
  readonly logger?: FastifyServerOptions["logger"];
}

/** The card platform's emulator as an app that can be listened with or injected into. Closing it closes its database. */
export async function buildPlatform({ logger = false, ...settings }: PlatformOptions): Promise<FastifyInstance> {
  // Fastify's own request lines would write the Image API's key, which travels in the query.
  const logController = new LogController({ disableRequestLogging: true });
  const app = Fastify({ logger, logController, requestTimeout: 120_000, forceCloseConnections: true });
  const store = openPlatformStore(settings.folder);
  const lifetime = startLifetime();
  const checking = startImageChecking(settings, store, lifetime.stopping);
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    request.log.info({
      method,
      path: routeOptions.url ?? "unknown",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.addHook("preClose", async () => lifetime.stop());
  app.addHook("onClose", async () => {
    await Promise.all([checking.stop(), lifetime.end()]);
    store.close();
  });
  app.get("/health", async () => ({ status: "ok" }));
  await app.register(imageUploadRoutes, { settings, store, checking, lifetime });
  await app.register(imageApiRoutes, { settings, store, lifetime });
  await app.register(sandboxRoutes, { settings, store, checking, lifetime });
  await app.register(pageRoutes, { store, checking, lifetime });
  return app;
}
