import { createElement, memo, type ReactNode, useId } from "react";
import { drawZone, type Shape } from "#card/face.ts";
import { bleedSizeMm, type Product, type Zone } from "#card/products.ts";
import { classNames } from "../ui/class-names.ts";
import styles from "./CardArt.module.css";

interface CardArtProps {
  readonly product: Product;
  readonly issuerName?: string | undefined;
  /** What the drawing's edges are: the bleed's (default) or the trim's. */
  readonly area?: "bleed" | "trim";
  readonly className?: string | undefined;
}

/** What the platform puts on every card: chip, network mark, number, name, issuer. Shown over the photo, never printed by us. */
export const CardArt = memo(function CardArt({
  product,
  issuerName,
  area = "bleed",
  className,
}: CardArtProps): ReactNode {
  const id = useId();
  const bleed = bleedSizeMm(product);
  const widthMm = area === "bleed" ? bleed.widthMm : product.trimWidthMm;
  const heightMm = area === "bleed" ? bleed.heightMm : product.trimHeightMm;
  return (
    <svg
      className={classNames(styles.art, className)}
      viewBox={`${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`}
      aria-hidden="true"
      data-card-art=""
    >
      {product.zones.map((zone) => (
        <ZoneArt key={zone.kind} id={`${id}-${zone.kind}`} zone={zone} issuerName={issuerName} />
      ))}
    </svg>
  );
});

interface ZoneArtProps {
  readonly id: string;
  readonly zone: Zone;
  readonly issuerName: string | undefined;
}

function ZoneArt({ id, zone, issuerName }: ZoneArtProps): ReactNode {
  if (zone.kind === "issuer-logo")
    return issuerName === undefined ? null : <IssuerName zone={zone} name={issuerName} />;
  const drawing = drawZone(zone, id);
  return drawing && renderShape(drawing, zone.kind === "chip" ? styles.plate : styles.ink);
}

function renderShape({ tag, attributes, children }: Shape, className?: string): ReactNode {
  return createElement(tag, { ...attributes, className }, ...children.map((child) => renderShape(child)));
}

/** The issuer's name in its own face, smaller when it is long, up to the opposite edge of the safe area. */
function IssuerName({ zone, name }: { readonly zone: Zone; readonly name: string }): ReactNode {
  const roomMm = Math.max(zone.widthMm, -2 * zone.xMm - 2);
  // Six tenths of its size is about the width of a letter.
  const sizeMm = Math.min(zone.heightMm * 0.6, roomMm / (name.length * 0.6));
  return (
    <text className={styles.issuer} x={zone.xMm} y={zone.yMm + zone.heightMm * 0.74} fontSize={sizeMm}>
      {name}
    </text>
  );
}
