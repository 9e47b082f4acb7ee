import { opendir } from "node:fs/promises";
import type { FastifyStaticOptions } from "@fastify/static";
import type { FastifyError } from "fastify";
import type { App } from "../parts.ts";

type Encoding = "br" | "gzip";

/** Weights by coding; one that cannot be read is 0. RFC 9110, 12.5.3. */
function readWeights(header: string): ReadonlyMap<string, number> {
  const entries = header.toLowerCase().split(",");
  return new Map(
    entries.map((entry) => {
      const [coding = "", ...parameters] = entry.split(";").map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
      return [coding, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0];
    }),
  );
}

/**
 * What a file may be sent in to a client with this Accept-Encoding instead of as it is, the best first. Whoever takes anything
 * gets gzip, which everybody knows.
 */
export function acceptedEncodings(header: string | undefined): Encoding[] {
  const weights = readWeights(header ?? "");
  const br = weights.get("br") ?? 0;
  const gzip = weights.get("gzip") ?? weights.get("*") ?? 0;
  const both: readonly (readonly [Encoding, number])[] =
    gzip > br
      ? [
          ["gzip", gzip],
          ["br", br],
        ]
      : [
          ["br", br],
          ["gzip", gzip],
        ];
  const asItIs = weights.get("identity") ?? 0;
  return both.filter(([, weight]) => weight > 0 && weight >= asItIs).map(([encoding]) => encoding);
}

/** What is common to everything that is served from `dist`, where a build leaves `NAME.br` and `NAME.gz` beside NAME. */
export const builtFiles = {
  preCompressed: true,
  // A part of a compressed file is of no use to anybody.
  acceptRanges: false,
  index: false,
  cacheControl: false,
} satisfies Partial<FastifyStaticOptions>;

/** For the scope of such routes: @fastify/static takes a folder that cannot be read now for a path that is forbidden. */
export function tellUnreadable(app: App, folder: string): void {
  app.setErrorHandler(async (error: FastifyError) => {
    if (error.code === "FST_STATIC_FORBIDDEN_PATH") await (await opendir(folder)).close();
    throw error;
  });
}

/** For the scope of such routes: @fastify/static itself reads `*` and `identity` less exactly. */
export function negotiateEncoding(app: App): void {
  app.addHook("onRequest", async ({ raw: { headers } }) => {
    const accepted = acceptedEncodings(headers["accept-encoding"]);
    headers["accept-encoding"] = accepted.map((encoding, index) => `${encoding};q=${1 - index / 2}`).join(", ");
  });
}
