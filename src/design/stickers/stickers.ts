import type { Art, DrawOp } from "../elements.ts";
import { otherStickers } from "../other-stickers.ts";
import type { StickerCategory } from "./collection.ts";

/** Each category by itself: nobody looks at all of them. */
const shelves: Readonly<Record<StickerCategory, () => Promise<{ readonly arts: Readonly<Record<string, string>> }>>> = {
  hearts: () => import("./arts/hearts.ts"),
  animals: () => import("./arts/animals.ts"),
  plants: () => import("./arts/plants.ts"),
  food: () => import("./arts/food.ts"),
  play: () => import("./arts/play.ts"),
  travel: () => import("./arts/travel.ts"),
  sky: () => import("./arts/sky.ts"),
  things: () => import("./arts/things.ts"),
};

/** Units of a sticker's sides. */
const side = 32;

const packed = new Map<string, string>();
const unpacked = new Map<string, Art>();

async function loadCategory(category: StickerCategory): Promise<void> {
  const { arts } = await shelves[category]();
  for (const [name, art] of Object.entries(arts)) packed.set(name, art);
}

async function loadOther(name: string): Promise<void> {
  const art = await otherStickers.get(name)?.();
  if (art !== undefined) unpacked.set(name, art);
}

/** Has `findSticker` know these from now on, as far as there are such stickers. Rejects when their files cannot be loaded. */
export async function loadStickers(names: Iterable<string>): Promise<void> {
  const wanted = [...names].filter((name) => !packed.has(name) && !unpacked.has(name));
  const missing = new Set(wanted.filter((name) => !otherStickers.has(name)));
  await Promise.all([...wanted.filter((name) => otherStickers.has(name)).map(loadOther), loadOurs(missing)]);
}

async function loadOurs(missing: ReadonlySet<string>): Promise<void> {
  if (missing.size === 0) return;
  const { stickerCategories, stickerNames } = await import("./collection.ts");
  const needed = stickerCategories.filter((category) => stickerNames[category].some((name) => missing.has(name)));
  await Promise.all(needed.map(loadCategory));
}

/** The sticker of this name; undefined where there is none, or `loadStickers` has not been asked for it. */
export function findSticker(name: string): Art | undefined {
  const known = unpacked.get(name);
  if (known !== undefined) return known;
  const text = packed.get(name);
  if (text === undefined) return undefined;
  const art = unpackArt(text);
  unpacked.set(name, art);
  return art;
}

/** Written as `#rrggbb`, `!` where the rule is even-odd, and the path, one outline after the other. */
function unpackArt(text: string): Art {
  const outlines = text.slice(1).split("#");
  const ops = outlines.map((outline): DrawOp => {
    const isEvenOdd = outline[6] === "!";
    const [fill, path] = [`#${outline.slice(0, 6)}`, outline.slice(isEvenOdd ? 7 : 6)];
    return { path, fill, rule: isEvenOdd ? "evenodd" : "nonzero" };
  });
  return { width: side, height: side, ops };
}
