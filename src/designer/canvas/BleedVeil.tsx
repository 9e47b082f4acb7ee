import type { ReactNode } from "react";
import { bleedSizeMm, type Product } from "#card/products.ts";
import styles from "./CardStage.module.css";
import { bleedPath, trimPath } from "./view.ts";

/** Dims what the cutter takes off, so that it can be seen and is not mistaken for the card. */
export function BleedVeil({ product }: { readonly product: Product }): ReactNode {
  const { widthMm, heightMm } = bleedSizeMm(product);
  return (
    <svg className={styles.veil} viewBox={`${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`} aria-hidden="true">
      <path fillRule="evenodd" d={`${bleedPath(product)}${trimPath(product)}`} />
    </svg>
  );
}
