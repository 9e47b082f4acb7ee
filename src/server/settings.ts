import path from "node:path";
import * as z from "zod";
import { products } from "#card/products.ts";
import { providers } from "#providers/providers.ts";
import { byProduct, listedProducts, type Settings, seconds } from "#providers/setting.ts";
import { outboundSettings } from "./outbound-settings.ts";
import { addressAndPort, addressRanges, bearerKey, isPublicOrigin, toAbsolute } from "./setting-kinds.ts";
import { isPageOrigin } from "./sessions/origins.ts";
import { traceSettings } from "./traces/settings.ts";

const providerNames = providers.map(({ name }) => name);
const providerName = z.enum(providerNames);
/** One for every product, or each product's. */
const makers = z.union([
  providerName.transform((name) => Object.fromEntries(products.map(({ id }) => [id, name]))),
  byProduct(providerName),
]);

const perSecond = z
  .string()
  .regex(/^[1-9]\d{0,4}$/)
  .transform(Number);
const limits = "1 to 99999";
const days = z.int().min(1).max(36_500);

/** The environment variables of the default issuer, beside those of its card platforms. */
export const defaultIssuerSettings = {
  issuerName: {
    variable: "FULLBLEED_ISSUER_NAME",
    schema: z.string().min(1).max(100),
    expected: "the issuer's name as cardholders know it, up to 100 characters",
  },
  issuerKeys: {
    variable: "FULLBLEED_ISSUER_KEY",
    schema: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(bearerKey).min(1).max(2)),
    expected:
      "a secret of 32 to 200 characters from A-Z a-z 0-9 . _ ~ + / = -, or two of them with a comma between during a change of keys",
    secret: true,
  },
  returnOrigins: {
    variable: "FULLBLEED_RETURN_ORIGINS",
    schema: z
      .string()
      .transform((text) => text.split(",").map((one) => one.trim()))
      .pipe(z.array(z.string().refine(isPageOrigin)).max(50))
      .default([]),
    expected:
      "origins, and apps as scheme://host, to which a page of this server may lead cardholders back, with commas between",
  },
  brandFile: {
    variable: "FULLBLEED_BRAND",
    schema: z.string().max(1000).optional(),
    expected: "a JSON file with the issuer's names, logo and card art",
  },
  makers: {
    variable: "FULLBLEED_PROVIDER",
    schema: makers,
    expected: `the card platform, ${providerNames.join(" or ")}, or a JSON object from product to one of them`,
  },
} as const satisfies Settings;

