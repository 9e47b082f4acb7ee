import type { Context } from "konva/lib/Context.js";
import { type ReactNode, useMemo } from "react";
import { Shape } from "react-konva/es/ReactKonvaCore.js";
import type { Product } from "#card/products.ts";
import { roundedRectPath, safePath, trimPath } from "./view.ts";

/** Trim, safe area and the zones to keep clear, as lines of dark and bright that can be seen on any photo. */
export function GuidesShape({ product, pxPerMm }: { readonly product: Product; readonly pxPerMm: number }): ReactNode {
  const paths = useMemo(() => guidePaths(product), [product]);
  const px = 1 / pxPerMm;
  const draw = (context: Context) => {
    const canvas = context._context;
    canvas.save();
    strokeTwice(canvas, paths.trim, 1.25 * px, 0);
    strokeTwice(canvas, paths.safe, 1.25 * px, 6 * px);
    for (const zone of paths.zones) strokeTwice(canvas, zone, px, 3 * px);
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

/** Bright over dark; with a dash they take turns along the line. */
function strokeTwice(canvas: CanvasRenderingContext2D, path: Path2D, widthMm: number, dashMm: number): void {
  canvas.setLineDash([]);
  canvas.lineWidth = dashMm === 0 ? widthMm * 2 : widthMm;
  canvas.strokeStyle = "rgb(0 0 0 / 0.5)";
  canvas.stroke(path);
  canvas.setLineDash(dashMm === 0 ? [] : [dashMm, dashMm]);
  canvas.lineWidth = widthMm;
  canvas.strokeStyle = "rgb(255 255 255 / 0.95)";
  canvas.stroke(path);
}
