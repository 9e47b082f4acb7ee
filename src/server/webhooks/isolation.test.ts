import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EventPage, IssuerEvent } from "#contracts/webhook.ts";
import { imageIdOf, openTenants, type Tenants } from "../testing/issuers.ts";
import { createWebhookCourier, type WebhookCourier } from "./courier.ts";
import { signMessage } from "./secrets.ts";

let all: Tenants;
let courier: WebhookCourier;
beforeEach(async () => {
  all = await openTenants();
  courier = createWebhookCourier({ ...all.server.parts, policy: { pollMs: 20 } });
});
afterEach(async () => {
  await courier.stop();
  await all.server.close();
});

/** The platform of each says of the same id that its picture is approved. */
async function approveAll(): Promise<void> {
  for (const { id, notificationSecret } of all.tenants) {
    const url =
      id === "default" ? "/v1/platform/thales/notifications" : `/v1/issuers/${id}/platform/thales/notifications`;
    const payload = { ImageId: imageIdOf("in-review"), ImageState: "Accepted", RejectionCode: "00" };
    const headers = { "x-notification-secret": notificationSecret };
    expect((await all.server.app.inject({ method: "POST", url, headers, payload })).statusCode).toBe(204);
  }
}

test("each issuer's events have numbers of their own, without gaps, and are posted to its endpoints alone, signed for them", async () => {
  courier.start();
  await approveAll();
  await vi.waitFor(() => expect(all.posted).toHaveLength(all.tenants.length), { timeout: 45_000 });
  for (const { id, key, submissions, endpoint } of all.tenants) {
    const headers = { authorization: `Bearer ${key}` };
    const { events, lastSeq } = (await all.server.app.inject({ url: "/v1/events", headers })).json<EventPage>();
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: lastSeq }, (_, n) => n + 1));
    const own: readonly string[] = Object.values(submissions);
    expect(events.filter(({ data }) => !own.includes(data.submissionId))).toEqual([]);
    const [posted, ...more] = all.posted.filter(({ url }) => url === `https://hooks.example/${id}`);
    expect(more).toEqual([]);
    const event = JSON.parse(posted?.body ?? "") as IssuerEvent;
    expect(event).toMatchObject({ type: "submission.approved", data: { submissionId: submissions["in-review"] } });
    const secrets = JSON.stringify([{ secret: endpoint.secret, until: null, isFirst: true }]);
    const at = Number(posted?.headers.get("webhook-timestamp")) * 1000;
    expect(posted?.headers.get("webhook-signature")).toBe(
      signMessage({ secrets }, event.id, at, posted?.body ?? "")["webhook-signature"],
    );
  }
  expect(new Set(all.posted.map(({ headers }) => headers.get("webhook-id"))).size).toBe(all.tenants.length);
});
