import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import * as z from "zod";
import { Problem } from "#contracts/problem.ts";
import { limitBodyTime } from "./body-deadline.ts";
import { createClientErrorAnswer } from "./client-errors.ts";
import { type Config, listSecrets } from "./config.ts";
import { createErrorAnswer } from "./errors.ts";
import { limitRates } from "./limits/limits.ts";
import { createFairLine, type FairLine } from "./fair-line.ts";
import { guardLoad } from "./limits/load-guard.ts";
import { measureRequests } from "./metrics/requests.ts";
import type { App, AppParts } from "./parts.ts";
import { createRequestLog, logAbandoned } from "./request-log.ts";
import { registerAssets } from "./routes/assets.ts";
import { registerDecision } from "./routes/decision.ts";
import { registerDesigns } from "./routes/designs.ts";
import { registerDrafts } from "./routes/drafts.ts";
import { registerEvents } from "./routes/events.ts";
import { registerFrame } from "./routes/frame.ts";
import { registerHealth } from "./routes/health.ts";
import { registerHosted } from "./routes/hosted.ts";
import { registerLogos } from "./routes/logos.ts";
import { registerOwnFilters } from "./routes/own-filters.ts";
import { registerOwnStickers } from "./routes/own-stickers.ts";
import { registerOwnTemplates } from "./routes/own-templates.ts";
import { registerNotifications } from "./routes/notifications.ts";
import { registerOpenapi } from "./routes/openapi.ts";
import { registerPurge } from "./routes/purge.ts";
import { registerPreviews } from "./routes/previews.ts";
import { whenReaderGone } from "./routes/reader-gone.ts";
import { registerResolution } from "./routes/resolution.ts";
import { registerRootFiles } from "./routes/root-files.ts";
import { apiHeaders } from "./routes/security-headers.ts";
import { registerSessions } from "./routes/sessions.ts";
import { registerSubmissions } from "./routes/submissions.ts";
import { registerTemplates } from "./routes/templates.ts";
import { registerWebhookEndpoints } from "./routes/webhook-endpoints.ts";
import { createScrub } from "./scrub.ts";
import { traceRequests } from "./traces/requests.ts";
import { limitReadingTime } from "./unread-answers.ts";

/** One entry per resource. Each is registered in a scope of its own, which keeps its content parsers to itself. */
const resources: readonly ((app: App, parts: AppParts) => void | Promise<void>)[] = [
  registerSessions,
  registerDesigns,
  registerDrafts,
  registerResolution,
  registerDecision,
  registerPurge,
  registerEvents,
  registerPreviews,
  registerTemplates,
  registerNotifications,
  registerFrame,
  registerHosted,
  registerRootFiles,
  registerLogos,
  registerOwnFilters,
  registerOwnStickers,
  registerOwnTemplates,
  registerWebhookEndpoints,
  registerHealth,
];

/** Pictures and photos that are looked at, synced and written down at a time: as many as Node has threads for it. */
const storingAtOnce = { slots: 4, places: 32 };
const uploads: readonly ((app: App, parts: AppParts, storing: FairLine) => void)[] = [
  registerSubmissions,
  registerAssets,
];
const headersTimeoutMs = 10_000;
/** Within which the next piece of an answer has to be taken. */
const readingMs = 30_000;
/** Of one kind, at an answer: six of fastify's and Node's where it is a file, and one each of what is logged, measured, traced and bounded here. */
const mostListeners = 20;
/** Routes that take larger bodies set a limit of their own. */
const smallBodyBytes = 16 * 1024;

/** The server without its socket: every route, ready for `listen` or `inject`. */
export async function buildApp(parts: AppParts): Promise<App> {
  const answerError = createErrorAnswer(createScrub(listSecrets(parts.config)), parts.config.dataFolder);
  const app = createBareApp(parts, answerError);
  guardLoad(app);
  const judge = await limitRates(app, parts);
  app.setErrorHandler(async (error, request, reply) => answerError(await judge(error, request), request, reply));
  leaveNothingToNode(app);
  await registerOpenapi(app, parts);
  for (const register of resources) await app.register(async (scope) => register(scope as App, parts));
  const storing = createFairLine(storingAtOnce);
  for (const register of uploads) await app.register(async (scope) => register(scope as App, parts, storing));
  await app.ready();
  return app;
}

