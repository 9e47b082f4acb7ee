import { useEffect, useState } from "react";
import type { SubmissionView } from "#contracts/submission.ts";
import type { Likeness } from "#image/client.ts";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";

/** Wide enough for a card of 420 CSS pixels on a fine screen. */
const widthPx = 856;

export type PlatformPreview =
  | { readonly kind: "waiting" }
  | { readonly kind: "there"; readonly url: string; readonly file: Blob }
  /** Given up for now. */
  | { readonly kind: "none"; readonly retry: () => void };

/**
 * The platform's own picture of what it received. Asked for as soon as there is one, patiently; when it does not come,
 * again after each change of the submission, or when the cardholder wishes. Forgotten once there is none any more.
 */
export function usePlatformPreview({ submissionId, hasPreview, sequence }: SubmissionView): PlatformPreview {
  const { readPreview } = useSession();
  const [shown, setShown] = useState<{ readonly url: string; readonly file: Blob } | null>(null);
  const [wishes, setWishes] = useState(0);
  const round = `${sequence} ${wishes}`;
  const [givenUpIn, setGivenUpIn] = useState<string | null>(null);
  const isMissing = hasPreview && shown === null;
  useEffect(() => {
    if (!isMissing) return;
    const leaving = new AbortController();
    readPreview(submissionId, widthPx, leaving.signal).then(
      (file) => {
        if (!leaving.signal.aborted) setShown({ url: URL.createObjectURL(file), file });
      },
      () => {
        if (!leaving.signal.aborted) setGivenUpIn(round);
      },
    );
    return () => leaving.abort();
  }, [readPreview, submissionId, isMissing, round]);
  useEffect(() => {
    if (shown === null || !hasPreview) return;
    return () => {
      URL.revokeObjectURL(shown.url);
      setShown(null);
    };
  }, [shown, hasPreview]);
  if (shown !== null && hasPreview) return { kind: "there", ...shown };
  if (givenUpIn !== round) return { kind: "waiting" };
  return { kind: "none", retry: () => setWishes((before) => before + 1) };
}

/** Whether it looks like what was sent; null while that is not known, and where what was sent is not here any more. */
export function useLikeness(preview: PlatformPreview, picture: PreviewPicture | null): Likeness | null {
  const { product, comparePictures } = useSession();
  const theirs = preview.kind === "there" ? preview.file : null;
  const [judged, setJudged] = useState<{ readonly file: Blob; readonly likeness: Likeness } | null>(null);
  useEffect(() => {
    if (theirs === null || picture === null) return;
    const leaving = new AbortController();
    const own = new Blob([picture.png], { type: "image/png" });
    comparePictures(own, theirs, product, leaving.signal).then(
      (likeness) => {
        if (!leaving.signal.aborted) setJudged({ file: theirs, likeness });
      },
      // Of what cannot be compared nothing is said.
      () => {},
    );
    return () => leaving.abort();
  }, [theirs, picture, product, comparePictures]);
  return judged !== null && judged.file === theirs ? judged.likeness : null;
}
