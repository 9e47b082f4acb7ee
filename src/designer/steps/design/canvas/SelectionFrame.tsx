import { type ReactNode, useLayoutEffect, useRef } from "react";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { findElement } from "#design/element-edits.ts";
import { type Element, vectorElementsOf } from "#design/design.ts";
import type { PointMm } from "#design/edits.ts";
import { findElementAt, fromBox } from "#design/element-places.ts";
import type { Box, VectorElement } from "#design/elements.ts";
import { isLocked } from "#design/templates/template.ts";
import { templateOf } from "../../../store/design-store.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";
import { grips } from "./element-gesture.ts";
import styles from "./SelectionFrame.module.css";
import { boxAt } from "./selected.ts";
import type { PhotoHandles } from "./shapes.tsx";

/** Under which the frame is moved with its element. */
export const frameHandle = "selection";

/** How far from the frame the handle that turns it is, in mm: enough for a finger on a phone. */
const turnHandleMm = 9;

const sides = [
  { side: "top", x: 0, y: -1 },
  { side: "bottom", x: 0, y: 1 },
  { side: "left", x: -1, y: 0 },
  { side: "right", x: 1, y: 0 },
] as const;

type Side = (typeof sides)[number];

/**
 * On the card, and there at the first side where it lies over no other element. Where it would be beside the card on each of them it is
 * within the frame, on the side that is nearest to the card's middle.
 */
function turnSideOf(box: Box, others: readonly VectorElement[], product: Product): `${"" | "within-"}${Side["side"]}` {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const at = ({ x, y }: Side, halfWidthMm: number, halfHeightMm: number): PointMm =>
    fromBox(box, { xMm: x * (halfWidthMm + turnHandleMm), yMm: y * (halfHeightMm + turnHandleMm) });
  const outside = (side: Side): PointMm => at(side, box.widthMm / 2, box.heightMm / 2);
  const onCard = sides.filter((side) => {
    const { xMm, yMm } = outside(side);
    return Math.abs(xMm) < widthMm / 2 && Math.abs(yMm) < heightMm / 2;
  });
  const free = onCard.find((side) => findElementAt(others, outside(side)) === undefined) ?? onCard[0];
  if (free !== undefined) return free.side;
  const away = (side: Side): number => Math.hypot(at(side, 0, 0).xMm, at(side, 0, 0).yMm);
  return `within-${sides.reduce((best, side) => (away(side) < away(best) ? side : best)).side}`;
}

const noElements: readonly Element[] = [];

/** In percent of the bleed, whatever that is on the screen. */
function styleOf({ xMm, yMm, widthMm, heightMm, rotationDeg }: Box, product: Product): Record<string, string> {
  const bleed = bleedSizeMm(product);
  return {
    "--x": `${50 + (xMm / bleed.widthMm) * 100}%`,
    "--y": `${50 + (yMm / bleed.heightMm) * 100}%`,
    "--width": `${(widthMm / bleed.widthMm) * 100}%`,
    "--height": `${(heightMm / bleed.heightMm) * 100}%`,
    "--turn": `${rotationDeg}deg`,
  };
}

/**
 * The frame about the selected element with its handles, for pointers: keys and the panel do the same. A dark line and a bright one, seen
 * on any picture.
 */
export function SelectionFrame({ handles }: { readonly handles: PhotoHandles }): ReactNode {
  const product = useDesignStore((state) => state.product);
  const selection = useDesignStore((state) => state.selection);
  const elements = useDesignStore((state) => (state.selection === null ? noElements : state.design.elements));
  const box = useDesignStore((state) => findElement(state.design, state.selection)?.box);
  const isPlaced = useDesignStore((state) => isLocked(templateOf(state), state.selection ?? "", "move"));
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box === undefined) return undefined;
    const show = (at: Box): void => {
      for (const [name, value] of Object.entries(styleOf(at, product))) frame.current?.style.setProperty(name, value);
    };
    show(box);
    handles.set(frameHandle, { show: (pose) => show(boxAt(box, pose)) });
    return () => void handles.delete(frameHandle);
  }, [handles, box, product]);
  if (box === undefined) return null;
  const others = vectorElementsOf({ elements }).filter(({ id }) => id !== selection);
  return (
    <div
      ref={frame}
      className={styles.frame}
      style={styleOf(box, product)}
      data-turn={turnSideOf(box, others, product)}
      aria-hidden="true"
    >
      {(isPlaced ? [] : grips).map((grip) => (
        <span key={grip} className={styles.grip} data-grip={grip} />
      ))}
    </div>
  );
}
