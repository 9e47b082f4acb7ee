import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noCapabilities, type Provider } from "#providers/provider.ts";
import { makePng, newCustomer, sha256, testCardProducts } from "#providers/synctera/emulator/testing/synctera.ts";
import { toJpeg } from "#providers/synctera/to-jpeg.ts";
import type { Providers } from "../providers.ts";
import { readHistory } from "../state/history.ts";
import { onlyProvider } from "../testing/app.ts";
import { openSyncteraBench, type SyncteraBench } from "../testing/synctera-bench.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { resolveByHand } from "./by-hand.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { takeNotification } from "./notifications.ts";

const png = await makePng(1036, 664);
/** Whose they are in the bench. */
const owner = { issuer_id: "default", provider: "synctera" };

let close: SyncteraBench["close"];
let bench: SyncteraBench["bench"];
let synctera: SyncteraBench["synctera"];
let platform: SyncteraBench["platform"];
let queue: SyncteraBench["queue"];
let start: SyncteraBench["start"];
beforeEach(async () => {
  ({ bench, synctera, platform, queue, start, close } = await openSyncteraBench(png));
});
afterEach(() => close());

const entities = async () => (await synctera.images()).length;
const pictures = async () => (await synctera.images()).filter((one) => one.sha256 !== null).length;

