import type { ReactNode } from "react";
import { chipGaps, chipGold, chipPlate } from "#card/face.ts";
import type { Zone } from "#card/products.ts";
import styles from "./CardArt.module.css";

/** The gold contact plate of a chip: brushed metal, engraved gaps that catch light on one side. */
export function ChipArt({ id, zone }: { readonly id: string; readonly zone: Zone }): ReactNode {
  const upright = zone.heightMm > zone.widthMm;
  const scale = (upright ? zone.heightMm : zone.widthMm) / chipPlate.widthMm;
  const centre = `translate(${zone.xMm + zone.widthMm / 2} ${zone.yMm + zone.heightMm / 2})`;
  const { widthMm: width, heightMm: height, radiusMm: rx } = chipPlate;
  const plate = { x: -width / 2, y: -height / 2, width, height, rx };
  return (
    <g className={styles.plate} transform={`${centre} scale(${scale}) rotate(${upright ? 90 : 0})`}>
      <defs>
        <linearGradient id={`${id}-gold`} x1="0" y1="0" x2="1" y2="0.9">
          {chipGold.map(([offset, colour]) => (
            <stop key={offset} offset={offset} stopColor={colour} />
          ))}
        </linearGradient>
        <radialGradient id={`${id}-sheen`} cx="0.28" cy="0.12" r="0.75">
          <stop offset="0" stopColor="#fff" stopOpacity="0.55" />
          <stop offset="1" stopColor="#fff" stopOpacity="0" />
        </radialGradient>
        <clipPath id={`${id}-plate`}>
          <rect {...plate} />
        </clipPath>
      </defs>
      <rect {...plate} fill={`url(#${id}-gold)`} />
      <g clipPath={`url(#${id}-plate)`} fill="none">
        <rect {...plate} fill={`url(#${id}-sheen)`} />
        <path d={chipGaps} stroke="#fff3cf" strokeOpacity="0.7" strokeWidth="0.2" transform="translate(0.13 0.15)" />
        <path d={chipGaps} stroke="#6b4a12" strokeOpacity="0.85" strokeWidth="0.19" />
        <rect {...plate} stroke="#fff6dc" strokeOpacity="0.55" strokeWidth="0.5" />
      </g>
      <rect {...plate} fill="none" stroke="#7a5718" strokeOpacity="0.55" strokeWidth="0.12" />
    </g>
  );
}
