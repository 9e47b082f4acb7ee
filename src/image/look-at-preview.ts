import type { PhotoColours } from "#card/crop-light.ts";
import type { PhotoSize } from "#card/placement.ts";
import type { RectPx, Subject } from "#card/subject.ts";
import { plainGround } from "#design/design.ts";
import { createSurface } from "./canvas.ts";
import { findSubject, type Thumbnail, thumbnailPx } from "./find-subject.ts";
import { layOnGround } from "./lay-on-ground.ts";
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

/** What is seen in a preview. */
export interface Seen {
  /** What one looks at, in the photo's pixels; null where nothing stands out. */
  readonly subject: Subject | null;
  readonly colours: PhotoColours;
}

/** Looks at the preview of a photo of this size. */
export async function lookAtPreview(preview: ImageBitmap, photo: PhotoSize): Promise<Seen> {
  const scale = thumbnailPx / Math.max(preview.width, preview.height);
  const width = Math.max(1, Math.round(preview.width * scale)) * drawnLarger;
  const height = Math.max(1, Math.round(preview.height * scale)) * drawnLarger;
  const context = createSurface(width, height, { clear: true, willReadFrequently: true });
  context.drawImage(preview, 0, 0, width, height);
  const [rgba, faces] = await Promise.all([readSurface(context, width, height), detectFaces(context.canvas)]);
  const colours = { columns: width, rows: height, rgba };
  // What is transparent is white for now.
  const opaque = rgba.slice();
  layOnGround(opaque, plainGround);
  const thumbnail = shrinkEvenly(opaque, width, height, drawnLarger);
  const subject = findSubject(
    thumbnail,
    faces.map((face) => scaled(face, 1 / drawnLarger, 1 / drawnLarger)),
  );
  if (subject === null) return { subject, colours };
  const [across, down] = [photo.widthPx / thumbnail.width, photo.heightPx / thumbnail.height];
  const { whole, core } = subject;
  return { subject: { ...subject, whole: scaled(whole, across, down), core: scaled(core, across, down) }, colours };
}
