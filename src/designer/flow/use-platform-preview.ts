import { useEffect, useState } from "react";
import { useDesigner } from "./use-flow.ts";

/** Wide enough for a card of 420 CSS pixels on a fine screen. */
const widthPx = 856;

export type PlatformPreview =
  | { readonly kind: "waiting" }
  | { readonly kind: "there"; readonly url: string }
  | { readonly kind: "none" };

const waiting: PlatformPreview = { kind: "waiting" };

/** The platform's own picture of what it received, from the moment there is one. */
export function usePlatformPreview(submissionId: string, hasPreview: boolean): PlatformPreview {
  const { readPreview } = useDesigner();
  const [preview, setPreview] = useState<PlatformPreview>(waiting);
  useEffect(() => {
    if (!hasPreview) return;
    const leaving = new AbortController();
    let url: string | null = null;
    readPreview(submissionId, widthPx, leaving.signal).then(
      (blob) => {
        if (leaving.signal.aborted) return;
        url = URL.createObjectURL(blob);
        setPreview({ kind: "there", url });
      },
      () => {
        if (!leaving.signal.aborted) setPreview({ kind: "none" });
      },
    );
    return () => {
      leaving.abort();
      if (url !== null) URL.revokeObjectURL(url);
      setPreview(waiting);
    };
  }, [readPreview, submissionId, hasPreview]);
  return preview;
}
