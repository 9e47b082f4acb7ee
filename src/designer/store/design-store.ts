import { createStore, type StoreApi } from "zustand/vanilla";
import type { Placement } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { allowedVeil, type Veil } from "#card/veil.ts";
import { createDesign, type Design, nameCard, photoOf, type TemplateRef, vectorElementsOf } from "#design/design.ts";
import { findElement } from "#design/element-edits.ts";
import { type Art, artNameOf } from "#design/elements.ts";
import { type Change, type Edit, layGround, place } from "#design/edits.ts";
import type { Ground } from "#design/ground.ts";
import {
  applyEdit,
  beginGesture,
  cancelGesture,
  endGesture,
  type History,
  listDesigns,
  redo,
  resumeGesture,
  startHistory,
  undo,
} from "#design/history.ts";
import { type Look, lookOf } from "#design/look.ts";
import { keepOffered } from "#design/offered.ts";
import { findPart, holdTemplate, sameTemplate, type Template } from "#design/templates/template.ts";
import { findTemplate, listTemplates } from "#design/templates/templates.ts";
import type { ImageClient, OpenPhoto } from "#image/client.ts";
import type { Pen } from "../tools/drawing/pens.ts";
import { type AdjustedPreview, keepAdjusted } from "./adjusted-preview.ts";
import { type Before, layAgain, layBare, layNew } from "./lay-card.ts";
import { createTextWork, type Writer } from "./text-work.ts";

/** An input that moves something on the screen first and writes the store when its gesture ends. */
export interface GestureOwner {
  /** Ends the gesture with what is on the screen: another input has its turn, or the picture is to be made. */
  settle(): void;
}

/**
 * The design while it is being made. One gesture at a time: each method says `by` whom, nobody being a control whose every
 * change is in the store at once, such as a slider. What comes by somebody else settles the gesture under way.
 */
export interface DesignState {
  readonly product: Product;
  readonly design: Design;
  /** There is a card on the stage: with its photo, or begun without one. */
  readonly isBegun: boolean;
  /** The open photos by SHA-256: the one on the card, and one that undo or redo leads to. */
  readonly assets: ReadonlyMap<string, OpenPhoto>;
  /** The element that what comes next is done to; null is the photo. No part of the history, and always of something that is there. */
  readonly selection: string | null;
  /** The pictures of stickers and the outlines of texts by their names, as far as they are there. */
  readonly arts: ReadonlyMap<string, Art>;
  /** What pointers on the card draw with; null where they move what is selected. */
  readonly pen: Pen | null;
  takePen(pen: Pen | null): void;
  /** A stroke is being drawn, or rubbed out. The design is another as soon as it ends: nobody works out anything of it meanwhile. */
  readonly isPenDown: boolean;
  putPen(isDown: boolean): void;
  /** The outlines of a text. Rejects where the letters cannot be loaded. */
  readonly writeText: ImageClient["writeText"];
  /** Has `findTemplate` know a template that is offered. Rejects where it cannot be loaded. */
  readonly loadTemplate: (ref: TemplateRef) => Promise<void>;
  /** Work that lays a text or a stroke on the card, or takes off it what an eraser has gone over. With `isStep` undo and redo wait for it, too. */
  awaitText(work: Promise<unknown>, isStep?: boolean): void;
  /** Until each text that was typed lies on the card, or cannot; null where none is under way. */
  untilTextsLie(): Promise<void> | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** A gesture is under way, on the card or on a slider. */
  readonly moving: boolean;
  /** What the photo's look has made of its preview; that of before until the next is there, null until the first is. */
  readonly adjusted: AdjustedPreview | null;
  /** The filter of the photo cannot be had: the photo is seen without it, and is not printed. */
  readonly lacksFilter: boolean;
  /** The screen shows the photo without its adjustments, its filter and its veil, for comparison. */
  readonly showsOriginal: boolean;
  showOriginal(shown: boolean): void;
  /**
   * Takes the photo over and begins another design with it, since a design has one photo: lays it as is suggested first, at a placement,
   * or as it lay in a design that was kept. On a card with a photo that is one undo step, and what lies before that photo is forgotten; a
   * first photo that had to be turned to be printed is laid upright by undo.
   */
  setPhoto(photo: OpenPhoto, as?: Placement | Design): void;
  /** Begins a card without a photo, on this ground or as it was kept. On a card that is there that is one undo step. */
  begin(as: Ground | Design): void;
  /**
   * Takes the photo over and goes on with a design that was kept, whose photo it is: laid as it lay. Null of one without a photo.
   * Forgets the history.
   */
  resume(photo: OpenPhoto | null, design: Design): void;
  /** The issuer offers something else with the product: what is not offered is taken off the card. Forgets the history. */
  changeProduct(product: Product): void;
  /** Selects an element, or the photo. What is not there is not selected. */
  select(id: string | null): void;
  /** More of them, which are drawn from now on. Those that nothing names to which undo or redo leads, and no template that is offered, are dropped. */
  addArts(arts: ReadonlyMap<string, Art>): void;
  /** An empty card. */
  clear(): void;
  /** One undo step, and what it adds is selected. Without a card there is nothing to change. During the gesture each edit starts from where the gesture began and replaces the edit before it. */
  edit(edit: Edit, by?: GestureOwner): void;
  /**
   * Goes on with the gesture that is under way if it is of the same owner; or with its last one, as one step with that, where `after` is the
   * design that this has made, and still there. Without a card there is nothing to move.
   */
  beginGesture(by?: GestureOwner, after?: Design): void;
  /** Whatever happened since `beginGesture` becomes one undo step, or none if nothing changed. */
  endGesture(by?: GestureOwner): void;
  /** Back to where the gesture began. */
  cancelGesture(by?: GestureOwner): void;
  isGestureOf(owner: GestureOwner): boolean;
  /** Ends the gesture under way, whoever's it is, with what the cardholder sees. */
  settle(): void;
  undo(): void;
  redo(): void;
}

