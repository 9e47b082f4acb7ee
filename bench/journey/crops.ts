/** CC0 photographs, 1024 px on the long side. */
type PhotographName =
  | "acanthus-mollis"
  | "airplane-from-above"
  | "allium-oreophilum"
  | "black-canyon"
  | "dust-bowl-home"
  | "french-alpine-landscape"
  | "locomotion-house-cat"
  | "march-pastoral"
  | "nagasaki-boats";

/** What was done to the photograph before it was picked. */
interface Treatment {
  /** Enlarged as phones and messengers do, smoothly: more pixels and no more detail. */
  readonly enlarged?: number;
  /** Of a Gaussian, in pixels of the photo as it was picked: a shaky hand. */
  readonly blurPx?: number;
  /** What light there was: a factor of the stored values, which are cut off at white. */
  readonly light?: number;
  /** Added to the stored values, which are cut off at white. */
  readonly lift?: number;
}

/**
 * What somebody says who sees the card with what is printed over it, in white. What is left out could be said either way, and is
 * not asked.
 */
interface Judgement {
  /** Less sharp than it could be printed: shaken, or of too few pixels. */
  readonly isSoft?: boolean;
  readonly light?: "fine" | "dark" | "blown";
  /** What one looks at lies under it. */
  readonly underChip?: boolean;
  readonly underMark?: boolean;
  /** What one looks at ends at the cut, and goes on beside it. */
  readonly isCut?: boolean;
  /** The worst of its digits. */
  readonly number?: "readable" | "hard";
  readonly name?: "readable" | "hard";
}

/** A crop as somebody may leave it. */
export interface Crop {
  readonly photo: PhotographName | "white-screenshot";
  readonly treatment: Treatment;
  readonly product: "landscape" | "portrait";
  /** As large as covers the card times this. */
  readonly zoom: number;
  /** The place of the photo that is in the card's middle, as a share of its sides; as far as the photo covers the card. */
  readonly middle: readonly [x: number, y: number];
  readonly degrees: number;
  readonly judged: Judgement;
}

const crop = (
  photo: Crop["photo"],
  [product, zoom, x, y, degrees = 0]: readonly ["landscape" | "portrait", number, number, number, number?],
  treatment: Treatment,
  judged: Judgement,
): Crop => ({ photo, product, zoom, middle: [x, y], degrees, treatment, judged });

/**
 * Judged by eye before there was anything that judges by itself. Every second one, from the second on, is never looked at while
 * that is tuned.
 */
