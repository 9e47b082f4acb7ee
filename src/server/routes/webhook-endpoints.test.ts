import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EventPage, WebhookEndpoint, WebhookEndpointPage, WebhookEndpointSecret } from "#contracts/webhook.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { answering, openWebhookBench, seqsOf, type WebhookBench } from "../testing/webhooks.ts";

let bench: WebhookBench;
beforeEach(async () => {
  bench = await openWebhookBench();
});
afterEach(() => bench.close());

const url = "https://hooks.bank.example/cards";

async function create(payload: object, headers: Record<string, string> = {}) {
  const response = await bench.server.app.inject({
    method: "POST",
    url: "/v1/webhook-endpoints",
    headers: { ...asIssuer, ...headers },
    payload,
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

async function listEvents(query: string): Promise<EventPage> {
  return (await bench.server.app.inject({ url: `/v1/events${query}`, headers: asIssuer })).json();
}

test("the secret is answered when an endpoint is created and when it is rotated, and never again", async () => {
  const { body: made } = await create({ url });
  expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const id: string = made.webhookEndpointId;
  const rotated = (await bench.call<WebhookEndpointSecret>("POST", `/${id}/rotate`)).body;
  expect(rotated.secret).toMatch(/^whsec_/);
  expect(rotated.secret).not.toBe(made.secret);
  const answers = [
    await bench.call("GET", ""),
    await bench.call("GET", `/${id}`),
    await bench.call("PATCH", `/${id}`, { enabled: false }),
    await bench.call("POST", `/${id}/replay`, { since: 0 }),
    await bench.call("POST", `/${id}/ping`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(JSON.stringify(answers)).not.toContain("whsec_");
  expect(bench.server.logged.join("")).not.toContain("whsec_");
});

test("rotations whose answers were lost do not end the secret that the receiver has", async () => {
  const { webhookEndpointId: id, secret } = await bench.register(url);
  const rotate = (body?: object) => bench.call<WebhookEndpointSecret>("POST", `/${id}/rotate`, body);
  for (let n = 0; n < 4; n += 1) expect((await rotate()).status).toBe(200);
  expect(await rotate()).toMatchObject({ status: 409, body: { code: "beyond-limit" } });
  const { secrets } = await bench.server.parts.store
    .selectFrom("webhook_endpoints")
    .select("secrets")
    .executeTakeFirstOrThrow();
  expect(secrets).toContain(secret);
  expect((await rotate({ overlapSeconds: 0 })).body.previousSecretsExpireAt).toBeNull();
  expect((await rotate()).status).toBe(200);
});

test("repeated under its Idempotency-Key, a request makes no second endpoint and is answered with the same secret", async () => {
  const key = { "idempotency-key": "key-1" };
  const [first, second] = [await create({ url }, key), await create({ url }, key)];
  expect(second).toMatchObject({ status: 201, body: first.body });
  expect(second.headers["idempotency-replayed"]).toBe("true");
  expect((await bench.call<WebhookEndpointPage>("GET", "")).body.webhookEndpoints).toHaveLength(1);
  expect(await create({ url: `${url}/other` }, key)).toMatchObject({
    status: 422,
    body: { code: "idempotency-key-reused" },
  });
  await bench.call("POST", `/${first.body.webhookEndpointId}/rotate`, { overlapSeconds: 0 });
  expect((await create({ url }, key)).status).toBe(422);
});

test("a day later a repeated request does not get the secret any more", async () => {
  const key = { "idempotency-key": "key-1" };
  await create({ url }, key);
  bench.server.advance(24 * 3_600_000);
  expect((await create({ url }, key)).status).toBe(422);
});

test.each([
  "http://hooks.bank.example/",
  "https://user:password@hooks.bank.example/",
  "https://10.0.0.1/",
  "https://[::ffff:10.0.0.1]/",
  "https://0x0a000001/",
  "https://hooks.bank.example:22/",
  "javascript:alert(1)",
  "",
])("%j is refused when an endpoint is created or changed", async (bad) => {
  expect(await create({ url: bad })).toMatchObject({ status: 400, body: { code: "bad-request" } });
  const { webhookEndpointId: id } = await bench.register(url);
  expect((await bench.call("PATCH", `/${id}`, { url: bad })).status).toBe(400);
});

test("there are at most twenty", async () => {
  for (let n = 0; n < 20; n += 1) expect((await create({ url })).status).toBe(201);
  expect(await create({ url })).toMatchObject({ status: 409, body: { code: "beyond-limit" } });
});

test("the list comes page by page, each endpoint once", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await bench.register(`${url}/${n}`)).webhookEndpointId);
  const found: string[] = [];
  let next: string | null = "";
  while (next !== null) {
    const query: string = next === "" ? "?limit=2" : `?limit=2&after=${next}`;
    const { body } = await bench.call<WebhookEndpointPage>("GET", query);
    found.push(...body.webhookEndpoints.map(({ webhookEndpointId }) => webhookEndpointId));
    next = body.next;
  }
  expect(found.toSorted()).toEqual(ids.toSorted());
  expect((await bench.call("GET", "?after=nobody")).status).toBe(400);
});

test("a deleted endpoint is gone, with what it had given up", async () => {
  const { webhookEndpointId: id } = await bench.register(url);
  const givenUp = { endpoint_id: id, seq: 1, last_error: null, given_up_at: 0 };
  await bench.server.parts.store.insertInto("webhook_given_up").values(givenUp).execute();
  expect((await bench.call("DELETE", `/${id}`)).status).toBe(204);
  for (const [method, path] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/ping"],
  ] as const)
    expect((await bench.call(method, `/${id}${path}`)).status).toBe(404);
});

test("another issuer's endpoints and events are not there", async () => {
  const { webhookEndpointId: id } = await bench.register(url);
  const { store } = bench.server.parts;
  await bench.happen(1);
  await store.insertInto("issuers").values({ id: "other", last_seq: 0 }).execute();
  await store.updateTable("webhook_endpoints").set({ issuer_id: "other" }).execute();
  await store.updateTable("events").set({ issuer_id: "other" }).execute();
  expect((await bench.call("GET", `/${id}`)).status).toBe(404);
  expect((await bench.call("DELETE", `/${id}`)).status).toBe(404);
  expect((await bench.call<WebhookEndpointPage>("GET", "")).body.webhookEndpoints).toEqual([]);
  expect((await listEvents("")).events).toEqual([]);
});

describe("a replay", () => {
  let id: string;
  beforeEach(async () => {
    ({ webhookEndpointId: id } = await bench.register(url));
    await bench.happen(4);
    await bench.server.parts.store.updateTable("webhook_endpoints").set({ delivered_seq: 4 }).execute();
  });
  const replay = (wanted: object) => bench.call<WebhookEndpoint>("POST", `/${id}/replay`, wanted);

  test("sets the endpoint back to a number", async () => {
    expect((await replay({ fromSeq: 3 })).body.deliveredSeq).toBe(2);
  });

  test("sets the endpoint back to a time, and passes over nothing that was not delivered", async () => {
    bench.server.advance(1_000);
    const since = bench.server.parts.now();
    await bench.happen(1);
    expect((await replay({ since })).body.deliveredSeq).toBe(4);
    expect((await replay({ since: since - 1_000 })).body.deliveredSeq).toBe(0);
    expect((await replay({ fromSeq: 5 })).body.deliveredSeq).toBe(0);
    expect((await replay({ since: since + 1 })).body.deliveredSeq).toBe(0);
  });

  test.each([{ fromSeq: 6 }, { fromSeq: 0 }, { fromSeq: -1 }, { fromSeq: 1.5 }, { since: -1 }, {}, { fromSeq: "1" }])(
    "of %j is refused",
    async (wanted) => {
      expect((await replay(wanted)).status).toBe(400);
    },
  );

  test.each([{}, { fromSeq: "1" }])("of %j is refused with a word on what is expected", async (wanted) => {
    expect((await replay(wanted)).body).toMatchObject({ detail: expect.stringContaining("expected fromSeq") });
  });

  test("of more than ten thousand events is refused, and says which can be had", async () => {
    const { store } = bench.server.parts;
    await store.updateTable("issuers").set({ last_seq: 20_000 }).execute();
    await store.updateTable("events").set({ seq: 10_000 }).where("seq", "=", 4).execute();
    const refused = { status: 409, body: { code: "beyond-limit", detail: expect.stringContaining("number 10001 on") } };
    expect(await replay({ fromSeq: 10_000 })).toMatchObject(refused);
    expect(await replay({ since: 0 })).toMatchObject(refused);
    expect((await replay({ fromSeq: 10_001 })).status).toBe(200);
  });
});

test("a ping is posted at once, whatever waits, and says what came of it", async () => {
  const receiver = await bench.receive();
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  expect(await bench.call("POST", `/${id}/ping`)).toEqual({ status: 200, body: { delivered: true, error: null } });
  expect(receiver.received[0]?.event).toMatchObject({ type: "ping", id: receiver.received[0]?.id });
  receiver.answer = answering(401, {}, "who are you?");
  expect((await bench.call("POST", `/${id}/ping`)).body).toEqual({ delivered: false, error: "HTTP 401: who are you?" });
});

test("a ping that is taken has what waits for another try delivered at once, one that is not leaves it waiting", async () => {
  const receiver = await bench.receive(answering(401));
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(2);
  await expect.poll(async () => (await bench.look(id)).failedTries).toBe(1);
  const before = await bench.look(id);
  await bench.call("POST", `/${id}/ping`);
  expect(await bench.look(id)).toEqual(before);
  receiver.answer = answering(204);
  await bench.call("POST", `/${id}/ping`);
  await expect.poll(async () => (await bench.look(id)).deliveredSeq).toBe(2);
});

test("pings that hang are a few at most", async () => {
  const receiver = await bench.receive(() => {});
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  const pings = Array.from({ length: 4 }, () => bench.call("POST", `/${id}/ping`));
  await expect.poll(() => receiver.received.length).toBe(4);
  expect((await bench.call("POST", `/${id}/ping`)).status).toBe(429);
  receiver.close();
  await Promise.all(pings);
});

test("a change that changes nothing does not bring the next try forward", async () => {
  const receiver = await bench.receive(answering(503));
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  bench.start();
  await bench.happen(1);
  await expect.poll(async () => (await bench.look(id)).failedTries).toBe(1);
  const before = await bench.look(id);
  expect(await bench.call("PATCH", `/${id}`, {})).toEqual({ status: 200, body: before });
});

test("a disabled endpoint is told nothing until it is enabled, and then all", async () => {
  const receiver = await bench.receive();
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  expect((await bench.call("PATCH", `/${id}`, { enabled: false })).body).toMatchObject({
    state: "disabled",
    disabledBecause: "issuer",
  });
  bench.start();
  await bench.happen(2);
  expect((await bench.call("PATCH", `/${id}`, { enabled: true })).body).toMatchObject({ deliveredSeq: 0 });
  await expect.poll(() => seqsOf(receiver)).toEqual([1, 2]);
});

describe("GET /v1/events", () => {
  test("lists what has happened as webhooks tell it, after a number, and says the last", async () => {
    const receiver = await bench.receive();
    await bench.register(receiver.url);
    bench.start();
    await bench.happen(3);
    await expect.poll(() => receiver.received.length).toBe(3);
    const page = await listEvents("?after=1&limit=1");
    expect(page).toMatchObject({ firstSeq: 1, lastSeq: 3 });
    expect(page.events).toEqual([receiver.received[1]?.event]);
  });

  test("answers nothing beyond the end, and before anything has happened", async () => {
    expect(await listEvents("")).toEqual({ events: [], firstSeq: 0, lastSeq: 0 });
    await bench.happen(1);
    expect(await listEvents("?after=1000000")).toEqual({ events: [], firstSeq: 1, lastSeq: 1 });
  });

  test("says from where on there is a history, where the older part has been deleted", async () => {
    await bench.happen(3);
    await bench.server.parts.store.deleteFrom("events").where("seq", "<", 3).execute();
    const { events, ...bounds } = await listEvents("?after=1");
    expect([events.map(({ seq }) => seq), bounds]).toEqual([[3], { firstSeq: 3, lastSeq: 3 }]);
  });

  test.each(["?after=-1", "?after=x", "?limit=0", "?limit=501", "?after=1.5"])("%s is refused", async (query) => {
    const response = await bench.server.app.inject({ url: `/v1/events${query}`, headers: asIssuer });
    expect(response.statusCode).toBe(400);
  });

  test("needs the issuer's key", async () => {
    expect((await bench.server.app.inject({ url: "/v1/events" })).statusCode).toBe(401);
  });
});

test("a webhook's data is the record as it was then: its newest is what the issuer reads", async () => {
  const address = await bench.server.app.listen({ host: "127.0.0.1", port: 0 });
  const { submissionId } = await sendOne(await enterSession(address), makePicture());
  const { events } = await listEvents("?limit=500");
  const own = events.filter(({ data }) => data.submissionId === submissionId);
  expect(own.map(({ data }) => data.state)).toEqual(["stored", "queued"]);
  const read = await bench.server.app.inject({ url: `/v1/submissions/${submissionId}`, headers: asIssuer });
  // What is written on the card is for who looks at the submission, and is sent nowhere.
  expect({ ...own.at(-1)?.data, texts: [] }).toEqual(read.json());
});
