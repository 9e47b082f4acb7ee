import { readFile } from "node:fs/promises";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import { hostedOpening, hostedPage } from "#contracts/hosted-page.ts";
import { describeIssuer, findIssuer } from "../issuers.ts";
import { admitSecret, rememberSecret } from "../limits/limits.ts";
import type { App, AppParts } from "../parts.ts";
import { noteCaller } from "../request-log.ts";
import { openHosted } from "../sessions/hosted.ts";
import { createClientSecret } from "../sessions/sessions.ts";
import { answers, bodyFailures } from "./answers.ts";
import { builtFiles, negotiateEncoding, tellUnreadable } from "./built-files.ts";
import { hostedHeaders, staticHeaders } from "./security-headers.ts";

/** The page of ours that shows the designer where the issuer has none, its files, and what it opens its session with. */
export async function registerHosted(app: App, parts: AppParts): Promise<void> {
  const folder = path.join(parts.config.distFolder, "hosted");
  app.post(
    "/v1/hosted-pages",
    {
      schema: {
        summary:
          "What the page at `hostedUrl` shows the designer with: a client secret, how it looks, and the way back",
        body: hostedOpening,
        response: answers({ 201: hostedPage }, ["not-authenticated", "session-expired", ...bodyFailures]),
      },
    },
    async (request, reply) => {
      const { key, code } = request.body;
      await admitSecret(request, code ?? key);
      const { session, hosted } = await openHosted(parts, request.body);
      const { sessionId, clientSecret } = await createClientSecret(parts, session);
      for (const secret of [key, clientSecret]) rememberSecret(request, secret, sessionId);
      noteCaller(request, { issuerId: session.issuer_id });
      const issuer = describeIssuer(findIssuer(parts.config.issuers, session.issuer_id));
      return reply.code(201).send({ ...hosted, ...issuer, sessionId, clientSecret, locale: session.locale });
    },
  );

  negotiateEncoding(app);
  tellUnreadable(app, parts.config.distFolder);
  app.get("/hosted", { schema: { hide: true } }, async (_request, reply) => {
    const html = await readFile(path.join(folder, "index.html"), "utf8").catch((cause: unknown) => {
      // Not one of the data folder's failures.
      throw new Error("the built page cannot be read", { cause });
    });
    return reply.type("text/html; charset=utf-8").headers(hostedHeaders).send(html);
  });
  await app.register(fastifyStatic, {
    ...builtFiles,
    root: folder,
    prefix: "/hosted/",
    decorateReply: false,
    allowedPath: (file) => /\.(js|css)$/.test(file),
    setHeaders: (reply, file) => staticHeaders(file, reply),
  });
}
