import { type ReactNode, useState } from "react";
import { bleedSizeMm, type Product } from "#card/product.ts";
import { CardArt } from "./CardArt.tsx";
import styles from "./CardMockup.module.css";

interface CardMockupProps {
  readonly product: Product;
  /** A picture with the product's raster, bleed included; null while it is on its way. */
  readonly pictureUrl: string | null;
  /** What is to be seen, for those who cannot see it. */
  readonly label: string;
  readonly issuerName?: string | undefined;
  /** False for a picture that already shows the finished card. */
  readonly art?: boolean;
  readonly className?: string | undefined;
}

/** A finished card from its printed picture: trimmed, rounded, with chip and mark drawn over it. As wide as its container. */
export function CardMockup(props: CardMockupProps): ReactNode {
  const { product, pictureUrl, label, issuerName, art = true, className } = props;
  const [shownUrl, setShownUrl] = useState<string | null>(null);
  const bleed = bleedSizeMm(product);
  const picture = {
    inlineSize: `${(bleed.widthMm / product.trimWidthMm) * 100}%`,
    insetInlineStart: `${((product.trimWidthMm - bleed.widthMm) / 2 / product.trimWidthMm) * 100}%`,
    insetBlockStart: `${((product.trimHeightMm - bleed.heightMm) / 2 / product.trimHeightMm) * 100}%`,
    aspectRatio: `${bleed.widthMm} / ${bleed.heightMm}`,
  };
  const radius = `${(product.cornerRadiusMm / product.trimWidthMm) * 100}% / ${(product.cornerRadiusMm / product.trimHeightMm) * 100}%`;
  const shape = { aspectRatio: `${product.trimWidthMm} / ${product.trimHeightMm}`, borderRadius: radius };
  return (
    <div className={className === undefined ? styles.card : `${styles.card} ${className}`} style={shape}>
      {pictureUrl !== null && (
        <img
          className={styles.picture}
          style={picture}
          src={pictureUrl}
          alt={label}
          data-shown={shownUrl === pictureUrl}
          onLoad={() => setShownUrl(pictureUrl)}
        />
      )}
      {art && <CardArt product={product} issuerName={issuerName} area="trim" className={styles.art} />}
    </div>
  );
}
