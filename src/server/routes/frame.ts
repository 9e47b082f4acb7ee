import { readFile } from "node:fs/promises";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import type { Config } from "../config.ts";
import type { App, AppParts } from "../parts.ts";
import { findSession, isOver, type SessionRow } from "../sessions/sessions.ts";
import { builtFiles, negotiateEncoding, tellUnreadable } from "./built-files.ts";
import { designerPage, noticePage, noticeSources, pickLanguage } from "./frame-pages.ts";
import { rootFiles } from "./root-files.ts";
import { anyPage, embedHeaders, frameHeaders, staticHeaders } from "./security-headers.ts";

const params = z.object({ sessionId: z.string().check(z.maxLength(64)) });

/** Whose pages may frame its designer. */
function listFramers(session: SessionRow, { publicUrl }: Pick<Config, "publicUrl">): string[] {
  const origins = JSON.parse(session.origins) as string[];
  return session.hosted === null ? origins : [...origins, publicUrl];
}

/** The designer's page for one session, the files it loads, and the loader for the issuer's page. */
export async function registerFrame(app: App, parts: AppParts): Promise<void> {
  const { config } = parts;
  negotiateEncoding(app);
  tellUnreadable(app, config.distFolder);
  app.get("/frame/:sessionId", { schema: { hide: true, params } }, async (request, reply) => {
    const session = await findSession(parts.store, request.params.sessionId);
    const origins = session === undefined ? ["*"] : listFramers(session, config);
    reply.type("text/html; charset=utf-8");
    if (session === undefined || isOver(parts, session)) {
      const language = pickLanguage(session?.locale, request.headers["accept-language"]);
      const kind = session === undefined ? "unknown" : "ended";
      reply.code(session === undefined ? 404 : 410).headers(frameHeaders(origins, noticeSources[kind]));
      return reply.send(noticePage(kind, language, origins));
    }
    const html = await readFile(path.join(config.distFolder, "designer/index.html"), "utf8").catch((cause: unknown) => {
      // Not one of the data folder's failures.
      throw new Error("the built designer cannot be read", { cause });
    });
    return reply.headers(frameHeaders(origins)).send(designerPage(html, origins, session.locale));
  });

  await app.register(fastifyStatic, {
    ...builtFiles,
    root: path.join(config.distFolder, "designer"),
    prefix: "/designer/",
    // The page is served only with the headers of its session, the root's files at the root, compressed files under the name
    // of what is in them, and source maps not at all.
    allowedPath: (file) => !/\.(html|map|br|gz)$/.test(file) && !rootFiles.includes(file.slice(1)),
    setHeaders: (reply, file) => staticHeaders(file, reply),
  });
  await app.register(
    async (embed) => {
      embed.setNotFoundHandler((request, reply) => {
        if (request.headers["sec-fetch-dest"] !== "script") throw new Problem("not-found");
        // Browsers say 404 only of what is a script; of anything else in its place they say that it is blocked.
        return reply.code(404).headers(anyPage).type("text/javascript").send("");
      });
      await embed.register(fastifyStatic, {
        ...builtFiles,
        root: path.join(config.distFolder, "embed"),
        decorateReply: false,
        allowedPath: (file) => /\.(js|json)$/.test(file),
        setHeaders: (reply, file) => embedHeaders(file, reply),
      });
    },
    { prefix: "/embed" },
  );
}
