import type { ReactNode } from "react";
import { HeldCard } from "../card/HeldCard.tsx";
import type { PreviewPicture } from "../flow/flow-state.ts";
import { useSession } from "../flow/use-session.tsx";
import { useText } from "../locales/text.tsx";
import { CardBox } from "../ui/Workspace.tsx";

interface PreviewCardProps {
  readonly picture: PreviewPicture;
  readonly side?: "front" | "back";
}

/** The finished picture as a card to hold: the bytes that will be sent, under chip and number. */
export function PreviewCard({ picture, side }: PreviewCardProps): ReactNode {
  const t = useText();
  const { issuerName, product } = useSession();
  return (
    <CardBox>
      <HeldCard
        product={product}
        issuerName={issuerName}
        picture={{ url: picture.url, label: t("preview.card-label") }}
        backLabel={t("preview.back-label")}
        {...(side && { side })}
      />
    </CardBox>
  );
}
