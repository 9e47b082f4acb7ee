import { type ReactNode, useEffect, useRef, useState } from "react";
import { isPortrait } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { finalStates } from "#contracts/submission-state.ts";
import { CardMockup } from "../../card/CardMockup.tsx";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.ts";
import type { MessageId } from "../../locales/en.ts";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import styles from "./FollowStep.module.css";

interface FollowCardsProps {
  readonly submission: SubmissionView;
  readonly picture: PreviewPicture | null;
}

/** What was designed beside what the card maker has received: the two should look the same. */
export function FollowCards({ submission, picture }: FollowCardsProps): ReactNode {
  const t = useText();
  const { product } = useSession();
  const preview = usePlatformPreview(submission);
  const figure = useRef<HTMLElement>(null);
  const askAgain = (retry: () => void): void => {
    // The button goes; what takes its place says what happens now.
    figure.current?.focus();
    announce(t("follow.platform-waiting"));
    retry();
  };
  return (
    <div className={styles.cards} data-portrait={isPortrait(product)}>
      {picture !== null && (
        <figure>
          {/* The card maker's template does not have the issuer's name either. */}
          <CardMockup product={product} picture={{ url: picture.url, label: t("follow.designed-label") }} />
          <figcaption>{t("follow.designed")}</figcaption>
        </figure>
      )}
      <figure ref={figure} tabIndex={-1}>
        <PlatformCard preview={preview} instead={insteadOfPicture(submission, preview)} />
        <figcaption>{t("follow.platform")}</figcaption>
        {preview.kind === "none" && (
          <Button className={styles.again} onClick={() => askAgain(preview.retry)}>
            {t("follow.platform-again")}
          </Button>
        )}
      </figure>
    </div>
  );
}

interface PlatformCardProps {
  readonly preview: PlatformPreview;
  /** What is said while there is no picture. */
  readonly instead: MessageId;
}

function insteadOfPicture({ state, hasPreview }: SubmissionView, { kind }: PlatformPreview): MessageId {
  if (state === "purging" || state === "purged") return "follow.platform-deleted";
  // The platform has not taken it and will not: there is nothing to wait for.
  if (!hasPreview && finalStates.has(state)) return "follow.platform-never";
  return kind === "none" ? "follow.platform-none" : "follow.platform-waiting";
}

function PlatformCard({ preview, instead }: PlatformCardProps): ReactNode {
  const t = useText();
  const { product } = useSession();
  if (preview.kind === "there") {
    return <img className={styles.platform} src={preview.url} alt={t("follow.platform-label")} />;
  }
  const shape = {
    aspectRatio: `${product.trimWidthMm} / ${product.trimHeightMm}`,
    borderRadius: `${(product.cornerRadiusMm / product.trimWidthMm) * 100}% / ${(product.cornerRadiusMm / product.trimHeightMm) * 100}%`,
  };
  return (
    <div className={styles.waiting} style={shape}>
      <Icon name="photo" size={24} />
      <p>{t(instead)}</p>
    </div>
  );
}

/** Wide enough for a card of 420 CSS pixels on a fine screen. */
const widthPx = 856;

export type PlatformPreview =
  | { readonly kind: "waiting" }
  | { readonly kind: "there"; readonly url: string }
  /** Given up for now. */
  | { readonly kind: "none"; readonly retry: () => void };

/**
 * The platform's own picture of what it received. Asked for as soon as there is one, patiently; when it does not come,
 * again after each change of the submission, or when the cardholder wishes. Forgotten once there is none any more.
 */
export function usePlatformPreview({ submissionId, hasPreview, sequence }: SubmissionView): PlatformPreview {
  const { readPreview } = useSession();
  const [url, setUrl] = useState<string | null>(null);
  const [wishes, setWishes] = useState(0);
  const round = `${sequence} ${wishes}`;
  const [givenUpIn, setGivenUpIn] = useState<string | null>(null);
  const isMissing = hasPreview && url === null;
  useEffect(() => {
    if (!isMissing) return;
    const leaving = new AbortController();
    readPreview(submissionId, widthPx, leaving.signal).then(
      (blob) => {
        if (!leaving.signal.aborted) setUrl(URL.createObjectURL(blob));
      },
      () => {
        if (!leaving.signal.aborted) setGivenUpIn(round);
      },
    );
    return () => leaving.abort();
  }, [readPreview, submissionId, isMissing, round]);
  useEffect(() => {
    if (url === null || !hasPreview) return;
    return () => {
      URL.revokeObjectURL(url);
      setUrl(null);
    };
  }, [url, hasPreview]);
  if (url !== null && hasPreview) return { kind: "there", url };
  if (givenUpIn !== round) return { kind: "waiting" };
  return { kind: "none", retry: () => setWishes((before) => before + 1) };
}
