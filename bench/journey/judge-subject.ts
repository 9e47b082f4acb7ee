import sharp from "sharp";
import type { RectPx } from "#card/subject.ts";
import { findCover } from "#card/subject.ts";
import { findSubject, thumbnailPx } from "#image/find-subject.ts";
import type { Crop } from "./crops.ts";
import { makePhoto, placeCrop } from "./make-crop.ts";

/** What somebody said of a crop, and what the check says. */
export interface Verdict {
  readonly of: "underChip" | "underMark";
  readonly said: boolean;
  readonly checked: boolean;
}

/** What the check of the subject says of a crop, where somebody has said something of it. */
export async function judgeSubject(crop: Crop): Promise<readonly Verdict[]> {
  const photo = await makePhoto(crop);
  const { product, placement } = placeCrop(crop, photo);
  const { data, info } = await sharp(photo.png)
    .resize(thumbnailPx, thumbnailPx, { fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const found = findSubject({ width: info.width, height: info.height, rgba: data });
  const [across, down] = [photo.widthPx / info.width, photo.heightPx / info.height];
  const scaled = ({ xPx, yPx, widthPx, heightPx }: RectPx): RectPx => ({
    xPx: xPx * across,
    yPx: yPx * down,
    widthPx: widthPx * across,
    heightPx: heightPx * down,
  });
  const subject = found && { ...found, whole: scaled(found.whole), core: scaled(found.core) };
  const isUnder = (kind: "chip" | "network-mark"): boolean => {
    const alone = { ...product, zones: product.zones.filter((zone) => zone.kind === kind) };
    return subject !== null && findCover(subject, placement, photo, alone) === kind;
  };
  const { underChip, underMark } = crop.judged;
  return [
    ...(underChip === undefined ? [] : [{ of: "underChip", said: underChip, checked: isUnder("chip") } as const]),
    ...(underMark === undefined
      ? []
      : [{ of: "underMark", said: underMark, checked: isUnder("network-mark") } as const]),
  ];
}
