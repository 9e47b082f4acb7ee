import type { Context } from "konva/lib/Context.js";
import type { Shape as KonvaShape } from "konva/lib/Shape.js";
import { memo, type ReactNode, useLayoutEffect, useMemo, useRef } from "react";
import { Group, Shape } from "react-konva/es/ReactKonvaCore.js";
import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import type { Region } from "#card/region.ts";
import type { Veil } from "#card/veil.ts";
import type { Photo } from "#design/design.ts";
import { type Gradient, isGradient, paintGround } from "#design/ground.ts";
import { drawVeil } from "#image/veil.ts";
import { isMoving, shownPreviewOf, shownVeil } from "../../../store/design-store.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";
import type { Stroke } from "../../../tools/drawing/stroke.ts";
import { drawRegionAtRest, drawRegionMoved, type StageRaster, useSharpRegion } from "./sharp-region.ts";
import { roundedRectPath, safePath, trimPath } from "./view.ts";

/** Moves a photo on the screen during a gesture, without a render and without writing the store. */
export interface PhotoHandle {
  show(placement: Placement): void;
  /** Of a drawing: shows it without what an eraser has gone over until now; null as it is. */
  rub?(stroke: Stroke | null): void;
}

/** Those of the photos on the card, by element id. */
export type PhotoHandles = Map<string, PhotoHandle>;

function attributesOf(placement: Placement) {
  return {
    x: placement.xMm,
    y: placement.yMm,
    scaleX: placement.mirrored ? -placement.mmPerPx : placement.mmPerPx,
    scaleY: placement.mmPerPx,
    rotation: placement.rotationDeg,
  };
}

/** Whether a photo shown with these attributes lies exactly there. */
function isAt(placement: Placement, at: Partial<Record<string, unknown>> | undefined): boolean {
  return at !== undefined && Object.entries(attributesOf(placement)).every(([name, value]) => at[name] === value);
}

/** As it is printed, only finer or coarser. Null where there is not the memory for it. */
function tryToDrawGradient(gradient: Gradient, { widthPx, heightPx }: StageRaster): OffscreenCanvas | null {
  try {
    const canvas = new OffscreenCanvas(widthPx, heightPx);
    const image = new ImageData(widthPx, heightPx);
    paintGround(image.data, { widthPx, heightPx }, gradient);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    return canvas;
  } catch {
    return null;
  }
}

/** What shows through the photo, or where there is none, on the whole stage. */
export function GroundShape({ raster }: Pick<PhotoShapeProps, "raster">): ReactNode {
  const ground = useDesignStore(({ design }) => design.ground);
  const drawn = useMemo(() => (isGradient(ground) ? tryToDrawGradient(ground, raster) : null), [ground, raster]);
  const draw = ({ _context: canvas }: Context) => {
    canvas.save();
    canvas.resetTransform();
    if (drawn) canvas.drawImage(drawn, 0, 0);
    else {
      canvas.fillStyle = isGradient(ground) ? ground.from : ground;
      canvas.fillRect(0, 0, raster.widthPx, raster.heightPx);
    }
    canvas.restore();
  };
  return <Shape sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
}

interface PhotoShapeProps {
  readonly photo: Photo;
  readonly handles: PhotoHandles;
  readonly raster: StageRaster;
}

/** A photo as the design has it. Its own units are the photo's pixels, from its centre. */
export function PhotoShape({ photo, handles, raster }: PhotoShapeProps): ReactNode {
  const { id, placement, widthPx, heightPx } = photo;
  const preview = useDesignStore((state) => shownPreviewOf(state, photo.sha256));
  const region = useSharpRegion(photo, raster);
  // A frame costs half as much so, and what moves need not be as fine. More would only show where it is enlarged, and there it is drawn anew.
  const quality = useDesignStore((state) => (isMoving(state) ? "low" : "medium"));
  const node = useRef<KonvaShape>(null);

  useLayoutEffect(() => {
    handles.set(id, { show: (at) => void node.current?.setAttrs(attributesOf(at)) });
    return () => void handles.delete(id);
  }, [handles, id]);
  useLayoutEffect(() => {
    node.current?.setAttrs(attributesOf(placement));
  }, [placement]);

  if (preview === undefined) return null;
  const draw = (context: Context) => {
    // A bitmap that has been closed is 0 wide; drawing it would throw.
    if (preview.width === 0) return;
    const at = node.current?.getAttrs();
    if (region?.raster === raster && isAt(region.placement, at)) return drawRegionAtRest(context, region);
    const drawPreview = (): void => {
      context.setAttr("imageSmoothingEnabled", true);
      context.setAttr("imageSmoothingQuality", quality);
      context.drawImage(preview, -widthPx / 2, -heightPx / 2, widthPx, heightPx);
    };
    // What was sharp before the hand moved stays so under it.
    if (region === null) drawPreview();
    else drawRegionMoved(context, region, photo, drawPreview);
  };
  const shape = <Shape ref={node} sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
  return photo.region === undefined ? shape : <Group {...clipOf(photo.region)}>{shape}</Group>;
}

function clipOf({ xMm, yMm, widthMm, heightMm }: Region) {
  return { clipX: xMm - widthMm / 2, clipY: yMm - heightMm / 2, clipWidth: widthMm, clipHeight: heightMm };
}

/** Null where there is not the memory for it: the card is of more use than its veil, which is printed all the same. */
function tryToDrawVeil(veil: Veil, product: Product, raster: StageRaster): OffscreenCanvas | null {
  try {
    return drawVeil(veil, product, raster);
  } catch {
    return null;
  }
}

/** The veil that is printed over the photo; it stays on the card while the photo moves under it. */
export function VeilShape({ raster }: Pick<PhotoShapeProps, "raster">): ReactNode {
  const product = useDesignStore((state) => state.product);
  const veil = useDesignStore(shownVeil);
  const drawn = useMemo(() => veil && tryToDrawVeil(veil, product, raster), [veil, product, raster]);
  if (!drawn) return null;
  const draw = (context: Context) => {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(drawn, 0, 0);
  };
  return <Shape sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
}

interface GuidesShapeProps {
  readonly product: Product;
  readonly pxPerMm: number;
}

/**
 * Trim, safe area and the zones to keep clear, as lines of dark and bright that can be seen on any photo. Drawn anew only when
 * the card has another size.
 */
export const GuidesShape = memo(function GuidesShape({ product, pxPerMm }: GuidesShapeProps): ReactNode {
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
});

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

/** Bright over dark; with a dash the two alternate along the line. */
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
