import type { ReactNode } from "react";
import { CardMockup } from "../card/CardMockup.tsx";
import type { PreviewPicture } from "../flow/flow-state.ts";
import { useSession } from "../flow/use-session.ts";
import { useText } from "../locales/text.tsx";
import { CardBox } from "../ui/Workspace.tsx";
import styles from "./PreviewCard.module.css";

/** The finished picture as a card: the bytes that will be sent, under chip and number. */
export function PreviewCard({ picture }: { readonly picture: PreviewPicture }): ReactNode {
  const t = useText();
  const { issuerName, product } = useSession();
  const { widthPx, heightPx, dpi } = product;
  return (
    <figure className={styles.figure}>
      <CardBox>
        <CardMockup
          className={styles.turning}
          product={product}
          picture={{ url: picture.url, label: t("preview.card-label") }}
          issuerName={issuerName}
        />
      </CardBox>
      <figcaption className="tabular">{t("preview.caption", { width: widthPx, height: heightPx, dpi })}</figcaption>
    </figure>
  );
}
