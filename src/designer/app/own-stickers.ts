import type { Product } from "#card/products.ts";
import type { Art, DrawOp } from "#design/elements.ts";
import { nameOwnSticker, namesOfOwnSticker } from "#design/offered.ts";
import { otherStickers } from "#design/other-stickers.ts";
import type { Transport } from "../api/request.ts";
import { addStickerWords } from "../locales/sticker-words.ts";
import { loadFile } from "./load-file.ts";

const isSide = (value: unknown): boolean => typeof value === "number" && value > 0 && value <= 10_000;

function isOp(value: unknown): value is DrawOp {
  const { path, fill, rule } = (value ?? {}) as Partial<Record<keyof DrawOp, unknown>>;
  const isPath = typeof path === "string" && /^M[-MLQCZ0-9. ]*$/.test(path);
  const isFill = typeof fill === "string" && /^#[0-9a-f]{6}$/.test(fill);
  return isPath && isFill && (rule === "nonzero" || rule === "evenodd");
}

/** Null for what are no outlines. */
async function readArt(answer: Response): Promise<Art | null> {
  const art = (await answer.json()) as Partial<Record<keyof Art, unknown>> | null;
  const { width, height, ops } = art ?? {};
  return isSide(width) && isSide(height) && Array.isArray(ops) && ops.every(isOp) ? (art as Art) : null;
}

/** Has the issuer's own stickers named, found and, once they are asked for, loaded like ours. */
export function offerOwnStickers({ ownStickers = [] }: Pick<Product, "ownStickers">, transport: Transport): void {
  const named = ownStickers.map((sticker) => ({
    ...sticker,
    name: nameOwnSticker(sticker),
    otherNames: namesOfOwnSticker(sticker),
  }));
  addStickerWords(named);
  for (const sticker of named)
    for (const name of namesOfOwnSticker(sticker))
      otherStickers.set(name, () => loadFile(transport, sticker.address, readArt));
}
