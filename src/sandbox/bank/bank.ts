import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import * as z from "zod";
import { localeForm, maxLocaleLength } from "#contracts/locale.ts";
import type { Brand } from "./brands/brand.ts";
import { createCall } from "./call.ts";
import type { BankConfig } from "./config.ts";
import { registerDesk } from "./desk.ts";
import { type News, openNews } from "./news.ts";
import {
  listPageFiles,
  offeredProducts,
  pageHeaders,
  readPage,
  readPageFile,
  turnedProducts,
  type Way,
  ways,
} from "./page.ts";
import { createCardSessions, openVisits, type SecretOutcome, type Visitor, type Visits } from "./sessions.ts";
import { startRegistering, takeWebhook, webhookPath } from "./webhooks.ts";

const aWeekSeconds = 7 * 24 * 60 * 60;

function readBodies(config: BankConfig) {
  const productId = z.enum(offeredProducts(config.brand).map(({ id }) => id));
  const locale = z.string().regex(localeForm).max(maxLocaleLength).optional();
  return {
    cardSession: z.object({ why: z.enum(["start", "refresh"]), productId, locale }),
    startOver: z.object({ productId }),
    hosted: z.object({ product: productId, locale, from: z.literal("in-app").optional() }),
  };
}

/** Of the visitor's cookie. Each bank has its own name for it: browsers do not keep cookies apart by port. */
function createCookie({ id }: Brand) {
  const name = `${id}_visitor`;
  const form = new RegExp(`(?:^|;\\s*)${name}=([\\w-]{32})(?:;|$)`);
  return {
    read: ({ headers }: FastifyRequest): string => form.exec(headers.cookie ?? "")?.[1] ?? "",
    write: (visitorId: string) => `${name}=${visitorId}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${aWeekSeconds}`,
  };
}

interface BankParts {
  readonly config: BankConfig;
  readonly visits: Visits;
  readonly news: News;
  /** The address at which visitors open the bank; known once it listens. */
  readonly origin: () => string;
  readonly log: boolean;
}

function answerSecret(reply: FastifyReply, outcome: SecretOutcome): FastifyReply {
  if (outcome.kind === "secret") {
    const { sessionId, clientSecret } = outcome.secret;
    return reply.code(201).send({ sessionId, clientSecret });
  }
  if (outcome.kind === "over") return reply.code(410).send({ message: "This design session has ended. Start again." });
  reply.log.warn({ reason: outcome.reason }, "the designer's server gave no session");
  return reply.code(502).send({ message: "The card designer cannot be reached at the moment. Try again in a minute." });
}

/** A visit to the designer on a page of its own, which leads back to where it was come from. */
function visitHosted(
  { brand }: BankConfig,
  origin: string,
  asked: { readonly product: string; readonly locale?: string | undefined; readonly from?: "in-app" | undefined },
) {
  const { product: productId, locale, from = "" } = asked;
  const address = new URLSearchParams({ product: productId, ...(locale && { locale }) });
  const otherProductIds = turnedProducts(brand, productId);
  return {
    why: "start",
    productId,
    locale,
    otherProductIds,
    returnUrl: `${origin}/${from}?${String(address)}`,
  } as const;
}

function answerHosted(reply: FastifyReply, outcome: SecretOutcome): FastifyReply {
  const address = outcome.kind === "secret" ? outcome.secret.hostedUrl : undefined;
  return address === undefined ? answerSecret(reply, outcome) : reply.redirect(address, 303);
}

function registerWebhook(app: FastifyInstance, news: News): void {
  void app.register(async (scope) => {
    // Signatures are over the bytes.
    scope.removeContentTypeParser("application/json");
    scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => done(null, body));
    scope.post(webhookPath, { bodyLimit: 64 * 1024 }, async (request, reply) =>
      reply.code(takeWebhook(news, request.headers, String(request.body))).send(),
    );
  });
}

