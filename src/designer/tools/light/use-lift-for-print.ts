import { useEffect, useMemo, useState } from "react";
import { type LightGrid, medianLevel } from "#card/light.ts";
import { liftFor } from "#design/look.ts";
import type { OpenPhoto } from "#image/client.ts";
import { openPhotoOf } from "../../store/design-store.ts";
import { useDesignStore, usePhoto } from "../../store/use-design-store.tsx";

/** How light the photo on the card is; null until that is known. */
function useLightGrid(): LightGrid | null {
  const photo = useDesignStore(openPhotoOf);
  const [measured, setMeasured] = useState<{ readonly of: OpenPhoto; readonly grid: LightGrid }>();
  useEffect(() => {
    if (photo === null) return;
    const stop = new AbortController();
    // Without it nothing is proposed.
    photo.measureLight(stop.signal).then(
      (grid) => setMeasured({ of: photo, grid }),
      () => {},
    );
    return () => stop.abort();
  }, [photo]);
  return measured !== undefined && measured.of === photo ? measured.grid : null;
}

/** By how much the shadows of what is on the card are to be lifted for print (`lift` of 100); 0 where it is not dark, or not known. */
export function useLiftForPrint(): number {
  const grid = useLightGrid();
  const photo = usePhoto();
  const product = useDesignStore((state) => state.product);
  return useMemo(
    () => (grid === null || photo === null ? 0 : liftFor(medianLevel(grid, photo.placement, photo, product))),
    [grid, photo, product],
  );
}
