import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import type { LogoFile } from "../brand.ts";
import type { App, AppParts } from "../parts.ts";
import { logoHeaders } from "./security-headers.ts";

const params = z.object({ file: z.string().check(z.maxLength(80)) });

/** The issuers' logos, for the frame. */
export function registerLogos(app: App, { config }: AppParts): void {
  const files = new Map<string, LogoFile>();
  for (const { logo } of config.issuers)
    for (const file of [logo?.light, logo?.dark, logo?.card]) if (file !== undefined) files.set(file.address, file);

  app.get("/logos/:file", { schema: { hide: true, params } }, async ({ params: { file } }, reply) => {
    const found = files.get(`/logos/${file}`);
    if (found === undefined) throw new Problem("not-found", { detail: "There is no such file." });
    logoHeaders(reply);
    return reply.type(found.type).send(found.bytes);
  });
}
