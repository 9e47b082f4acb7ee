import { type CSSProperties, type ReactNode, type Ref, useEffect, useState } from "react";
import { isPortrait } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { CardMockup } from "../../card/CardMockup.tsx";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";
import { useText } from "../../locales/text.tsx";
import { CardBox } from "../../ui/Workspace.tsx";
import styles from "./ApprovedCard.module.css";
import { PlatformCard } from "./FollowCards.tsx";
import type { PlatformPreview } from "./use-platform-preview.ts";

interface ApprovedCardProps {
  readonly submission: SubmissionView;
  /** What was sent; null where it is not here any more, and the card maker's own picture is shown. */
  readonly picture: PreviewPicture | null;
  readonly preview: PlatformPreview;
  readonly cardRef: Ref<HTMLDivElement>;
}

const rings = [0, 1, 2, 3] as const;

/** The card that will be made, large, in the light of its own colours. */
export function ApprovedCard({ submission, picture, preview, cardRef }: ApprovedCardProps): ReactNode {
  const t = useText();
  const { product, issuerName } = useSession();
  const isNew = useFirstSight(submission.submissionId);
  const url = picture?.url ?? (preview.kind === "there" ? preview.url : null);
  const shape = {
    "--card-ratio": product.trimWidthMm / product.trimHeightMm,
    "--corner": product.cornerRadiusMm / product.trimWidthMm,
    ...(url !== null && { "--picture": `url("${url}")` }),
  };
  return (
    <div className={styles.frame} style={shape as CSSProperties} data-portrait={isPortrait(product)}>
      <CardBox>
        <div ref={cardRef} className={styles.card} data-new={isNew && url !== null}>
          {url !== null && (
            <>
              <div className={styles.glow} />
              {rings.map((at) => (
                <div key={at} className={styles.ring} style={{ "--at": at } as CSSProperties} />
              ))}
            </>
          )}
          {picture === null ? (
            <PlatformCard submission={submission} preview={preview} />
          ) : (
            <CardMockup
              product={product}
              issuerName={issuerName}
              picture={{ url: picture.url, label: t("follow.designed-label") }}
            />
          )}
          {url !== null && <div className={styles.sweep} />}
        </div>
      </CardBox>
    </div>
  );
}

/** Of which submissions the approval has been shown: what is joy once is in the way each time. A shared computer is told nothing of it. */
const seen = new Set<string>();

/** Whether the approval has not been shown before, as far as this page knows. */
function useFirstSight(submissionId: string): boolean {
  const [isNew] = useState(() => !seen.has(submissionId));
  useEffect(() => void seen.add(submissionId), [submissionId]);
  return isNew;
}
