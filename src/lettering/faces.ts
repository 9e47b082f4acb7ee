import type { FaceName } from "#design/elements.ts";

/** Characters that a font file of this part of Unicode has, as first and last code points. */
const subsets = {
  latin: [
    [0x20, 0x7e],
    [0xa0, 0xff],
    [0x131, 0x131],
    [0x152, 0x153],
    [0x2bb, 0x2bc],
    [0x2c6, 0x2c6],
    [0x2da, 0x2da],
    [0x2dc, 0x2dc],
    [0x2000, 0x206f],
    [0x20ac, 0x20ac],
    [0x2122, 0x2122],
    [0x2191, 0x2191],
    [0x2193, 0x2193],
    [0x2212, 0x2212],
    [0x2215, 0x2215],
  ],
  vietnamese: [
    [0x102, 0x103],
    [0x110, 0x111],
    [0x128, 0x129],
    [0x168, 0x169],
    [0x1a0, 0x1a1],
    [0x1af, 0x1b0],
    [0x300, 0x301],
    [0x303, 0x304],
    [0x308, 0x309],
    [0x323, 0x323],
    [0x1ea0, 0x1ef9],
    [0x20ab, 0x20ab],
  ],
  "latin-ext": [
    [0x100, 0x2ff],
    [0x1d00, 0x1dbf],
    [0x1e00, 0x1eff],
    [0x20a0, 0x20c0],
    [0x2113, 0x2113],
    [0x2c60, 0x2c7f],
    [0xa720, 0xa7ff],
  ],
  cyrillic: [
    [0x301, 0x301],
    [0x400, 0x45f],
    [0x490, 0x491],
    [0x4b0, 0x4b1],
    [0x2116, 0x2116],
  ],
  "cyrillic-ext": [
    [0x460, 0x52f],
    [0x1c80, 0x1c8a],
    [0x20b4, 0x20b4],
    [0x2de0, 0x2dff],
    [0xa640, 0xa69f],
  ],
  greek: [[0x370, 0x3ff]],
  hebrew: [
    [0x590, 0x5ff],
    [0x20aa, 0x20aa],
    [0xfb1d, 0xfb4f],
  ],
  arabic: [
    [0x600, 0x6ff],
    [0x750, 0x77f],
    [0x870, 0x8ff],
    [0xfb50, 0xfdff],
    [0xfe70, 0xfefc],
  ],
  devanagari: [
    [0x900, 0x97f],
    [0x1cd0, 0x1cf9],
    [0x20a8, 0x20a8],
    [0x20b9, 0x20b9],
    [0xa830, 0xa839],
    [0xa8e0, 0xa8ff],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [number, number])[]>>;

type Subset = keyof typeof subsets;

const subsetNames = Object.keys(subsets) as readonly Subset[];

/** Of what one face has no letters for, another has. */
const plain = {
  latin: "noto-sans-latin",
  vietnamese: "noto-sans-vietnamese",
  "latin-ext": "noto-sans-latin-ext",
  cyrillic: "noto-sans-cyrillic",
  "cyrillic-ext": "noto-sans-cyrillic-ext",
  greek: "noto-sans-greek",
  hebrew: "noto-sans-hebrew-hebrew",
  arabic: "noto-sans-arabic-arabic",
  devanagari: "noto-sans-devanagari-devanagari",
} as const satisfies Record<Subset, string>;

const classic = {
  latin: "lora-latin",
  vietnamese: "lora-vietnamese",
  "latin-ext": "lora-latin-ext",
  cyrillic: "lora-cyrillic",
  "cyrillic-ext": "lora-cyrillic-ext",
  greek: "noto-serif-greek",
  hebrew: "frank-ruhl-libre-hebrew",
  arabic: "amiri-arabic",
  devanagari: "noto-serif-devanagari-devanagari",
} as const satisfies Record<Subset, string>;

const hand = {
  latin: "caveat-latin",
  vietnamese: "mansalva-vietnamese",
  "latin-ext": "caveat-latin-ext",
  cyrillic: "caveat-cyrillic",
  "cyrillic-ext": "caveat-cyrillic-ext",
  greek: "mansalva-greek",
  hebrew: "amatic-sc-hebrew",
  arabic: "aref-ruqaa-arabic",
  devanagari: "kalam-devanagari",
} as const satisfies Record<Subset, string>;

const brush = {
  ...hand,
  latin: "pacifico-latin",
  vietnamese: "pacifico-vietnamese",
  "latin-ext": "pacifico-latin-ext",
  cyrillic: "pacifico-cyrillic",
  "cyrillic-ext": "pacifico-cyrillic-ext",
} as const satisfies Record<Subset, string>;

/** The files of each face, which has letters of every script. A released one keeps its files: the same text is the same outlines. */
export const faces = { plain, classic, hand, brush } as const satisfies Record<FaceName, Record<Subset, string>>;

export type FontName = (typeof faces)[FaceName][Subset];

function isIn(subset: Subset, codePoint: number): boolean {
  return subsets[subset].some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** The font files that may have this character, the best first; none where there is no such letter in any. */
export function fontsWith(codePoint: number, face: FaceName): readonly FontName[] {
  const found = subsetNames.filter((subset) => isIn(subset, codePoint));
  return [...new Set([...found.map((subset) => faces[face][subset]), ...found.map((subset) => plain[subset])])];
}

/** The font files that a text needs in this face. */
export function listFonts(text: string, face: FaceName): readonly FontName[] {
  // Latin spaces and punctuation stand between all letters.
  const named = new Set<FontName>([faces[face].latin]);
  for (const letter of text) {
    for (const font of fontsWith(letter.codePointAt(0) as number, face)) named.add(font);
  }
  return [...named];
}
