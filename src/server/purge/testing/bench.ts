import { readdir } from "node:fs/promises";
import path from "node:path";
import type { SubmissionState } from "#contracts/submission.ts";
import type { PreviewOutcome, Provider, PurgeOutcome } from "#providers/provider.ts";
import { readPicture } from "../../blobs/pictures.ts";
import type { Courier } from "../../delivery/courier.ts";
import type { DeliveryPolicy } from "../../delivery/policy.ts";
import { openCourierBench, type Send } from "../../testing/courier.ts";
import { purgeSubmission } from "../ask.ts";
import { openPurgeLog } from "../log.ts";

const image: PreviewOutcome = { kind: "image", bytes: Buffer.from("shown"), mediaType: "image/jpeg" };
const order = { actor: "operator", reason: "ticket 4711", by: "Ada" } as const;

/** A courier's bench whose platform deletes what it is told to, unless a test says otherwise. */
export async function openPurgeBench() {
  const bench = await openCourierBench(Buffer.from("a picture of a person"));
  const logFile = path.join(bench.folder, "purges.jsonl");
  const purgeLog = await openPurgeLog(logFile);
  /** Ids that the platform was told to delete, in order. */
  const ordered: string[] = [];
  /** Ids that the platform shows. */
  const shown = new Set<string>();
  const carry = (id: string): PurgeOutcome => {
    shown.delete(id);
    return { kind: "taken" };
  };
  const script = { answer: carry };
  let courier: Courier | undefined;

  const platform = (change: Partial<Provider> = {}): Partial<Provider> => ({
    capabilities: () => ({ ...bench.plain.capabilities("photo-landscape"), purge: "here" }),
    async purge(id) {
      ordered.push(id);
      return script.answer(id);
    },
    getPreview: async (picture) =>
      "cardImageId" in picture && shown.has(picture.cardImageId) ? image : { kind: "not-ready" },
    ...change,
  });

  return {
    ...bench,
    purgeLog,
    logFile,
    ordered,
    shown,
    carry,
    script,
    platform,
    wake: () => courier?.wake(),
    async startPurging(
      send: Send = async () => ({ kind: "not-sent", detail: "no" }),
      change: Partial<Provider> = {},
      policy: Partial<DeliveryPolicy> = {},
    ): Promise<void> {
      courier = await bench.start(send, policy, 15_000, platform(change));
    },
    async purge(id: string, policy: Pick<DeliveryPolicy, "quietWindowMs"> = bench.context.policy): Promise<boolean> {
      const context = { ...bench.context, policy, blobs: bench.blobs, purgeLog, ...(courier && { courier }) };
      return purgeSubmission(context, await bench.rowOf(id), order);
    },
    read: async (id: string) => readPicture(bench.store, bench.blobs, await bench.rowOf(id)),
    async listFiles(): Promise<string[]> {
      const all = await readdir(path.join(bench.folder, "pictures"), { recursive: true, withFileTypes: true });
      return all.filter((one) => one.isFile()).map(({ name }) => name);
    },
    /** One that the platform has accepted under this id. */
    async queueAccepted(id: string, cardImageId: string, state: SubmissionState = "approved"): Promise<void> {
      await bench.queue(id, { state, card_image_id: cardImageId, rejection_memo: "dark", attempts: 1 });
      shown.add(cardImageId);
    },
    async close(): Promise<void> {
      await purgeLog.close();
      await bench.close();
    },
  };
}

export type PurgeBench = Awaited<ReturnType<typeof openPurgeBench>>;
