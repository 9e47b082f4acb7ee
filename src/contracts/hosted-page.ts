import * as z from "zod/mini";
import { hostedRequest, sessionCredentials } from "./session.ts";

/** Body of `POST /v1/hosted-pages`, sent by the page of ours. */
export const hostedOpening = z.object({
  key: z
    .string()
    .check(
      z.regex(/^hpk_[\w-]{43}$/),
      z.describe(
        "Made by the page at random: shown once with a good code, it opens the page again until the session ends",
      ),
    ),
  code: z.optional(z.string().check(z.maxLength(200), z.describe("The one-time code of the page's address"))),
});
export type HostedOpening = z.infer<typeof hostedOpening>;

/** What that page needs to show the designer. */
export const hostedPage = z.extend(sessionCredentials, {
  locale: z.string(),
  issuerName: z.string(),
  issuerNames: z.optional(z.record(z.string(), z.string())),
  ...hostedRequest.shape,
});
export type HostedPage = z.infer<typeof hostedPage>;
