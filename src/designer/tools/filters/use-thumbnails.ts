import { useEffect, useState } from "react";
import type { PhotoSize } from "#card/placement.ts";
import type { OpenPhoto } from "#image/client.ts";

/** All of a photo's thumbnails, which are made once: whoever comes back to the tool finds them. They go with the photo. */
const made = new WeakMap<OpenPhoto, Promise<ImageBitmap>>();

function makeOnce(photo: OpenPhoto, filterIds: readonly string[], size: PhotoSize): Promise<ImageBitmap> {
  const before = made.get(photo);
  if (before !== undefined) return before;
  const making = photo.drawThumbnails(filterIds, size);
  made.set(photo, making);
  // The next time that they are wanted there may be memory for them.
  making.catch(() => made.delete(photo));
  return making;
}

/** The photo with each of these filters, small, beneath each other; null until it is there. What is offered does not change while the page is open. */
export function useThumbnails(photo: OpenPhoto, filterIds: readonly string[], size: PhotoSize): ImageBitmap | null {
  const [shown, setShown] = useState<{ readonly of: OpenPhoto; readonly bitmap: ImageBitmap } | null>(null);
  useEffect(() => {
    let isWanted = true;
    void makeOnce(photo, filterIds, size).then(
      (bitmap) => isWanted && setShown({ of: photo, bitmap }),
      // Without them the names are there.
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [photo, filterIds, size]);
  return shown?.of === photo ? shown.bitmap : null;
}
