import { startTransition, useEffect, useState } from "react";
import { loadStickers } from "#design/stickers/stickers.ts";
import { type AppLocale, withTimeout } from "../../locales/locale.ts";
import { loadStickerWords } from "../../locales/sticker-words.ts";

interface Loading {
  readonly failed: boolean;
  readonly retry: () => void;
}

/**
 * Loads these stickers (their names with a blank between) and the words of this language where they are not there, and has its
 * component drawn again, in slices, when they have come, or when they have not within 20 s.
 */
export function useStickers(isThere: boolean, names: string, language: AppLocale["language"]): Loading {
  const wanted = `${language} ${names}`;
  const [ended, setEnded] = useState<{ readonly wanted: string; readonly failed: boolean } | null>(null);
  const failed = !isThere && ended?.wanted === wanted && ended.failed;
  useEffect(() => {
    if (isThere || failed) return undefined;
    let isWanted = true;
    const end = (failed: boolean): void => {
      if (isWanted) startTransition(() => setEnded({ wanted, failed }));
    };
    withTimeout(Promise.all([loadStickerWords(language), loadStickers(names.split(" "))])).then(
      () => end(false),
      () => end(true),
    );
    return () => {
      isWanted = false;
    };
  }, [isThere, failed, wanted, names, language]);
  return { failed, retry: () => setEnded(null) };
}
