import { type ReactNode, useEffect, useState } from "react";
import { onAnnounce } from "./announce.ts";

interface Said {
  readonly message: string;
  /** Odd or even: the two lines take turns, so that the same sentence twice is read twice. */
  readonly turn: number;
}

/** The page's one polite live region. Mount it once, before anything is announced. */
export function LiveRegion(): ReactNode {
  const [said, setSaid] = useState<Said>({ message: "", turn: 0 });
  useEffect(() => onAnnounce((message) => setSaid(({ turn }) => ({ message, turn: turn + 1 }))), []);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      <p>{said.turn % 2 === 1 ? said.message : ""}</p>
      <p>{said.turn % 2 === 0 ? said.message : ""}</p>
    </div>
  );
}
