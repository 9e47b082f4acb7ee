import type { ReactNode } from "react";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { boxesOf, type CheckMark } from "../check-marks.ts";
import styles from "./MarkArt.module.css";
import { aroundPath } from "./view.ts";

/** Corners of a box, at most; the badge on its corner. In mm. */
const radiusMm = 2;
const badgeMm = 2.2;

/** So much about the badge belongs to it for a finger: 44 px across on a phone. */
const tapMm = 5.5;

interface MarkArtProps {
  readonly mark: CheckMark;
  readonly product: Product;
  readonly onTap: (() => void) | undefined;
}

/**
 * Shows on the card what a check speaks of: a dashed line about it that can be seen on any photo, and a badge that leads to the check,
 * for pointers: by key one comes from there.
 */
export function MarkArt({ mark, product, onTap }: MarkArtProps): ReactNode {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const boxes = boxesOf(mark, product);
  const path = ({ xMm: x, yMm: y, widthMm: width, heightMm: height }: (typeof boxes)[number]): string =>
    `M${x} ${y}h${width}v${height}h${-width}Z`;
  return (
    <svg
      className={styles.mark}
      viewBox={`${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`}
      aria-hidden="true"
      data-check-mark={mark.shape}
    >
      {mark.shape === "edge" && (
        <path className={styles.beyond} fillRule="evenodd" d={`${aroundPath(product)}${boxes.map(path).join("")}`} />
      )}
      {boxes.map(({ xMm, yMm, widthMm: width, heightMm: height }) => {
        const box = { x: xMm, y: yMm, width, height, rx: Math.min(radiusMm, height / 3) };
        return (
          <g key={`${xMm} ${yMm}`}>
            <rect className={styles.under} {...box} />
            <rect className={styles.line} {...box} />
            <g
              className={styles.tap}
              transform={`translate(${xMm + width} ${yMm})`}
              // The check is still looked at.
              onMouseDown={(event) => event.preventDefault()}
              onClick={onTap}
            >
              <circle className={styles.around} r={tapMm} />
              <circle className={styles.badge} r={badgeMm} />
              <path className={styles.sign} d="M0-1.1V.25M0 1.15v.02" />
            </g>
          </g>
        );
      })}
    </svg>
  );
}
