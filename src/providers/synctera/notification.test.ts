import { describe, expect, test } from "vitest";
import { makeImage, signed, syncteraAt, testWebhookSecret } from "./emulator/testing/synctera.ts";
import { signWebhook, writeWebhook } from "./emulator/webhooks.ts";

const provider = syncteraAt("http://127.0.0.1");

describe("a webhook", () => {
  const id = "11111111-2222-4333-8444-555555555555";
  const body = writeWebhook(
    makeImage(id, { status: "REJECTED", rejection_reason: "OTHER", rejection_memo: "Too\u0007 dark" }),
  );
  const read = (text: string, headers: Record<string, string>, now = Date.now(), one = provider) =>
    one.readNotification(headers, Buffer.from(text), now);
  const refused = expect.objectContaining({ code: "not-authenticated" });

  test("is read with its reason and memo", () => {
    expect(read(body, signed(body).headers)).toEqual({
      cardImageId: id,
      reference: null,
      state: "rejected",
      rejectionCode: "OTHER",
      rejectionMemo: "Too dark",
      decidedAt: null,
    });
  });

  test("has a memo in one line in which nothing turns round what stands beside it", () => {
    const text = writeWebhook(makeImage(id, { status: "REJECTED", rejection_memo: "A\u202elogo\u2066\u2028here" }));
    expect(read(text, signed(text).headers)).toMatchObject({ rejectionMemo: "A logo here" });
  });

  test("is read where nothing is told as null", () => {
    const image = { ...makeImage(id), rejection_reason: null, rejection_memo: null };
    const text = JSON.stringify({ type: "CARD.IMAGE.UPDATED", event_resource: image });
    expect(read(text, signed(text).headers)).toMatchObject({ state: "accepted", rejectionMemo: null });
  });

  test("is refused when one byte of it has changed, when it is forged, and when it is an hour old or early", () => {
    const { headers } = signed(body);
    for (let at = 0; at < body.length; at += 1) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => provider.readNotification(headers, changed, Date.now())).toThrow(refused);
    }
    expect(() => read(body, signWebhook(["another secret"], body, Date.now()))).toThrow(refused);
    for (const hours of [-1, 1]) expect(() => read(body, headers, Date.now() + hours * 3_600_000)).toThrow(refused);
    expect(() => read(body, { ...headers, "request-timestamp": String(Math.floor(Date.now() / 1000) + 1) })).toThrow(
      refused,
    );
    for (const name of Object.keys(headers).slice(1))
      expect(() => read(body, { ...headers, [name]: "" })).toThrow(refused);
  });

  test("is taken while its secret is changed, on their side and on ours", () => {
    const both = signWebhook(["an old secret that goes", testWebhookSecret], body, Date.now());
    expect(read(body, both)).not.toBeNull();
    const rotating = syncteraAt("http://127.0.0.1", { webhookSecrets: ["the next secret", testWebhookSecret] });
    expect(read(body, signed(body).headers, Date.now(), rotating)).not.toBeNull();
  });

  test("about anything else, or about an image without a picture, is nothing to us", () => {
    for (const text of [
      body.replace("CARD.IMAGE.UPDATED", "CARD.UPDATED"),
      writeWebhook(makeImage(id, { status: "NOT_UPLOADED" })),
    ])
      expect(read(text, signed(text).headers)).toBeNull();
    const object = JSON.stringify({ type: "CARD.IMAGE.UPDATED", event_resource: makeImage(id) });
    expect(read(object, signed(object).headers)).toMatchObject({ state: "accepted" });
  });
});
