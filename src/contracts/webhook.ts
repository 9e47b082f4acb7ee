import * as z from "zod/mini";
import { submissionRecord, submissionState } from "./submission.ts";

const at = (what: string) => z.int().check(z.describe(`Epoch milliseconds at which ${what}`));
const seq = (what: string) => z.int().check(z.describe(what));

/**
 * One event of an issuer: what a webhook's body is, and what `GET /v1/events` lists. `data` is the submission's record as it was
 * right after the event.
 */
export const issuerEvent = z.object({
  id: z.string().check(z.describe("The webhook's `webhook-id`: the same on every try and every replay")),
  type: z.string().check(z.describe("`submission.` and the state that the submission has come to")),
  timestamp: z.string().check(z.describe("When it happened: RFC 3339, UTC")),
  seq: seq("Grows with every event of the issuer, without gaps"),
  event: z.object({
    from: z.nullable(submissionState),
    to: submissionState,
    cause: z.string(),
    actor: z.enum(["system", "provider", "issuer", "operator"]),
    attempt: z.nullable(z.int()),
  }),
  data: submissionRecord,
});
export type IssuerEvent = z.infer<typeof issuerEvent>;

/** Answer to `GET /v1/events?after=&limit=`: oldest first. */
export const eventPage = z.object({
  events: z.array(issuerEvent),
  firstSeq: seq(
    "The oldest event that is kept, 0 if there is none: what lies between `after` and it has been deleted, so read the submissions",
  ),
  lastSeq: seq("The newest event, 0 if there is none"),
});
export type EventPage = z.infer<typeof eventPage>;

const url = z
  .string()
  .check(z.minLength(1), z.maxLength(2000), z.describe("https, without user, password and fragment"));

/** Body of `POST /v1/webhook-endpoints`. */
export const webhookEndpointRequest = z.object({ url });

/** Body of `PATCH /v1/webhook-endpoints/:webhookEndpointId`: what is left out stays. */
export const webhookEndpointChange = z.object({ url: z.optional(url), enabled: z.optional(z.boolean()) });
export type WebhookEndpointChange = z.infer<typeof webhookEndpointChange>;

export const webhookEndpoint = z.object({
  webhookEndpointId: z.string(),
  url: z.string(),
  state: z.enum(["enabled", "disabled"]),
  disabledBecause: z
    .nullable(z.enum(["issuer", "gone", "failing", "unlisted"]))
    .check(
      z.describe(
        "`issuer`: you have disabled it; `gone`: it has answered 410; `failing`: it has taken nothing for days; `unlisted`: the server's operator has taken it out. What has happened since waits",
      ),
    ),
  createdAt: at("it was created"),
  deliveredSeq: seq("Events up to this one have been delivered, or given up"),
  lastSeq: seq("The issuer's newest event"),
  failedTries: z.int().check(z.describe("Of the event that is next")),
  lastError: z.nullable(z.string()).check(z.describe("Why the last try failed; null after one that did not")),
  nextTryAt: z
    .nullable(z.int())
    .check(z.describe("Epoch milliseconds at which the next event is tried, at the earliest; null when none waits")),
  previousSecretsExpireAt: z
    .nullable(z.int())
    .check(z.describe("Epoch milliseconds at which the last secret from before a rotation stops being signed with")),
  givenUp: z
    .array(z.object({ seq: z.int(), lastError: z.nullable(z.string()), givenUpAt: at("its last try had failed") }))
    .check(z.describe("The newest 100 events that were given up and not delivered by a replay since, oldest first")),
});
export type WebhookEndpoint = z.infer<typeof webhookEndpoint>;

/** Answer to creating and rotating: the only one that has a secret. */
export const webhookEndpointSecret = z.extend(webhookEndpoint, {
  secret: z.string().check(z.describe("`whsec_` and the key in base64, as in Standard Webhooks")),
});
export type WebhookEndpointSecret = z.infer<typeof webhookEndpointSecret>;

export const webhookEndpointPage = z.object({
  webhookEndpoints: z.array(webhookEndpoint),
  next: z.nullable(z.string()).check(z.describe("The `after` of the next page")),
});
export type WebhookEndpointPage = z.infer<typeof webhookEndpointPage>;

/** Body of `POST /v1/webhook-endpoints/:webhookEndpointId/rotate`, if there is one. */
export const rotation = z.nullish(
  z.object({
    overlapSeconds: z.optional(
      z
        .int()
        .check(
          z.gte(0),
          z.lte(604_800),
          z.describe("Whole seconds for which the secrets of before are signed with too; 0 when one has leaked"),
        ),
    ),
  }),
);

/** Body of `POST /v1/webhook-endpoints/:webhookEndpointId/replay`. */
export const replay = z.union(
  [
    z.object({ fromSeq: z.int().check(z.gte(1), z.describe("The first event that is delivered again")) }),
    z.object({ since: z.int().check(z.gte(0), z.describe("Epoch milliseconds: events from then on")) }),
  ],
  "expected fromSeq, a whole number from 1 on, or since, in epoch milliseconds",
);
export type Replay = z.infer<typeof replay>;

/** Answer to `POST /v1/webhook-endpoints/:webhookEndpointId/ping`. */
export const pingResult = z.object({ delivered: z.boolean(), error: z.nullable(z.string()) });
