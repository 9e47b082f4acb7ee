import sharp from "sharp";
import { findFlaws, type PhotoFacts } from "#card/flaws.ts";
import { lightOf } from "#card/crop-light.ts";
import type { PhotoSize } from "#card/placement.ts";
import type { RectPx } from "#card/subject.ts";
import { findCover } from "#card/subject.ts";
import { findSubject, thumbnailPx } from "#image/find-subject.ts";
import { measureDetail } from "#image/measure-detail.ts";
import type { Crop } from "./crops.ts";
import { makePhoto, placeCrop } from "./make-crop.ts";

/** What somebody said of a crop, and what the checks say. */
export interface Verdict {
  readonly of: keyof Crop["judged"];
  readonly said: string;
  readonly checked: string;
}

/** Of the worker, which has no canvas here: its colours have four times the pixels of the thumbnail, on each side. */
const coloursPx = 4 * thumbnailPx;

async function shrink(png: Buffer, px: number) {
  const small = sharp(png).resize(px, px, { fit: "inside" }).ensureAlpha().raw();
  const { data, info } = await small.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: new Uint8ClampedArray(data) };
}

async function readFacts(photo: PhotoSize & { readonly png: Buffer }): Promise<PhotoFacts> {
  const thumbnail = await shrink(photo.png, thumbnailPx);
  const found = findSubject(thumbnail);
  const [across, down] = [photo.widthPx / thumbnail.width, photo.heightPx / thumbnail.height];
  const scaled = ({ xPx, yPx, widthPx, heightPx }: RectPx): RectPx => ({
    xPx: xPx * across,
    yPx: yPx * down,
    widthPx: widthPx * across,
    heightPx: heightPx * down,
  });
  const { width, height, rgba } = await shrink(photo.png, coloursPx);
  const whole = await sharp(photo.png).ensureAlpha().raw().toBuffer();
  const detail = await measureDetail({
    ...photo,
    layout: "RGBX",
    toPhoto: [1, 0, 0, 1, 0, 0],
    photo,
    async read({ x, y, width: columns, height: rows, bytes }) {
      for (let row = 0; row < rows; row++) {
        const from = ((y + row) * photo.widthPx + x) * 4;
        bytes.set(whole.subarray(from, from + columns * 4), row * columns * 4);
      }
    },
  });
  return {
    photo,
    subject: found && { ...found, whole: scaled(found.whole), core: scaled(found.core) },
    light: lightOf({ columns: width, rows: height, rgba }, "#ffffff"),
    detail,
  };
}

/** What the checks say of a crop, where somebody has said something of it. */
export async function judgeCrop(crop: Crop): Promise<readonly Verdict[]> {
  const photo = await makePhoto(crop);
  const { product, placement } = placeCrop(crop, photo);
  const facts = await readFacts(photo);
  const { sharpness, light, isCut, hardLines } = findFlaws(placement, facts, product);
  const isUnder = (kind: "chip" | "network-mark"): boolean => {
    const alone = { ...product, zones: product.zones.filter((zone) => zone.kind === kind) };
    return facts.subject !== null && findCover(facts.subject, placement, photo, alone) === kind;
  };
  const readable = (kind: "card-number" | "cardholder-name"): string =>
    hardLines.some(({ line }) => line === kind) ? "hard" : "readable";
  const checked = {
    isSoft: sharpness.kind !== "sharp",
    light: light === null ? "fine" : light.flaw === "white" ? "blown" : "dark",
    underChip: isUnder("chip"),
    underMark: isUnder("network-mark"),
    isCut,
    number: readable("card-number"),
    name: readable("cardholder-name"),
  };
  return (Object.keys(checked) as (keyof typeof checked)[]).flatMap((of) => {
    const said = crop.judged[of];
    return said === undefined ? [] : [{ of, said: String(said), checked: String(checked[of]) }];
  });
}