/** The demo bank's web server. */
function createBank({ config, visits, news, origin, log }: BankParts): FastifyInstance {
  // Browsers hold connections open ahead of need: none of them may keep the demo from stopping.
  const limits = { bodyLimit: 4096, requestTimeout: 15_000, forceCloseConnections: true };
  const app = fastify({ logger: log && { level: "warn" }, ...limits });
  const call = createCall(config);
  const giveSession = createCardSessions(call, visits, config.brand, origin);
  const bodies = readBodies(config);
  const cookie = createCookie(config.brand);

  const recognise = (request: FastifyRequest, reply: FastifyReply): Visitor => {
    const known = visits.find(cookie.read(request));
    if (known) return known;
    const { id, visitor } = visits.welcome();
    void reply.header("set-cookie", cookie.write(id));
    return visitor;
  };
  const isOurName = (request: FastifyRequest): boolean => request.headers.host === new URL(origin()).host;
  const refuseForeign = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    request.headers.origin === origin()
      ? undefined
      : reply.code(403).send({ message: "Only the bank's own page may ask for this." });

  app.addHook("onRequest", async (_request, reply) => void reply.headers(pageHeaders(config.designerUrl, "plain")));
  app.get("/health", async () => ({ status: "ok" }));
  for (const way of Object.keys(ways) as Way[])
    app.get(ways[way].address, async (request, reply) => {
      // The designer may be framed by pages of this origin only, and this machine has other names.
      if (!isOurName(request)) return reply.redirect(`${origin()}${request.url}`);
      recognise(request, reply);
      const headers = pageHeaders(config.designerUrl, way);
      return reply.headers(headers).type("text/html; charset=utf-8").send(readPage(config, way));
    });
  app.get("/hosted", async (request, reply) => {
    if (!isOurName(request)) return reply.redirect(`${origin()}${request.url}`);
    const asked = bodies.hosted.safeParse(request.query);
    if (!asked.success) return reply.code(400).send({ message: "The bank does not offer this card." });
    return answerHosted(reply, await giveSession(recognise(request, reply), visitHosted(config, origin(), asked.data)));
  });
  for (const [address, { file, type }] of Object.entries(listPageFiles(config.brand))) {
    app.get(address, async (_request, reply) => reply.type(type).send(readPageFile(file)));
  }
  app.get("/api/news", async (request) => {
    const visitor = visits.find(cookie.read(request));
    return { news: visitor === null ? [] : news.of(visitor.cardholderId) };
  });
  registerWebhook(app, news);
  app.post("/api/card-session", { onRequest: refuseForeign }, async (request, reply) => {
    const body = bodies.cardSession.safeParse(request.body);
    if (!body.success) return reply.code(400).send({ message: "The bank does not offer this card." });
    const otherProductIds = turnedProducts(config.brand, body.data.productId);
    return answerSecret(reply, await giveSession(recognise(request, reply), { ...body.data, otherProductIds }));
  });
  app.post("/api/start-over", { onRequest: refuseForeign }, async (request, reply) => {
    const body = bodies.startOver.safeParse(request.body);
    if (!body.success) return reply.code(400).send({ message: "The bank does not offer this card." });
    visits.forgetSession(recognise(request, reply), body.data.productId);
    return reply.code(204).send();
  });
  if (config.brand.decides) registerDesk(app, call, { isOurName, refuseForeign });
  return app;
}

export interface RunningBank {
  /** Where visitors open it, for example `http://localhost:4400`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts the demo bank on `localhost`, in both address families where the machine has them. With `webhooks` it has the designer's
 * server tell it what happens to the cards.
 */
export async function startBank(config: BankConfig, { log = false, webhooks = false } = {}): Promise<RunningBank> {
  const visits = openVisits(config);
  const news = openNews(config.dataFolder);
  let origin = "";
  let stopRegistering = async (): Promise<void> => {};
  const app = createBank({ config, visits, news, origin: () => origin, log });
  app.addHook("onClose", async () => {
    await stopRegistering();
    visits.close();
    news.close();
  });
  await app.listen({ host: "localhost", port: config.port });
  origin = `http://localhost:${(app.server.address() as AddressInfo).port}`;
  if (webhooks) stopRegistering = startRegistering(config, news, `${origin}${webhookPath}`);
  return { origin, stop: () => app.close() };
}
