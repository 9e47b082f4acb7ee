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
      <figcaption>{t("preview.caption")}</figcaption>
    </figure>
  );
}
