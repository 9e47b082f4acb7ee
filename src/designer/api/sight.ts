import { withResolvers } from "#contracts/with-resolvers.ts";
import type { Wait } from "./request.ts";

/** The page, as far as it says whether anybody sees it. */
export type Page = Pick<Document, "visibilityState" | "addEventListener" | "removeEventListener">;

/** Whoever only looks into another tab finds everything as it was. */
const awayAfterMs = 5_000;

export interface Sight {
  /** Aborts once the page has been out of sight for a while. After each return there is another. */
  away(): AbortSignal;
  /** Resolves when it is in sight again, at once if it is. */
  whenBack(): Promise<void>;
  stop(): void;
}

/** Watches whether anybody sees the page, until it is stopped. */
export function watchSight(page: Page | undefined, wait: Wait): Sight {
  let away = new AbortController();
  let waiting: AbortController | undefined;
  let back = withResolvers<void>();
  back.resolve();
  const leave = (): void => {
    back = withResolvers<void>();
    away.abort();
  };
  const look = (): void => {
    waiting?.abort();
    if (page?.visibilityState !== "hidden") {
      if (away.signal.aborted) away = new AbortController();
      return back.resolve();
    }
    if (away.signal.aborted) return;
    waiting = new AbortController();
    wait(awayAfterMs, waiting.signal).then(leave, () => {});
  };
  page?.addEventListener("visibilitychange", look);
  look();
  return {
    away: () => away.signal,
    whenBack: () => back.promise,
    stop() {
      waiting?.abort();
      page?.removeEventListener("visibilitychange", look);
    },
  };
}
