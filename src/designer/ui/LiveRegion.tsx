import { type ReactNode, useEffect, useRef, useState } from "react";

type Listener = (message: string) => void;

const listeners = new Set<Listener>();

/** Has screen readers say a sentence, politely, through the page's one live region. */
export function announce(message: string): void {
  for (const listener of listeners) listener(message);
}

/** Calls back for each announcement, until the returned function is called. */
export function onAnnounce(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Says each new text, once also where React runs effects twice; null says nothing. */
export function useAnnounced(text: string | null): void {
  const said = useRef<string | null>(null);
  useEffect(() => {
    if (text !== null && text !== said.current) announce(text);
    said.current = text;
  }, [text]);
}

interface Announcement {
  readonly id: number;
  readonly message: string;
}

/** Earlier announcements that stay beside the newest, so that none is gone before a screen reader has come to it. */
const keptBefore = 2;

/** The page's one polite live region: each sentence is added, also one that was announced before. Mount it once, early. */
export function LiveRegion(): ReactNode {
  const [announcements, setAnnouncements] = useState<readonly Announcement[]>([]);
  useEffect(
    () =>
      onAnnounce((message) =>
        setAnnouncements((before) => [...before.slice(-keptBefore), { id: (before.at(-1)?.id ?? 0) + 1, message }]),
      ),
    [],
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-atomic="false">
      {announcements.map(({ id, message }) => (
        <p key={id}>{message}</p>
      ))}
    </div>
  );
}
