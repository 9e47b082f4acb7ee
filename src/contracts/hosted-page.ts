import * as z from "zod/mini";
import { hostedRequest, issuerLogo, sessionCredentials } from "./session.ts";

/** Body of `POST /v1/hosted-pages`, sent by the page of ours. */
export const hostedOpening = z.object({
  code: z
    .string()
    .check(
      z.maxLength(200),
      z.describe(
        "The one-time code of the page's address, or the `key` of an earlier answer as long as the session lasts",
      ),
    ),
});

/** What that page needs to show the designer. */
export const hostedPage = z.extend(sessionCredentials, {
  key: z
    .string()
    .check(z.describe("Good in place of the code until the session ends: for a page that is loaded again")),
  locale: z.string(),
  issuerName: z.string(),
  issuerNames: z.optional(z.record(z.string(), z.string())),
  issuerLogo: z.optional(issuerLogo),
  ...hostedRequest.shape,
});
export type HostedPage = z.infer<typeof hostedPage>;
