import type { Context } from "konva/lib/Context.js";
import { type ReactNode, useMemo } from "react";
import { Shape } from "react-konva/es/ReactKonvaCore.js";
import type { Product } from "#card/product.ts";
import { roundedRectPath, safePath, trimPath } from "./view.ts";

/** Trim and safe area as lines that can be seen on any photo, light or dark: a dark one under a bright one. */
export function GuidesShape({ product, pxPerMm }: { readonly product: Product; readonly pxPerMm: number }): ReactNode {
  const paths = useMemo(() => guidePaths(product), [product]);
  const px = 1 / pxPerMm;
  const draw = (context: Context) => {
    const canvas = context._context;
    canvas.save();
    strokeTwice(canvas, paths.trim, px, []);
    strokeTwice(canvas, paths.safe, px, [5 * px, 4 * px]);
    canvas.setLineDash([]);
    for (const zone of paths.zones) strokeTwice(canvas, zone, px * 0.8, [2 * px, 3 * px]);
    canvas.restore();
  };
  return <Shape sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
}

function guidePaths(product: Product) {
  const zones = product.zones
    .filter((zone) => zone.rule === "keep-clear")
    .map((zone) => {
      const path = new Path2D();
      const at = new DOMMatrix().translate(zone.xMm + zone.widthMm / 2, zone.yMm + zone.heightMm / 2);
      path.addPath(new Path2D(roundedRectPath(zone.widthMm + 5, zone.heightMm + 5, 2.5)), at);
      return path;
    });
  return { trim: new Path2D(trimPath(product)), safe: new Path2D(safePath(product)), zones };
}

function strokeTwice(canvas: CanvasRenderingContext2D, path: Path2D, widthMm: number, dash: number[]): void {
  canvas.setLineDash(dash);
  canvas.lineWidth = widthMm * 3;
  canvas.strokeStyle = "rgb(0 0 0 / 0.35)";
  canvas.stroke(path);
  canvas.lineWidth = widthMm * 1.25;
  canvas.strokeStyle = "rgb(255 255 255 / 0.95)";
  canvas.stroke(path);
}
