import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import type { App, AppParts } from "../parts.ts";
import { logoHeaders } from "./security-headers.ts";

const params = z.object({ file: z.string().check(z.maxLength(80)) });

/** The tables of the issuers' own filters, for the frame. */
export function registerOwnFilters(app: App, { config }: AppParts): void {
  const all = config.issuers.flatMap(({ ownFilters }) => ownFilters);
  const tables = new Map(all.map(({ address, gzip }) => [address, gzip]));

  app.get("/filters/:file", { schema: { hide: true, params } }, async ({ params: { file } }, reply) => {
    const found = tables.get(`/filters/${file}`);
    if (found === undefined) throw new Problem("not-found", { detail: "There is no such file." });
    logoHeaders(reply);
    return reply.type("application/octet-stream").header("content-encoding", "gzip").send(found);
  });
}
