import { createElement, memo, type ReactNode, useId } from "react";
import { drawZone, type Shape } from "#card/face.ts";
import { isPrintedLine } from "#card/printed-lines.ts";
import { bleedSizeMm, type Product, type Zone } from "#card/products.ts";
import { classNames } from "../ui/class-names.ts";
import styles from "./CardArt.module.css";

interface CardArtProps {
  readonly product: Product;
  readonly issuerName?: string | undefined;
  /** What the drawing's edges are: the bleed's (default) or the trim's. */
  readonly area?: "bleed" | "trim";
  /** Of these the printed lines let what is behind them be seen. */
  readonly faded?: readonly Zone["kind"][] | undefined;
  readonly className?: string | undefined;
}

const none: readonly Zone["kind"][] = [];

/** What the platform puts on every card: chip, network mark, number, name, issuer. Shown over the photo, never printed by us. */
export const CardArt = memo(function CardArt({
  product,
  issuerName,
  area = "bleed",
  faded = none,
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
        <ZoneArt
          key={zone.kind}
          id={`${id}-${zone.kind}`}
          zone={zone}
          issuerName={issuerName}
          isFaded={isPrintedLine(zone) && faded.includes(zone.kind)}
        />
      ))}
    </svg>
  );
});

interface ZoneArtProps {
  readonly id: string;
  readonly zone: Zone;
  readonly issuerName: string | undefined;
  readonly isFaded: boolean;
}

function ZoneArt({ id, zone, issuerName, isFaded }: ZoneArtProps): ReactNode {
  if (zone.kind === "issuer-logo")
    return issuerName === undefined ? null : <IssuerName zone={zone} name={issuerName} />;
  const drawing = drawZone(zone, id);
  return (
    drawing &&
    renderShape(drawing, classNames(zone.kind === "chip" ? styles.plate : styles.ink, isFaded && styles.faded))
  );
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
