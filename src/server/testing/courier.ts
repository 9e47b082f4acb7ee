import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pino } from "pino";
import { expect } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import type { Provider, SendOutcome } from "#providers/provider.ts";
import { openFileBlobStore } from "../blobs/file-blob-store.ts";
import { type Courier, createCourier } from "../delivery/courier.ts";
import type { CourierPolicy } from "../delivery/policy.ts";
import { createNotifier } from "../events/notifier.ts";
import { openStore } from "../store/open.ts";
import type { SubmissionTable } from "../store/schema.ts";
import { makeSessionRow, makeSubmissionRow } from "./rows.ts";

export type Send = Provider["send"];

export const accepted = (cardImageId: string): SendOutcome => ({ kind: "accepted", cardImageId });

const picture = Buffer.from("picture");

/** Couriers over a real database and real files, with a clock that the test owns and a platform that it scripts. */
export async function openCourierBench() {
  const folder = await mkdtemp(path.join(tmpdir(), "fullbleed-courier-"));
  const store = await openStore(path.join(folder, "db.sqlite"));
  const blobs = await openFileBlobStore(path.join(folder, "pictures"), 1_000);
  const notifier = createNotifier();
  const couriers: Courier[] = [];
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line) => void lines.push(line) });
  const clock = { now: 1_000_000 };
  const context = { store, notifier, log, now: () => clock.now };

  async function queue(id: string, change: Partial<SubmissionTable> = {}): Promise<void> {
    const { sha256 } = await blobs.put(picture);
    const { now } = clock;
    const session = makeSessionRow({ id: `ses-${id}`, created_at: now, expires_at: now });
    await store.insertInto("sessions").values(session).execute();
    const digests = { design_sha256: sha256, picture_sha256: sha256, picture_bytes: picture.byteLength };
    const moments = { due_at: now, created_at: now, updated_at: now };
    const row = makeSubmissionRow({ id, session_id: session.id, ...digests, ...moments, ...change });
    await store.insertInto("submissions").values(row).execute();
  }

  async function start(send: Send, policy: Partial<CourierPolicy> = {}, sendTimeoutMs = 15_000): Promise<Courier> {
    const options = { ...context, blobs, provider: { send } };
    const quick = { pollMs: 20, leaseMarginMs: 200, stopWithinMs: 100, ...policy };
    const courier = createCourier({ ...options, sendTimeoutMs, policy: quick });
    couriers.push(courier);
    await courier.start();
    return courier;
  }

  function rowOf(id: string): Promise<SubmissionTable> {
    return store.selectFrom("submissions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  }

  async function fileOf(id: string): Promise<string> {
    const { picture_sha256: sha256 } = await rowOf(id);
    return path.join(folder, "pictures", sha256.slice(0, 2), sha256);
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
    await store.destroy();
    await rm(folder, { recursive: true });
  }

  return { folder, store, clock, context, picture, queue, start, rowOf, fileOf, reaches, logged, close };
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
