// How long the opening of a photo of 12 megapixels waits for what is suggested, in Chromium.
import sharp from "sharp";
import { askPage } from "./ask-page.ts";
import { photographPath } from "./make-crop.ts";

interface Measured {
  readonly ms: number;
  readonly suggestions: number;
}

/** Milliseconds, of runs in fresh workers, in rising order. */
export async function measureSuggestions(): Promise<readonly number[]> {
  const photo = await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toBuffer();
  const runs = await askPage<readonly Measured[]>("bench/journey/page/suggest.ts", photo);
  if (runs.some(({ suggestions }) => suggestions === 0)) throw new Error("nothing was suggested");
  return runs.map(({ ms }) => ms).sort((one, other) => one - other);
}
