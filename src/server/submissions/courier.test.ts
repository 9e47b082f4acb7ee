import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import type { Provider, SendOutcome } from "#providers/provider.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { openFileBlobStore } from "../blobs/file-blob-store.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import { openStore } from "../store/open.ts";
import { claim } from "./attempts.ts";
import { type Courier, createCourier } from "./courier.ts";
import { backOffMs, type CourierPolicy, defaultPolicy } from "./courier-policy.ts";
import { createFeed } from "./feed.ts";
import { takeNotification } from "./review.ts";

type Send = Provider["sendImage"];

let folder: string;
let store: Store;
let blobs: BlobStore;
let now: number;
let couriers: Courier[];
const feed = createFeed();
const picture = Buffer.from("picture");

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-courier-"));
  store = await openStore(path.join(folder, "db.sqlite"));
  blobs = await openFileBlobStore(path.join(folder, "pictures"), 1_000);
  now = 1_000_000;
  couriers = [];
});
afterEach(async () => {
  for (const courier of couriers) await courier.stop();
  await store.destroy();
  await rm(folder, { recursive: true });
});

async function queue(id: string, change: Partial<SubmissionTable> = {}): Promise<void> {
  const { sha256 } = await blobs.put(picture);
  const session = { id: `ses-${id}`, cardholder_id: "c", product_id: "photo-landscape", locale: "en", origins: "[]" };
  await store
    .insertInto("sessions")
    .values({ ...session, created_at: now, expires_at: now })
    .execute();
  const row: SubmissionTable = {
    id,
    session_id: session.id,
    cardholder_id: "c",
    product_id: "photo-landscape",
    state: "queued",
    sequence: 2,
    design_sha256: sha256,
    picture_sha256: sha256,
    picture_bytes: picture.byteLength,
    idempotency_key: "k",
    card_image_id: null,
    rejection_code: null,
    note: null,
    attempts: 0,
    due_at: now,
    created_at: now,
    updated_at: now,
  };
  await store
    .insertInto("submissions")
    .values({ ...row, ...change })
    .execute();
}

function start(sendImage: Send, policy: Partial<CourierPolicy> = {}, sendTimeoutMs = 5_000): Promise<Courier> {
  const options = { store, blobs, feed, now: () => now, log: pino({ level: "silent" }), provider: { sendImage } };
  const quick = { pollMs: 20, leaseMarginMs: 200, stopWithinMs: 100, ...policy };
  const courier = createCourier({ ...options, sendTimeoutMs, policy: quick });
  couriers.push(courier);
  return courier.start().then(() => courier);
}

/** A platform that gives these answers in turn, the last one for ever, and counts. */
function scripted(...outcomes: SendOutcome[]): { send: Send; calls: Parameters<Send>[0][] } {
  const calls: Parameters<Send>[0][] = [];
  const send: Send = async (given) => {
    calls.push(given);
    return outcomes[Math.min(calls.length, outcomes.length) - 1] as SendOutcome;
  };
  return { send, calls };
}

