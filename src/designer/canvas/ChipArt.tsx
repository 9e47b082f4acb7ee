import type { ReactNode } from "react";
import type { Zone } from "#card/product.ts";
import styles from "./CardArt.module.css";

// Drawn on a plate of 13 x 11.8 mm about its centre; a portrait card turns it.
const plateWidthMm = 13;
const plateHeightMm = 11.8;

const contacts = [
  // The ground contact in the middle, waisted, and the four gaps that part the contacts on either side.
  "M-2.3-5.9v1.35c0 1.1-.55 1.35-.55 2.6v3.9c0 1.25.55 1.5.55 2.6v1.35",
  "M2.3-5.9v1.35c0 1.1.55 1.35.55 2.6v3.9c0 1.25-.55 1.5-.55 2.6v1.35",
  "M-6.5-2.45h3.62M-6.5 0h3.65M-6.5 2.45h3.62M6.5-2.45h-3.62M6.5 0h-3.65M6.5 2.45h-3.62",
  "M-2.3-4.05h4.6",
].join("");

const gold = [
  [0, "#f9ebbd"],
  [0.22, "#dcb864"],
  [0.45, "#c59a43"],
  [0.6, "#efd795"],
  [0.8, "#cda24b"],
  [1, "#a97c2c"],
] as const;

/** The gold contact plate of a chip: brushed metal, engraved gaps that catch light on one side. */
export function ChipArt({ id, zone }: { readonly id: string; readonly zone: Zone }): ReactNode {
  const upright = zone.heightMm > zone.widthMm;
  const scale = (upright ? zone.heightMm : zone.widthMm) / plateWidthMm;
  const centre = `translate(${zone.xMm + zone.widthMm / 2} ${zone.yMm + zone.heightMm / 2})`;
  const plate = { x: -plateWidthMm / 2, y: -plateHeightMm / 2, width: plateWidthMm, height: plateHeightMm, rx: 1.9 };
  return (
    <g className={styles.plate} transform={`${centre} scale(${scale}) rotate(${upright ? 90 : 0})`}>
      <defs>
        <linearGradient id={`${id}-gold`} x1="0" y1="0" x2="1" y2="0.9">
          {gold.map(([offset, colour]) => (
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
        <path d={contacts} stroke="#fff3cf" strokeOpacity="0.7" strokeWidth="0.2" transform="translate(0.13 0.15)" />
        <path d={contacts} stroke="#6b4a12" strokeOpacity="0.85" strokeWidth="0.19" />
        <rect {...plate} stroke="#fff6dc" strokeOpacity="0.55" strokeWidth="0.5" />
      </g>
      <rect {...plate} fill="none" stroke="#7a5718" strokeOpacity="0.55" strokeWidth="0.12" />
    </g>
  );
}
