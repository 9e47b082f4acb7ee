import type { CSSProperties, ReactNode } from "react";
import type { Product } from "#card/products.ts";
import { classNames } from "../ui/class-names.ts";
import { CardBack } from "./CardBack.tsx";
import { CardMockup, trimShape } from "./CardMockup.tsx";
import styles from "./HeldCard.module.css";
import { useTilt } from "./use-tilt.ts";

interface HeldCardProps {
  readonly product: Product;
  readonly issuerName: string;
  readonly picture: { readonly url: string; readonly label: string };
  /** What is said of the back to those who cannot see it. */
  readonly backLabel: string;
  readonly side?: "front" | "back";
}

/** The card as a thing: it follows the hand, and a light moves over it. The side that is turned away is there for nobody. */
export function HeldCard(props: HeldCardProps): ReactNode {
  const { product, issuerName, picture, backLabel, side = "front" } = props;
  const tilt = useTilt();
  const shape = trimShape(product);
  const isTurned = side === "back";
  return (
    <div className={styles.hand} data-held="" {...tilt}>
      <div className={classNames(styles.card, isTurned && styles.turned)} style={shape}>
        {edges.map((depth) => (
          <div key={depth} className={styles.edge} style={{ "--depth": depth, ...shape } as CSSProperties} />
        ))}
        <div className={styles.front} aria-hidden={isTurned}>
          <CardMockup product={product} picture={picture} issuerName={issuerName} />
          <Light product={product} />
        </div>
        <div className={styles.back} style={shape} role="img" aria-label={backLabel} aria-hidden={!isTurned}>
          <CardBack product={product} issuerName={issuerName} />
        </div>
      </div>
    </div>
  );
}

/** Layers between both faces, close enough to each other to be seen as one edge. */
const edges = [-0.5, 0, 0.5] as const;

/** A soft light on the surface, and a brighter one on the metal of the chip. */
function Light({ product }: { readonly product: Product }): ReactNode {
  const { trimWidthMm, trimHeightMm, zones } = product;
  const chip = zones.find(({ kind }) => kind === "chip");
  const percent = (mm: number, ofMm: number): string => `${(mm / ofMm) * 100}%`;
  return (
    <div className={styles.light} style={trimShape(product)} aria-hidden="true">
      <div className={styles.gloss} />
      {chip && (
        <div
          className={styles.chip}
          style={{
            left: percent(chip.xMm + trimWidthMm / 2, trimWidthMm),
            top: percent(chip.yMm + trimHeightMm / 2, trimHeightMm),
            width: percent(chip.widthMm, trimWidthMm),
            height: percent(chip.heightMm, trimHeightMm),
          }}
        >
          <div className={styles.glint} />
        </div>
      )}
    </div>
  );
}
