import swagger from "@fastify/swagger";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import * as z from "zod";
import type { App, AppParts } from "../parts.ts";
import { answersFromMemory } from "./answers.ts";

const info = {
  title: "Fullbleed",
  version: "1",
  description:
    "Sessions are opened by the issuer's server with its secret key; everything else is called by the designer's frame with an access token. Failures are RFC 9457 problem details, also where the request is not HTTP, its headers are too large (400) or it does not arrive in time (408), whatever the address.",
};

const securitySchemes = {
  issuerKey: { type: "http", scheme: "bearer", description: "The issuer's secret key. Never in a browser." },
  sessionToken: { type: "http", scheme: "bearer", description: "The frame's access token: one session, ten minutes." },
} as const;

/** Serves the OpenAPI 3.1 description that is generated from the routes' own schemas. Call before the routes exist. */
export async function registerOpenapi(app: App, { config }: AppParts): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info, servers: [{ url: config.publicUrl }], components: { securitySchemes } },
    transform: jsonSchemaTransform,
  });
  await app.register(async (scope) => {
    (scope as App).get(
      "/v1/openapi.json",
      {
        schema: {
          summary: "This description",
          response: answersFromMemory({ 200: z.looseObject({ openapi: z.string() }) }),
        },
      },
      async () => app.swagger() as { openapi: string },
    );
  });
}
