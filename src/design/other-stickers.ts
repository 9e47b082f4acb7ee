import type { Art } from "./elements.ts";

/** Stickers beyond ours by their names, each loaded when it is asked for: for as long as the page lasts. Ours come with `stickers/stickers.ts`. */
export const otherStickers = new Map<string, () => Promise<Art>>();
