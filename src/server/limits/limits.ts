import rateLimit from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import { findByKey } from "../issuers.ts";
import type { App, AppParts } from "../parts.ts";
import { noteCaller } from "../request-log.ts";
import { readAddress } from "../upload/sender.ts";
import { createGuesses, WindowCounts } from "./counts.ts";
import { createKnownSecrets, type KnownSecrets } from "./known-secrets.ts";

/** Limits are in requests a second, on average over so long; whoever is refused may try again within it. */
const windowMs = 10_000;
/** Of one session; the upload's and the preview's own lines are what shares out their work. */
const previewsPerSecond = 20;
/** Pictures that are sent, and as many photos of drafts. */
const uploadsPerSecond = 6;
/** Files cost little, and hundreds of cardholders behind one address may open their page at the same time. */
const filesPerRequest = 5;

type Kind = "health" | "notification" | "entering" | "file" | "page" | "preview" | "upload" | "photo" | "other";

/** What a route's limits depend on. */
export function kindOf({ method, url = "" }: { readonly method: string; readonly url?: string | undefined }): Kind {
  if (url.startsWith("/health/")) return "health";
  if (url === "" || url === "/frame/:sessionId" || url === "/hosted" || url === "/v1/openapi.json") return "page";
  if (url.endsWith("/notifications")) return "notification";
  if (url === "/v1/sessions/:sessionId/tokens" || url === "/v1/hosted-pages") return "entering";
  if (/\/(preview|template)$/.test(url)) return "preview";
  if (url === "/v1/sessions/:sessionId/submissions" && method === "POST") return "upload";
  if (url === "/v1/sessions/:sessionId/assets/:sha256" && (method === "POST" || method === "PUT")) return "photo";
  return url.startsWith("/v1/") ? "other" : "file";
}

/** Whether it has a limit of its own beside the session's. */
const isLimitedTwice = (kind: Kind): kind is "preview" | "upload" | "photo" =>
  kind === "preview" || kind === "upload" || kind === "photo";

/** Whether the route looks at the header Authorization. */
const readsBearer = (kind: Kind): boolean => kind === "other" || isLimitedTwice(kind);

interface Caller {
  readonly by: "address" | "session" | "issuer";
  readonly key: string;
}

/** What is known of a request from its beginning on. */
interface Asked {
  caller: Caller;
  readonly kind: Kind;
  readonly secrets: KnownSecrets;
  /** Goes on with a request that shows this secret, if any. Throws Problem("too-many-requests"). */
  readonly admit: (secret: string | undefined) => Promise<void>;
  isAdmitted: boolean;
  /** Its secret is one that there is, whatever it opens: no guess. */
  isKnown: boolean;
}

const asked = new WeakMap<FastifyRequest, Asked>();

/** From now on this client secret or token of the session is told from a guess. */
export function rememberSecret(request: FastifyRequest, secret: string, sessionId: string): void {
  const own = asked.get(request);
  if (own === undefined) return;
  own.isKnown = true;
  own.secrets.add(secret, sessionId);
}

/** The secret was shown without the proof that goes with it: whoever shows it guesses. */
export function distrustSecret(request: FastifyRequest): void {
  const own = asked.get(request);
  if (own !== undefined) own.isKnown = false;
}

/** Whether it shows a secret that there is, with or without what goes with it. */
export function showsKnownSecret(request: FastifyRequest): boolean {
  return asked.get(request)?.isKnown === true;
}

/** For the route that gets its secret in the body, and is limited only then. Throws Problem("too-many-requests"). */
export async function admitSecret(request: FastifyRequest, secret: string): Promise<void> {
  await asked.get(request)?.admit(secret);
}

function readSecret({ headers }: FastifyRequest): string | undefined {
  return /^\S+ +(\S{1,400})$/.exec(headers.authorization ?? "")?.[1];
}

