import swagger from "@fastify/swagger";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import * as z from "zod";
import { issuerEvent } from "#contracts/webhook.ts";
import type { App, AppParts } from "../parts.ts";
import { answersFromMemory, limits } from "./answers.ts";

const info = {
  title: "Fullbleed",
  version: "1",
  description:
    "Sessions are opened by the issuer's server with its secret key; everything else is called by the designer's frame with an access token. Failures are RFC 9457 problem details, also where the request is not HTTP, its headers are too large (400) or it does not arrive in time (408), whatever the address.",
};

const securitySchemes = {
  issuerKey: { type: "http", scheme: "bearer", description: "The issuer's secret key. Never in a browser." },
  sessionToken: {
    type: "http",
    scheme: "dpop",
    description:
      "The frame's access token: one session, ten minutes. Each call has a proof of the key that it is bound to in the header DPoP (RFC 9449: ES256, P-256, with `ath`, and the `nonce` of the latest DPoP-Nonce)",
  },
} as const;

const signed = (name: string, description: string) => ({
  name,
  in: "header" as const,
  required: true,
  description,
  schema: { type: "string" as const },
});

/** What this server calls, and not what calls it. */
const webhooks = {
  event: {
    post: {
      summary:
        "Posted to each webhook endpoint for each event, in order, at least once, signed as Standard Webhooks say",
      parameters: [
        signed("webhook-id", "The event's `id`: one that has been seen before is answered 2xx and left at that"),
        signed("webhook-timestamp", "Of this try, in whole seconds since 1970"),
        signed("webhook-signature", "`v1,` and a signature in base64, several of them with blanks between"),
      ],
      requestBody: {
        required: true,
        content: { "application/json": { schema: z.toJSONSchema(issuerEvent, { io: "output" }) as object } },
      },
      responses: {
        "2XX": { description: "Taken" },
        "410": { description: "The endpoint is gone, and is disabled" },
        default: { description: "Not taken: tried again, ten times in about 75 hours" },
      },
    },
  },
};

/** Serves the OpenAPI 3.1 description that is generated from the routes' own schemas. Call before the routes exist. */
export async function registerOpenapi(app: App, { config }: AppParts): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info,
      servers: [{ url: config.publicUrl }],
      components: { securitySchemes },
      webhooks,
    },
    transform: jsonSchemaTransform,
  });
  await app.register(async (scope) => {
    (scope as App).get(
      "/v1/openapi.json",
      {
        schema: {
          summary: "This description",
          response: answersFromMemory({ 200: z.looseObject({ openapi: z.string() }) }, limits),
        },
      },
      async () => app.swagger() as { openapi: string },
    );
  });
}
