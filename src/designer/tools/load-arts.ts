import { type Design, vectorElementsOf } from "#design/design.ts";
import { type Art, artNameOf, type VectorElement } from "#design/elements.ts";
import { type AppLocale, withTimeout } from "../locales/locale.ts";
import { loadStickerWords } from "../locales/sticker-words.ts";
import { guidesOf } from "#design/templates/template.ts";
import { type DesignState, type DesignStore, templateOf } from "../store/design-store.ts";

/** Undefined where there is no such picture. Rejects where it cannot be loaded. */
async function loadArt(element: VectorElement, { writeText }: DesignState): Promise<Art | undefined> {
  if (element.kind === "sticker") {
    const { findSticker, loadStickers } = await withTimeout(import("#design/stickers/stickers.ts"));
    await withTimeout(loadStickers([element.art]));
    return findSticker(element.art);
  }
  if (element.kind !== "text") return undefined;
  const { text, face, align } = element;
  return (await writeText({ text, face, align })).art;
}

function listMissing(store: DesignStore, design: Design): ReadonlyMap<string, VectorElement> {
  const shown = [...vectorElementsOf(design), ...guidesOf(templateOf({ ...store.getState(), design }), design)];
  return listMissingOf(store, shown);
}

function listMissingOf(store: DesignStore, elements: readonly VectorElement[]): ReadonlyMap<string, VectorElement> {
  const { arts } = store.getState();
  const named = elements.map((element) => [artNameOf(element), element] as const);
  return new Map(
    named.filter((entry): entry is [string, VectorElement] => entry[0] !== undefined && !arts.has(entry[0])),
  );
}

/** Whether everything that lies on the card can be drawn. */
export function hasArts(store: DesignStore, design: Design): boolean {
  return listMissing(store, design).size === 0;
}

/** Has the store hold the arts that a design names, as far as they can be had. Never rejects. */
export function loadArts(store: DesignStore, design: Design): Promise<void> {
  return addArts(store, listMissing(store, design));
}

/** Whether each of these can be drawn. */
export function hasArtsOf(store: DesignStore, elements: readonly VectorElement[]): boolean {
  return listMissingOf(store, elements).size === 0;
}

/** The same of elements that do not lie on the card. */
export function loadArtsOf(store: DesignStore, elements: readonly VectorElement[]): Promise<void> {
  return addArts(store, listMissingOf(store, elements));
}

async function addArts(store: DesignStore, wanted: ReadonlyMap<string, VectorElement>): Promise<void> {
  const missing = [...wanted];
  const found = await Promise.allSettled(missing.map(([, element]) => loadArt(element, store.getState())));
  const arts = missing.flatMap(([name], at) => {
    const result = found[at];
    return result?.status === "fulfilled" && result.value !== undefined ? [[name, result.value] as const] : [];
  });
  if (arts.length > 0) store.getState().addArts(new Map(arts));
}

/** Loads what a design names as soon as it lies on the card, such as that of another day. What could not be had is asked for again with the next change. Returns a function that ends it. */
export function keepArts(store: DesignStore): () => void {
  return store.subscribe(({ design }, before) => {
    if (design.elements !== before.design.elements && !hasArts(store, design)) void loadArts(store, design);
  });
}

/** Has the stickers on the card named in the language of the moment, wherever they come from. Words that could not be had are asked for again with the next change. */
export function keepStickerWords(store: DesignStore, languageNow: () => AppLocale["language"]): () => void {
  return store.subscribe(({ design }, before) => {
    if (design.elements === before.design.elements || !design.elements.some(({ kind }) => kind === "sticker")) return;
    loadStickerWords(languageNow()).catch(() => {});
  });
}
