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
import type { Photo } from "#design/design.ts";
import type { OpenPhoto } from "#image/client.ts";
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
  const [widthPx, heightPx] = [Math.ceil(width), Math.ceil(height)];
  return { pxPerMm, widthPx, heightPx, centreX: width / 2, centreY: height / 2 };
}

/** What is seen of a photo at this placement, of its own pixels, pixel for pixel as the stage shows it. */
interface SharpRegion {
  readonly source: OpenPhoto;
  readonly raster: StageRaster;
  readonly placement: Placement;
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
 * and where the preview does. While the photo moves it is that of before.
 */
export function useSharpRegion({ sha256, placement }: Photo, raster: StageRaster): SharpRegion | null {
  const source = useDesignStore(({ assets }) => assets.get(sha256));
  const moving = useDesignStore((state) => state.moving);
  const [region, setRegion] = useState<SharpRegion | null>(null);
  const isEnough = source === undefined || (!moving && isPreviewSharp(source, placement, raster));
  const isDrawn = region?.source === source && region?.placement === placement && region.raster === raster;
  useEffect(() => {
    if (moving || isEnough || isDrawn) return;
    const stop = new AbortController();
    const draw = async (): Promise<void> => {
      const map = photoToStage(placement, source, raster);
      // Where it fails the preview stays, and the print picture will say why.
      const bitmap = await source.drawRegion(map, raster, stop.signal).catch(() => null);
      if (stop.signal.aborted) bitmap?.close();
      else if (bitmap !== null) setRegion({ source, placement, raster, map, bitmap });
    };
    const timer = setTimeout(() => void draw(), restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [moving, isEnough, isDrawn, source, placement, raster]);
  useEffect(() => () => region?.bitmap.close(), [region]);
  return region?.source === source && !isEnough ? region : null;
}

/** Pixel for pixel, whatever the shape's own transform: that would be the same but for its last bits, and cost sharpness. */
export function drawRegionAtRest(context: Context, { bitmap }: SharpRegion): void {
  if (bitmap.width === 0) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(bitmap, 0, 0);
}

/** Where it lies on the photo, whose own units are its pixels from its centre. */
export function drawRegionMoved(context: Context, { bitmap, map }: SharpRegion, photo: PhotoSize): void {
  if (bitmap.width === 0) return;
  context.translate(-photo.widthPx / 2, -photo.heightPx / 2);
  context.transform(...invertAffine(map));
  context.drawImage(bitmap, 0, 0);
}
