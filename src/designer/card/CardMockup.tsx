import type { CSSProperties, ReactNode } from "react";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { classNames } from "../ui/class-names.ts";
import { CardArt } from "./CardArt.tsx";
import styles from "./CardMockup.module.css";

interface CardMockupProps {
  readonly product: Product;
  /** A picture with the product's raster, bleed included, and what is to be seen, for those who cannot see it. */
  readonly picture?: { readonly url: string; readonly label: string };
  readonly issuerName?: string | undefined;
  readonly className?: string | undefined;
}

/** The outline that the card is cut to, for a box of any width. */
export function trimShape({ trimWidthMm, trimHeightMm, cornerRadiusMm }: Product): CSSProperties {
  const radius = [trimWidthMm, trimHeightMm].map((mm) => `${(cornerRadiusMm / mm) * 100}%`).join(" / ");
  return { aspectRatio: `${trimWidthMm} / ${trimHeightMm}`, borderRadius: radius };
}

/** A finished card from its printed picture, or an empty one: trimmed, rounded, with chip and mark drawn over it. As wide as its container. */
export function CardMockup(props: CardMockupProps): ReactNode {
  const { product, picture, issuerName, className } = props;
  const bleed = bleedSizeMm(product);
  const place = {
    inlineSize: `${(bleed.widthMm / product.trimWidthMm) * 100}%`,
    insetInlineStart: `${((product.trimWidthMm - bleed.widthMm) / 2 / product.trimWidthMm) * 100}%`,
    insetBlockStart: `${((product.trimHeightMm - bleed.heightMm) / 2 / product.trimHeightMm) * 100}%`,
    aspectRatio: `${bleed.widthMm} / ${bleed.heightMm}`,
  };
  return (
    <div className={classNames(styles.card, className)} style={trimShape(product)}>
      {picture !== undefined && <img className={styles.picture} style={place} src={picture.url} alt={picture.label} />}
      <CardArt product={product} issuerName={issuerName} area="trim" />
    </div>
  );
}
