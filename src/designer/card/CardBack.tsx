import type { ReactNode } from "react";
import { isPortrait, type Product } from "#card/products.ts";
import styles from "./HeldCard.module.css";

/** As the standards place them on a card that lies on its side, in mm from its left and top edge (ISO/IEC 7811-2 and 7813). */
const stripe = { x: 0, y: 4, width: 85.6, height: 12.7 } as const;
const panel = { x: 5, y: 20, width: 56, height: 9 } as const;
const lines = [50, 62, 44].map((width, index) => ({ x: 5, y: 36 + 3.4 * index, width, height: 1.2, rx: 0.6 }));

interface CardBackProps {
  readonly product: Product;
  readonly issuerName: string;
}

/** A drawing of what is on the back of most cards: magnetic stripe, signature panel, small words. Turned for an upright card. */
export function CardBack({ product, issuerName }: CardBackProps): ReactNode {
  const { trimWidthMm, trimHeightMm } = product;
  const [longMm, shortMm] = [Math.max(trimWidthMm, trimHeightMm), Math.min(trimWidthMm, trimHeightMm)];
  // Six tenths of its size is about the width of a letter.
  const issuerSizeMm = Math.min(3.4, (longMm - 10) / (issuerName.length * 0.6));
  const turn = isPortrait(product) ? `translate(${shortMm} 0) rotate(90)` : undefined;
  return (
    <svg className={styles.drawing} viewBox={`0 0 ${trimWidthMm} ${trimHeightMm}`} aria-hidden="true">
      <g transform={turn}>
        <rect className={styles.stripe} {...stripe} />
        <rect className={styles.panel} {...panel} rx="0.8" />
        {[0, 1, 2, 3, 4].map((index) => (
          <path key={index} className={styles.ruling} d={`M${panel.x} ${panel.y + 1.5 * (index + 1)}h${panel.width}`} />
        ))}
        <text className={styles.code} x={panel.x + panel.width + 2} y={panel.y + 6.2}>
          000
        </text>
        {lines.map((line) => (
          <rect key={line.y} className={styles.line} {...line} />
        ))}
        <text className={styles.issuer} x={longMm - 5} y={shortMm - 5} fontSize={issuerSizeMm} textAnchor="end">
          {issuerName}
        </text>
      </g>
    </svg>
  );
}
