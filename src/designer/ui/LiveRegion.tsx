import { type ReactNode, useEffect, useState } from "react";
import { onAnnounce } from "./announce.ts";

interface Said {
  readonly id: number;
  readonly message: string;
}

/** A sentence stays while this many come after it, so that none is gone before a screen reader has come to it. */
const mostAfter = 2;

/** The page's one polite live region: each sentence is an addition, also one that was said before. Mount it once, early. */
export function LiveRegion(): ReactNode {
  const [said, setSaid] = useState<readonly Said[]>([]);
  useEffect(
    () =>
      onAnnounce((message) =>
        setSaid((before) => [...before.slice(-mostAfter), { id: (before.at(-1)?.id ?? 0) + 1, message }]),
      ),
    [],
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-atomic="false">
      {said.map(({ id, message }) => (
        <p key={id}>{message}</p>
      ))}
    </div>
  );
}
