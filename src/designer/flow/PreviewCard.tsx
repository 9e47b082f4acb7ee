import type { ReactNode } from "react";
import { CardMockup } from "../card/CardMockup.tsx";
import { useText } from "../locales/text.tsx";
import styles from "./PreviewStep.module.css";
import { useDesigner } from "./use-flow.ts";

/** The finished bytes as a card: nothing but them is under the chip and the number. */
export function PreviewCard({ url }: { readonly url: string }): ReactNode {
  const t = useText();
  const { product, issuerName } = useDesigner();
  const { widthPx, heightPx, dpi } = product;
  return (
    <figure className={styles.card} data-upright={product.trimHeightMm > product.trimWidthMm}>
      <CardMockup
        className={styles.turning}
        product={product}
        picture={{ url, label: t("preview.card-label") }}
        issuerName={issuerName}
      />
      <figcaption className="tabular">{t("preview.caption", { width: widthPx, height: heightPx, dpi })}</figcaption>
    </figure>
  );
}
