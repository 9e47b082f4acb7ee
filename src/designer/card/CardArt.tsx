import { createElement, memo, type ReactNode, useId, useState } from "react";
import { isLightInk } from "#card/art.ts";
import { drawZone, type Shape } from "#card/face.ts";
import { bleedSizeMm, isPrintedLine, type Product, type Zone } from "#card/products.ts";
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
          product={product}
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
  readonly product: Product;
  readonly issuerName: string | undefined;
  readonly isFaded: boolean;
}

function ZoneArt({ id, zone, product, issuerName, isFaded }: ZoneArtProps): ReactNode {
  if (zone.kind === "issuer-logo")
    return issuerName === undefined ? null : <IssuerMark zone={zone} product={product} name={issuerName} />;
  const drawing = drawZone(zone, id, product);
  return (
    drawing &&
    renderShape(drawing, classNames(zone.kind === "chip" ? styles.plate : inkStyle(product), isFaded && styles.faded))
  );
}

function inkStyle(product: Product): string {
  return classNames(styles.ink, !isLightInk(product) && styles.dark);
}

function renderShape({ tag, attributes, children }: Shape, className?: string): ReactNode {
  return createElement(tag, { ...attributes, className }, ...children.map((child) => renderShape(child)));
}

interface IssuerMarkProps {
  readonly zone: Zone;
  readonly product: Product;
  readonly name: string;
}

/** The issuer's logo, or its name until there is one that can be shown. */
function IssuerMark({ zone, product, name }: IssuerMarkProps): ReactNode {
  const { issuerLogo } = product;
  const [failed, setFailed] = useState<string>();
  if (issuerLogo === undefined || issuerLogo.address === failed)
    return <IssuerName zone={zone} product={product} name={name} />;
  const { xMm, yMm, widthMm, heightMm, isAtEnd = false } = zone;
  const { address, isWordless } = issuerLogo;
  const sideMm = isWordless ? heightMm : widthMm;
  const image = (
    <image
      href={address}
      x={isAtEnd ? xMm + widthMm - sideMm : xMm}
      y={yMm}
      width={sideMm}
      height={heightMm}
      preserveAspectRatio={isAtEnd ? "xMaxYMid" : "xMinYMid"}
      // oxlint-disable-next-line react/no-unknown-property -- an SVG image tells of it as any other
      onError={() => setFailed(address)}
    />
  );
  if (!isWordless) return image;
  const takenMm = sideMm + 1.2;
  const beside = { ...zone, xMm: isAtEnd ? xMm : xMm + takenMm, widthMm: widthMm - takenMm };
  return (
    <>
      {image}
      <IssuerName zone={beside} product={product} name={name} />
    </>
  );
}

/** The issuer's name in its own face, smaller when it is long, up to the opposite edge of the safe area. */
function IssuerName({ zone, product, name }: IssuerMarkProps): ReactNode {
  const { xMm, yMm, widthMm, heightMm, isAtEnd = false } = zone;
  const edgeMm = product.trimWidthMm / 2 - product.safeMarginMm;
  const roomMm = isAtEnd ? edgeMm + xMm + widthMm : edgeMm - xMm;
  // Six tenths of its size is about the width of a letter.
  const sizeMm = Math.min(heightMm * 0.6, roomMm / (name.length * 0.6));
  return (
    <text
      className={classNames(inkStyle(product), styles.issuer)}
      x={isAtEnd ? xMm + widthMm : xMm}
      y={yMm + heightMm / 2 + sizeMm * 0.36}
      fontSize={sizeMm}
      fill={product.ink}
      textAnchor={isAtEnd ? "end" : "start"}
    >
      {name}
    </text>
  );
}
