import * as z from "zod";
import {
  addressOf,
  byProduct,
  headerName,
  listedProducts,
  type Settings,
  seconds,
  type Values,
  webAddress,
} from "../setting.ts";

const key = z.string().min(8).max(500);
const uuid = z.uuid().transform((id) => id.toLowerCase());

/** What the Synctera provider needs to know. */
export const syncteraSettings = {
  url: {
    variable: "FULLBLEED_SYNCTERA_URL",
    schema: webAddress.transform((url) => url.replace(/\/+$/, "")),
    expected: `${addressOf("Synctera's interface")} and with its version, such as https://api.synctera.com/v1`,
  },
  apiKey: {
    variable: "FULLBLEED_SYNCTERA_API_KEY",
    schema: key,
    expected: "the API key of 8 to 500 characters",
    secret: true,
  },
  cardProducts: {
    variable: "FULLBLEED_SYNCTERA_CARD_PRODUCTS",
    schema: byProduct(uuid),
    expected: `a JSON object from product to the id (a UUID) of Synctera's card product; ${listedProducts}`,
    json: true,
  },
  webhookSecrets: {
    variable: "FULLBLEED_SYNCTERA_WEBHOOK_SECRET",
    schema: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(z.string().min(16).max(200)).min(1).max(2)),
    expected:
      "the secret of 16 to 200 characters that webhooks are signed with, or two of them with a comma between while it is changed",
    secret: true,
  },
  signatureHeader: {
    variable: "FULLBLEED_SYNCTERA_SIGNATURE_HEADER",
    schema: headerName.default("synctera-signature"),
    expected: "the name, in lower case, of the header with a webhook's signature",
  },
  timestampHeader: {
    variable: "FULLBLEED_SYNCTERA_TIMESTAMP_HEADER",
    schema: headerName.default("request-timestamp"),
    expected: "the name, in lower case, of the header with the time at which a webhook was signed",
  },
  signedSeparator: {
    variable: "FULLBLEED_SYNCTERA_SIGNED_SEPARATOR",
    schema: z
      .string()
      .regex(/^[.:|_-]{1,2}$/)
      .default("."),
    expected: "what stands between the time and the body in what is signed: one or two of . : | _ -",
  },
  webhookToleranceSeconds: {
    variable: "FULLBLEED_SYNCTERA_WEBHOOK_TOLERANCE_SECONDS",
    schema: seconds(1, 3600).default(300),
    expected: "seconds by which a webhook's time may differ from this server's clock, 1 to 3600",
  },
} as const satisfies Settings;

export interface SyncteraOptions extends Values<typeof syncteraSettings> {
  /** A connection per request when left out. Another `fetch` cannot tell "not sent" from "unknown" as often. */
  readonly fetch?: typeof fetch;
}
