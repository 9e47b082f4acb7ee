import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { WebhookEndpointSecret } from "#contracts/webhook.ts";
import { severalPasses } from "../testing/courier.ts";
import { answering, openWebhookBench, seqsOf, type WebhookBench } from "../testing/webhooks.ts";
import { defaultWebhookPolicy, pauseMs } from "./courier.ts";

let bench: WebhookBench;
beforeEach(async () => {
  bench = await openWebhookBench();
});
afterEach(() => bench.close());

const hour = 3_600_000;
const quick = { pausesMs: [1, 1, 1, 1, 1, 1, 1, 1, 1] };
/** The server's clock stands still unless a test moves it: a pause of a millisecond would never end. */
const untilTold = async (told: () => boolean | Promise<boolean>): Promise<void> => {
  await expect
    .poll(
      async () => {
        bench.server.advance(5);
        return told();
      },
      { interval: 5 },
    )
    .toBe(true);
};

test("what has happened since an endpoint was created reaches it, once and in order, with a signature that the reference library takes", async () => {
  await bench.happen(2);
  const receiver = await bench.receive();
  const { secret } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(3);
  await untilTold(() => receiver.received.length >= 3);
  expect(seqsOf(receiver)).toEqual([3, 4, 5]);
  const [first] = receiver.received;
  // The library looks at its own clock; the server's is the test's.
  const now = Number(first?.headers["webhook-timestamp"]) * 1000;
  expect(Math.abs(now - bench.server.parts.now())).toBeLessThan(60_000);
  const headers = first?.headers as Record<string, string>;
  const signed = new Webhook(secret).sign(first?.id ?? "", new Date(now), first?.body ?? "");
  expect(headers["webhook-signature"]).toBe(signed);
  expect(first?.event).toMatchObject({ id: first?.id, type: "submission.queued", data: { submissionId: "sub" } });
});

test("ten tries take 75 hours and a half, and no two endpoints come back at the same moment", () => {
  const policy = { ...defaultWebhookPolicy, random: () => 0.5 };
  const pauses = policy.pausesMs.map((_, index) => pauseMs(index + 1, 0, policy));
  expect(pauses).toHaveLength(9);
  expect(pauses.reduce((sum, one) => sum + one, 0) / hour).toBeCloseTo(75.58, 1);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  const [least, most] = [0, 0.999].map((random) => pauseMs(9, 0, { ...policy, random: () => random }) / hour);
  expect([least, most]).toEqual([expect.closeTo(21.6, 1), expect.closeTo(26.4, 1)]);
});

test.each([
  ["a little", 2_000, 5_000],
  ["a minute", 60_000, 60_000],
  ["a year", 365 * 24 * hour, 24 * hour],
])("a Retry-After of %s is heeded, between the schedule's own pause and a day", (_, asked, waited) => {
  expect(pauseMs(1, asked, { ...defaultWebhookPolicy, random: () => 0.5 })).toBe(waited);
});

test("an endpoint that fails half the time gets every event, in order, over restarts, and others wait for nothing", async () => {
  let calls = 0;
  const flaky = await bench.receive((_received, response) => {
    calls += 1;
    response.writeHead(calls % 2 === 0 ? 204 : 503).end();
  });
  const good = await bench.receive();
  await bench.register(flaky.url);
  await bench.register(good.url);
  let courier = bench.start(quick);
  await bench.happen(60);
  await untilTold(() => seqsOf(flaky).length > 30);
  await courier.stop();
  courier = bench.start(quick);
  await untilTold(() => new Set(seqsOf(flaky)).size === 60 && seqsOf(good).length >= 60);
  expect(seqsOf(flaky)).toEqual(seqsOf(flaky).toSorted((a, b) => a - b));
  expect([...new Set(seqsOf(flaky))]).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
  for (const seq of new Set(seqsOf(flaky)))
    expect(new Set(flaky.received.filter(({ event }) => event.seq === seq).map(({ id }) => id)).size).toBe(1);
});

test("endpoints that hang, all that an issuer can have but one, delay nobody", async () => {
  const hanging = await bench.receive(() => {});
  const good = await bench.receive();
  for (let n = 0; n < 19; n += 1) await bench.register(hanging.url);
  await bench.register(good.url);
  bench.start();
  await bench.happen(5);
  await expect.poll(() => seqsOf(good)).toEqual([1, 2, 3, 4, 5]);
  await expect.poll(() => seqsOf(hanging)).toEqual(Array.from({ length: 19 }, () => 1));
});

