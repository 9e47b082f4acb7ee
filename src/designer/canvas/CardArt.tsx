import { type ReactNode, useId } from "react";
import { bleedSizeMm, type Product, type Zone } from "#card/product.ts";
import styles from "./CardArt.module.css";
import { ChipArt } from "./ChipArt.tsx";
import { NetworkMark } from "./NetworkMark.tsx";

interface CardArtProps {
  readonly product: Product;
  readonly issuerName?: string | undefined;
  /** What the drawing's edges are: the bleed's (default) or the trim's. */
  readonly area?: "bleed" | "trim";
  readonly className?: string | undefined;
}

/** What the platform puts on every card: chip, network mark, number, name, issuer. Shown over the photo, never printed by us. */
export function CardArt({ product, issuerName, area = "bleed", className }: CardArtProps): ReactNode {
  const id = useId();
  const bleed = bleedSizeMm(product);
  const widthMm = area === "bleed" ? bleed.widthMm : product.trimWidthMm;
  const heightMm = area === "bleed" ? bleed.heightMm : product.trimHeightMm;
  return (
    <svg
      className={className}
      viewBox={`${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`}
      aria-hidden="true"
      data-card-art=""
    >
      {product.zones.map((zone) => (
        <ZoneArt key={zone.kind} id={`${id}-${zone.kind}`} zone={zone} issuerName={issuerName} />
      ))}
    </svg>
  );
}

interface ZoneArtProps {
  readonly id: string;
  readonly zone: Zone;
  readonly issuerName: string | undefined;
}

function ZoneArt({ id, zone, issuerName }: ZoneArtProps): ReactNode {
  switch (zone.kind) {
    case "chip":
      return <ChipArt id={id} zone={zone} />;
    case "network-mark":
      return <NetworkMark zone={zone} />;
    case "card-number":
      return <NumberLine zone={zone} />;
    case "cardholder-name":
      return <Line zone={zone} className={styles.name} text="YOUR NAME" sizeMm={zone.heightMm * 0.66} />;
    case "issuer-logo":
      if (issuerName === undefined) return null;
      return <Line zone={zone} className={styles.issuer} text={issuerName} sizeMm={zone.heightMm * 0.7} />;
  }
}

function NumberLine({ zone }: { readonly zone: Zone }): ReactNode {
  return (
    <text
      className={styles.number}
      x={zone.xMm}
      y={zone.yMm + zone.heightMm * 0.95}
      fontSize={zone.heightMm * 0.92}
      textLength={zone.widthMm}
      lengthAdjust="spacing"
    >
      0000 0000 0000 0000
    </text>
  );
}

interface LineProps {
  readonly zone: Zone;
  readonly className: string | undefined;
  readonly text: string;
  readonly sizeMm: number;
}

function Line({ zone, className, text, sizeMm }: LineProps): ReactNode {
  return (
    <text className={className} x={zone.xMm} y={zone.yMm + zone.heightMm * 0.8} fontSize={sizeMm}>
      {text}
    </text>
  );
}