describe("a picture that goes in two steps", () => {
  test("is accepted under its entity's id, and both digests are in the history", async () => {
    await queue("s");
    await start();
    const { card_image_id: id } = await bench.reaches("s", "accepted");
    const [stored] = await synctera.images();
    expect(stored).toMatchObject({ image: { id, status: "UNREVIEWED" }, sha256: sha256(await toJpeg(png)) });
    const kept = await bench.store.selectFrom("checkpoints").selectAll().executeTakeFirstOrThrow();
    expect(kept).toMatchObject({ card_image_id: id, sent_sha256: stored?.sha256 });
  });

  test.each([
    ["Create", "cut-reply"],
    ["Create", "error-500-stored"],
    ["Upload", "cut-reply"],
    ["Upload", "page-502-stored"],
    ["Upload", "error-500"],
  ] as const)("%s with %s: is found out and not doubled", async (method, fault) => {
    await synctera.addFault({ method, fault });
    await queue("s");
    await start();
    await bench.reaches("s", "unknown");
    await bench.goTo("s", "resolve");
    await expect.poll(async () => (await bench.rowOf("s")).state).not.toBe("unknown");
    bench.clock.now += 120_000;
    await bench.reaches("s", "accepted");
    expect([await entities(), await pictures()]).toEqual([1, 1]);
  });

  test("that ends in doubt each time waits longer before the third try, is held after it, and is not lost", async () => {
    await synctera.addFault({ method: "Upload", fault: "error-500", times: 3 });
    await queue("s");
    await start({ maxFailures: 100, firstPauseMs: 0, longestPauseMs: 0, firstBackOffMs: 60_000 });
    await bench.reaches("s", "unknown");
    await bench.goTo("s", "resolve");
    await expect.poll(async () => (await bench.rowOf("s")).attempts).toBe(2);
    await bench.reaches("s", "unknown");
    await bench.goTo("s", "resolve");
    await bench.reaches("s", "queued");
    expect(((await bench.jobOf("s", "send"))?.run_at ?? 0) - bench.clock.now).toBeGreaterThanOrEqual(60_000);
    await bench.goTo("s", "send");
    await expect.poll(async () => (await bench.rowOf("s")).attempts).toBe(3);
    await bench.reaches("s", "unknown");
    bench.clock.now += 200_000;
    const { note } = await bench.reaches("s", "held");
    expect(note).toContain("after 3 doubtful attempts");
    for (let looks = 0; looks < 3; looks += 1) {
      const before = (await bench.jobOf("s", "resolve"))?.attempt ?? 0;
      await bench.goTo("s", "resolve");
      await expect.poll(async () => (await bench.jobOf("s", "resolve"))?.attempt).toBe(before + 1);
    }
    expect(await bench.rowOf("s")).toMatchObject({ state: "held", attempts: 3 });
    const decision = { action: "resend", reason: "Synctera is well again", confirm: true } as const;
    await resolveByHand({ ...bench.context, providers: onlyProvider(platform) }, "s", decision);
    await bench.reaches("s", "accepted");
    expect([await entities(), await pictures()]).toEqual([1, 1]);
  });

  test("says of each attempt which bytes it has sent, whatever came after it", async () => {
    await synctera.addFault({ method: "Create", fault: "error-500" });
    await queue("s");
    await start();
    await bench.reaches("s", "unknown");
    const sent = async () =>
      (await readHistory(bench.store, bench.context.providers, "s")).attempts.map(({ sentSha256 }) => sentSha256);
    const first = sha256(await toJpeg(png));
    expect(await sent()).toEqual([first]);
    // As a later version would make it.
    const later = { ...(await bench.rowOf("s")), id: "s" };
    await bench.store
      .insertInto("attempts")
      .values(makeAttemptRow(later, { id: "two", number: 2, outcome: "unknown" }))
      .execute();
    await createCheckpoint(bench.store, later, "two").begin("lock", "f".repeat(64));
    expect(await sent()).toEqual([first, "f".repeat(64)]);
  });

  test("whose entity is not in the list yet waits for the quiet window before it is asked for again", async () => {
    await synctera.setSwitches({ listLagSeconds: 600 });
    await synctera.addFault({ method: "Create", fault: "cut-reply" });
    await queue("s");
    await start();
    await bench.reaches("s", "unknown");
    await bench.goTo("s", "resolve");
    await expect.poll(async () => (await bench.jobOf("s", "resolve"))?.attempt).toBe(1);
    await bench.goTo("s", "resolve");
    expect((await bench.rowOf("s")).state).toBe("unknown");
    bench.clock.now += 200_000;
    await bench.reaches("s", "accepted");
    expect(await entities()).toBe(1);
  });

  test("of which two entities may be the one is held with both ids, and goes anew when a person says so", async () => {
    await synctera.addFault({ method: "Create", fault: "twice-lost" });
    await queue("s");
    await start();
    await bench.reaches("s", "unknown");
    bench.clock.now += 81_000;
    const { note } = await bench.reaches("s", "held");
    for (const { image } of await synctera.images()) expect(note).toContain(image.id);
    const decision = { action: "resend", reason: "they are both empty", confirm: true } as const;
    await resolveByHand({ ...bench.context, providers: onlyProvider(platform) }, "s", decision);
    bench.clock.now += 200_000;
    await bench.reaches("s", "accepted");
    expect([await entities(), await pictures()]).toEqual([3, 1]);
  });

  test("that waits for another one of its customer makes nobody else wait", async () => {
    await bench.queue("first", { cardholder_id: newCustomer(), provider: "synctera", state: "held" });
    const customer = newCustomer();
    await createCheckpoint(bench.store, await bench.rowOf("first")).begin(
      `${customer}/${testCardProducts["photo-landscape"]}`,
      "sha",
    );
    await queue("s", customer);
    await start();
    for (let tries = 1; tries <= 4; tries += 1) {
      await expect.poll(async () => (await bench.rowOf("s")).attempts).toBe(tries);
      await bench.goTo("s", "send");
    }
    expect(await bench.store.selectFrom("breakers").selectAll().execute()).toEqual([]);
    await queue("t");
    await bench.reaches("t", "accepted");
  });

  describe.each(["error-422", "error-401"] as const)("whose creation is refused with %s", (fault) => {
    test("keeps no other one of its customer waiting", async () => {
      await bench.proveSettings(platform.settingsFingerprint("photo-landscape", "cardholder"));
      await synctera.addFault({ method: "Create", fault });
      const customer = newCustomer();
      await queue("s", customer);
      await start();
      await expect.poll(async () => (await bench.rowOf("s")).note).toContain(fault.replace("error-", "HTTP "));
      const another = createCheckpoint(bench.store, { id: "proof-of-another", ...owner });
      const lock = `${customer}/${testCardProducts["photo-landscape"]}`;
      await bench.queue("proof-of-another", { state: "held", provider: "synctera" });
      expect(await another.begin(lock, "sha")).toMatchObject({ cardImageId: null });
    });
  });

  test("that is bound by hand keeps no other one of its customer waiting", async () => {
    await synctera.addFault({ method: "Create", fault: "error-500" });
    const customer = newCustomer();
    await queue("s", customer);
    await start();
    await bench.reaches("s", "unknown");
    const decision = { action: "bind", cardImageId: customer, reason: "r", confirm: true } as const;
    await resolveByHand({ ...bench.context, providers: onlyProvider(platform) }, "s", decision);
    await bench.queue("t", { state: "held", provider: "synctera" });
    const lock = `${customer}/${testCardProducts["photo-landscape"]}`;
    const another = createCheckpoint(bench.store, { id: "t", ...owner });
    expect(await another.begin(lock, "sha")).toMatchObject({ cardImageId: null });
  });
});

