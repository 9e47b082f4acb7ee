import { type ReactNode, useCallback, useDeferredValue, useEffect, useState } from "react";
import { addElement, hasRoom, newSticker } from "#design/element-edits.ts";
import { nameOwnSticker } from "#design/offered.ts";
import { stickerCategories, type StickerCategory, stickerNames } from "#design/stickers/collection.ts";
import { findSticker } from "#design/stickers/stickers.ts";
import { nameSticker, stickerWordsOf } from "../../locales/sticker-words.ts";
import { useLocale, useText } from "../../locales/text.tsx";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { announce, useAnnounced } from "../../ui/LiveRegion.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { ElementControls } from "../../elements/ElementControls.tsx";
import { Categories } from "./Categories.tsx";
import styles from "./Collection.module.css";
import { findByWords } from "./find-by-words.ts";
import { SearchField } from "./SearchField.tsx";
import { StickerGrid } from "./StickerGrid.tsx";
import { useStickers } from "./use-stickers.ts";

/** The stickers of a category, or those that were looked for, each a button that lays it on the card. */
export function Collection(): ReactNode {
  const t = useText();
  const { language } = useLocale();
  const categories = useCategories();
  const [category, setCategory] = useState(categories[0]?.id ?? stickerCategories[0]);
  const [typed, setTyped] = useState("");
  // What is typed is seen at once; what it finds, when there is time.
  const query = useDeferredValue(typed.trim());
  const shown = useDeferredValue(category);
  const words = stickerWordsOf(language);
  const isSearch = query !== "";
  const { label = "", names: ofCategory = [] } = categories.find(({ id }) => id === shown) ?? {};
  const names = isSearch ? findByWords(query, words ?? {}) : ofCategory;
  const isThere = words !== undefined && names.every((name) => findSticker(name) !== undefined);
  const loading = useStickers(isThere, names.join(" "), language);
  useAnnounced(loading.failed ? t("design.stickers.notLoaded") : null);
  const { add, isFull } = useAdding();
  const titles = names
    .filter((name) => findSticker(name))
    .map((name) => ({ name, title: nameSticker(name, language) }));
  return (
    <section className={styles.collection}>
      <SearchField value={typed} onChange={setTyped} />
      {isSearch && words !== undefined && <FoundAnnouncement key={query} count={names.length} />}
      {!isSearch && <Categories categories={categories} value={category} onChange={setCategory} />}
      {isFull && <p className={styles.note}>{t("design.stickers.full")}</p>}
      {isThere && names.length === 0 && <p className={styles.note}>{t("design.stickers.none")}</p>}
      {loading.failed && (
        <div className={styles.failure}>
          <p className={styles.note}>{t("design.stickers.notLoaded")}</p>
          <Button onClick={loading.retry}>{t("design.tryAgain")}</Button>
        </div>
      )}
      {!isThere && !loading.failed && <Progress late label={t("design.stickers.loading")} fraction={null} />}
      {words !== undefined && titles.length > 0 && (
        <StickerGrid
          key={isSearch ? `found ${query}` : shown}
          label={isSearch ? t("design.stickers.found", { count: names.length }) : label}
          stickers={titles}
          onPick={add}
        />
      )}
      <ElementControls />
    </section>
  );
}

interface Category {
  readonly id: StickerCategory | "own";
  readonly label: string;
  readonly isOwn: boolean;
  /** Of its stickers. */
  readonly names: readonly string[];
}

/** The issuer's own first, where it has any. */
function useCategories(): readonly Category[] {
  const t = useText();
  const { language } = useLocale();
  const { ownStickers = [], ownStickerGroup } = useDesignStore(({ product }) => product);
  const ours = stickerCategories.map((id): Category => {
    return { id, label: t(`design.stickers.${id}`), isOwn: false, names: stickerNames[id] };
  });
  if (ownStickers.length === 0) return ours;
  const label = ownStickerGroup?.[language] ?? ownStickerGroup?.["en"] ?? t("design.stickers.own");
  return [{ id: "own", label, isOwn: true, names: ownStickers.map(nameOwnSticker) }, ...ours];
}

/** Said once typing rests for so long. */
const restMs = 700;

/** Says how many there are of what is looked for. */
function FoundAnnouncement({ count }: { readonly count: number }): ReactNode {
  const t = useText();
  useEffect(() => {
    const text = count === 0 ? t("design.stickers.none") : t("design.stickers.found", { count });
    const timer = setTimeout(() => announce(text), restMs);
    return () => clearTimeout(timer);
  }, [count, t]);
  return null;
}

/** How a sticker is laid on the card, and whether that has room for no other. */
function useAdding(): { readonly add: (name: string) => void; readonly isFull: boolean } {
  const t = useText();
  const store = useDesignStoreApi();
  const isFull = useDesignStore(({ design }) => !hasRoom(design));
  const add = useCallback(
    (name: string): void => {
      const { design, product, edit, addArts } = store.getState();
      const art = findSticker(name);
      if (art === undefined) return;
      if (!hasRoom(design)) {
        announce(t("design.stickers.full"));
        return;
      }
      addArts(new Map([[name, art]]));
      edit(addElement(newSticker(name, art, design, product)));
    },
    [store, t],
  );
  return { add, isFull };
}
