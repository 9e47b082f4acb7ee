import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { KyselyPlugin } from "kysely";
import { pino } from "pino";
import { expect } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import type { Provider, SendOutcome } from "#providers/provider.ts";
import { openFileBlobStore } from "../blobs/file-blob-store.ts";
import { type Courier, createCourier } from "../delivery/courier.ts";
import { type DeliveryPolicy, defaultPolicy } from "../delivery/policy.ts";
import { createNotifier } from "../events/notifier.ts";
import { schedule } from "../jobs/jobs.ts";
import type { Providers } from "../providers.ts";
import { recordEvent } from "../state/transition.ts";
import { openStore } from "../store/open.ts";
import type { JobTable, Store, SubmissionTable } from "../store/schema.ts";
import { absentPlatform, onlyProvider } from "./app.ts";
import { sha256Of } from "./picture.ts";
import { makeAttemptRow, makeSessionRow, makeSubmissionRow } from "./rows.ts";
import { openFileStore } from "./store.ts";

export type Send = Provider["send"];

/** Long enough for several passes of a courier: for what must not happen. */
export function severalPasses(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

export const accepted = (cardImageId: string): SendOutcome => ({ kind: "accepted", cardImageId });

/** What a scripted platform can do beside taking pictures: nothing, unless a test says so. */
const plain: Provider = {
  ...absentPlatform,
  settingsFingerprint: () => "settings",
  find: async () => ({ kind: "cannot-tell", detail: "there is no search" }),
  annotate: async () => ({ kind: "refused", detail: "there is no data capture" }),
};

/** Couriers over a real database and real files, with a clock that the test owns and a platform that it scripts. */
export async function openCourierBench(picture: Uint8Array = Buffer.from("picture")) {
  const folder = await mkdtemp(path.join(tmpdir(), "fullbleed-courier-"));
  const store = await openFileStore(path.join(folder, "db.sqlite"));
  const blobs = await openFileBlobStore(path.join(folder, "pictures"), 4_000_000);
  const notifier = createNotifier();
  const couriers: Courier[] = [];
  const others: Store[] = [];
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line) => void lines.push(line) });
  const clock = { now: 1_000_000 };
  const context = {
    store,
    notifier,
    log,
    now: () => clock.now,
    providers: onlyProvider(plain),
    issuerId: "default",
    provider: "scripted",
    policy: defaultPolicy,
  };

  /** A submission of a cardholder of its own; one that is queued has its job, due `inMs` from now. */
  async function queue(id: string, change: Partial<SubmissionTable> = {}, inMs = 0): Promise<void> {
    const sha256 = sha256Of(picture);
    const { now } = clock;
    const cardholder = { cardholder_id: change.cardholder_id ?? id };
    const session = makeSessionRow({ id: `ses-${id}`, created_at: now, expires_at: now, ...cardholder });
    await store.insertInto("sessions").values(session).execute();
    const digests = { design_sha256: sha256, picture_sha256: sha256, picture_bytes: picture.byteLength };
    const moments = { created_at: now, updated_at: now };
    const row = makeSubmissionRow({ id, session_id: session.id, ...cardholder, ...digests, ...moments, ...change });
    await store.insertInto("submissions").values(row).execute();
    const { file, key } = await blobs.put(picture);
    await store.insertInto("pictures").values({ submission_id: id, file, key }).execute();
    if (row.state === "queued") await store.transaction().execute((trx) => schedule(trx, "send", row, now + inMs, now));
  }

  async function startWith(
    providers: Providers,
    policy: Partial<DeliveryPolicy> = {},
    sendTimeoutMs = 15_000,
  ): Promise<Courier> {
    const quick = { pollMs: 20, graceMs: 100, ...policy };
    const courier = createCourier({ ...context, blobs, providers, sendTimeoutMs, policy: quick });
    couriers.push(courier);
    await courier.start();
    return courier;
  }

  function start(
    send: Send,
    policy: Partial<DeliveryPolicy> = {},
    sendTimeoutMs = 15_000,
    platform: Partial<Provider> = {},
  ): Promise<Courier> {
    return startWith(onlyProvider({ ...plain, ...platform, send }), policy, sendTimeoutMs);
  }

  /** A picture was accepted with these settings before, so that a refusal is the picture's fault. */
  async function proveSettings(settings = "settings"): Promise<void> {
    const id = `proof-${settings}`;
    await queue(id, { state: "approved", card_image_id: id, attempts: 1 });
    const row = await rowOf(id);
    await store.transaction().execute(async (trx) => {
      const seq = await recordEvent(trx, row, "queued", { cause: "attempt-begun", actor: "system", attempt: 1 });
      await trx
        .insertInto("attempts")
        .values(makeAttemptRow(row, { settings, begun_seq: seq }))
        .execute();
    });
  }

  /** What another server works with that is held up right after its query number `query`, while `meanwhile` happens. */
  async function heldUp(query: number, meanwhile: () => Promise<unknown>) {
    const other = await openStore(path.join(folder, "db.sqlite"));
    others.push(other);
    let queries = 0;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        queries += 1;
        if (queries === query) await meanwhile();
        return result;
      },
    };
    return { ...context, store: other.withPlugin(plugin) };
  }

  function jobOf(id: string, kind: JobTable["kind"]): Promise<JobTable | undefined> {
    return store
      .selectFrom("jobs")
      .selectAll()
      .where("submission_id", "=", id)
      .where("kind", "=", kind)
      .executeTakeFirst();
  }

  /** The clock goes on to when this job is due; waits for it to be there. */
  async function goTo(id: string, kind: JobTable["kind"]): Promise<void> {
    await expect.poll(async () => (await jobOf(id, kind))?.locked_by).toBeNull();
    clock.now = Math.max(clock.now, (await jobOf(id, kind))?.run_at ?? 0);
  }

  /** What is under way or due: after it the couriers have nothing to do until the clock goes on. */
  async function countDue(): Promise<number> {
    const jobs = await store.selectFrom("jobs").select(["locked_by", "run_at"]).execute();
    return jobs.filter(({ locked_by, run_at: at }) => locked_by !== null || at <= clock.now).length;
  }

  /** The clock goes on in small steps, and the couriers do at each what is due. */
  async function wait(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 60_000) {
      await expect.poll(countDue, { interval: 5 }).toBe(0);
      clock.now += Math.min(60_000, left);
    }
    await expect.poll(countDue, { interval: 5 }).toBe(0);
  }

  function rowOf(id: string): Promise<SubmissionTable> {
    return store.selectFrom("submissions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  }

  async function fileOf(id: string): Promise<string> {
    const find = store.selectFrom("pictures").select("file").where("submission_id", "=", id);
    const { file } = await find.executeTakeFirstOrThrow();
    return path.join(folder, "pictures", file.slice(0, 2), file);
  }

  async function reaches(id: string, state: SubmissionState): Promise<SubmissionTable> {
    await expect.poll(async () => (await rowOf(id)).state).toBe(state);
    return rowOf(id);
  }

  function logged(level: "info" | "warn" | "error"): Record<string, unknown>[] {
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return entries.filter((entry) => entry.level === log.levels.values[level]);
  }

  async function close(): Promise<void> {
    for (const courier of couriers) await courier.stop();
    for (const one of [...others, store]) await one.destroy();
    await rm(folder, { recursive: true });
  }

  return {
    folder,
    store,
    blobs,
    clock,
    context,
    plain,
    picture,
    queue,
    proveSettings,
    heldUp,
    jobOf,
    goTo,
    wait,
    start,
    startWith,
    rowOf,
    fileOf,
    reaches,
    logged,
    close,
  };
}

export type CourierBench = Awaited<ReturnType<typeof openCourierBench>>;

/** A platform that gives these answers in turn, the last one for ever, and counts. */
export function scripted(...outcomes: [SendOutcome, ...SendOutcome[]]): { send: Send; calls: Parameters<Send>[0][] } {
  const calls: Parameters<Send>[0][] = [];
  const send: Send = async (given) => {
    calls.push(given);
    return outcomes[Math.min(calls.length, outcomes.length) - 1] as SendOutcome;
  };
  return { send, calls };
}
