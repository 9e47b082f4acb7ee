import { type DeviceStore, notSynced, type SharedDrafts } from "../draft-store.ts";

/** A store that nobody else writes into. */
export function keptAlone(store: DeviceStore): SharedDrafts {
  return {
    read: store.read,
    write: (draft) => store.write({ ...draft, sync: notSynced }),
    isKept: () => false,
    makeSafe: async () => {},
    isSafe: () => false,
    isReplaced: () => store.isReplaced(),
    isOvertaken: () => false,
    keepOwn: () => {},
    readOther: store.read,
    takeOther: () => {},
    yieldLine: () => {},
    noteSubmission: (submissionId) => void store.note({ ...notSynced, submissionId }),
    removeSubmitted: async (submissionId) => void (await store.remove((sync) => sync.submissionId === submissionId)),
    deleteAll: async () => ({ onDevice: !(await store.remove()), atServer: false }),
  };
}
