import { hashSecret } from "../sessions/credentials.ts";
import { testEnv } from "./env.ts";

/** An issuer of the file, with what its server and its card platform show. */
export interface Listed {
  readonly key: string;
  readonly notificationSecret: string;
  /** Its entry in the file. */
  readonly entry: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** Makes an issuer of the file whose platform does not exist, as `testEnv` has it. Every secret is its own. */
export function listIssuer(id: string, change: object = {}): Listed {
  const key = `key-of-${id}-${"0123456789".repeat(4)}`;
  const notificationSecret = `notification-secret-of-${id}`;
  const thales = {
    FULLBLEED_THALES_SOAP_URL: testEnv.FULLBLEED_THALES_SOAP_URL,
    FULLBLEED_THALES_GET_IMAGE_URL: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
    FULLBLEED_THALES_HANDOVER_KEYS: { "photo-landscape": `handover-key-of-${id}` },
    FULLBLEED_THALES_IMAGE_DELIVERY_KEY: `delivery-key-of-${id}`,
    FULLBLEED_THALES_NOTIFICATION_SECRET: notificationSecret,
  };
  const entry = {
    id,
    name: `Bank ${id}`,
    keys: [`sha256:${hashSecret(key)}`],
    products: { "photo-landscape": { provider: "thales" } },
    providers: { thales },
    ...change,
  };
  return { key, notificationSecret, entry };
}
