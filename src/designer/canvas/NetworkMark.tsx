import type { ReactNode } from "react";
import type { Zone } from "#card/product.ts";
import styles from "./CardArt.module.css";

const leaf = "M.1-.1C.1-1.75 1.05-2.6 2.7-2.6 2.7-.95 1.75-.1.1-.1Z";
const leaves = [
  [0, 1],
  [90, 0.62],
  [180, 1],
  [270, 0.62],
] as const;

/** The mark of a payment network that does not exist: four leaves and a word. No real scheme's mark, nor like one. */
export function NetworkMark({ zone }: { readonly zone: Zone }): ReactNode {
  const centreX = zone.xMm + zone.widthMm / 2;
  return (
    <g className={styles.mark}>
      <g transform={`translate(${centreX} ${zone.yMm + 2.9})`}>
        {leaves.map(([degrees, opacity]) => (
          <path key={degrees} d={leaf} fillOpacity={opacity} transform={`rotate(${degrees})`} />
        ))}
      </g>
      <text
        className={styles.word}
        x={centreX}
        y={zone.yMm + 7.6}
        fontSize={1.85}
        textAnchor="middle"
        textLength={zone.widthMm * 0.76}
        lengthAdjust="spacing"
      >
        NETWORK
      </text>
    </g>
  );
}
