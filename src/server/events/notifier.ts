/** Tells listeners in this process that a submission has changed, or a session has been ended. The tables are the truth; this only wakes. */
export interface Notifier {
  announce(submissionId: string): void;
  /** Calls `listener` after every change of that submission until the returned function is called. */
  listen(submissionId: string, listener: () => void): () => void;
  announceEnd(sessionId: string): void;
  /** Calls `listener` when that session is ended, until the returned function is called. */
  listenToEnd(sessionId: string, listener: () => void): () => void;
  /** As `listen`, for every change of any submission. */
  listenToAll(listener: () => void): () => void;
}

function createListeners() {
  const listeners = new Map<string, Set<() => void>>();
  return {
    call(id: string): void {
      for (const listener of listeners.get(id) ?? []) listener();
    },
    add(id: string, listener: () => void): () => void {
      const own = listeners.get(id) ?? new Set();
      listeners.set(id, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(id) === own) listeners.delete(id);
      };
    },
  };
}

export function createNotifier(): Notifier {
  const changes = createListeners();
  const ends = createListeners();
  const ofAll = new Set<() => void>();
  return {
    announce(submissionId) {
      for (const listener of ofAll) listener();
      changes.call(submissionId);
    },
    listen: changes.add,
    announceEnd: ends.call,
    listenToEnd: ends.add,
    listenToAll(listener) {
      ofAll.add(listener);
      return () => void ofAll.delete(listener);
    },
  };
}