/** Every environment variable of the server itself: one entry each. docs/configuration.md describes the same ones. */
export const settings = {
  host: {
    variable: "FULLBLEED_HOST",
    schema: z.string().max(255).default("127.0.0.1"),
    expected: "an address to listen on, such as 0.0.0.0",
  },
  port: {
    variable: "FULLBLEED_PORT",
    schema: z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .refine((port) => port <= 65_535),
    expected: "a port number from 0 (any free one) to 65535",
  },
  publicUrl: {
    variable: "FULLBLEED_PUBLIC_URL",
    schema: z.string().refine(isPublicOrigin),
    expected:
      "the origin at which browsers reach this server, https (or http on this machine) and without a path, such as https://cards.example",
  },
  trustedProxies: {
    variable: "FULLBLEED_TRUSTED_PROXIES",
    schema: addressRanges(),
    expected: "addresses of the proxies in front, with commas between, single or as ranges such as 10.0.0.0/8",
  },
  dataFolder: {
    variable: "FULLBLEED_DATA",
    schema: z.string().min(1).transform(toAbsolute),
    expected: "the folder that keeps the database and the pictures",
  },
  purgeLog: {
    variable: "FULLBLEED_PURGE_LOG",
    schema: z.string().min(1).transform(toAbsolute).optional(),
    expected: "the file in which deletions are written down, which no backup may overwrite",
  },
  retentionDays: {
    variable: "FULLBLEED_RETENTION_DAYS",
    schema: byProduct(
      z.strictObject({ neverSent: days.optional(), rejected: days.optional(), accepted: days.optional() }),
    ).optional(),
    expected: `a JSON object from product to the days, 1 to 36500, for which its pictures are kept: {"neverSent": 30, "rejected": 90, "accepted": 1825}; ${listedProducts}`,
  },
  draftDays: {
    variable: "FULLBLEED_DRAFT_DAYS",
    schema: z
      .string()
      .regex(/^[1-9]\d{0,2}$/)
      .transform(Number)
      .refine((count) => count <= 365)
      .default(30),
    expected: "days for which a design that is not finished is kept after its last change, 1 to 365",
  },
  distFolder: {
    variable: "FULLBLEED_DIST",
    schema: z
      .string()
      .min(1)
      .default(path.join(import.meta.dirname, "../../dist"))
      .transform(toAbsolute),
    expected: "the folder with the built designer",
  },
  pictureCheck: {
    variable: "FULLBLEED_PICTURE_CHECK",
    schema: z.enum(["refuse", "report"]).default("refuse"),
    expected: "refuse or report: what is done with a picture that does not show what its design says",
  },
  logLevel: {
    variable: "FULLBLEED_LOG_LEVEL",
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "silent"]).default("info"),
    expected: "fatal, error, warn, info, debug or silent",
  },
  metricsListen: {
    variable: "FULLBLEED_METRICS_LISTEN",
    schema: addressAndPort.optional(),
    expected: "an address of its own and a port for the metrics, such as 127.0.0.1:9464",
  },
  issuersFile: {
    variable: "FULLBLEED_ISSUERS",
    schema: z.string().min(1).transform(toAbsolute).optional(),
    expected: "the file of the issuers",
  },
  ...traceSettings,
  ...outboundSettings,
  sessionLifeSeconds: {
    variable: "FULLBLEED_SESSION_SECONDS",
    schema: seconds(60, 14_400).default(14_400),
    expected: "seconds a session may last, 60 to 14400",
  },
  clientSecretLifeSeconds: {
    variable: "FULLBLEED_CLIENT_SECRET_SECONDS",
    schema: seconds(1, 600).default(600),
    expected: "seconds a client secret is good for, 1 to 600",
  },
  tokenLifeSeconds: {
    variable: "FULLBLEED_TOKEN_SECONDS",
    schema: seconds(1, 600).default(600),
    expected: "seconds an access token is good for, 1 to 600",
  },
  bodyTimeoutSeconds: {
    variable: "FULLBLEED_BODY_TIMEOUT_SECONDS",
    schema: seconds(1, 600).default(120),
    expected: "seconds within which a request's body must have arrived, 1 to 600",
  },
  keepAliveSeconds: {
    variable: "FULLBLEED_KEEP_ALIVE_SECONDS",
    // Balancers keep theirs for 60 s; whoever closes first meets the other's next request.
    schema: seconds(1, 3600).default(65),
    expected: "seconds an idle connection is kept open, longer than the proxy in front keeps it, 1 to 3600",
  },
  addressLimit: {
    variable: "FULLBLEED_ADDRESS_LIMIT",
    schema: perSecond.default(200),
    expected: `requests a second that one address may make without a good secret, ${limits}`,
  },
  sessionLimit: {
    variable: "FULLBLEED_SESSION_LIMIT",
    schema: perSecond.default(100),
    expected: `requests a second that one session may make, ${limits}`,
  },
  issuerLimit: {
    variable: "FULLBLEED_ISSUER_LIMIT",
    schema: perSecond.default(500),
    expected: `requests a second that one issuer's server may make, ${limits}`,
  },
  sendTimeoutSeconds: {
    variable: "FULLBLEED_SEND_TIMEOUT_SECONDS",
    schema: seconds(1, 300).default(30),
    expected: "seconds to wait for the card platform's answer, 1 to 300",
  },
  quietWindowSeconds: {
    variable: "FULLBLEED_QUIET_WINDOW_SECONDS",
    schema: seconds(1, 86_400).default(900),
    expected:
      "seconds that a picture of which nobody knows whether it arrived must be absent from the platform's search before that says anything: at least twice what the search lags behind, 1 to 86400",
  },
  webhookNetworks: {
    variable: "FULLBLEED_WEBHOOK_NETWORKS",
    schema: addressRanges(),
    expected:
      "addresses outside the internet that webhooks may go to, with commas between, single or as ranges such as 10.20.0.0/16",
  },
  webhookTimeoutSeconds: {
    variable: "FULLBLEED_WEBHOOK_TIMEOUT_SECONDS",
    schema: seconds(1, 60).default(15),
    expected: "seconds to wait for an endpoint's answer to one webhook, 1 to 60",
  },
  webhookOverlapSeconds: {
    variable: "FULLBLEED_WEBHOOK_OVERLAP_SECONDS",
    schema: seconds(0, 604_800).default(86_400),
    expected: "seconds for which webhooks are signed with the secrets from before a rotation too, 0 to 604800",
  },
  leaseSeconds: {
    variable: "FULLBLEED_LEASE_SECONDS",
    schema: seconds(1, 600).default(15),
    expected: "seconds after which the work of a server that has died is taken over, 1 to 600",
  },
  coolDownSeconds: {
    variable: "FULLBLEED_COOL_DOWN_SECONDS",
    schema: seconds(1, 86_400).default(60),
    expected:
      "seconds a product's pictures wait at first when the card platform fails or refuses our settings, doubled up to 900 while it goes on, 1 to 86400",
  },
} as const satisfies Settings;