function refuse(detail: string, waitMs: number): Problem {
  return new Problem("too-many-requests", { detail, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
}

const repeatAfterMs = 60_000;

/** One warning a minute, whatever comes. */
function createWarning({ log, config }: AppParts) {
  let quietUntil = 0;
  return (request: FastifyRequest, what: string): void => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + repeatAfterMs;
    const isForwarded = config.trustedProxies.length === 0 && request.headers["x-forwarded-for"] !== undefined;
    const hint = isForwarded ? "; is it a proxy, and FULLBLEED_TRUSTED_PROXIES not set?" : "";
    log.warn({ address: readAddress(request) }, `${what}${hint}`);
  };
}

/** The session that the address names, as far as one can be guessed at. */
function readSession({ params }: FastifyRequest): string | undefined {
  const { sessionId } = (params ?? {}) as { readonly sessionId?: string };
  return sessionId === undefined ? undefined : `session ${sessionId.slice(0, 64)}`;
}

function createGuard(parts: AppParts) {
  const guesses = createGuesses();
  const warn = createWarning(parts);
  const keysOf = (request: FastifyRequest): string[] =>
    [readAddress(request), readSession(request)].filter((key) => key !== undefined);
  const findRefusal = (request: FastifyRequest): Problem | undefined => {
    const waitMs = Math.max(...keysOf(request).map((key) => guesses.waitMs(key)));
    if (waitMs === 0) return undefined;
    warn(request, "too many wrong secrets in a minute: only right ones are answered");
    return refuse("Too many wrong secrets have come from this address, or for this session.", waitMs);
  };
  return {
    refuse(request: FastifyRequest): void {
      const refusal = findRefusal(request);
      if (refusal !== undefined) throw refusal;
    },
    /** What to answer instead of this error: a wrong secret counts, and one too many is told nothing. */
    judge(error: unknown, request: FastifyRequest): unknown {
      const own = asked.get(request);
      if (own === undefined || !(error instanceof Problem) || error.code !== "not-authenticated") return error;
      // To say nothing is no guess.
      if (own.isKnown || (readsBearer(own.kind) && request.headers.authorization === undefined)) return error;
      const refusal = findRefusal(request);
      if (refusal !== undefined) return refusal;
      for (const key of keysOf(request)) guesses.add(key);
      return error;
    },
  };
}

/** Who shows a good secret is limited by what it stands for, and only who shows none by his address, which many may share. */
function findCaller(request: FastifyRequest, { config }: AppParts, secrets: KnownSecrets, secret?: string): Caller {
  const sessionId = secret === undefined ? undefined : secrets.find(secret);
  if (sessionId !== undefined) return { by: "session", key: sessionId };
  const issuer = secret === undefined ? undefined : findByKey(config.issuers, secret);
  return issuer === undefined ? { by: "address", key: readAddress(request) } : { by: "issuer", key: issuer.id };
}

type Check = ReturnType<App["createRateLimit"]>;

function createChecks(app: App, { config }: AppParts) {
  const keyGenerator = (request: FastifyRequest): string => asked.get(request)?.caller.key ?? "";
  const perSecond = (most: number): Check =>
    app.createRateLimit({ max: most * (windowMs / 1000), timeWindow: windowMs, keyGenerator });
  const checks = {
    address: perSecond(config.addressLimit),
    files: perSecond(config.addressLimit * filesPerRequest),
    session: perSecond(config.sessionLimit),
    issuer: perSecond(config.issuerLimit),
    preview: perSecond(previewsPerSecond),
    upload: perSecond(uploadsPerSecond),
    photo: perSecond(uploadsPerSecond),
  };
  return ({ caller: { by }, kind }: Asked): readonly Check[] => {
    // A platform may never tell again what it is not let tell now.
    if (kind === "health" || kind === "notification") return [];
    if (by === "issuer") return [checks.issuer];
    if (by === "address") return [kind === "file" ? checks.files : checks.address];
    return isLimitedTwice(kind) ? [checks.session, checks[kind]] : [checks.session];
  };
}

/**
 * Limits how much a session, an issuer and an address may ask, and how many wrong secrets are answered. Gives what turns an error
 * into what is answered. To be called before there are routes.
 */
export async function limitRates(
  app: App,
  parts: AppParts,
): Promise<(error: unknown, request: FastifyRequest) => unknown> {
  await app.register(rateLimit, { global: false, store: WindowCounts });
  const secrets = createKnownSecrets(parts);
  app.addHook("onReady", () => secrets.load());
  const guard = createGuard(parts);
  const warn = createWarning(parts);
  const checksOf = createChecks(app, parts);
  const check = async (request: FastifyRequest, own: Asked): Promise<void> => {
    const { by } = own.caller;
    for (const one of checksOf(own)) {
      const result = await one(request);
      if (result.isAllowed || !result.isExceeded) continue;
      if (by === "address") warn(request, "requests from one address are refused: they are too many");
      throw refuse(`More is asked here than one ${by} may ask.`, result.ttl);
    }
  };
  app.addHook("onRequest", async (request: FastifyRequest, _reply: FastifyReply) => {
    const kind = kindOf({ method: request.method, url: request.routeOptions.url });
    const admit = async (secret: string | undefined): Promise<void> => {
      own.caller = findCaller(request, parts, secrets, secret);
      own.isKnown = own.caller.by !== "address";
      own.isAdmitted = true;
      const { by, key } = own.caller;
      if (by !== "address") noteCaller(request, by === "issuer" ? { issuerId: key } : { sessionId: key });
      if (!own.isKnown && secret !== undefined) guard.refuse(request);
      await check(request, own);
    };
    const own: Asked = { caller: { by: "address", key: "" }, kind, secrets, admit, isAdmitted: false, isKnown: false };
    asked.set(request, own);
    if (kind !== "entering") await admit(readsBearer(kind) ? readSecret(request) : undefined);
  });
  return (error, request) => {
    const own = asked.get(request);
    // Its body, which should have had a secret, has none that can be read.
    if (own?.kind === "entering" && !own.isAdmitted)
      return own.admit(undefined).then(
        () => error,
        (refusal: unknown) => refusal,
      );
    return guard.judge(error, request);
  };
}
