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

interface OtherSticker {
  readonly name: string;
  /** What else designs name it by; it is found once. */
  readonly otherNames?: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly words?: Readonly<Record<string, readonly string[]>> | undefined;
}

const others = new Map<string, OtherSticker>();
const byOtherName = new Map<string, OtherSticker>();

/** Has stickers beyond ours named and found as well: for as long as the page lasts. */
export function addStickerWords(stickers: readonly OtherSticker[]): void {
  for (const sticker of stickers) {
    others.set(sticker.name, sticker);
    for (const name of sticker.otherNames ?? []) byOtherName.set(name, sticker);
  }
  for (const [language, words] of loaded) loaded.set(language, withOthers(words, language));
}

/** Called in this language, or in English. */
function callOther({ names, name }: OtherSticker, language = "en"): string {
  return names[language] ?? names["en"] ?? name;
}

function withOthers(words: StickerWords, language: AppLocale["language"]): StickerWords {
  const entryOf = (other: OtherSticker): readonly [string, string] => {
    const all = [callOther(other, language), ...(other.words?.[language] ?? other.words?.["en"] ?? [])];
    return [other.name, all.map((word) => word.replaceAll("|", " ")).join("|")];
  };
  return { ...Object.fromEntries([...others.values()].map(entryOf)), ...words };
}

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
  loaded.set(language, withOthers(words, language));
  for (const listener of listeners) listener();
}

/** Undefined until `loadStickerWords` has brought them. */
export function stickerWordsOf(language: AppLocale["language"]): StickerWords | undefined {
  return loaded.get(language);
}

/** What a sticker is called in the language that was asked for last; its own name, which is English, until the words have come, or without any. */
export function nameSticker(art: string, language = asked): string {
  const other = others.get(art) ?? byOtherName.get(art);
  if (other !== undefined) return callOther(other, language);
  const words = language && loaded.get(language);
  return words?.[art]?.split("|", 1)[0] ?? art.replaceAll("-", " ");
}
