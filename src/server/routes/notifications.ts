import * as z from "zod";
import type { App, AppParts } from "../parts.ts";
import { takeNotification } from "../submissions/review.ts";
import { answers } from "./answers.ts";

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

/**
 * The platform's push notifications. 204: taken, or known already. 202: kept, because no submission has that image id yet.
 * Never a failure for an unknown id: no platform promises to send a notification twice.
 */
export function registerNotifications(app: App, parts: AppParts): void {
  const path = `/v1/platform/${parts.provider.name}/notifications`;
  app.post(
    path,
    {
      schema: {
        summary: "The card platform reports on an image it is checking",
        body: z.any().meta({ description: "The platform's own JSON" }),
        response: answers({ 202: z.null(), 204: z.null() }, [
          "not-authenticated",
          "unsupported-media-type",
          "body-too-large",
        ]),
      },
    },
    async (request, reply) => {
      const notification = parts.provider.readNotification(flatten(request.headers), request.body);
      const taken = await takeNotification(parts, notification);
      const { cardImageId, state } = notification;
      if (taken === "kept")
        request.log.warn({ cardImageId, state }, "a notification for an image that no submission has (yet)");
      return reply.code(taken === "kept" ? 202 : 204).send(null);
    },
  );
}