type AnswerError = ReturnType<typeof createErrorAnswer>;

function createBareApp({ config, log, metrics, proofs }: AppParts, answerError: AnswerError): App {
  // zod/mini, which the wire shapes use, has no messages of its own.
  z.config(z.locales.en());
  const everyAnswer = apiHeaders(config);
  /** Why the address of a request cannot be read. */
  const unreadable = new WeakMap<IncomingMessage, unknown>();
  const app: App = Fastify({
    loggerInstance: log,
    logController: createRequestLog(),
    genReqId: () => randomUUID(),
    bodyLimit: smallBodyBytes,
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    ...timeLimits(config),
    // Some proxies ask for the whole address (RFC 9112, 3.2.2). What is before its path is not looked at, as Host is not.
    rewriteUrl: ({ url = "/" }) => url.replace(/^https?:\/\/[^/?#]*/i, ""),
    // A request that comes while the server closes is still answered; then its connection is closed.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    // No hook has run: it begins again, as a request for what is not there, and is limited, logged and counted as one.
    frameworkErrors(error, { raw }, reply) {
      unreadable.set(raw, error);
      raw.url = "/unreadable";
      app.routing(raw, reply.raw);
    },
    clientErrorHandler: createClientErrorAnswer(everyAnswer),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setNotFoundHandler((request, reply) =>
    answerError(unreadable.get(request.raw) ?? { code: "FST_ERR_NOT_FOUND" }, request, reply),
  );
  app.removeContentTypeParser("text/plain");
  takeEmptyBodies(app);
  app.addHook("onRequest", async (request, reply) => {
    reply.raw.setMaxListeners(mostListeners);
    void reply.headers({ ...everyAnswer, "x-request-id": request.id });
  });
  traceRequests(app);
  // At the end, so that it is new also after a long upload.
  app.addHook("onSend", async ({ headers }, reply) => {
    if (headers.dpop !== undefined) void reply.header("dpop-nonce", proofs.issueNonce());
  });
  logAbandoned(app);
  if (metrics !== undefined) measureRequests(app, metrics);
  limitBodyTime(app, config.bodyTimeoutSeconds);
  limitReadingTime(app, readingMs);
  // Nothing is begun for a request whose connection has closed while it was being looked at.
  app.addHook("preHandler", async (_request, reply) => whenReaderGone(reply).throwIfAborted());
  return app;
}

/** Many libraries name JSON with every call, also where there is nothing to say: such a body is none, where a route needs none. */
function takeEmptyBodies(app: App): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    const expected = request.routeOptions.schema?.body as z.ZodType | undefined;
    const isNeeded = expected !== undefined && !expected.safeParse(null).success;
    if (body === "" && !isNeeded) done(null, null);
    else void parse(request, body, done);
  });
}

/** What Node would answer by itself, without our headers: an HTTP/1.1 request that names no host, and one that expects what nobody knows. */
function leaveNothingToNode(app: App): void {
  app.server.on("checkExpectation", app.routing);
  app.addHook("onRequest", async ({ headers, raw }) => {
    if (raw.httpVersion === "1.1" && headers.host === undefined)
      throw new Problem("bad-request", { detail: "The header Host is missing." });
  });
}

/** `limitBodyTime` ends slow bodies with a problem; Node's own timeouts, which are later, are there in case it does not. */
function timeLimits({ bodyTimeoutSeconds, keepAliveSeconds }: Config) {
  const bodyTimeoutMs = bodyTimeoutSeconds * 1000;
  return {
    keepAliveTimeout: keepAliveSeconds * 1000,
    requestTimeout: headersTimeoutMs + bodyTimeoutMs + 5_000,
    // For readers who leave their answer unread: of everything else something moves on the connection sooner.
    connectionTimeout: bodyTimeoutMs + 60_000,
    http: {
      headersTimeout: headersTimeoutMs,
      requireHostHeader: false,
      connectionsCheckingInterval: 2_000,
      // A phone that changes its network says no goodbye: whether it is still there has to be asked.
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    },
  };
}
