import net from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Provider, SendOrder } from "../../provider.ts";
import { listenLocally } from "../../testing/listen.ts";
import type { ProviderBench } from "../../testing/provider-bench.ts";
import { describeProvider } from "../../testing/provider-contract.ts";
import { startSilentPlatform } from "../../testing/silent-platform.ts";
import { toJpeg } from "../to-jpeg.ts";
import { faultKinds, faultsOn } from "./faults.ts";
import {
  makeImage,
  makeOrders,
  makePng,
  newCustomer,
  openTestSynctera,
  sha256,
  signed,
  syncteraAt,
  type TestSynctera,
  testApiKey,
  testCardProducts,
} from "./testing/synctera.ts";
import { writeWebhook } from "./webhooks.ts";

const bytes = await makePng(1036, 664);
const soon = () => AbortSignal.timeout(60_000);

async function openBench(): Promise<ProviderBench> {
  const synctera = await openTestSynctera();
  const url = await synctera.app.listen({ port: 0, host: "127.0.0.1" });
  const silent = await startSilentPlatform();
  const closed = net.createServer();
  const unreachable = syncteraAt(await listenLocally(closed));
  closed.close();
  return {
    provider: syncteraAt(url),
    unreachable,
    silent: syncteraAt(silent.url),
    heard: silent.heard,
    makeOrder: makeOrders(bytes).make,
    badBytes: await makePng(100, 100),
    sentSha256: async (png) => sha256(await toJpeg(png)),
    signed,
    notification: (id, code) =>
      signed(writeWebhook(makeImage(id, code === null ? {} : { status: "REJECTED", rejection_reason: code }))),
    storedSha256: async (id) => (await synctera.images()).find((stored) => stored.image.id === id)?.sha256 ?? undefined,
    secrets: ["CANARY"],
    async close() {
      silent.close();
      await synctera.close();
    },
  };
}

describeProvider("Synctera", openBench);

let synctera: TestSynctera;
let origin: string;
let provider: Provider;
let make: ReturnType<typeof makeOrders>["make"];
beforeEach(async () => {
  synctera = await openTestSynctera();
  origin = await synctera.app.listen({ port: 0, host: "127.0.0.1" });
  provider = syncteraAt(origin);
  ({ make } = makeOrders(bytes));
});
afterEach(() => synctera.close());

const uploaded = async () => (await synctera.images()).filter(({ sha256: stored }) => stored !== null).length;

/** What the server does with a submission: sends it, and after a doubt looks for it, until it is settled. */
async function settle(order: SendOrder): Promise<string[]> {
  const seen: string[] = [];
  for (let attempt = 1; attempt <= 6; attempt += 1) {
    const outcome = await provider.send({ ...order, attempt }, soon());
    seen.push(outcome.kind);
    if (outcome.kind === "not-sent" || outcome.kind === "misconfigured") continue;
    if (outcome.kind !== "unknown") return seen;
    const found = await provider.find(order, soon());
    seen.push(found.kind === "absent" ? `absent by ${found.proof}` : found.kind);
    if (found.kind !== "absent") return seen;
  }
  return seen;
}

