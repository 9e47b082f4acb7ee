import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { asIssuer } from "#server/testing/env.ts";
import { openWebhookBench } from "#server/testing/webhooks.ts";
import { FullbleedError, verifyWebhook } from "./main.ts";

const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const other = `whsec_${Buffer.alloc(24, 8).toString("base64")}`;
const body = JSON.stringify({ type: "submission.approved", data: { note: "für Zoë" } });
const now = Date.UTC(2026, 10, 30, 8);

/** As the reference library signs. */
function sign(text = body, by = secret, at = now): Record<string, string> {
  return {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(Math.floor(at / 1000)),
    "webhook-signature": new Webhook(by).sign("evt_1", new Date(at), text),
  };
}

const codeOf = (verify: () => unknown): string => {
  try {
    verify();
  } catch (error) {
    if (error instanceof FullbleedError) return error.code;
  }
  return "";
};

test.for([
  ["text", body, sign()],
  ["bytes", Buffer.from(body), sign()],
  ["a Request's headers", body, new Headers(sign())],
  [
    "headers as they were written",
    body,
    {
      "Webhook-Id": "evt_1",
      "Webhook-Timestamp": sign()["webhook-timestamp"],
      "Webhook-Signature": sign()["webhook-signature"],
    },
  ],
  [
    "a list of values",
    body,
    {
      ...sign(),
      "webhook-signature": [sign(body, other)["webhook-signature"] ?? "", sign()["webhook-signature"] ?? ""],
    },
  ],
  ["other versions of signatures", body, { ...sign(), "webhook-signature": `v1a,AAAA ${sign()["webhook-signature"]}` }],
] as const)("what the reference library signs is taken: %s", ([, text, headers]) => {
  expect(verifyWebhook(text, headers, secret, { now })).toEqual(JSON.parse(body));
});

test("while a secret is replaced either is good", () => {
  for (const by of [secret, other]) expect(verifyWebhook(body, sign(body, by), [other, secret], { now })).toBeTruthy();
  const both = `${sign(body, other)["webhook-signature"]} ${sign()["webhook-signature"]}`;
  expect(verifyWebhook(body, { ...sign(), "webhook-signature": both }, secret, { now })).toBeTruthy();
});

test.for([
  ["another secret", () => verifyWebhook(body, sign(), other, { now })],
  ["another body", () => verifyWebhook(`${body} `, sign(), secret, { now })],
  ["another id", () => verifyWebhook(body, { ...sign(), "webhook-id": "evt_2" }, secret, { now })],
  [
    "another time",
    () => verifyWebhook(body, { ...sign(), "webhook-timestamp": String(now / 1000 + 1) }, secret, { now }),
  ],
  ["no signature", () => verifyWebhook(body, { ...sign(), "webhook-signature": "" }, secret, { now })],
  [
    "a signature of another version",
    () =>
      verifyWebhook(
        body,
        { ...sign(), "webhook-signature": sign()["webhook-signature"]?.replace("v1,", "v2,") },
        secret,
        { now },
      ),
  ],
  ["half a signature", () => verifyWebhook(body, { ...sign(), "webhook-signature": "v1,AAAA" }, secret, { now })],
  ["no headers", () => verifyWebhook(body, {}, secret, { now })],
] as const)("%s is not signed", ([, verify]) => {
  expect(codeOf(verify)).toBe("not-signed");
});

test("a webhook counts for five minutes either way", () => {
  for (const apartMs of [-300_000, 300_000])
    expect(verifyWebhook(body, sign(), secret, { now: now + apartMs })).toBeTruthy();
  for (const apartMs of [-301_000, 301_000])
    expect(codeOf(() => verifyWebhook(body, sign(), secret, { now: now + apartMs }))).toBe("outdated");
  expect(verifyWebhook(body, sign(), secret, { now: now + 301_000, toleranceSeconds: 600 })).toBeTruthy();
  expect(
    codeOf(() => verifyWebhook(body, sign(), secret)),
    "by the clock of now",
  ).toBe("outdated");
});

test("a secret that is none is a mistake of whoever calls", () => {
  for (const none of ["", "whsec_", [], [secret, ""]])
    expect(codeOf(() => verifyWebhook(body, sign(), none))).toBe("bad-option");
});

test("signed, and no event", () => {
  for (const text of ["", "{", "[]", "null", '{"type":1}'])
    expect(
      codeOf(() => verifyWebhook(text, sign(text), secret, { now })),
      text,
    ).toBe("malformed");
});

test("what our server sends is verified, also while its secret is rotated", async () => {
  const bench = await openWebhookBench();
  try {
    const receiver = await bench.receive();
    const endpoint = await bench.register(receiver.url);
    await bench.happen(1);
    bench.start();
    await expect.poll(() => receiver.received.length).toBe(1);
    const address = `/v1/webhook-endpoints/${endpoint.webhookEndpointId}`;
    const rotated = await bench.server.app.inject({ method: "POST", url: `${address}/rotate`, headers: asIssuer });
    await bench.server.app.inject({ method: "POST", url: `${address}/ping`, headers: asIssuer });
    await expect.poll(() => receiver.received.length).toBe(2);
    const at = { now: bench.server.parts.now() };
    const [first, ping] = receiver.received;
    expect(verifyWebhook(first?.body ?? "", first?.headers ?? {}, endpoint.secret, at)).toEqual(first?.event);
    for (const either of [endpoint.secret, (rotated.json() as { secret: string }).secret])
      expect(verifyWebhook(ping?.body ?? "", ping?.headers ?? {}, either, at)).toMatchObject({ type: "ping" });
    expect(codeOf(() => verifyWebhook(ping?.body ?? "", ping?.headers ?? {}, secret, at))).toBe("not-signed");
  } finally {
    await bench.close();
  }
});
