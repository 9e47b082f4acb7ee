import { type ReactNode, useLayoutEffect, useRef } from "react";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { findElement } from "#design/element-edits.ts";
import { fromBox } from "#design/element-places.ts";
import type { Box } from "#design/elements.ts";
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

/** On top, unless it would be beside the card there: then where it is nearest to the card's middle. */
function turnSideOf(box: Box, product: Product): (typeof sides)[number]["side"] {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const at = ({ x, y }: (typeof sides)[number]) =>
    fromBox(box, { xMm: x * (box.widthMm / 2 + turnHandleMm), yMm: y * (box.heightMm / 2 + turnHandleMm) });
  const isOnCard = (side: (typeof sides)[number]): boolean => {
    const { xMm, yMm } = at(side);
    return Math.abs(xMm) < widthMm / 2 && Math.abs(yMm) < heightMm / 2;
  };
  if (isOnCard(sides[0])) return "top";
  const away = (side: (typeof sides)[number]): number => Math.hypot(at(side).xMm, at(side).yMm);
  return sides.reduce((best, side) => (away(side) < away(best) ? side : best)).side;
}

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
  const box = useDesignStore(({ design, selection }) => findElement(design, selection)?.box);
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
  return (
    <div
      ref={frame}
      className={styles.frame}
      style={styleOf(box, product)}
      data-turn={turnSideOf(box, product)}
      aria-hidden="true"
    >
      {(isPlaced ? [] : grips).map((grip) => (
        <span key={grip} className={styles.grip} data-grip={grip} />
      ))}
    </div>
  );
}
