import type { ReactNode } from "react";
import { maxZoom, zoomOf } from "#card/placement.ts";
import { zoomTo } from "#design/edits.ts";
import { useNumberFormat, useText } from "../locales/text.tsx";
import { useChangePhoto, useDesignStore, useDesignStoreApi, usePhoto } from "../store/use-design-store.tsx";
import { Slider } from "../ui/Slider.tsx";

/** Zoom in percent (100 is the smallest that covers the card) and as the cardholder reads it. */
export function useZoom(): { readonly percent: number; readonly text: string } {
  const number = useNumberFormat({ style: "percent" });
  const product = useDesignStore((state) => state.product);
  const photo = usePhoto();
  const zoom = photo === null ? 1 : zoomOf(photo.placement, photo, product);
  return { percent: zoom * 100, text: number.format(zoom) };
}

/** Zooms about the card's centre; one drag or one held key is one step of undo. */
export function ZoomSlider({ className = "" }: { readonly className?: string | undefined }): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  const { beginGesture, endGesture } = useDesignStoreApi().getState();
  const { percent, text } = useZoom();
  return (
    <Slider
      label={t("design.zoom")}
      className={className}
      value={percent}
      min={100}
      max={maxZoom * 100}
      step={1}
      valueText={text}
      onChange={(wanted) => change(zoomTo(wanted / 100))}
      onStart={beginGesture}
      onEnd={endGesture}
    />
  );
}
