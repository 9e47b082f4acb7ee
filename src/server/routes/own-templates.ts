import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import type { App, AppParts } from "../parts.ts";
import { logoHeaders } from "./security-headers.ts";

const params = z.object({ file: z.string().check(z.maxLength(80)) });

/** The contents of the issuers' own templates, for the frame. */
export function registerOwnTemplates(app: App, { config }: AppParts): void {
  const all = config.issuers.flatMap(({ ownTemplates }) => ownTemplates);
  const contents = new Map(all.map(({ address, bytes }) => [address, bytes]));

  app.get("/templates/:file", { schema: { hide: true, params } }, async ({ params: { file } }, reply) => {
    const found = contents.get(`/templates/${file}`);
    if (found === undefined) throw new Problem("not-found", { detail: "There is no such file." });
    logoHeaders(reply);
    return reply.type("application/json").send(found);
  });
}
