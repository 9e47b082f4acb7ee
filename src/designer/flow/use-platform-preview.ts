import { useEffect, useState } from "react";
import type { SubmissionView } from "#contracts/submission.ts";
import { useDesigner } from "./use-flow.ts";

/** Wide enough for a card of 420 CSS pixels on a fine screen. */
const widthPx = 856;

export type PlatformPreview =
  | { readonly kind: "waiting" }
  | { readonly kind: "there"; readonly url: string }
  | { readonly kind: "none" };

/**
 * The platform's own picture of what it received, from the moment there is one. Asked for with patience, and as long as
 * it is not there anew whenever the submission has got on.
 */
export function usePlatformPreview({ submissionId, hasPreview, sequence }: SubmissionView): PlatformPreview {
  const { readPreview } = useDesigner();
  const [url, setUrl] = useState<string | null>(null);
  const [givenUpAt, setGivenUpAt] = useState<number | null>(null);
  const isMissing = hasPreview && url === null;
  useEffect(() => {
    if (!isMissing) return;
    const leaving = new AbortController();
    readPreview(submissionId, widthPx, leaving.signal).then(
      (blob) => {
        if (!leaving.signal.aborted) setUrl(URL.createObjectURL(blob));
      },
      () => {
        if (!leaving.signal.aborted) setGivenUpAt(sequence);
      },
    );
    return () => leaving.abort();
  }, [readPreview, submissionId, isMissing, sequence]);
  useEffect(() => {
    if (url === null) return;
    return () => URL.revokeObjectURL(url);
  }, [url]);
  if (url !== null) return { kind: "there", url };
  return { kind: givenUpAt === sequence ? "none" : "waiting" };
}
