import type { ReactNode } from "react";
import { maxZoom, zoomOf } from "#card/placement.ts";
import { useNumberFormat, useText } from "../locales/text.tsx";
import { zoomTo } from "../store/edits.ts";
import { useDesignStore } from "../store/use-design-store.tsx";
import { Slider } from "../ui/Slider.tsx";

/** Zoom in percent (100 is the smallest that covers the card) and as the cardholder reads it. */
export function useZoom(): { readonly percent: number; readonly text: string } {
  const number = useNumberFormat({ style: "percent" });
  const zoom = useDesignStore(({ photo, placement, product }) =>
    photo === null || placement === null ? 1 : zoomOf(placement, photo, product),
  );
  return { percent: zoom * 100, text: number.format(zoom) };
}

/** Zooms about the card's centre; one drag or one held key is one step of undo. */
export function ZoomSlider({ className = "" }: { readonly className?: string | undefined }): ReactNode {
  const t = useText();
  const { edit, beginGesture, endGesture } = useDesignStore((state) => state);
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
      onChange={(wanted) => edit(zoomTo(wanted / 100))}
      onStart={beginGesture}
      onEnd={endGesture}
    />
  );
}