export const crops: readonly Crop[] = [
  crop(
    "acanthus-mollis",
    ["portrait", 1, 0.5, 0.5],
    {},
    { isSoft: false, light: "fine", underChip: true, isCut: false, number: "hard", name: "hard" },
  ),
  crop(
    "acanthus-mollis",
    ["landscape", 1, 0.5, 0.25],
    {},
    { light: "fine", underChip: false, number: "hard", name: "hard" },
  ),
  crop(
    "acanthus-mollis",
    ["landscape", 1.1, 0.62, 0.3],
    { light: 0.18 },
    { light: "dark", underMark: false, number: "readable", name: "readable" },
  ),
  crop(
    "acanthus-mollis",
    ["portrait", 1.6, 0.5, 0.3],
    { enlarged: 2 },
    { light: "fine", underChip: true, number: "hard", name: "hard" },
  ),
  crop(
    "airplane-from-above",
    ["landscape", 1, 0.5, 0.4],
    {},
    { isSoft: false, light: "fine", underChip: true, underMark: false },
  ),
  crop(
    "airplane-from-above",
    ["landscape", 1.15, 0.75, 0.4],
    {},
    { isSoft: false, light: "fine", underChip: true, underMark: false, name: "readable" },
  ),
  crop(
    "airplane-from-above",
    ["portrait", 1, 0.55, 0.5],
    {},
    { light: "fine", underChip: true, isCut: true, name: "readable" },
  ),
  crop(
    "airplane-from-above",
    ["landscape", 1, 0.5, 0.4],
    { blurPx: 4 },
    { isSoft: true, light: "fine", underChip: true, underMark: false },
  ),
  crop(
    "airplane-from-above",
    ["landscape", 2.5, 0.25, 0.35],
    { enlarged: 3 },
    { isSoft: true, light: "fine", underChip: false, number: "hard" },
  ),
  crop(
    "allium-oreophilum",
    ["portrait", 1, 0.5, 0.4],
    {},
    { isSoft: false, light: "fine", underChip: true, underMark: false, number: "hard", name: "hard" },
  ),
  crop(
    "allium-oreophilum",
    ["landscape", 1, 0.5, 0.3],
    {},
    { light: "fine", underChip: true, underMark: false, isCut: true, number: "hard", name: "hard" },
  ),
  crop(
    "allium-oreophilum",
    ["portrait", 1.2, 0.6, 0.35],
    { lift: 90 },
    { light: "blown", underChip: true, underMark: false, number: "hard", name: "hard" },
  ),
  crop(
    "black-canyon",
    ["landscape", 1, 0.5, 0.5],
    {},
    {
      isSoft: false,
      light: "fine",
      underChip: false,
      underMark: false,
      isCut: false,
      number: "readable",
      name: "readable",
    },
  ),
  crop(
    "black-canyon",
    ["landscape", 1.2, 0.4, 0.9],
    {},
    { light: "fine", underChip: false, underMark: false, isCut: false, name: "readable" },
  ),
  crop(
    "black-canyon",
    ["landscape", 1, 0.5, 0.5],
    { light: 0.2 },
    { light: "dark", underChip: false, number: "readable", name: "readable" },
  ),
  crop(
    "black-canyon",
    ["portrait", 1, 0.3, 0.5],
    {},
    { light: "fine", underChip: false, number: "readable", name: "readable" },
  ),
  crop(
    "black-canyon",
    ["landscape", 1, 0.5, 0.1],
    { light: 1.5 },
    { isSoft: false, light: "blown", underChip: false, number: "readable" },
  ),
  crop(
    "dust-bowl-home",
    ["landscape", 1, 0.5, 0.5],
    {},
    { isSoft: false, light: "fine", underChip: false, underMark: false, number: "hard", name: "hard" },
  ),
  crop(
    "dust-bowl-home",
    ["landscape", 1.2, 0.95, 0.5],
    {},
    { isSoft: false, light: "fine", underChip: false, underMark: false, number: "hard", name: "hard" },
  ),
  crop(
    "dust-bowl-home",
    ["portrait", 1, 0.72, 0.5],
    {},
    { light: "fine", underChip: false, underMark: false, isCut: true, number: "hard", name: "hard" },
  ),
  crop(
    "dust-bowl-home",
    ["landscape", 1, 0.5, 0.6],
    { light: 1.6 },
    { isSoft: false, light: "blown", underChip: false, underMark: false, number: "hard", name: "hard" },
  ),
  crop(
    "dust-bowl-home",
    ["landscape", 1.8, 0.75, 0.45],
    { enlarged: 2.5 },
    { light: "fine", underChip: true, underMark: false },
  ),
  crop(
    "french-alpine-landscape",
    ["landscape", 1, 0.5, 0.5],
    {},
    { light: "fine", underMark: false, number: "readable", name: "readable" },
  ),
  crop(
    "french-alpine-landscape",
    ["landscape", 1.1, 0.1, 0.5],
    { light: 0.35 },
    { light: "dark", underMark: false, number: "readable", name: "readable" },
  ),
  crop(
    "french-alpine-landscape",
    ["portrait", 1, 0.35, 0.5],
    {},
    { isSoft: true, light: "fine", underMark: false, number: "readable", name: "readable" },
  ),
  crop(
    "french-alpine-landscape",
    ["landscape", 1, 0.6, 0.5],
    { blurPx: 2.5 },
    { isSoft: true, light: "fine", underMark: false, number: "readable", name: "readable" },
  ),
  crop(
    "french-alpine-landscape",
    ["landscape", 1.15, 0.5, 0.8, 4],
    {},
    { light: "fine", underMark: false, number: "readable", name: "readable" },
  ),
  crop("locomotion-house-cat", ["landscape", 1, 0.5, 0.5], {}, { light: "fine" }),
  crop(
    "locomotion-house-cat",
    ["landscape", 3.2, 0.08, 0.13],
    { enlarged: 4 },
    { isSoft: true, light: "fine", underChip: true, underMark: false, name: "readable" },
  ),
  crop(
    "locomotion-house-cat",
    ["landscape", 1, 0.3, 0.5],
    { light: 0.25 },
    { light: "dark", number: "readable", name: "readable" },
  ),
  crop("march-pastoral", ["landscape", 1, 0.5, 0.5], {}, { light: "fine", underMark: false, name: "readable" }),
  crop(
    "march-pastoral",
    ["landscape", 1.2, 0.6, 0.5],
    {},
    { light: "fine", underChip: true, underMark: false, name: "readable" },
  ),
  crop(
    "march-pastoral",
    ["portrait", 1, 0.58, 0.5],
    {},
    { isSoft: true, light: "fine", underMark: false, name: "readable" },
  ),
  crop(
    "march-pastoral",
    ["landscape", 1.15, 0.7, 0.75],
    { light: 0.3 },
    { light: "dark", underMark: false, number: "readable", name: "readable" },
  ),
  crop("march-pastoral", ["landscape", 1, 0.4, 0.5], { lift: 70 }, { underMark: false, number: "hard", name: "hard" }),
  crop(
    "nagasaki-boats",
    ["landscape", 1, 0.5, 0.7],
    {},
    { isSoft: false, light: "fine", underChip: false, number: "readable" },
  ),
  crop(
    "nagasaki-boats",
    ["landscape", 1.2, 0.6, 0.4],
    {},
    { isSoft: false, light: "fine", underChip: false, number: "readable", name: "readable" },
  ),
  crop("nagasaki-boats", ["portrait", 1, 0.56, 0.5], {}, { light: "fine", number: "readable", name: "readable" }),
  crop(
    "nagasaki-boats",
    ["landscape", 1, 0.5, 0.1],
    { light: 1.3 },
    { light: "blown", underChip: false, number: "readable", name: "readable" },
  ),
  crop("white-screenshot", ["landscape", 1, 0.5, 0.5], {}, { underChip: false, number: "hard", name: "hard" }),
];
