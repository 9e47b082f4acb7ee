import type { InSteps } from "#card/in-steps.ts";
import { drawingsIn, layStroke, leaveOfDrawings, roomToDraw } from "#design/drawings.ts";
import type { Drawing, DrawOp } from "#design/elements.ts";
import { type Bounds, boundsOf, type Outline } from "#design/outlines.ts";
import { findPart, isLocked } from "#design/templates/template.ts";
import { type DesignState, type DesignStore, templateOf } from "../../store/design-store.ts";

/** Less is not worth beginning with. */
const leastRoom = 2000;

export function isDrawingFull(elements: Parameters<typeof roomToDraw>[0]): boolean {
  return roomToDraw(elements) < leastRoom;
}

const locksOfInk = ["move", "style", "content"] as const;

/** The drawings that an eraser takes something off which reaches so far, in mm from the card's centre: not those that a template locks. */
export function listErasable(state: DesignState, reach: Bounds): readonly Drawing[] {
  const template = templateOf(state);
  return drawingsIn(state.design, reach).filter(({ id }) => !locksOfInk.some((lock) => isLocked(template, id, lock)));
}

/** Loaded with the tool, and not before. */
export const loadEraser = () => import("./erase.ts");

/** Of which a frame has room for twice. */
const sliceMs = 7;

/** Of one rub, where the card changes meanwhile. */
const mostTries = 10;

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

async function doInSlices<Found>(work: InSteps<Found>): Promise<Found> {
  for (let began = performance.now(); ; ) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < sliceMs) continue;
    await nextTask();
    began = performance.now();
  }
}

/**
 * Lays on the card what was drawn and takes off it what was rubbed out, one after the other: each is one step of undo.
 */
export class Drawn {
  readonly #store: DesignStore;
  /** The last work under way. */
  #work: Promise<unknown> | null = null;

  constructor(store: DesignStore) {
    this.#store = store;
  }

  /** Calls `onLaid` once the store has it, or with false where the card has no room for it. */
  lay(outlines: readonly Outline[], fill: string, onLaid: (isLaid: boolean) => void): void {
    const lay = (): void => {
      const { design, selection, edit } = this.#store.getState();
      const isOfTemplate = findPart(templateOf(this.#store.getState()), selection) !== undefined;
      edit(layStroke(outlines, fill, isOfTemplate ? null : selection));
      onLaid(this.#store.getState().design !== design);
    };
    // To end a stroke and to lay it each take a good part of a frame.
    const laid = (this.#work ?? nextTask()).then(lay).catch((error: unknown) => {
      onLaid(false);
      reportError(error);
    });
    this.#await(laid, true);
  }

  /** Calls `onDone` with whether it could be done, once the stage shows what is left. */
  rub(outlines: readonly Outline[], onDone: (isDone: boolean) => void): void {
    const before = this.#work ?? Promise.resolve();
    this.#await(before.then(() => this.#rubOut(outlines)).then(onDone, () => onDone(false)));
  }

  /** Neither rejects. */
  #await(work: Promise<unknown>, isStep = false): void {
    this.#work = work;
    this.#store.getState().awaitText(work, isStep);
    const end = (): void => {
      if (this.#work === work) this.#work = null;
    };
    work.then(end, end);
  }

  async #rubOut(outlines: readonly Outline[]): Promise<boolean> {
    const { rubOut } = await loadEraser();
    for (let left = mostTries; left > 0; left -= 1) {
      const { design } = this.#store.getState();
      const remains = new Map<string, readonly DrawOp[]>();
      for (const drawing of listErasable(this.#store.getState(), boundsOf(outlines))) {
        const ops = await doInSlices(rubOut(drawing, outlines));
        if (ops !== null) remains.set(drawing.id, ops);
      }
      // Undo, or something else, was quicker: what is there now is rubbed.
      if (this.#store.getState().design !== design) continue;
      if (remains.size === 0) return true;
      this.#store.getState().edit(leaveOfDrawings(remains));
      return this.#store.getState().design !== design;
    }
    return false;
  }
}