export type DesignStore = StoreApi<DesignState>;

/** The photo on the card as it was opened; null without one. */
export function openPhotoOf({ design, assets }: Pick<DesignState, "design" | "assets">): OpenPhoto | null {
  return assets.get(photoOf(design)?.sha256 ?? "") ?? null;
}

/** The template by which the card is made; undefined where it is made by none. */
export function templateOf({ design, product }: Pick<DesignState, "design" | "product">): Template | undefined {
  return findTemplate(design.template, product);
}

/** Whether the template has the ground as it is. */
export function isGroundFixed(state: Pick<DesignState, "design" | "product">): boolean {
  return templateOf(state)?.ground?.locks.style === true;
}

/** How the screen shows the photo; undefined where it is as it is. */
export function shownLook({ design, showsOriginal }: DesignState): Look | undefined {
  return showsOriginal ? undefined : lookOf(design);
}

/** Whether nothing has changed how the photo looks. */
export function isAsTaken(design: Design): boolean {
  return lookOf(design) === undefined && design.veil === undefined;
}

/** The veil that the screen shows; undefined where there is none. */
export function shownVeil({ design, product, showsOriginal }: DesignState): Veil | undefined {
  return showsOriginal ? undefined : allowedVeil(design.veil, product);
}

/** What the screen shows of the photo of this SHA-256: its preview, adjusted unless the original is shown. */
export function shownPreviewOf(state: DesignState, sha256: string): ImageBitmap | undefined {
  const { assets, adjusted } = state;
  const photo = assets.get(sha256);
  const isAdjusted = shownLook(state) !== undefined && adjusted?.photo === photo;
  return isAdjusted ? adjusted?.bitmap : photo?.preview;
}

/** Changes where the photo on the card lies; without one nothing happens. */
export function changePhoto({ design, edit }: DesignState, change: Change, by?: GestureOwner): void {
  const photo = photoOf(design);
  if (photo !== null) edit(place(photo.id, change), by);
}

/** A colour being looked for: shown and stored with each step, and the card stays as clean as at rest. */
export const colourGesture: GestureOwner = { settle: () => {} };

/** A text being typed, likewise. */
export const typingGesture: GestureOwner = { settle: () => {} };

/** Whether something is being moved on the card. */
export function isMoving({ moving, isGestureOf }: DesignState): boolean {
  return moving && !isGestureOf(colourGesture) && !isGestureOf(typingGesture);
}