async function rowOf(id: string): Promise<SubmissionTable> {
  return store.selectFrom("submissions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

async function reaches(id: string, state: SubmissionState): Promise<SubmissionTable> {
  await expect.poll(async () => (await rowOf(id)).state, { timeout: 5_000 }).toBe(state);
  return rowOf(id);
}

/** Long enough for several passes of the courier. */
function severalPasses(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

const accepted = (cardImageId: string): SendOutcome => ({ kind: "accepted", cardImageId });
const notSent: SendOutcome = { kind: "not-sent", detail: "refused" };
const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };
const misconfigured: SendOutcome = { kind: "misconfigured", detail: "HandoverKeyInvalid" };

describe("a picture offered to the platform", () => {
  test("goes out byte for byte, and its id is bound", async () => {
    await queue("s");
    const platform = scripted(accepted("img-1"));
    await start(platform.send);
    expect(await reaches("s", "accepted")).toMatchObject({ card_image_id: "img-1", attempts: 1, sequence: 4 });
    expect(platform.calls).toHaveLength(1);
    expect(Buffer.from(platform.calls[0]?.bytes ?? []).equals(picture)).toBe(true);
    expect(platform.calls[0]).toMatchObject({ mediaType: "image/png", productId: "photo-landscape" });
    const attempts = await store.selectFrom("attempts").selectAll().execute();
    expect(attempts).toMatchObject([{ number: 1, outcome: "accepted", ended_at: now }]);
  });

  test("has its attempt committed before the first byte goes out", async () => {
    await queue("s");
    const seen: unknown[] = [];
    await start(async () => {
      const other = await openStore(path.join(folder, "db.sqlite"));
      seen.push(await other.selectFrom("attempts").select(["submission_id", "ended_at"]).execute());
      seen.push(await other.selectFrom("submissions").select("state").execute());
      await other.destroy();
      return accepted("img-1");
    });
    await reaches("s", "accepted");
    expect(seen).toEqual([[{ submission_id: "s", ended_at: null }], [{ state: "sending" }]]);
  });

  test("that the platform refuses is never offered again", async () => {
    await queue("s");
    const platform = scripted({ kind: "image-refused", detail: "ImageDataIsInvalid" });
    await start(platform.send);
    await reaches("s", "rejected-image");
    now += 1e9;
    await severalPasses();
    expect(platform.calls).toHaveLength(1);
  });

  test("that provably did not arrive is offered again, later and later, until it is taken", async () => {
    await queue("s");
    const platform = scripted(notSent, notSent, notSent, accepted("img-1"));
    await start(platform.send);
    for (let tries = 1; tries <= 3; tries += 1) {
      await expect.poll(async () => (await rowOf("s")).due_at ?? 0, { timeout: 5_000 }).toBeGreaterThan(now);
      await severalPasses();
      expect(platform.calls).toHaveLength(tries);
      now = (await rowOf("s")).due_at ?? now;
    }
    expect((await reaches("s", "accepted")).attempts).toBe(4);
  });

  test("is held for an operator when the budget of tries is spent", async () => {
    await queue("s");
    const platform = scripted(notSent);
    await start(platform.send, { maxAttempts: 3, firstBackOffMs: 0, longestBackOffMs: 0 });
    expect((await reaches("s", "held")).note).toContain("gave up after 3 attempts");
    await severalPasses();
    expect(platform.calls).toHaveLength(3);
  });

  test.each([
    ["an unclear answer", async () => unknown],
    ["an adapter that throws", () => Promise.reject(new Error("bug"))],
    [
      "an adapter that throws at once",
      () => {
        throw new Error("bug");
      },
    ],
  ] satisfies [string, Send][])("is never offered again after %s: unknown, then held", async (_name, send) => {
    await queue("s");
    let calls = 0;
    await start((...given) => {
      calls += 1;
      return (send as Send)(...given);
    });
    const row = await reaches("s", "unknown");
    now = row.due_at ?? 0;
    await reaches("s", "held");
    now += 1e9;
    await severalPasses();
    expect(calls).toBe(1);
  });

  test("is unknown when the adapter neither answers nor ends when told to", async () => {
    await queue("s");
    await start(() => new Promise(() => {}), {}, 50);
    expect((await reaches("s", "unknown")).note).toContain("did not end in time");
  });

  test("with an id that another submission has is unknown, and the first keeps the id", async () => {
    await queue("a");
    await queue("b", { due_at: now + 1 });
    await start(scripted(accepted("img-1")).send, { concurrency: 1 });
    await reaches("a", "accepted");
    now += 1;
    expect((await reaches("b", "unknown")).card_image_id).toBeNull();
    expect((await rowOf("a")).card_image_id).toBe("img-1");
  });

  test("whose file is gone or damaged is held, and nothing is sent", async () => {
    await queue("s");
    const { picture_sha256: sha256 } = await rowOf("s");
    await writeFile(path.join(folder, "pictures", sha256.slice(0, 2), sha256), "damaged");
    const platform = scripted(accepted("img-1"));
    await start(platform.send);
    await reaches("s", "held");
    expect(platform.calls).toHaveLength(0);
  });
});

describe("a platform that calls our keys wrong", () => {
  test("parks the product, not the others, until the cool-down is over", async () => {
    await queue("a");
    await queue("b", { due_at: now + 1 });
    await queue("c", { product_id: "photo-portrait", due_at: now + 2 });
    const platform = scripted(misconfigured, accepted("img-1"), accepted("img-2"), accepted("img-3"));
    await start(platform.send, { concurrency: 1 });
    await reaches("a", "blocked-config");
    now += 2;
    await reaches("c", "accepted");
    await severalPasses();
    expect((await rowOf("b")).state).toBe("queued");
    now = (await rowOf("a")).due_at ?? 0;
    await reaches("a", "accepted");
    await reaches("b", "accepted");
    expect(platform.calls).toHaveLength(4);
  });

  test("is tried again at once after a restart", async () => {
    await queue("a");
    const before = await start(scripted(misconfigured).send);
    await reaches("a", "blocked-config");
    await before.stop();
    await start(scripted(accepted("img-1")).send);
    await reaches("a", "accepted");
  });
});

describe("dying and stopping", () => {
  test("an attempt that we died in is unknown after the restart and never sent again", async () => {
    await queue("s");
    const ledger = { store, feed, now: () => now };
    expect(await claim(ledger, 1_000)).toBeDefined();
    const platform = scripted(accepted("img-1"));
    await start(platform.send);
    const row = await reaches("s", "unknown");
    now = row.due_at ?? 0;
    await reaches("s", "held");
    expect(platform.calls).toHaveLength(0);
    expect(await store.selectFrom("attempts").select("outcome").execute()).toEqual([{ outcome: "abandoned" }]);
  });

  test("an answer that comes after its attempt was given up still binds the id", async () => {
    await queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await start(() => promise);
    await reaches("s", "sending");
    // Another process starts meanwhile and takes us for dead.
    await start(scripted(accepted("wrong")).send);
    await reaches("s", "unknown");
    resolve(accepted("img-1"));
    expect((await reaches("s", "accepted")).card_image_id).toBe("img-1");
  });

  test("stopping waits for the answer and writes it down", async () => {
    await queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const courier = await start(() => promise, { stopWithinMs: 5_000 });
    await reaches("s", "sending");
    const stopped = courier.stop();
    resolve(accepted("img-1"));
    await stopped;
    expect((await rowOf("s")).state).toBe("accepted");
  });

  test("stopping does not wait for ever: the send is aborted and what is known is written down", async () => {
    await queue("s");
    const courier = await start(
      (_picture, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(unknown))),
    );
    await reaches("s", "sending");
    await courier.stop();
    expect((await rowOf("s")).state).toBe("unknown");
  });
});

describe("what the platform reports", () => {
  const ledger = () => ({ store, feed, now: () => now });

  test("before its own reply has reached us is kept and applied once the id is known", async () => {
    await queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await start(() => promise);
    await reaches("s", "sending");
    for (const state of ["rejected", "pending"] as const) {
      const rejectionCode = state === "rejected" ? "07" : null;
      expect(await takeNotification(ledger(), { cardImageId: "img-1", state, rejectionCode })).toBe("kept");
    }
    resolve(accepted("img-1"));
    expect(await reaches("s", "rejected")).toMatchObject({ card_image_id: "img-1", rejection_code: "07" });
    expect(await store.selectFrom("unclaimed_notifications").selectAll().execute()).toEqual([]);
  });

  test("moves the submission; repeated, late and out of order it changes nothing", async () => {
    await queue("s", { state: "accepted", card_image_id: "img-1", due_at: null });
    const tell = (state: "pending" | "accepted" | "rejected") =>
      takeNotification(ledger(), { cardImageId: "img-1", state, rejectionCode: state === "rejected" ? "03" : null });
    expect(await tell("pending")).toBe("moved");
    expect(await tell("pending")).toBe("nothing-new");
    expect(await tell("accepted")).toBe("moved");
    expect(await tell("pending")).toBe("nothing-new");
    expect((await rowOf("s")).state).toBe("approved");
    expect(await tell("rejected")).toBe("moved");
    expect(await tell("accepted")).toBe("nothing-new");
    expect(await rowOf("s")).toMatchObject({ state: "rejected", rejection_code: "03", sequence: 5 });
  });
});

test("back-off doubles to its longest, and is spread so that a crowd does not come back at once", () => {
  const waits = (random: number) =>
    [1, 2, 3, 20, 1000].map((n) => backOffMs(n, { ...defaultPolicy, random: () => random }));
  expect(waits(0)).toEqual([2_000, 4_000, 8_000, 900_000, 900_000]);
  expect(waits(1)).toEqual([1_000, 2_000, 4_000, 450_000, 450_000]);
});
