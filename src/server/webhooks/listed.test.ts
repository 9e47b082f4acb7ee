import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Config } from "../config.ts";
import type { IssuerWebhook } from "../issuers.ts";
import { openWebhookBench, seqsOf, type WebhookBench } from "../testing/webhooks.ts";
import { keepListedEndpoints } from "./listed.ts";

let bench: WebhookBench;
beforeEach(async () => {
  bench = await openWebhookBench();
});
afterEach(() => bench.close());

const secretOf = (letter: string): string => `whsec_${Buffer.alloc(32, letter).toString("base64")}`;

/** A server starts that has these in its file for the only issuer, or not even that issuer. */
async function start(webhooks: readonly IssuerWebhook[] | "no issuer"): Promise<void> {
  const { parts } = bench.server;
  const other = parts.config.issuers.map((one) => ({ ...one, id: "another", webhooks: [] }));
  const own = parts.config.issuers.map((one) => ({ ...one, webhooks: webhooks === "no issuer" ? [] : webhooks }));
  const config: Config = { ...parts.config, issuers: webhooks === "no issuer" ? other : own };
  await keepListedEndpoints({ ...parts, config });
}

const rows = () => bench.server.parts.store.selectFrom("webhook_endpoints").selectAll().orderBy("created_at").execute();
const only = async () => (await rows())[0]!;

describe("a webhook endpoint of the file", () => {
  test("is there after the start, once however often the server starts, and is told what happens from then on", async () => {
    await bench.happen(2);
    const receiver = await bench.receive();
    for (let time = 0; time < 2; time += 1) await start([{ url: receiver.url, secret: secretOf("a") }]);
    expect(await rows()).toMatchObject([{ url: receiver.url, delivered_seq: 2, disabled_because: null }]);
    bench.start();
    await bench.happen(1);
    await vi.waitFor(() => expect(seqsOf(receiver)).toEqual([3]), { timeout: 45_000 });
  });

  test("is signed for with its new secret and, for a while, with the one of before", async () => {
    const url = "https://hooks.bank.example/cards";
    await start([{ url, secret: secretOf("a") }]);
    const { id } = await only();
    await start([{ url, secret: secretOf("b") }]);
    const changed = await only();
    expect(changed.id).toBe(id);
    const kept = JSON.parse(changed.secrets) as { secret: string; until: number | null }[];
    expect(kept).toMatchObject([{ secret: secretOf("b"), until: null }, { secret: secretOf("a") }]);
    // However often it is changed, the server starts.
    for (const letter of "cdefgh") await start([{ url, secret: secretOf(letter) }]);
    expect((await only()).secrets).toContain(secretOf("h"));
  });

  test("is disabled when it leaves the file, and is told in order of what has waited when it comes back", async () => {
    const receiver = await bench.receive();
    const listed = [{ url: receiver.url, secret: secretOf("a") }];
    await start(listed);
    await start([]);
    const { id } = await only();
    expect((await bench.look(id)).disabledBecause).toBe("unlisted");
    bench.start();
    await bench.happen(2);
    // By its operator only.
    const enabling = await bench.call("PATCH", `/${id}`, { enabled: true });
    expect(enabling).toMatchObject({ status: 409, body: { code: "not-possible" } });
    expect((await bench.look(id)).disabledBecause).toBe("unlisted");
    await start(listed);
    await vi.waitFor(() => expect(seqsOf(receiver)).toEqual([1, 2]), { timeout: 45_000 });
  });

  test("is changed, rotated and deleted in the file only; its issuer can disable it, and the next start leaves that", async () => {
    const listed = [{ url: "https://hooks.bank.example/cards", secret: secretOf("a") }];
    await start(listed);
    const { id } = await only();
    const refused = [
      await bench.call("PATCH", `/${id}`, { url: "https://elsewhere.example" }),
      await bench.call("POST", `/${id}/rotate`),
      await bench.call("DELETE", `/${id}`),
    ];
    for (const answer of refused) expect(answer).toMatchObject({ status: 409, body: { code: "not-possible" } });
    expect((await bench.call("PATCH", `/${id}`, { enabled: false })).status).toBe(200);
    await start(listed);
    expect(await rows()).toMatchObject([{ id, disabled_because: "issuer", url: listed[0]?.url }]);
  });
});

test("one that its issuer has disabled stays so, though the file leaves it out for a while, and none is enabled meanwhile", async () => {
  const listed = [{ url: "https://hooks.bank.example/cards", secret: secretOf("a") }];
  await start(listed);
  const { id } = await only();
  await bench.call("PATCH", `/${id}`, { enabled: false });
  await start([]);
  expect(await bench.call("PATCH", `/${id}`, { enabled: true })).toMatchObject({
    status: 409,
    body: { code: "not-possible" },
  });
  await start(listed);
  expect((await only()).disabled_because).toBe("issuer");
});

test("an issuer who is taken out of the configuration is posted nothing, and all that has waited when it is back", async () => {
  const receiver = await bench.receive();
  const { webhookEndpointId: id } = await bench.register(receiver.url);
  await start("no issuer");
  bench.start();
  await bench.happen(2);
  expect((await only()).disabled_because).toBe("unlisted");
  await start([]);
  await vi.waitFor(() => expect(seqsOf(receiver)).toEqual([1, 2]), { timeout: 45_000 });
  expect((await bench.look(id)).disabledBecause).toBeNull();
});
