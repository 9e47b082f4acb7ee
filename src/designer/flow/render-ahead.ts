import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { judgeSharpness } from "#card/sharpness.ts";
import { type Design, photoOf } from "#design/design.ts";
import type { ImageClient, OpenPhoto, RenderedPicture, ShownPicture } from "#image/client.ts";
import { type DesignStore, openPhotoOf } from "../store/design-store.ts";
import { hasArts, loadArts } from "../tools/load-arts.ts";

/** A design, and of its photo what the picture is made of. */
export interface CardOnScreen {
  readonly design: Design;
  /** Null of a card without one, as its place. */
  readonly photo: OpenPhoto | null;
  readonly placement: Placement | null;
}

/** What lies on the card by the store; null where nothing is begun. An input may still be moving it. */
export function readCard(store: DesignStore): CardOnScreen | null {
  const { design, isBegun } = store.getState();
  const [photo, placed] = [openPhotoOf(store.getState()), photoOf(design)];
  if (!isBegun || (placed !== null && photo === null)) return null;
  return { design, photo, placement: placed?.placement ?? null };
}

/** Whether the card's photo has too few pixels to be printed where it lies. */
export function isTooSoft({ placement }: CardOnScreen, product: Product): boolean {
  return placement !== null && judgeSharpness(placement, product).kind === "too-soft";
}

export function isSameCard(one: CardOnScreen, other: CardOnScreen | null): boolean {
  return one.photo === other?.photo && one.design === other.design;
}

/** Long enough that a hand has come to rest, and so short that the picture is there before it has reached the button. */
const restMs = 100;

interface Made {
  readonly card: CardOnScreen;
  readonly rendered: Promise<RenderedPicture>;
  /** For the next who asks, if it is made already: he has an address of his own. */
  ready: Promise<ReadyPicture> | null;
  readonly controller: AbortController;
  /** 0 to 1. */
  fraction: number;
  /** Somebody waits for it, and says himself when it is outdated. */
  isAsked: boolean;
  onProgress: (fraction: number) => void;
}

/** A picture and where the screen finds it. Whoever gets it revokes the URL. */
export interface ReadyPicture extends RenderedPicture, ShownPicture {}

export interface RenderAhead {
  /**
   * The picture of this card: the one that was made ahead, or is being made, or else a new one. Rejects as the image client
   * does, with an AbortError once the card has changed, too; when `signal` aborts the work on it ends.
   */
  render(card: CardOnScreen, signal: AbortSignal, onProgress: (fraction: number) => void): Promise<ReadyPicture>;
  /** Ends the work that nobody has asked for. */
  stop(): void;
  close(): void;
}

interface RenderOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/** Makes pictures, and keeps the last one or is making it. */
class Maker {
  readonly #image: ImageClient;
  readonly #store: DesignStore;
  #made: Made | null = null;

  constructor(image: ImageClient, store: DesignStore) {
    this.#image = image;
    this.#store = store;
  }

  get made(): Made | null {
    return this.#made;
  }

  /** What is there of this card; null if nothing is. */
  find(card: CardOnScreen | null): Made | null {
    return this.#made !== null && isSameCard(this.#made.card, card) ? this.#made : null;
  }

  /** Ends the work, or lets go of its picture. Somebody who waits for it lets go of it himself. */
  drop(): void {
    const made = this.#made;
    this.#made = null;
    made?.controller.abort();
    if (made?.isAsked === false) made.ready?.then(({ url }) => URL.revokeObjectURL(url)).catch(() => {});
  }

  begin(card: CardOnScreen): Made {
    this.drop();
    const controller = new AbortController();
    const onProgress = (fraction: number): void => {
      own.fraction = fraction;
      own.onProgress(fraction);
    };
    const rendered = this.#render(card, { signal: controller.signal, onProgress });
    const ready = rendered.then((picture) => this.#show(picture));
    const own: Made = { card, rendered, ready, controller, fraction: 0, isAsked: false, onProgress: () => {} };
    // What has failed is tried again by whoever asks.
    ready.catch(() => {
      if (this.#made === own) this.#made = null;
    });
    return (this.#made = own);
  }

  async #render({ design, photo }: CardOnScreen, options: RenderOptions): Promise<RenderedPicture> {
    // What lies on a card of another day may still be on its way.
    if (!hasArts(this.#store, design)) await loadArts(this.#store, design);
    const { arts, product } = this.#store.getState();
    return await this.#image.renderPicture(design, photo === null ? [] : [photo], product, {
      ...options,
      findArt: (name) => arts.get(name),
    });
  }

  /** Gives the picture away. To show it again takes as long as a frame, when nobody may ever ask. */
  async take(made: Made): Promise<ReadyPicture> {
    const ready = await (made.ready ??= made.rendered.then((picture) => this.#show(picture)));
    made.ready = null;
    return ready;
  }

  async #show({ png, sha256 }: RenderedPicture): Promise<ReadyPicture> {
    return { png, sha256, ...(await this.#image.showPicture(png)) };
  }
}

/**
 * Makes the picture of what is on the card as soon as the hand rests, while `isWanted`, and keeps it until the card changes: who
 * asks for it then need not wait. One picture at most is kept or being made.
 */
export function createRenderAhead(image: ImageClient, store: DesignStore, isWanted: () => boolean): RenderAhead {
  const { product } = store.getState();
  const maker = new Maker(image, store);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const drop = (): void => {
    clearTimeout(timer);
    maker.drop();
  };
  const isInHand = (): boolean => store.getState().moving || store.getState().isPenDown;
  const rest = (): void => {
    const card = readCard(store);
    if (card === null || isInHand() || !isWanted() || maker.find(card) !== null) return;
    if (!isTooSoft(card, product)) maker.begin(card);
  };
  const unsubscribe = store.subscribe(() => {
    const card = readCard(store);
    // A gesture goes on while somebody waits: it is one step, and what it comes to is rendered once.
    if (maker.find(card) === null && !(maker.made?.isAsked === true && isInHand())) maker.drop();
    clearTimeout(timer);
    if (card !== null && !isInHand() && maker.find(card) === null) timer = setTimeout(rest, restMs);
  });

  return {
    async render(card, signal, onProgress) {
      signal.throwIfAborted();
      clearTimeout(timer);
      const own = maker.find(card) ?? maker.begin(card);
      own.onProgress = onProgress;
      own.isAsked = true;
      if (own.fraction > 0) onProgress(own.fraction);
      const end = (): void => (maker.made === own ? drop() : own.controller.abort());
      signal.addEventListener("abort", end, { once: true });
      try {
        const ready = await maker.take(own);
        if (maker.made !== own) {
          URL.revokeObjectURL(ready.url);
          throw new DOMException("The card has changed", "AbortError");
        }
        return ready;
      } finally {
        signal.removeEventListener("abort", end);
        own.isAsked = false;
      }
    },
    stop: drop,
    close() {
      unsubscribe();
      drop();
    },
  };
}
