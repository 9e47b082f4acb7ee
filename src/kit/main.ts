// What an issuer's server imports as `@fullbleed/card-designer/server`.
export type { FullbleedOptions } from "./call.ts";
export { createFullbleed, type Fullbleed } from "./client.ts";
export { FullbleedError } from "./error.ts";
export type { IssuerEvent, SessionRequest, SessionSecret, SubmissionRecord, SubmissionState } from "./shapes.ts";
export { type PingEvent, verifyWebhook, type WebhookHeaders, type WebhookOptions } from "./webhook.ts";
