import type { ReactNode } from "react";
import { markCentre, markLeaf, markLeaves, markWordPath } from "#card/face.ts";
import type { Zone } from "#card/products.ts";
import styles from "./CardArt.module.css";

/** The mark of a payment network that does not exist: four leaves and a word. */
export function NetworkMark({ zone }: { readonly zone: Zone }): ReactNode {
  const { xMm, yMm } = markCentre(zone);
  return (
    <g className={styles.mark}>
      <g transform={`translate(${xMm} ${yMm})`}>
        {markLeaves.map(([degrees, opacity]) => (
          <path key={degrees} d={markLeaf} fillOpacity={opacity} transform={`rotate(${degrees})`} />
        ))}
      </g>
      <path d={markWordPath(zone)} />
    </g>
  );
}