describe("a write that goes wrong", () => {
  const faults = (["Create", "Upload"] as const).flatMap((method) =>
    faultsOn(method)
      // Seen on their own below.
      .filter((name) => !["twice-lost", "other-customer", "error-422"].includes(name))
      .map((name) => [method, name] as const),
  );
  test.each(faults)("%s with %s: one picture in the end, and one only", async (method, fault) => {
    await synctera.addFault({ method, fault, ...(fault === "late" && { seconds: 0.1 }) });
    const order = make();
    const seen = await settle(order);
    expect(seen.at(-1), seen.join(", ")).toMatch(/^(accepted|found)$/);
    expect(await uploaded()).toBe(1);
    const { calls } = await synctera.ledger();
    const keysOf = (name: string) =>
      new Set(calls.filter((call) => call.method === name).map((call) => call.idempotencyKey));
    expect([keysOf("Create").size, keysOf("Upload").size]).toEqual([1, 1]);
    if (faultKinds[fault].works && method === "Upload")
      expect(calls.filter((call) => call.status === 201)).toHaveLength(1);
  });

  test("a lost answer to the creation: the one entity that waits is taken, whether or not the platform keeps keys", async () => {
    for (const keepsKeys of [true, false]) {
      await synctera.setSwitches({ keepsKeys });
      await synctera.addFault({ method: "Create", fault: "cut-reply" });
      const order = make();
      expect(await settle(order)).toEqual(["unknown", "absent by now", "accepted"]);
      const ofCustomer = (await synctera.images()).filter((stored) => stored.image.customer_id === order.cardholderId);
      expect(ofCustomer).toHaveLength(1);
    }
  });

  test("a lost answer while the list lags: nothing is concluded at once, and the key makes it the same entity", async () => {
    await synctera.setSwitches({ listLagSeconds: 600 });
    await synctera.addFault({ method: "Create", fault: "cut-reply" });
    expect(await settle(make())).toEqual(["unknown", "absent by time", "accepted"]);
    expect(await synctera.images()).toHaveLength(1);
  });

  test("an entity that another submission of the customer has is never taken", async () => {
    const first = make();
    await synctera.addFault({ method: "Upload", fault: "error-500" });
    expect((await provider.send(first, soon())).kind).toBe("unknown");
    const second = make({ cardholderId: first.cardholderId });
    await synctera.addFault({ method: "Create", fault: "page-503" });
    expect((await provider.send(second, soon())).kind).toBe("unknown");
    expect(await provider.find(second, soon())).toEqual({ kind: "absent", proof: "time" });
  });

  test("two entities that wait, after a creation whose answer was lost: a person has to look", async () => {
    await synctera.addFault({ method: "Create", fault: "twice-lost" });
    const order = make();
    expect((await provider.send(order, soon())).kind).toBe("unknown");
    const found = await provider.find(order, soon());
    expect(found).toMatchObject({ kind: "cannot-tell", final: true });
    for (const stored of await synctera.images()) expect(JSON.stringify(found)).toContain(stored.image.id);
    expect(await uploaded()).toBe(0);
  });

  test("an entity of another customer never gets the picture", async () => {
    await synctera.addFault({ method: "Create", fault: "other-customer" });
    const order = make();
    expect(await provider.send(order, soon())).toMatchObject({
      kind: "unknown",
      detail: expect.stringContaining("another customer"),
    });
    expect([await uploaded(), (await order.checkpoint.read())?.cardImageId]).toEqual([0, null]);
    await synctera.addFault({ method: "List", fault: "other-customers" });
    expect(await provider.find(order, soon())).toEqual({ kind: "absent", proof: "time" });
  });

  test("details of another customer's entity tell nothing", async () => {
    await synctera.addFault({ method: "Upload", fault: "error-500" });
    const order = make();
    await provider.send(order, soon());
    await synctera.addFault({ method: "Details", fault: "other-customer" });
    expect(await provider.find(order, soon())).toMatchObject({ kind: "cannot-tell" });
  });

  test("a creation for another card product, once the setting is corrected, goes under another key", async () => {
    await synctera.setSwitches({ listLagSeconds: 600 });
    await synctera.addFault({ method: "Create", fault: "error-500-stored" });
    const order = make();
    expect((await provider.send(order, soon())).kind).toBe("unknown");
    const corrected = syncteraAt(origin, {
      cardProducts: { "photo-landscape": testCardProducts["photo-portrait"] },
    });
    const small = { ...order, bytes: await makePng(664, 1036) };
    expect((await corrected.send(small, soon())).kind).toBe("accepted");
    const { calls } = await synctera.ledger();
    const keys = calls.filter(({ method }) => method === "Create").map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(2);
  });

  test("an entity for another card product than the setting says by now never gets the picture", async () => {
    await synctera.addFault({ method: "Upload", fault: "error-401" });
    const order = make();
    expect((await provider.send(order, soon())).kind).toBe("misconfigured");
    const changed = syncteraAt(origin, { cardProducts: { "photo-landscape": testCardProducts["photo-portrait"] } });
    expect(await changed.send(order, soon())).toMatchObject({
      kind: "order-refused",
      detail: expect.stringContaining("another card product"),
    });
    expect(await uploaded()).toBe(0);
    expect((await provider.send(order, soon())).kind).toBe("accepted");
  });

  test("a second creation for the same customer and card product waits for the first one's id", async () => {
    await synctera.addFault({ method: "Create", fault: "cut-reply" });
    const first = make();
    expect((await provider.send(first, soon())).kind).toBe("unknown");
    const second = make({ cardholderId: first.cardholderId.toUpperCase() });
    expect((await provider.send(second, soon())).kind).toBe("not-sent");
    await provider.find(first, soon());
    expect((await provider.send(second, soon())).kind).toBe("accepted");
    expect((await provider.send(first, soon())).kind).toBe("accepted");
    expect(await uploaded()).toBe(2);
  });
});

