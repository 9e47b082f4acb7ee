import type { PhotoSize } from "#card/placement.ts";
import type { RectPx, Subject } from "#card/subject.ts";
import { createSurface } from "./canvas.ts";
import { findSubject, type Thumbnail, thumbnailPx } from "./find-subject.ts";
import { readSurface } from "./read-surface.ts";

/** Drawn that much larger first: engines shrink pictures by different means, and none of them as evenly in one step. */
const drawnLarger = 4;
/** Faces that come later are not waited for. */
const facesTimeoutMs = 100;

/** Of the Shape Detection API, which few browsers have. */
interface FaceDetector {
  detect(image: OffscreenCanvas): Promise<readonly { readonly boundingBox: DOMRectReadOnly }[]>;
}

/** Where this browser sees faces, in the canvas' pixels; none where it has no detector. What it finds is kept nowhere. */
async function detectFaces(canvas: OffscreenCanvas): Promise<readonly RectPx[]> {
  const { FaceDetector } = globalThis as { FaceDetector?: new () => FaceDetector };
  if (FaceDetector === undefined) return [];
  const found = async (): Promise<readonly RectPx[]> => {
    const faces = await new FaceDetector().detect(canvas);
    const seen = faces.filter(({ boundingBox: { width, height } }) => width > 0 && height > 0);
    return seen.map(({ boundingBox: { x, y, width, height } }) => ({
      xPx: x,
      yPx: y,
      widthPx: width,
      heightPx: height,
    }));
  };
  const tooLate = new Promise<readonly RectPx[]>((resolve) => setTimeout(() => resolve([]), facesTimeoutMs));
  // Some have the name and no detector behind it.
  return Promise.race([found().catch(() => []), tooLate]);
}

/** Averages squares of pixels, so many on each side. */
function shrinkEvenly(rgba: ArrayLike<number>, width: number, height: number, side: number): Thumbnail {
  const small = {
    width: width / side,
    height: height / side,
    rgba: new Float64Array((width / side) * (height / side) * 4),
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (Math.floor(y / side) * small.width + Math.floor(x / side)) * 4;
      const from = (y * width + x) * 4;
      for (let channel = 0; channel < 4; channel++) {
        small.rgba[to + channel] =
          (small.rgba[to + channel] as number) + (rgba[from + channel] as number) / (side * side);
      }
    }
  }
  return small;
}

function scaled({ xPx, yPx, widthPx, heightPx }: RectPx, across: number, down: number): RectPx {
  return { xPx: xPx * across, yPx: yPx * down, widthPx: widthPx * across, heightPx: heightPx * down };
}

/** What one looks at in the photo of this preview, in the photo's pixels; null where nothing stands out. */
export async function lookForSubject(preview: ImageBitmap, photo: PhotoSize): Promise<Subject | null> {
  const scale = thumbnailPx / Math.max(preview.width, preview.height);
  const width = Math.max(1, Math.round(preview.width * scale)) * drawnLarger;
  const height = Math.max(1, Math.round(preview.height * scale)) * drawnLarger;
  const context = createSurface(width, height, { willReadFrequently: true });
  context.drawImage(preview, 0, 0, width, height);
  const [rgba, faces] = await Promise.all([readSurface(context, width, height), detectFaces(context.canvas)]);
  const thumbnail = shrinkEvenly(rgba, width, height, drawnLarger);
  const subject = findSubject(
    thumbnail,
    faces.map((face) => scaled(face, 1 / drawnLarger, 1 / drawnLarger)),
  );
  if (subject === null) return null;
  const [across, down] = [photo.widthPx / thumbnail.width, photo.heightPx / thumbnail.height];
  return { ...subject, whole: scaled(subject.whole, across, down), core: scaled(subject.core, across, down) };
}
