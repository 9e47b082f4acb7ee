import type { Context } from "konva/lib/Context.js";
import { useEffect, useState } from "react";
import {
  type Affine,
  composeAffine,
  invertAffine,
  type PhotoSize,
  type Placement,
  photoToCard,
} from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { colourBelow, type Photo } from "#design/design.ts";
import type { Look } from "#design/look.ts";
import type { OpenPhoto } from "#image/client.ts";
import { shownLook } from "../../../store/design-store.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";

/** The stage in pixels of the screen. */
export interface StageRaster extends PhotoSize {
  /** From millimetres on the card, from its centre, to these pixels. */
  readonly pxPerMm: number;
  readonly centreX: number;
  readonly centreY: number;
}

export function stageRaster(product: Product, pxPerMm: number): StageRaster {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const [width, height] = [widthMm * pxPerMm, heightMm * pxPerMm];
  // Whole ones come back a little more from millimetres.
  const [widthPx, heightPx] = [Math.ceil(width - 1e-6), Math.ceil(height - 1e-6)];
  return { pxPerMm, widthPx, heightPx, centreX: width / 2, centreY: height / 2 };
}

/** What is seen of a photo at this placement, on this ground and with this look, of its own pixels, pixel for pixel as the stage shows it. */
interface SharpRegion {
  readonly source: OpenPhoto;
  readonly raster: StageRaster;
  readonly placement: Placement;
  readonly ground: string;
  readonly look: Look | undefined;
  /** From the photo's pixels to the bitmap's. */
  readonly map: Affine;
  readonly bitmap: ImageBitmap;
}

function photoToStage(placement: Placement, photo: PhotoSize, { pxPerMm, centreX, centreY }: StageRaster): Affine {
  return composeAffine([pxPerMm, 0, 0, pxPerMm, centreX, centreY], photoToCard(placement, photo));
}

/** Whether the preview has a pixel for each one of the screen, or as many as the photo itself. */
export function isPreviewSharp(
  { preview, widthPx }: OpenPhoto,
  placement: Placement,
  { pxPerMm }: Pick<StageRaster, "pxPerMm">,
): boolean {
  return preview.width / widthPx >= Math.min(1, placement.mmPerPx * pxPerMm);
}

/** A hand that goes on at once, or a key that is held, is left alone. Before the print picture, so that both share a decoding. */
const restMs = 60;

/**
 * What is seen of the photo, drawn anew from its own pixels whenever it comes to rest where the preview is too coarse; null until then,
 * and where the preview does. While the photo moves it is that of before, unless it looks another way now.
 */
export function useSharpRegion({ sha256, placement }: Photo, raster: StageRaster): SharpRegion | null {
  const source = useDesignStore(({ assets }) => assets.get(sha256));
  const moving = useDesignStore((state) => state.moving);
  const ground = useDesignStore(({ design }) => colourBelow(design));
  const look = useDesignStore(shownLook);
  const [region, setRegion] = useState<SharpRegion | null>(null);
  // Colours that were changed before the preview was made smaller would not be those that are changed after it.
  const isEnough = source === undefined || (!moving && look === undefined && isPreviewSharp(source, placement, raster));
  const isOfSame = region?.source === source && region?.ground === ground && region?.look === look;
  const isDrawn = isOfSame && region.placement === placement && region.raster === raster;
  useEffect(() => {
    if (moving || isEnough || isDrawn) return;
    const stop = new AbortController();
    const draw = async (): Promise<void> => {
      const map = photoToStage(placement, source, raster);
      // Where it fails the preview stays, and the print picture will say why.
      const bitmap = await source.drawRegion({ map, raster, ground, look }, stop.signal).catch(() => null);
      if (stop.signal.aborted) bitmap?.close();
      else if (bitmap !== null) setRegion({ source, placement, ground, look, raster, map, bitmap });
    };
    const timer = setTimeout(() => void draw(), restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [moving, isEnough, isDrawn, source, placement, ground, look, raster]);
  useEffect(() => () => region?.bitmap.close(), [region]);
  return isOfSame && !isEnough ? region : null;
}

/** Pixel for pixel, whatever the shape's own transform: that would be the same but for its last bits, and cost sharpness. */
export function drawRegionAtRest(context: Context, { bitmap }: SharpRegion): void {
  if (bitmap.width === 0) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(bitmap, 0, 0);
}

/** A ten-thousandth of a pixel from one end of a stage to the other. */
const closeTo = (value: number, to: number): boolean => Math.abs(value - to) < 1e-7;

/**
 * Where it lies on the photo, whose own units are its pixels from its centre; `drawPhoto` draws what it leaves of the stage. Where it is
 * only shifted it goes to the nearest whole pixel: that is a copy, which costs a fraction of a frame.
 */
export function drawRegionMoved(
  context: Context,
  { bitmap, map }: SharpRegion,
  photo: PhotoSize,
  drawPhoto: () => void,
): void {
  if (bitmap.width === 0) return drawPhoto();
  const canvas = context._context;
  const photoToCanvas = canvas.getTransform();
  const [a, b, c, d, e, f] = composeAffine(
    [photoToCanvas.a, photoToCanvas.b, photoToCanvas.c, photoToCanvas.d, photoToCanvas.e, photoToCanvas.f],
    composeAffine([1, 0, 0, 1, -photo.widthPx / 2, -photo.heightPx / 2], invertAffine(map)),
  );
  const isUpright = closeTo(b, 0) && closeTo(c, 0) && a > 0 && d > 0;
  const isShifted = isUpright && closeTo(a, 1) && closeTo(d, 1);
  const [x, y] = isShifted ? [Math.round(e), Math.round(f)] : [e, f];
  if (isUpright) {
    const right = Math.floor(x + a * bitmap.width);
    const bottom = Math.floor(y + d * bitmap.height);
    drawAround(canvas, { left: Math.ceil(x), top: Math.ceil(y), right, bottom }, drawPhoto);
  } else drawPhoto();
  canvas.imageSmoothingEnabled = !isShifted;
  canvas.setTransform(a, b, c, d, x, y);
  canvas.drawImage(bitmap, 0, 0);
}

/** Draws in the canvas' own pixels what lies outside the rectangle, with the canvas as it is now. */
function drawAround(
  canvas: CanvasRenderingContext2D,
  inner: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  draw: () => void,
): void {
  const { width, height } = canvas.canvas;
  const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
  const [left, right] = [within(inner.left, width), within(inner.right, width)];
  const [top, bottom] = [within(inner.top, height), within(inner.bottom, height)];
  const transform = canvas.getTransform();
  const strips = [
    [0, 0, width, top],
    [0, bottom, width, height - bottom],
    [0, top, left, bottom - top],
    [right, top, width - right, bottom - top],
  ] as const;
  for (const [x, y, stripWidth, stripHeight] of strips) {
    if (stripWidth <= 0 || stripHeight <= 0) continue;
    canvas.save();
    canvas.resetTransform();
    canvas.beginPath();
    canvas.rect(x, y, stripWidth, stripHeight);
    canvas.clip();
    canvas.setTransform(transform);
    draw();
    canvas.restore();
  }
}
