import type { FastifyRequest } from "fastify";
import * as z from "zod/mini";
import { products } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import {
  type SessionRequest,
  type SessionSecret,
  type SessionView,
  secretRequest,
  sessionRequest,
  sessionSecret,
  sessionView,
  tokenAnswer,
  tokenRequest,
} from "#contracts/session.ts";
import { findDraft } from "../drafts/drafts.ts";
import { describeIssuer, describeOffers, findIssued, findIssuer, type Issuer } from "../issuers.ts";
import { admitSecret, distrustSecret, rememberSecret } from "../limits/limits.ts";
import type { App, AppParts } from "../parts.ts";
import { noteCaller } from "../request-log.ts";
import { requireIssuer, requireSession } from "../sessions/authenticate.ts";
import type { Proof } from "../sessions/proofs.ts";
import {
  badClientSecret,
  changeSession,
  createClientSecret,
  createSession,
  exchangeClientSecret,
  findSession,
  isOver,
  revokeSession,
  type SessionRow,
} from "../sessions/sessions.ts";
import { findSubmissionOf } from "../state/find.ts";
import { toView } from "../state/view.ts";
import { answers, bodyFailures, tokenFailures } from "./answers.ts";

/** All that the schemas allow, with every letter written as an escape of six. */
const maxBodyBytes = 192 * 1024;

const params = z.object({ sessionId: z.string().check(z.maxLength(64)) });

function offeredProducts({ providers }: AppParts, issuerId: string): string[] {
  return products.map((product) => product.id).filter((id) => providers.making(issuerId, id)?.offers(id) === true);
}

/** Throws Problem("bad-request"). */
function requireOffered(offered: readonly string[], field: string, productIds: readonly string[]): void {
  if (productIds.every((id) => offered.includes(id))) return;
  const choice = offered.join(", ") || "none, since none is offered";
  throw new Problem("bad-request", { detail: `body.${field}: choose one of ${choice}.` });
}

/** A card number (ISO/IEC 7812-1: 13 to 19 digits with a check digit), which has no business beside a picture. */
function looksLikeCardNumber(value: string): boolean {
  const digits = value.replace(/[ -]/g, "");
  if (!/^\d{13,19}$/.test(digits)) return false;
  const doubled = Array.from(digits)
    .toReversed()
    .map((digit, index) => Number(digit) * (index % 2 === 1 ? 2 : 1));
  return doubled.reduce((sum, one) => sum + (one > 9 ? one - 9 : one), 0) % 10 === 0;
}

/** Throws Problem("bad-request") for what cannot, or must not, be written beside a picture. Never repeats a value. */
function requireFields({ providers }: AppParts, issuer: Issuer, { productId, dataCapture = {} }: SessionRequest): void {
  const fields = providers.making(issuer.id, productId)?.capabilities(productId).fields ?? [];
  const refuse = (detail: string): Problem => new Problem("bad-request", { detail: `body.dataCapture: ${detail}` });
  for (const [name, value] of Object.entries(dataCapture)) {
    const known = fields.length === 0 ? "it has none" : `they are ${fields.join(", ")}`;
    if (!fields.includes(name)) throw refuse(`a name is not one of the product's fields; ${known}.`);
    if (/\p{Cc}/u.test(value)) throw refuse(`${name} has a control character.`);
    if (looksLikeCardNumber(value)) throw refuse(`${name} looks like a card number, which must not be stored here.`);
  }
}

/** Throws Problem("bad-request") for whom one of these cannot be made. */
function requireCardholder({ providers }: AppParts, issuer: Issuer, productIds: string[], cardholderId: string): void {
  for (const id of productIds) {
    const fault = providers.making(issuer.id, id)?.findCardholderFault(cardholderId);
    if (fault !== undefined) throw new Problem("bad-request", { detail: `body.cardholderId: ${fault}.` });
  }
}

async function viewSession(parts: AppParts, session: SessionRow): Promise<SessionView> {
  const { config, store, scopeOf } = parts;
  const submission = await findSubmissionOf(store, session);
  const issuer = findIssuer(config.issuers, session.issuer_id);
  const { texts = {}, art = {} } = findIssued(issuer, session.product_id) ?? {};
  const offered = offeredProducts(parts, session.issuer_id);
  const otherProductIds = (JSON.parse(session.other_products) as string[]).filter((id) => offered.includes(id));
  return {
    sessionId: session.id,
    productId: session.product_id,
    locale: session.locale,
    ...describeIssuer(issuer),
    ...describeOffers(issuer, session.product_id),
    ...(otherProductIds.length > 0 && { otherProductIds }),
    ...(Object.keys(texts).length > 0 && { productTexts: texts }),
    ...(Object.keys(art).length > 0 && { cardArt: art }),
    draftScope: scopeOf(session),
    hasDraft: (await findDraft(store, session)) !== undefined,
    submission: submission === undefined ? null : toView(submission),
  };
}

function remember(request: FastifyRequest, given: SessionSecret): SessionSecret {
  for (const secret of [given.clientSecret, given.hostedUrl?.split("#")[1]])
    if (secret !== undefined) rememberSecret(request, secret, given.sessionId);
  return given;
}

/** Sessions: opened by the issuer's server, entered by the frame with a one-time client secret. */
export function registerSessions(app: App, parts: AppParts): void {
  registerForIssuer(app, parts);
  registerEnding(app, parts);
  registerForFrame(app, parts);
}