/** Whether something of the ground is seen: through the photo, beside its region, or as there is none. */
export function isGroundSeen(state: DesignState): boolean {
  const photo = photoOf(state.design);
  return photo === null ? state.isBegun : photo.region !== undefined || openPhotoOf(state)?.transparent === true;
}

/** Changes what is behind the photo on the card, or the card's ground, where something of it is seen. */
export function changeGround(state: DesignState, ground: Ground, by?: GestureOwner): void {
  if (isGroundSeen(state)) state.edit(layGround(ground), by);
}

/** What is selected once the card is another: what has come to it, or what was selected if that is still there. */
function selectionAfter(
  selected: string | null,
  before: Design,
  after: Design,
  selectsNewOn: Product | null,
): string | null {
  const template = selectsNewOn === null ? undefined : findTemplate(after.template, selectsNewOn);
  // What comes by a template, or into its slots, has its fields elsewhere.
  const isNew = ({ id }: { readonly id: string }): boolean =>
    findPart(template, id) === undefined && !before.elements.some((other) => other.id === id);
  const added = selectsNewOn !== null && after !== before ? vectorElementsOf(after).find(isNew) : undefined;
  return added?.id ?? findElement(after, selected)?.id ?? null;
}

/** What of a history is part of the state. */
function viewOf({ present, past, future, gestureStart }: History) {
  const moving = gestureStart !== null;
  // In a gesture undo takes back what it has changed until now.
  const canUndo = past.length > 0 || (moving && gestureStart !== present);
  return { design: present, canUndo, canRedo: future.length > 0, moving };
}

/** Of the arts that are there, those that the history names, or a template that is shown: each letter that is typed makes another one. */
function artsOf(history: History, { arts, product }: Pick<DesignState, "arts" | "product">): DesignState["arts"] {
  const templates = [history.present.template, ...listTemplates(product)].map((ref) => findTemplate(ref, product));
  const ofTemplates = templates.flatMap((template) => template?.elements ?? []).map(({ element }) => element);
  const elements = new Set([...listDesigns(history).flatMap(vectorElementsOf), ...ofTemplates]);
  const named = new Set([...elements].map(artNameOf));
  return new Map([...arts].filter(([name]) => named.has(name)));
}

type Assets = DesignState["assets"];

/** Of the photos that are open, and one that has just been, those that the history leads to. */
function assetsOf(history: History, before: Assets, opened: OpenPhoto | undefined): Assets {
  if (opened === undefined && (before.size === 0 || (before.size === 1 && before.has(nameCard(history.present)))))
    return before;
  const named = new Set(listDesigns(history).map((design) => photoOf(design)?.sha256));
  const all = new Map(before);
  if (opened !== undefined) all.set(opened.sha256, opened);
  return new Map([...all].filter(([sha256]) => named.has(sha256)));
}

/** Closes what is held no more; what is, and lies on the card no more, rests. */
function letGo(before: Assets, shown: OpenPhoto | null, now: DesignState): void {
  const isHeld = (photo: OpenPhoto): boolean => now.assets.get(photo.sha256) === photo;
  for (const photo of before.values()) if (!isHeld(photo)) photo.close();
  if (shown !== null && shown !== openPhotoOf(now) && isHeld(shown)) shown.rest();
}

const nothingYet = {
  assets: new Map(),
  arts: new Map(),
  selection: null,
  pen: null,
  isPenDown: false,
  adjusted: null,
  lacksFilter: false,
  showsOriginal: false,
  isBegun: false,
} as const;

/** What changes the screen and not the design. */
function createView(
  set: (change: Partial<DesignState>) => void,
  get: () => DesignState,
  historyNow: () => History,
): Pick<DesignState, "select" | "addArts" | "takePen" | "putPen" | "showOriginal"> {
  return {
    showOriginal: (shown) => set({ showsOriginal: shown }),
    select: (id) => {
      const selection = findElement(get().design, id)?.id ?? null;
      if (selection === get().selection) return;
      get().settle();
      set({ selection });
    },
    takePen: (pen) => set({ pen }),
    putPen: (isPenDown) => set({ isPenDown }),
    addArts: (arts) => set({ arts: new Map([...artsOf(historyNow(), get()), ...arts]) }),
  };
}

