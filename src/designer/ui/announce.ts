type Listener = (message: string) => void;

const listeners = new Set<Listener>();

/** Says a sentence to screen readers, politely, through the page's one live region. */
export function announce(message: string): void {
  for (const listener of listeners) listener(message);
}

/** Calls back for each announcement; returns the way to stop. Used by LiveRegion. */
export function onAnnounce(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