function registerForIssuer(app: App, parts: AppParts): void {
  const onRequest = async (request: Parameters<typeof requireIssuer>[0]) => requireIssuer(request, parts);
  const security = [{ issuerKey: [] }];

  app.post(
    "/v1/sessions",
    {
      onRequest,
      bodyLimit: maxBodyBytes,
      schema: {
        summary: "Open a session for one cardholder and one product",
        security,
        body: sessionRequest,
        response: answers({ 201: sessionSecret }, ["not-authenticated", ...bodyFailures]),
      },
    },
    async (request, reply) => {
      const issuer = requireIssuer(request, parts);
      const { productId, otherProductIds = [], cardholderId } = request.body;
      const offered = offeredProducts(parts, issuer.id);
      requireOffered(offered, "productId", [productId]);
      requireOffered(offered, "otherProductIds", otherProductIds);
      requireCardholder(parts, issuer, [productId, ...otherProductIds], cardholderId);
      requireFields(parts, issuer, request.body);
      return reply.code(201).send(remember(request, await createSession(parts, issuer, request.body)));
    },
  );

  app.post(
    "/v1/sessions/:sessionId/client-secrets",
    {
      onRequest,
      bodyLimit: maxBodyBytes,
      schema: {
        summary: "One more one-time client secret, for a frame whose token is about to run out",
        security,
        params,
        body: secretRequest,
        response: answers({ 201: sessionSecret }, [
          "not-authenticated",
          "session-expired",
          "not-found",
          ...bodyFailures,
        ]),
      },
    },
    async (request, reply) => {
      const issuer = requireIssuer(request, parts);
      const session = await findSession(parts.store, request.params.sessionId);
      if (session === undefined || session.issuer_id !== issuer.id)
        throw new Problem("not-found", { detail: "There is no such session." });
      if (isOver(parts, session)) throw new Problem("session-expired");
      const { origins, hosted } = request.body ?? {};
      await changeSession(parts.store, issuer, session.id, { origins, hosted });
      return reply.code(201).send(remember(request, await createClientSecret(parts, session, hosted !== undefined)));
    },
  );
}

function registerEnding(app: App, parts: AppParts): void {
  app.delete(
    "/v1/sessions/:sessionId",
    {
      onRequest: async (request) => requireIssuer(request, parts),
      schema: {
        summary:
          "End a session at once, as when its person signs out; ending it again is harmless. What was sent in it stays and is delivered",
        security: [{ issuerKey: [] }],
        params,
        response: answers({ 204: z.void() }, ["not-authenticated", "not-found", ...bodyFailures]),
      },
    },
    async (request, reply) => {
      const { sessionId } = request.params;
      await revokeSession(parts, requireIssuer(request, parts), sessionId);
      parts.notifier.announceEnd(sessionId);
      return reply.code(204).send();
    },
  );
}

const proofHeader = z.object({
  dpop: z.optional(
    z
      .string()
      .check(
        z.describe(
          "RFC 9449: a proof of the key that the token is to be bound to, ES256 with a P-256 key. Its nonce may be left out here. Only a session from before tokens were bound needs none",
        ),
      ),
  ),
});

/**
 * The proof of the key that a token is to be bound to. It needs no nonce, since what it goes with is good once; one that it has must be
 * of the last minutes, and is used up. Throws Problem: not-authenticated, proof-outdated.
 */
async function readProof(request: FastifyRequest, { proofs }: AppParts): Promise<Proof | undefined> {
  if (request.headers.dpop === undefined) return undefined;
  const proof = await proofs.read(request);
  if (proof === undefined) {
    distrustSecret(request);
    throw new Problem("not-authenticated", { detail: badClientSecret });
  }
  if (proof.nonce !== undefined) proofs.spend(proof);
  return proof;
}

function registerForFrame(app: App, parts: AppParts): void {
  app.post(
    "/v1/sessions/:sessionId/tokens",
    {
      schema: {
        summary: "Exchange a one-time client secret for an access token",
        params,
        headers: proofHeader,
        body: tokenRequest,
        response: answers({ 201: tokenAnswer }, [
          "not-authenticated",
          "proof-outdated",
          "session-expired",
          "not-allowed",
          ...bodyFailures,
        ]),
      },
    },
    async (request, reply) => {
      const { sessionId } = request.params;
      await admitSecret(request, request.body.clientSecret);
      const proof = await readProof(request, parts);
      const exchange = exchangeClientSecret(parts, sessionId, request.body, proof);
      const { token, expiresInSeconds, session } = await exchange.catch((error: unknown) => {
        // A secret that there is, without a right proof, is no better than a guess.
        if (proof === undefined) distrustSecret(request);
        throw error;
      });
      rememberSecret(request, token, sessionId);
      noteCaller(request, { issuerId: session.issuer_id });
      return reply.code(201).send({ token, expiresInSeconds, session: await viewSession(parts, session) });
    },
  );

  app.get(
    "/v1/sessions/:sessionId",
    {
      schema: {
        summary: "What the frame may know about its session",
        security: [{ sessionToken: [] }],
        params,
        response: answers({ 200: sessionView }, tokenFailures),
      },
    },
    async (request) => viewSession(parts, await requireSession(request, parts)),
  );
}
