import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { App, AppParts } from "../parts.ts";
import { builtFiles, negotiateEncoding } from "./built-files.ts";
import { rootFileHeaders } from "./security-headers.ts";

/** The files of `public/`, which the build copies beside the designer's page. Nothing else of that folder is at the root. */
export const rootFiles: readonly string[] = [
  "apple-touch-icon.png",
  "ended-visit.js",
  "favicon.ico",
  "favicon.svg",
  "icon-192.png",
  "icon-512.png",
  "icon-maskable-192.png",
  "icon-maskable-512.png",
  "old-browser.js",
  "robots.txt",
  "site.webmanifest",
];

/** Icons, web manifest, robots.txt, the script that speaks up in old browsers, and that of a visit that has ended. */
export async function registerRootFiles(app: App, { config }: AppParts): Promise<void> {
  negotiateEncoding(app);
  await app.register(fastifyStatic, {
    ...builtFiles,
    root: path.join(config.distFolder, "designer"),
    serve: false,
    setHeaders: (reply) => rootFileHeaders(reply),
  });
  for (const name of rootFiles) {
    app.get(`/${name}`, { schema: { hide: true } }, (_request, reply) => reply.sendFile(name));
  }
}
