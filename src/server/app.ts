import { randomUUID } from "node:crypto";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import * as z from "zod";
import { listSecrets } from "./config.ts";
import { handleErrors } from "./errors.ts";
import type { App, AppParts } from "./parts.ts";
import { apiHeaders } from "./routes/frame-headers.ts";
import { registerFrame } from "./routes/frame.ts";
import { registerHealth } from "./routes/health.ts";
import { registerOpenapi } from "./routes/openapi.ts";
import { registerSessions } from "./routes/sessions.ts";
import { createScrub } from "./scrub.ts";

type Register = (app: App, parts: AppParts) => void | Promise<void>;

/** One entry per resource; each gets a scope of its own, so that its content parsers stay its own. */
const resources: readonly Register[] = [registerSessions, registerFrame, registerHealth];

/** The server without its socket: every route, ready for `listen` or `inject`. */
export async function buildApp(parts: AppParts): Promise<App> {
  z.config(z.locales.en());
  const bodyTimeoutMs = parts.config.bodyTimeoutSeconds * 1000;
  const app: App = Fastify({
    loggerInstance: parts.log,
    disableRequestLogging: true,
    genReqId: () => randomUUID(),
    bodyLimit: 16 * 1024,
    requestTimeout: bodyTimeoutMs + 10_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: "idle",
    return503OnClosing: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser("text/plain");
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ ...apiHeaders, "x-request-id": request.id });
  });
  handleErrors(app, createScrub(listSecrets(parts.config)));
  await registerOpenapi(app, parts);
  for (const register of resources) await app.register(async (scope) => register(scope as App, parts));
  await app.ready();
  return app;
}
