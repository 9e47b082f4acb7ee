/** Tells listeners in this process that a submission has changed. The events table is the truth; this only wakes. */
export interface Notifier {
  announce(submissionId: string): void;
  /** Calls `listener` after every change of that submission until the returned function is called. */
  listen(submissionId: string, listener: () => void): () => void;
  /** The same for every change of any submission. */
  listenToAll(listener: () => void): () => void;
}

export function createNotifier(): Notifier {
  const listeners = new Map<string, Set<() => void>>();
  const ofAll = new Set<() => void>();
  return {
    announce(submissionId) {
      for (const listener of ofAll) listener();
      for (const listener of listeners.get(submissionId) ?? []) listener();
    },
    listen(submissionId, listener) {
      const own = listeners.get(submissionId) ?? new Set();
      listeners.set(submissionId, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(submissionId) === own) listeners.delete(submissionId);
      };
    },
    listenToAll(listener) {
      ofAll.add(listener);
      return () => void ofAll.delete(listener);
    },
  };
}