describe("the list of a customer's entities", () => {
  async function inDoubt(customer: string, others: number): Promise<SendOrder> {
    for (let n = 0; n < others; n += 1) await provider.send(make({ cardholderId: customer }), soon());
    await synctera.addFault({ method: "Create", fault: "cut-reply" });
    const order = make({ cardholderId: customer });
    await provider.send(order, soon());
    return order;
  }

  test("is read to its last page", async () => {
    await synctera.setSwitches({ pageSize: 1 });
    const order = await inDoubt(newCustomer(), 3);
    expect(await provider.find(order, soon())).toEqual({ kind: "absent", proof: "now" });
    expect((await synctera.ledger()).calls.filter(({ method }) => method === "List")).toHaveLength(4);
  });

  test("with a page that repeats is not read for ever, and tells nothing", async () => {
    const order = await inDoubt(newCustomer(), 0);
    for (let n = 0; n < 30; n += 1) await synctera.addFault({ method: "List", fault: "repeating-page" });
    expect(await provider.find(order, soon())).toMatchObject({
      kind: "cannot-tell",
      detail: expect.stringContaining("goes round"),
    });
    expect((await synctera.ledger()).calls.filter(({ method }) => method === "List")).toHaveLength(2);
  });

  test("that cannot be read tells nothing", async () => {
    const order = await inDoubt(newCustomer(), 0);
    for (const fault of ["error-404", "error-500", "page-200", "page-503", "cut-reply"] as const) {
      await synctera.addFault({ method: "List", fault });
      expect((await provider.find(order, soon())).kind, fault).toBe("cannot-tell");
    }
  });
});

describe("what the platform refuses", () => {
  test("a JPEG of another raster is the picture's fault, and leaves the entity empty", async () => {
    const order = make({ bytes: await makePng(100, 100) });
    expect((await provider.send(order, soon())).kind).toBe("image-refused");
    expect(await provider.find(order, soon())).toEqual({ kind: "absent", proof: "now" });
  });

  test("a cardholder who is no customer is not the picture's fault", async () => {
    expect((await provider.send(make({ cardholderId: "c-4711" }), soon())).kind).toBe("order-refused");
    expect(provider.findCardholderFault("c-4711")).toContain("UUID");
    expect(provider.findCardholderFault(newCustomer())).toBeUndefined();
    // In another spelling it would be another cardholder, who may have another picture.
    expect(provider.findCardholderFault(newCustomer().toUpperCase())).toContain("lower case");
    await synctera.addFault({ method: "Create", fault: "error-422" });
    expect((await provider.send(make(), soon())).kind).toBe("order-refused");
  });

  test("a key that is wrong is the operator's matter, and so is a gateway's page in its place", async () => {
    const locked = syncteraAt(origin, { apiKey: "another key" });
    expect((await locked.send(make(), soon())).kind).toBe("misconfigured");
    await synctera.addFault({ method: "Create", fault: "page-403" });
    expect(await provider.send(make(), soon())).toMatchObject({ kind: "unknown", symptom: "settings" });
    await synctera.addFault({ method: "Create", fault: "error-500" });
    expect(await provider.send(make(), soon())).toMatchObject({ kind: "unknown", symptom: "down" });
  });
});

test("an answer's text is repeated nowhere: it may hold anything", async () => {
  await synctera.addFault({ method: "Create", fault: "error-500" });
  const outcome = await provider.send(make(), soon());
  expect(outcome).toMatchObject({ detail: "POST /cards/images was answered with HTTP 500 (SANDBOX_FAULT)" });
  expect(JSON.stringify(outcome)).not.toContain("As ordered");
  const echoing = syncteraAt(origin, {
    fetch: async () => Response.json({ code: `Bearer-${testApiKey}` }, { status: 500 }),
  });
  expect(JSON.stringify(await echoing.send(make(), soon()))).not.toContain(testApiKey);
});
