import { bleedSizeMm } from "#card/products.ts";
import { roomToDraw } from "#design/drawings.ts";
import type { PointMm } from "#design/edits.ts";
import { boundsOf } from "#design/outlines.ts";
import type { DesignStore } from "../../../store/design-store.ts";
import { type Drawn, isDrawingFull, listErasable } from "../../../tools/drawing/lay-drawn.ts";
import { type Pen, widestMm } from "../../../tools/drawing/pens.ts";
import { Stroke } from "../../../tools/drawing/stroke.ts";
import type { InkView } from "./ink.ts";
import type { PhotoHandles } from "./shapes.tsx";

/** What a pen of any kind draws on. */
export interface PenTarget {
  /** The labelled, focusable element around the card; its box is the bleed's. */
  readonly surface: HTMLElement;
  readonly store: DesignStore;
  readonly drawn: Drawn;
  readonly ink: InkView;
  readonly handles: PhotoHandles;
  readonly say: (what: "down" | "up" | "full" | "not-rubbed") => void;
}

/** Farther beyond the bleed nothing is drawn. */
const beyondMm = 1.5;

interface UnderWay {
  readonly stroke: Stroke;
  readonly pen: Pen;
  /** Beside the card. */
  isAway: boolean;
  last: PointMm;
}

/** One stroke after the other, of a pen that is held in a hand or moved by keys. */
export class PenSession {
  readonly #target: PenTarget;
  #stroke: UnderWay | null = null;

  constructor(target: PenTarget) {
    this.#target = target;
  }

  get isDown(): boolean {
    return this.#stroke !== null;
  }

  /** Puts the pen down; false where nothing can be drawn. */
  begin(at: PointMm, pressure: number | null): boolean {
    const { store, ink, say } = this.#target;
    const { pen, design, product, isBegun } = store.getState();
    if (pen === null || !isBegun) return false;
    const rubs = pen.tip === "eraser";
    if (!rubs && isDrawingFull(design)) {
      say("full");
      return false;
    }
    // Another input's gesture ends here.
    store.getState().settle();
    const stroke = new Stroke(pen, rubs ? Infinity : roomToDraw(design));
    this.#stroke = { stroke, pen, isAway: false, last: at };
    if (!rubs) ink.begin(stroke, pen.fill, product);
    store.getState().putPen(true);
    this.moveTo([{ at, pressure }]);
    return this.isDown;
  }

  /** The pen is drawn over these points. */
  moveTo(points: readonly { readonly at: PointMm; readonly pressure: number | null }[]): void {
    if (this.#stroke === null) return;
    const { widthMm, heightMm } = bleedSizeMm(this.#target.store.getState().product);
    for (const { at, pressure } of points) {
      const isAway = Math.abs(at.xMm) > widthMm / 2 + beyondMm || Math.abs(at.yMm) > heightMm / 2 + beyondMm;
      if (isAway && !this.#stroke.isAway) this.#stroke.stroke.lift();
      if (!isAway) this.#stroke.stroke.add(at, pressure);
      this.#stroke.isAway = isAway;
      if (this.#stroke.pen.tip === "eraser" && !isAway) this.#showRubbed(this.#stroke.last, at);
      this.#stroke.last = at;
    }
    if (this.#stroke.pen.tip !== "eraser") this.#target.ink.draw();
    if (!this.#stroke.stroke.isFull) return;
    this.#target.say("full");
    this.end();
  }

  /** Lifts the pen: what it drew is on the card. */
  end(): void {
    if (this.#stroke === null) return;
    const { stroke, pen } = this.#lift(this.#stroke);
    const outlines = stroke.finish();
    if (outlines.length === 0) return this.#showNothing();
    if (pen.tip === "eraser") {
      this.#target.drawn.rub(outlines, (isDone) => {
        if (!isDone) this.#target.say("not-rubbed");
        if (this.#stroke === null) this.#showNothing();
      });
    } else {
      this.#target.drawn.lay(outlines, pen.fill, (isLaid) => {
        if (!isLaid) this.#target.say("full");
        if (this.#stroke === null) this.#showNothing();
      });
    }
  }

  /** As if the pen had not been put down. */
  cancel(): void {
    if (this.#stroke !== null) this.#lift(this.#stroke);
    this.#showNothing();
  }

  #lift(stroke: UnderWay): UnderWay {
    this.#stroke = null;
    this.#target.store.getState().putPen(false);
    return stroke;
  }

  /** On the way from one point to another. */
  #showRubbed(from: PointMm, to: PointMm): void {
    const { store, handles } = this.#target;
    if (this.#stroke === null) return;
    const reach = widestMm(this.#stroke.pen.tip);
    const { left, top, right, bottom } = boundsOf([[from.xMm, from.yMm, to.xMm, to.yMm]]);
    const around = { left: left - reach, top: top - reach, right: right + reach, bottom: bottom + reach };
    for (const { id } of listErasable(store.getState(), around)) handles.get(id)?.rub?.(this.#stroke.stroke);
  }

  #showNothing(): void {
    this.#target.ink.clear();
    for (const handle of this.#target.handles.values()) handle.rub?.(null);
  }
}
