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

const loaded = new Map<AppLocale["language"], StickerWords>();
let asked: AppLocale["language"] | undefined;

const listeners = new Set<() => void>();

/** Is called whenever words have come. Returns a function that ends it. */
export function onStickerWords(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** From then on stickers are named in this language. Rejects when the file cannot be loaded. */
export async function loadStickerWords(language: AppLocale["language"]): Promise<void> {
  asked = language;
  if (loaded.has(language)) return;
  const { words } = await files[language]();
  loaded.set(language, words);
  for (const listener of listeners) listener();
}

/** Undefined until `loadStickerWords` has brought them. */
export function stickerWordsOf(language: AppLocale["language"]): StickerWords | undefined {
  return loaded.get(language);
}

/** What a sticker is called in the language that was asked for last; its own name, which is English, until the words have come, or without any. */
export function nameSticker(art: string, language = asked): string {
  const words = language && loaded.get(language);
  return words?.[art]?.split("|", 1)[0] ?? art.replaceAll("-", " ");
}