test("each submission goes to the platform of its own row, whatever makes its product today", async () => {
  const seen: string[] = [];
  const named = (name: string): Provider => ({
    ...bench.plain,
    name,
    capabilities: () => ({ ...noCapabilities, annotate: true, fields: ["Branch"] }),
    send: async ({ reference }) => {
      seen.push(`${name} ${reference}`);
      return { kind: "accepted", cardImageId: `img-${reference}` };
    },
  });
  const one = named("one");
  const two = named("two");
  const providers: Providers = {
    of: ({ provider }) => (provider === "one" ? one : two),
    making: () => two,
    listOf: () => [one, two],
  };
  await bench.queue("a", { provider: "one" });
  await bench.queue("b", { provider: "two" }, 2);
  await bench.startWith(providers);
  await bench.reaches("a", "accepted");
  bench.clock.now += 2;
  await bench.reaches("b", "accepted");
  expect(seen).toEqual(["one a", "two b"]);
  const word = {
    reference: null,
    state: "accepted",
    rejectionCode: null,
    rejectionMemo: null,
    decidedAt: null,
  } as const;
  const tell = (provider: string) =>
    takeNotification({ ...bench.context, providers, provider }, { ...word, cardImageId: "img-a" });
  expect(await tell("two")).toBe("kept");
  expect((await bench.rowOf("a")).state).toBe("accepted");
  expect(await tell("one")).toBe("moved");
});

describe("a checkpoint", () => {
  test("lets one of a customer's submissions at a time wait for its id, and no id be two submissions'", async () => {
    const customer = newCustomer();
    await bench.queue("a", { cardholder_id: customer, provider: "synctera" });
    await bench.queue("b", { cardholder_id: newCustomer(), provider: "synctera" });
    const [a, b] = [await bench.rowOf("a"), await bench.rowOf("b")].map((row) => createCheckpoint(bench.store, row));
    expect(await a?.read()).toBeUndefined();
    const begun = await a?.begin("customer/product", "sha");
    expect(begun).toMatchObject({ cardImageId: null });
    expect(await b?.begin("customer/product", "sha")).toBe("busy");
    expect(await a?.begin("customer/product", "sha")).toEqual(begun);
    expect(await a?.reach("id-1")).toBe(true);
    expect(await a?.reach("id-1")).toBe(true);
    expect(await a?.reach("id-2")).toBe(false);
    expect(await b?.begin("customer/product", "sha")).toMatchObject({ cardImageId: null });
    expect(await a?.begin("customer/other", "sha")).toMatchObject({ lock: "customer/product", cardImageId: "id-1" });
    expect(await b?.reach("id-1")).toBe(false);
    expect([...((await b?.findTaken(["id-1", "id-3"])) ?? [])]).toEqual(["id-1"]);
  });
});
