import { startTransition, useEffect, useState } from "react";
import { withTimeout } from "../../locales/locale.ts";

interface Loading {
  readonly failed: boolean;
  readonly retry: () => void;
}

/** Loads what is not there, and has its component drawn again when it has come, in slices, or when it has not within 20 s. `load` is to be the same for as long as it loads the same. */
export function useLoading(isThere: boolean, load: () => Promise<unknown>): Loading {
  const [ended, setEnded] = useState<{ readonly load: typeof load; readonly failed: boolean } | null>(null);
  const failed = !isThere && ended?.load === load && ended.failed;
  useEffect(() => {
    if (isThere || failed) return undefined;
    let isWanted = true;
    const end = (failed: boolean): void => {
      if (isWanted) startTransition(() => setEnded({ load, failed }));
    };
    withTimeout(load()).then(
      () => end(false),
      () => end(true),
    );
    return () => {
      isWanted = false;
    };
  }, [isThere, failed, load]);
  return { failed, retry: () => setEnded(null) };
}
