import type { Edit } from "#design/edits.ts";
import { addElement, findElement, newText, removeElement } from "#design/element-edits.ts";
import { type Art, nameWriting, type Text, type Writing } from "#design/elements.ts";
import { retypeText } from "#design/retype-text.ts";
import type { TextArt } from "#lettering/set-text.ts";
import { type DesignState, type DesignStore, typingGesture } from "../../store/design-store.ts";

/** 16 points. */
const newSizeMm = 5.6;

/** How it is written. */
export type Style = Pick<Text, "face" | "align" | "fill">;

export function selectedText({ design, selection }: DesignState): Text | undefined {
  const element = findElement(design, selection);
  return element?.kind === "text" ? element : undefined;
}

/**
 * Lays on the card what is typed, one thing after the other: what comes late is laid where it was typed for, and not at all once
 * something else has been typed there. While the field is `open`, all that is typed is one step of undo.
 */
export class Typewriter {
  readonly #store: DesignStore;
  #latest = 0;
  /** The element that is typed into; null for one that is not there yet. */
  #target: string | null = null;
  #isOpen = false;

  constructor(store: DesignStore) {
    this.#store = store;
    this.follow();
  }

  /** From now on the selected text, of this id, is typed into, unless the field is open: that stays with its own. */
  follow(selected = selectedText(this.#store.getState())?.id): void {
    if (!this.#isOpen) this.#target = selected ?? null;
  }

  open(): void {
    this.follow();
    this.#isOpen = true;
  }

  /** What was typed until now is one step. */
  close(): void {
    this.#isOpen = false;
    this.#store.getState().endGesture(typingGesture);
    this.follow();
  }

  /** Whatever is under way is laid no more. */
  forget(): void {
    this.#latest += 1;
  }

  /** Nothing is left of the text: it goes, and comes back where it lay when more is typed before the field is closed. */
  clear(): void {
    this.forget();
    const target = this.#target;
    if (target !== null && findElement(this.#store.getState().design, target) !== undefined)
      this.#edit(removeElement(target));
  }

  /** Gives what became of it once it is laid; null where something else was typed meanwhile. Rejects where the letters cannot be loaded. */
  write(writing: Writing, fill: string): Promise<TextArt | null> {
    this.#latest += 1;
    const [mine, target] = [this.#latest, this.#target];
    const work = this.#store
      .getState()
      .writeText(writing)
      .then((written) => {
        if (mine !== this.#latest) return null;
        if (written.art.ops.length > 0) this.#lay(target, writing, fill, written.art);
        return written;
      });
    this.#store.getState().awaitText(work);
    return work;
  }

  #lay(target: string | null, writing: Writing, fill: string, art: Art): void {
    const { arts, addArts, design, selection, select } = this.#store.getState();
    // Taken off the card meanwhile, by something else than its being cleared.
    if (target !== null && !this.#isOpen && findElement(design, target) === undefined) return;
    addArts(new Map([[nameWriting(writing), art]]));
    this.#edit((before, product) => {
      const isThere = target !== null && findElement(before, target) !== undefined;
      if (!isThere) return addElement(newText({ ...writing, fill }, art, newSizeMm, before, product))(before, product);
      return retypeText(target, writing, art, newSizeMm, (name) => arts.get(name))(before, product);
    });
    if (this.#isOpen) this.#target = selectedText(this.#store.getState())?.id ?? target;
    // Whoever has gone on to something else stays there.
    else if (selection !== target) select(selection);
  }

  #edit(edit: Edit): void {
    const state = this.#store.getState();
    if (!this.#isOpen) return state.edit(edit);
    state.beginGesture(typingGesture);
    state.edit(edit, typingGesture);
  }
}
