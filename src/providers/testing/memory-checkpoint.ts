import { randomUUID } from "node:crypto";
import type { Checkpoint, Progress } from "../provider.ts";

/** What a checkpoint keeps, for several pictures beside each other, without a database. */
export function createMemoryCheckpoints() {
  const kept = new Map<string, Progress & { readonly sentSha256: string }>();
  const isTaken = (id: string, cardImageId: string) =>
    [...kept].some(([other, row]) => other !== id && row.cardImageId === cardImageId);
  return {
    kept,
    of(id: string): Checkpoint {
      return {
        read: async () => kept.get(id),
        async begin(lock, sentSha256) {
          const isBusy = [...kept].some(
            ([other, row]) => other !== id && row.lock === lock && row.cardImageId === null,
          );
          if (isBusy && typeof kept.get(id)?.cardImageId !== "string") return "busy";
          const before = kept.get(id);
          const known = typeof before?.cardImageId === "string" ? { lock: before.lock } : { lock };
          const row = { key: randomUUID() as string, cardImageId: null, ...before, ...known, sentSha256 };
          kept.set(id, row);
          return row;
        },
        async release() {
          const row = kept.get(id);
          if (row?.cardImageId === null) kept.set(id, { ...row, lock: `released/${id}` });
        },
        async reach(cardImageId) {
          const row = kept.get(id);
          if (row === undefined || isTaken(id, cardImageId)) return false;
          if (row.cardImageId !== null && row.cardImageId !== cardImageId) return false;
          kept.set(id, { ...row, cardImageId });
          return true;
        },
        findTaken: async (ids) =>
          new Set(ids.filter((wanted) => [...kept.values()].some((row) => row.cardImageId === wanted))),
      };
    },
  };
}

/** Of a picture on a platform that needs none. */
export const noCheckpoint: Checkpoint = createMemoryCheckpoints().of("picture");