test("an event that is never taken is given up after ten tries, kept in sight, and the next is delivered; a replay brings it", async () => {
  let isMended = false;
  const receiver = await bench.receive(({ event }, response) => {
    response.writeHead(event.seq === 2 && !isMended ? 500 : 204).end("no\nsuch card");
  });
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start(quick);
  await bench.happen(3);
  await untilTold(() => seqsOf(receiver).includes(3));
  expect(seqsOf(receiver)).toEqual([1, ...Array.from({ length: 10 }, () => 2), 3]);
  await untilTold(async () => (await bench.look(id)).deliveredSeq === 3);
  expect(await bench.look(id)).toMatchObject({
    state: "enabled",
    givenUp: [{ seq: 2, lastError: "HTTP 500: no such card" }],
    lastError: null,
  });
  isMended = true;
  expect((await bench.call("POST", `/${id}/replay`, { fromSeq: 2 })).status).toBe(200);
  await untilTold(async () => (await bench.look(id)).deliveredSeq === 3);
  await untilTold(() => seqsOf(receiver).length === 14);
  expect(seqsOf(receiver).slice(-2)).toEqual([2, 3]);
  expect((await bench.look(id)).givenUp).toEqual([]);
  expect(new Set(receiver.received.map(({ id: webhookId }) => webhookId)).size).toBe(3);
});

test("an endpoint that takes nothing at all is disabled, loses one event at most, and gets the rest once it is enabled", async () => {
  const receiver = await bench.receive(answering(500));
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start(quick);
  await bench.happen(5);
  await untilTold(async () => (await bench.look(id)).state === "disabled");
  expect(await bench.look(id)).toMatchObject({ disabledBecause: "failing", deliveredSeq: 1, givenUp: [{ seq: 1 }] });
  expect(seqsOf(receiver)).toEqual([...Array.from({ length: 10 }, () => 1), 2, 2, 2]);
  receiver.answer = answering(204);
  await bench.call("PATCH", `/${id}`, { enabled: true });
  await untilTold(() => seqsOf(receiver).length === 17);
  expect(seqsOf(receiver).slice(13)).toEqual([2, 3, 4, 5]);
});

test("a replay that begins behind an event that was given up has all its tries, as any other", async () => {
  const receiver = await bench.receive(({ event }, response) => {
    response.writeHead(event.seq === 1 ? 500 : 204).end();
  });
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start(quick);
  await bench.happen(2);
  await untilTold(async () => (await bench.look(id)).deliveredSeq === 2);
  receiver.answer = answering(500);
  await bench.call("POST", `/${id}/replay`, { fromSeq: 2 });
  await untilTold(async () => (await bench.look(id)).givenUp.length === 2);
  expect(seqsOf(receiver).slice(11)).toEqual(Array.from({ length: 10 }, () => 2));
});

test("an endpoint that answers 410 is disabled at once, and nothing is lost", async () => {
  const receiver = await bench.receive(answering(410));
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(2);
  await untilTold(async () => (await bench.look(id)).state === "disabled");
  expect(seqsOf(receiver)).toEqual([1]);
  expect(await bench.look(id)).toMatchObject({ disabledBecause: "gone", deliveredSeq: 0, givenUp: [] });
});

test("while a secret is being changed each webhook is signed with both, afterwards with the new one only", async () => {
  const receiver = await bench.receive();
  const { webhookEndpointId: id, secret: old } = await bench.register(receiver.url);
  const rotated = (await bench.call<WebhookEndpointSecret>("POST", `/${id}/rotate`)).body;
  bench.start();
  await bench.happen(1);
  await expect.poll(() => receiver.received.length).toBe(1);
  bench.server.advance(25 * hour);
  await bench.happen(1);
  await expect.poll(() => receiver.received.length).toBe(2);
  const [during, after] = receiver.received.map(({ id: webhookId, headers, body }) => {
    const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
    const own = String(headers["webhook-signature"]).split(" ");
    return [old, rotated.secret].map((secret) => own.includes(new Webhook(secret).sign(webhookId, at, body)));
  });
  expect(during).toEqual([true, true]);
  expect(after).toEqual([false, true]);
});

