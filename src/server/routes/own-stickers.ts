import * as z from "zod/mini";
import { Problem } from "#contracts/problem.ts";
import type { App, AppParts } from "../parts.ts";
import { logoHeaders } from "./security-headers.ts";

const params = z.object({ file: z.string().check(z.maxLength(80)) });

/** The outlines of the issuers' own stickers, for the frame. */
export function registerOwnStickers(app: App, { config }: AppParts): void {
  const all = config.issuers.flatMap(({ ownStickers }) => ownStickers);
  const arts = new Map(all.map(({ address, gzip }) => [address, gzip]));

  app.get("/stickers/:file", { schema: { hide: true, params } }, async ({ params: { file } }, reply) => {
    const found = arts.get(`/stickers/${file}`);
    if (found === undefined) throw new Problem("not-found", { detail: "There is no such file." });
    logoHeaders(reply);
    return reply.type("application/json").header("content-encoding", "gzip").send(found);
  });
}
