import type { AppLocale } from "./locale.ts";

/** By a sticker's name: what it is called, and what it is looked for as besides, with a bar between each. */
export type StickerWords = Readonly<Record<string, string>>;

const files: Readonly<Record<AppLocale["language"], () => Promise<{ readonly words: StickerWords }>>> = {
  en: () => import("./stickers/en.ts"),
  de: () => import("./stickers/de.ts"),
  fr: () => import("./stickers/fr.ts"),
  es: () => import("./stickers/es.ts"),
  ar: () => import("./stickers/ar.ts"),
};

const loaded = new Map<string, StickerWords>();

/** Rejects when the file cannot be loaded. */
export async function loadStickerWords(language: AppLocale["language"]): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, (await files[language]()).words);
}

/** Undefined until `loadStickerWords` has brought them. */
export function stickerWordsOf(language: AppLocale["language"]): StickerWords | undefined {
  return loaded.get(language);
}

/** What a sticker is called in the language of this BCP 47 tag; its own name, which is English, until the words have come, or without any. */
export function nameSticker(art: string, tag: string): string {
  return loaded.get(tag.split("-", 1)[0] as string)?.[art]?.split("|", 1)[0] ?? art.replaceAll("-", " ");
}
