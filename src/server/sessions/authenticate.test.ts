import type { FastifyRequest } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { requireSession } from "./authenticate.ts";
import { createSession, exchangeClientSecret } from "./sessions.ts";

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp();
});
afterEach(() => server.close());

async function enter(): Promise<FastifyRequest> {
  const wanted = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
  const { sessionId, clientSecret } = await createSession(server.parts, server.parts.config.issuers[0]!, wanted);
  const { token } = await exchangeClientSecret(server.parts, sessionId, clientSecret);
  return { headers: { authorization: `Bearer ${token}` }, params: { sessionId } } as unknown as FastifyRequest;
}

test("the session is looked up once per request, however many ask for it", async () => {
  const request = await enter();
  const session = await requireSession(request, server.parts);
  expect(session.tokenExpiresAt).toBe(server.parts.now() + 600_000);
  await server.parts.store.deleteFrom("credentials").execute();
  expect(await requireSession(request, server.parts)).toBe(session);
  const another = { headers: request.headers, params: request.params } as FastifyRequest;
  await expect(requireSession(another, server.parts)).rejects.toMatchObject({ code: "not-authenticated" });
});
