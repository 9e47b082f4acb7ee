import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from "fastify";
import type { PlatformSettings } from "./config.ts";
import type { Platform } from "./platform.ts";
import { startReviewer } from "./review.ts";
import { imageApiRoutes } from "./routes/image-api.ts";
import { pageRoutes } from "./routes/page.ts";
import { sandboxRoutes } from "./routes/sandbox.ts";
import { sendImageRoutes } from "./routes/send-image.ts";
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
  const reviewer = startReviewer(() => platform);
  const platform: Platform = { settings, store, wake: () => reviewer.wake() };
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    request.log.info({
      method,
      path: routeOptions.url ?? "unknown",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.addHook("onClose", async () => {
    await reviewer.stop();
    store.close();
  });
  app.get("/health", async () => ({ status: "ok" }));
  await app.register(sendImageRoutes, { platform });
  await app.register(imageApiRoutes, { platform });
  await app.register(sandboxRoutes, { platform });
  await app.register(pageRoutes, { platform });
  reviewer.wake();
  return app;
}
