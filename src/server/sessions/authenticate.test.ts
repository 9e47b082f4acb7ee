import type { FastifyRequest } from "fastify";
import { calculateJwkThumbprint } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { createProver } from "../testing/prover.ts";
import { requireSession } from "./authenticate.ts";
import { createSession, exchangeClientSecret } from "./sessions.ts";

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp();
});
afterEach(() => server.close());

const prover = createProver();
const thumbprint = calculateJwkThumbprint(prover.jwk);

function requestWith(token: string, sessionId: string): FastifyRequest {
  const target = { method: "GET", path: `/v1/sessions/${sessionId}`, token, nonce: server.parts.proofs.issueNonce() };
  const rawHeaders = Object.entries(prover.show(target)).flat();
  return { method: "GET", url: target.path, raw: { rawHeaders }, params: { sessionId } } as unknown as FastifyRequest;
}

async function enter(): Promise<FastifyRequest> {
  const wanted = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
  const { sessionId, clientSecret } = await createSession(server.parts, server.parts.config.issuers[0]!, wanted);
  const { token } = await exchangeClientSecret(
    server.parts,
    sessionId,
    { clientSecret },
    { thumbprint: await thumbprint },
  );
  return requestWith(token, sessionId);
}

test("the session is looked up once per request, however many ask for it", async () => {
  const request = await enter();
  const session = await requireSession(request, server.parts);
  expect(session.tokenExpiresAt).toBe(server.parts.now() + 600_000);
  await server.parts.store.deleteFrom("credentials").execute();
  expect(await requireSession(request, server.parts)).toBe(session);
  const another = { ...request } as FastifyRequest;
  await expect(requireSession(another, server.parts)).rejects.toMatchObject({ code: "not-authenticated" });
});
