/** Environment of a server whose platform does not exist. Every secret is recognisable. */
export const testEnv = {
  FULLBLEED_PORT: "0",
  FULLBLEED_DATA: "data",
  FULLBLEED_PUBLIC_URL: "https://cards.example",
  FULLBLEED_ISSUER_NAME: "Test Bank",
  FULLBLEED_ISSUER_KEY: "issuer-key-canary-0123456789-0123456789",
  FULLBLEED_PROVIDER: "thales",
  FULLBLEED_THALES_SOAP_URL: "http://127.0.0.1:9/soap",
  FULLBLEED_THALES_GET_IMAGE_URL: "http://127.0.0.1:9/images",
  FULLBLEED_THALES_HANDOVER_KEYS: JSON.stringify({
    "photo-landscape": 'handover "canary" & <one>',
    "photo-portrait": "handover-canary-two",
  }),
  FULLBLEED_THALES_IMAGE_DELIVERY_KEY: "delivery/canary+key",
  FULLBLEED_THALES_NOTIFICATION_SECRET: "notification-canary-0123",
  // For programs that are started with it.
  ...(process.env["NODE_COMPILE_CACHE"] && { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] }),
} as const;

/** Headers of the issuer's own server. */
export const asIssuer = { authorization: `Bearer ${testEnv.FULLBLEED_ISSUER_KEY}` };