interface Laying {
  read(): Before;
  settle(): void;
  lay(next: History, isBegun: boolean, opened?: OpenPhoto): void;
}

/** What puts another card on the stage. */
function createLaying(
  set: (change: Partial<DesignState>) => void,
  get: () => DesignState,
  { read, settle, lay }: Laying,
): Pick<DesignState, "setPhoto" | "begin" | "resume" | "changeProduct" | "clear"> {
  const resume: DesignState["resume"] = (photo, kept) =>
    lay(startHistory(layAgain(photo, kept, get().product)), true, photo ?? undefined);
  return {
    setPhoto: (photo, as) => {
      settle();
      lay(layNew(read(), photo, as, get().product), true, photo);
    },
    begin: (as) => {
      settle();
      lay(layBare(read(), as, get().product), true);
    },
    resume,
    changeProduct: (offered) => {
      settle();
      set({ product: offered });
      if (read().isBegun) resume(openPhotoOf(get()), get().design);
    },
    clear: () => lay(startHistory(createDesign(get().product)), false),
  };
}

/** The edit, with what the design's template locks as it was, and nothing that only the template may have: also of one that it takes off. */
function editHeld(edit: Edit, product: Product): (design: Design) => Design {
  return (design) => {
    const after = edit(design, product);
    const template = findTemplate(after.template, product);
    if (!sameTemplate(design.template, after.template)) return keepOffered(after, product, template);
    if (template === undefined || after === design) return after;
    return keepOffered(holdTemplate(design, after, template), product, template);
  };
}

const loadNothing: DesignState["loadTemplate"] = () => Promise.resolve();

/** A store that knows neither React nor Konva. Without `image` nothing can be written on the card, without `loadTemplate` no template of the issuer's own is there. */
export function createDesignStore(product: Product, image?: Writer, loadTemplate = loadNothing): DesignStore {
  const store = createStore<DesignState>()((set, get) => {
    let history = startHistory(createDesign(product));
    let owner: GestureOwner | undefined;
    let isBegun = false;
    const { afterSteps, ...textWork } = createTextWork(image);
    const moveTo = (next: History, opened?: OpenPhoto, selectsNew = false): void => {
      if (next === history && opened === undefined) return;
      const [{ assets: before, selection: selected }, shown] = [get(), openPhotoOf(get())];
      const selection = selectionAfter(selected, history.present, next.present, selectsNew ? product : null);
      history = next;
      set({ ...viewOf(next), isBegun, selection, assets: assetsOf(next, before, opened) });
      // Only after subscribers have been told: until then one of them may still draw the old bitmap.
      letGo(before, shown, get());
    };
    const lay: Laying["lay"] = (next, begun, opened) => {
      isBegun = begun;
      moveTo(next, opened);
    };
    const isUnderWay = (by: GestureOwner | undefined): boolean => get().moving && owner === by;
    const end = (): void => moveTo(endGesture(history));
    const settle = (): void => {
      if (get().moving) owner?.settle();
      if (get().moving) end();
    };
    /** False where there is nothing to change. */
    const takeTurn = (by: GestureOwner | undefined): boolean => {
      if (isBegun && !isUnderWay(by)) settle();
      return isBegun;
    };
    return {
      product,
      ...textWork,
      loadTemplate,
      ...nothingYet,
      ...viewOf(history),
      ...createView(set, get, () => history),
      ...createLaying(set, get, { read: () => ({ history, isBegun }), settle, lay }),
      edit: (edit, by) => {
        if (!takeTurn(by)) return;
        moveTo(applyEdit(history, editHeld(edit, get().product)), undefined, true);
      },
      beginGesture: (by, after) => {
        if (!takeTurn(by)) return;
        owner = by;
        moveTo(after === history.present ? resumeGesture(history) : beginGesture(history));
      },
      endGesture: (by) => {
        if (isUnderWay(by)) end();
      },
      cancelGesture: (by) => {
        if (isUnderWay(by)) moveTo(cancelGesture(history));
      },
      isGestureOf: isUnderWay,
      settle,
      undo: () => afterSteps(() => moveTo(undo(history))),
      redo: () => afterSteps(() => moveTo(redo(history))),
    };
  });
  keepAdjusted(store);
  return store;
}
