import type { ReactNode } from "react";
import { isPortrait } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { finalStates } from "#contracts/submission-state.ts";
import { CardMockup } from "../../card/CardMockup.tsx";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";
import type { MessageId } from "../../locales/en.ts";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { leaveToHeading } from "../StepHeading.tsx";
import styles from "./FollowStep.module.css";
import type { PlatformPreview } from "./use-platform-preview.ts";

interface FollowCardsProps {
  readonly submission: SubmissionView;
  readonly picture: PreviewPicture | null;
  readonly preview: PlatformPreview;
}

/** What was designed beside what the card maker has received: the two should look the same. */
export function FollowCards({ submission, picture, preview }: FollowCardsProps): ReactNode {
  const t = useText();
  const { product, issuerName } = useSession();
  const askAgain = (button: HTMLElement, retry: () => void): void => {
    // The button goes; what takes its place says what happens now.
    button.closest("figure")?.focus();
    announce(t("follow.platform-waiting"));
    retry();
  };
  return (
    <div className={styles.cards} data-portrait={isPortrait(product)}>
      {picture !== null && (
        <figure>
          <CardMockup
            product={product}
            issuerName={issuerName}
            picture={{ url: picture.url, label: t("follow.designed-label") }}
          />
          <figcaption>{t("follow.designed")}</figcaption>
        </figure>
      )}
      <figure ref={leaveToHeading} tabIndex={-1}>
        <PlatformCard submission={submission} preview={preview} />
        <figcaption>{t("follow.platform")}</figcaption>
        {preview.kind === "none" && (
          <Button
            ref={leaveToHeading}
            className={styles.again}
            onClick={({ currentTarget }) => askAgain(currentTarget, preview.retry)}
          >
            {t("follow.platform-again")}
          </Button>
        )}
      </figure>
    </div>
  );
}

/** What is said while there is no picture. */
function insteadOfPicture({ state, hasPreview }: SubmissionView, { kind }: PlatformPreview): MessageId {
  if (state === "purging" || state === "purged") return "follow.platform-deleted";
  // The platform has not taken it and will not: there is nothing to wait for.
  if (!hasPreview && finalStates.has(state)) return "follow.platform-never";
  return kind === "none" ? "follow.platform-none" : "follow.platform-waiting";
}

/** The card as the card maker shows it, or why it is not shown. */
export function PlatformCard({ submission, preview }: Omit<FollowCardsProps, "picture">): ReactNode {
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
      <p>{t(insteadOfPicture(submission, preview))}</p>
    </div>
  );
}
