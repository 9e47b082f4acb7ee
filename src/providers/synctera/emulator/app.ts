import { createHash } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from "fastify";
import * as z from "zod";
import { breakConnection, cutReply, type HttpReply, writePage } from "../../emulator/connection-faults.ts";
import { type Lifetime, startLifetime } from "../../emulator/lifetime.ts";
import {
  create,
  decide,
  list,
  listCardProducts,
  type Result,
  readData,
  readDetails,
  type Service,
  upload,
  writeError,
} from "./card-images.ts";
import type { SyncteraEmulatorSettings } from "./config.ts";
import { type Fault, type FaultMethod, faultKinds, faultOrder } from "./faults.ts";
import { pageRoutes } from "./page.ts";
import { openSyncteraStore } from "./store.ts";
import { startWebhooks } from "./webhooks.ts";

const maxBodyBytes = 20 * 1024 * 1024;

function toReply({ status, body }: Result): HttpReply {
  if (body instanceof Uint8Array) return { status, headers: { "content-type": "image/jpeg" }, body: Buffer.from(body) };
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(body)) };
}

/** What is answered in the place of the work, for a fault that keeps the platform from it. */
function replyOf(fault: Fault): HttpReply {
  const [, kind, status] = /^(error|page)-(\d+)/.exec(fault.name) ?? [];
  if (kind === "page") return writePage(Number(status));
  return toReply(writeError(Number(status), "SANDBOX_FAULT", "As ordered"));
}

type Work = (service: Service, request: FastifyRequest, fault: Fault | null) => Promise<Result> | Result;

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id.toLowerCase();
const parse = (request: FastifyRequest): unknown => {
  try {
    return JSON.parse(String(request.body));
  } catch {
    return undefined;
  }
};

const works: Readonly<
  Record<Exclude<FaultMethod, "Webhook">, { method: "GET" | "POST" | "PATCH"; path: string; work: Work }>
> = {
  Create: { method: "POST", path: "", work: (service, request, fault) => create(service, parse(request), fault) },
  List: {
    method: "GET",
    path: "",
    work: (service, request, fault) => list(service, request.query as Record<string, unknown>, fault),
  },
  Details: {
    method: "GET",
    path: "/:id",
    work: (service, request, fault) => readDetails(service, idOf(request), fault),
  },
  Decide: { method: "PATCH", path: "/:id", work: (service, request) => decide(service, idOf(request), parse(request)) },
  Data: { method: "GET", path: "/:id/data", work: (service, request) => readData(service, idOf(request)) },
  Upload: {
    method: "POST",
    path: "/:id/data",
    work: (service, request) =>
      request.headers["content-type"] === "image/jpeg"
        ? upload(service, idOf(request), request.body as Buffer)
        : writeError(400, "BAD_REQUEST", "Content-Type: expected image/jpeg"),
  },
};

/** A write that comes again under its key is answered as before, and not done again. */
async function once(service: Service, request: FastifyRequest, fault: Fault | null, work: Work): Promise<Result> {
  const { store } = service;
  const key = request.headers["idempotency-key"];
  if (request.method === "GET" || typeof key !== "string" || !store.readSwitches().keepsKeys)
    return work(service, request, fault);
  const body = createHash("sha256")
    .update((request.body as Buffer | null) ?? "")
    .digest("hex");
  const signature = `${request.method} ${request.url} ${body}`;
  const known = store.findReply(key);
  if (known !== undefined && known.request !== signature)
    return writeError(409, "IDEMPOTENCY_KEY_REUSED", "Another request came under this key");
  if (known !== undefined) {
    const image = JSON.parse(known.body) as { id?: string };
    return { status: known.status, body: image, ...(image.id !== undefined && { cardImageId: image.id }) };
  }
  const result = await work(service, request, fault);
  // A lie is told once.
  if (result.status < 300 && fault?.name !== "other-customer")
    store.keepReply(key, signature, result.status, JSON.stringify(result.body));
  return result;
}

const unauthorized = writeError(401, "UNAUTHORIZED", "The API key is not valid");

function isKnown({ settings }: Service, { headers }: FastifyRequest): boolean {
  return headers.authorization === `Bearer ${settings.apiKey}`;
}

