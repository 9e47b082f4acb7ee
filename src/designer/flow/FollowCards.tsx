import type { ReactNode } from "react";
import type { SubmissionView } from "#contracts/submission.ts";
import { CardMockup } from "../card/CardMockup.tsx";
import { useText } from "../locales/text.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./FollowStep.module.css";
import type { PreviewPicture } from "./machine.ts";
import { useDesigner } from "./use-flow.ts";
import { type PlatformPreview, usePlatformPreview } from "./use-platform-preview.ts";

interface FollowCardsProps {
  readonly submission: SubmissionView;
  readonly picture: PreviewPicture | null;
}

/** What was designed beside what the card maker has: two pictures from two computers that ought to be one. */
export function FollowCards({ submission, picture }: FollowCardsProps): ReactNode {
  const t = useText();
  const { product } = useDesigner();
  const preview = usePlatformPreview(submission);
  return (
    <div className={styles.cards} data-upright={product.trimHeightMm > product.trimWidthMm}>
      {picture !== null && (
        <figure>
          {/* Without the issuer's name, which the card maker's template has not either. */}
          <CardMockup product={product} picture={{ url: picture.url, label: t("follow.designed-label") }} />
          <figcaption>{t("follow.designed")}</figcaption>
        </figure>
      )}
      <figure>
        <PlatformCard preview={preview} />
        <figcaption>{t("follow.platform")}</figcaption>
      </figure>
    </div>
  );
}

function PlatformCard({ preview }: { readonly preview: PlatformPreview }): ReactNode {
  const t = useText();
  const { product } = useDesigner();
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
      <p>{t(preview.kind === "none" ? "follow.platform-none" : "follow.platform-waiting")}</p>
    </div>
  );
}