describe("two servers on one database", () => {
  test("do not post the same event side by side", async () => {
    const receiver = await bench.receive((_received, response) => {
      setTimeout(() => response.writeHead(204).end(), 5);
    });
    await bench.register(receiver.url);
    bench.start();
    bench.start();
    await bench.happen(20);
    await untilTold(() => seqsOf(receiver).length >= 20);
    expect(seqsOf(receiver)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  test("the one that lives takes over from the one that has died, once its lease has run out", async () => {
    const receiver = await bench.receive();
    const { webhookEndpointId: id } = await bench.register(receiver.url);
    const now = bench.server.parts.now();
    await bench.server.parts.store
      .updateTable("webhook_endpoints")
      .set({ locked_by: "the dead", locked_until: now + 15_000 })
      .execute();
    bench.start();
    await bench.happen(1);
    await severalPasses();
    expect(seqsOf(receiver)).toEqual([]);
    bench.server.advance(15_001);
    await expect.poll(() => seqsOf(receiver)).toEqual([1]);
    await expect.poll(async () => (await bench.look(id)).deliveredSeq).toBe(1);
  });
});

test("a clock that is set back six hours delays no webhook by more than its own pause", async () => {
  const receiver = await bench.receive(answering(503));
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(1);
  await expect.poll(async () => (await bench.look(id)).failedTries).toBe(1);
  bench.server.advance(-6 * hour);
  await expect
    .poll(async () => ((await bench.look(id)).nextTryAt ?? 0) - bench.server.parts.now())
    .toBeLessThanOrEqual(6_000);
  receiver.answer = answering(204);
  bench.server.advance(6_000);
  await expect.poll(() => seqsOf(receiver)).toEqual([1, 1]);
});

test("a replay, or another address, that comes while an event is on its way is not undone by its answer", async () => {
  let letGo = (): void => {};
  const receiver = await bench.receive();
  const other = await bench.receive();
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(2);
  await expect.poll(async () => (await bench.look(id)).deliveredSeq).toBe(2);
  receiver.answer = (_received, response) => {
    letGo = () => response.writeHead(204).end();
  };
  await bench.happen(1);
  await expect.poll(() => seqsOf(receiver)).toEqual([1, 2, 3]);
  await bench.call("POST", `/${id}/replay`, { fromSeq: 1 });
  await bench.call("PATCH", `/${id}`, { url: other.url });
  letGo();
  await expect.poll(() => seqsOf(other)).toEqual([1, 2, 3]);
});

test("a rotation while an event is on its way neither repeats the event nor brings its next try forward", async () => {
  let letGo = (): void => {};
  const receiver = await bench.receive((_received, response) => {
    letGo = () => response.writeHead(204).end();
  });
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(1);
  await expect.poll(() => receiver.received.length).toBe(1);
  await bench.call("POST", `/${id}/rotate`);
  receiver.answer = answering(503);
  letGo();
  await bench.happen(1);
  await expect.poll(async () => (await bench.look(id)).failedTries).toBe(1);
  await bench.call("POST", `/${id}/rotate`, { overlapSeconds: 0 });
  expect(await bench.look(id)).toMatchObject({ failedTries: 1, previousSecretsExpireAt: null });
  expect(seqsOf(receiver)).toEqual([1, 2]);
});

test("a server that stops gives a call that hangs a moment, and the next makes it again under the same id", async () => {
  const receiver = await bench.receive(() => {});
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  const courier = bench.start();
  await bench.happen(1);
  await expect.poll(() => receiver.received.length).toBe(1);
  await courier.stop();
  expect(await bench.look(id)).toMatchObject({ failedTries: 0, deliveredSeq: 0 });
  receiver.answer = answering(204);
  bench.start();
  await expect.poll(async () => (await bench.look(id)).deliveredSeq).toBe(1);
  expect(receiver.received[1]?.id).toBe(receiver.received[0]?.id);
});

test("an endpoint whose events were all deleted before it was told of them waits in peace for the next one", async () => {
  const receiver = await bench.receive();
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  await bench.happen(2);
  await bench.server.parts.store.deleteFrom("events").execute();
  bench.start();
  await expect.poll(async () => (await bench.look(id)).deliveredSeq).toBe(2);
  expect(bench.server.logged.filter((line) => line.includes("events were deleted"))).toHaveLength(1);
  await bench.happen(1);
  await expect.poll(() => seqsOf(receiver)).toEqual([3]);
});

test("what an endpoint answers, its address and its secrets are in no log", async () => {
  const receiver = await bench.receive(answering(500, {}, "body canary"));
  const { webhookEndpointId: id, secret } = await bench.register(`${receiver.url}?token=query-canary`);
  bench.start();
  await bench.happen(1);
  await expect.poll(async () => (await bench.look(id)).failedTries).toBe(1);
  const log = bench.server.logged.join("\n");
  expect(log).toContain("a webhook was not taken");
  expect(log).not.toContain("canary");
  expect(log).not.toContain(secret);
});