function send(reply: FastifyReply, { status, headers, body }: HttpReply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

async function serve(
  service: Service & { readonly lifetime: Lifetime },
  name: Exclude<FaultMethod, "Webhook">,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { store, lifetime } = service;
  const fault = store.takeFault(name);
  const record = (status: number | null, cardImageId: string | null = null): void => {
    const body = name === "Upload" && Buffer.isBuffer(request.body) ? request.body : undefined;
    store.recordCall({
      at: Date.now(),
      method: name,
      fault: fault?.name ?? null,
      idempotencyKey: request.headers["idempotency-key"]?.toString() ?? null,
      status,
      cardImageId,
      sha256: body === undefined ? null : createHash("sha256").update(body).digest("hex"),
    });
  };
  if (fault?.name === "refused") {
    record(null);
    return breakConnection(request, reply);
  }
  if (fault !== null && !faultKinds[fault.name].works) {
    const instead = replyOf(fault);
    record(instead.status);
    return send(reply, instead);
  }
  const result = isKnown(service, request) ? await once(service, request, fault, works[name].work) : unauthorized;
  const isLost = fault?.name === "cut-reply" || fault?.name === "twice-lost";
  record(isLost ? null : result.status, result.cardImageId ?? null);
  if (isLost) return cutReply(request, reply, toReply(result), 0);
  if (fault?.name === "late") await lifetime.hold(fault.seconds, request);
  const isSpoilt = fault !== null && fault.name.endsWith("-stored");
  return send(reply, isSpoilt ? replyOf(fault) : toReply(result));
}

const review = z.object({
  status: z.enum(["APPROVED", "REJECTED"]),
  rejection_reason: z.string().optional(),
  rejection_memo: z.string().optional(),
});

/** What the emulator has that Synctera has not, for tests and people. */
function sandboxRoutes(app: FastifyInstance, service: Service): void {
  const { store } = service;
  app.get("/sandbox/ledger", async () => ({ calls: store.listCalls(), webhooks: store.listWebhooks() }));
  app.get("/sandbox/images", async () => ({ images: store.listAllImages() }));
  app.get("/sandbox/switches", async () => store.readSwitches());
  app.put("/sandbox/switches", async (request) => store.changeSwitches(parse(request) as object));
  app.post("/sandbox/faults", async (request) => {
    store.addFault(faultOrder.parse(parse(request)));
    return { ok: true };
  });
  app.delete("/sandbox/faults", async () => {
    store.clearFaults();
    return { ok: true };
  });
  app.post("/sandbox/images/:id/review", async (request, reply) => {
    const result = await decide(service, idOf(request), review.parse(parse(request)));
    return reply.code(result.status).send(result.body);
  });
}

/** Synctera's emulator as an app that can be listened with or injected into. Closing it closes its database. */
export async function buildSynctera(
  settings: SyncteraEmulatorSettings,
  logger: boolean | { base: object } = false,
): Promise<FastifyInstance> {
  const logController = new LogController({ disableRequestLogging: true });
  const app = Fastify({ logger, logController, bodyLimit: maxBodyBytes, forceCloseConnections: true });
  const store = openSyncteraStore(settings.folder);
  const lifetime = startLifetime();
  const webhooks = startWebhooks(settings, store, lifetime.stopping);
  const service = { settings, store, webhooks, lifetime };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    return reply.code(status).send(writeError(status, "SANDBOX", error.message).body);
  });
  app.addHook("preClose", async () => lifetime.stop());
  app.addHook("onClose", async () => {
    await Promise.all([lifetime.end(), webhooks.stop()]);
    store.close();
  });
  app.get("/health", async () => ({ status: "ok" }));
  for (const [name, { method, path }] of Object.entries(works)) {
    app.route({
      method,
      url: `/v1/cards/images${path}`,
      handler: (request, reply) => lifetime.run(() => serve(service, name as keyof typeof works, request, reply)),
    });
  }
  app.get("/v1/cards/products", async (request, reply) =>
    send(reply, toReply(isKnown(service, request) ? listCardProducts(service) : unauthorized)),
  );
  sandboxRoutes(app, service);
  await app.register(pageRoutes, service);
  return app;
}
