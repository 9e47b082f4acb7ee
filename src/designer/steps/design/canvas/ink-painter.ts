import { type Bounds, boundsOf, joinBounds, noBounds, type Outline } from "#design/outlines.ts";

export type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** What is to be seen of a stroke, in millimetres from the card's centre. */
export type InkMessage =
  | {
      /** A stroke that nothing is seen of yet. */
      readonly kind: "begin";
      /** Of the canvas; the card's centre is there. */
      readonly widthPx: number;
      readonly heightPx: number;
      readonly centrePx: { readonly x: number; readonly y: number };
      readonly pxPerMm: number;
      readonly fill: string;
    }
  | {
      /** It went on: what has settled since, and all that may still change. */
      readonly kind: "stroke";
      readonly settled: readonly Outline[];
      readonly tail: Outline | null;
    }
  | { readonly kind: "clear" };

type Begin = Extract<InkMessage, { kind: "begin" }>;

export function trace(canvas: Canvas2D, outline: Outline): void {
  canvas.beginPath();
  for (let at = 0; at < outline.length; at += 2) canvas.lineTo(outline[at] as number, outline[at + 1] as number);
  canvas.fill();
}

/** Draws one stroke after the other on a canvas, with each frame only where something has changed. Runs in a worker and in a page alike. */
export class InkPainter {
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas;
  /** What has settled, to be put back where the stroke's end was. */
  #settled: OffscreenCanvas | null = null;
  #begun: Begin = { kind: "begin", widthPx: 0, heightPx: 0, centrePx: { x: 0, y: 0 }, pxPerMm: 1, fill: "" };
  #waiting: Outline[] = [];
  #tail: Outline | null = null;
  /** What was drawn last that may still change covers so much, in mm. */
  #covered: Bounds = noBounds;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement | OffscreenCanvas) {
    this.#canvas = canvas;
  }

  take(message: InkMessage): void {
    if (message.kind === "begin") return this.#begin(message);
    if (message.kind === "clear") return this.#clear();
    this.#waiting.push(...message.settled);
    this.#tail = message.tail;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #begin(begun: Begin): void {
    this.#clear();
    this.#begun = begun;
    const { widthPx, heightPx } = begun;
    if (this.#canvas.width !== widthPx) this.#canvas.width = widthPx;
    if (this.#canvas.height !== heightPx) this.#canvas.height = heightPx;
    this.#settled = new OffscreenCanvas(widthPx, heightPx);
    this.#prepare(this.#settled);
  }

  #clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#settled = null;
    this.#waiting = [];
    this.#tail = null;
    this.#covered = noBounds;
    const on = this.#canvas.getContext("2d");
    on?.resetTransform();
    on?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #draw(): void {
    this.#frame = 0;
    const on = this.#prepare(this.#canvas);
    const settled = this.#settled?.getContext("2d") ?? null;
    if (on === null || settled === null) return;
    for (const outline of this.#waiting) trace(settled, outline);
    this.#restore(on, settled.canvas, joinBounds(this.#covered, boundsOf(this.#waiting)));
    this.#waiting = [];
    this.#covered = this.#tail === null ? noBounds : boundsOf([this.#tail]);
    if (this.#tail !== null) trace(on, this.#tail);
  }

  /** Shows there what has settled, and nothing else. */
  #restore(on: Canvas2D, from: OffscreenCanvas, bounds: Bounds): void {
    const { widthPx, heightPx, centrePx, pxPerMm } = this.#begun;
    const within = (px: number, side: number): number => Math.min(Math.max(Math.round(px), 0), side);
    // A pixel more on each side: edges are smoothed.
    const left = within(bounds.left * pxPerMm + centrePx.x - 2, widthPx);
    const top = within(bounds.top * pxPerMm + centrePx.y - 2, heightPx);
    const wide = within(bounds.right * pxPerMm + centrePx.x + 2, widthPx) - left;
    const high = within(bounds.bottom * pxPerMm + centrePx.y + 2, heightPx) - top;
    if (!(wide > 0 && high > 0)) return;
    on.save();
    on.resetTransform();
    on.clearRect(left, top, wide, high);
    on.drawImage(from, left, top, wide, high, left, top, wide, high);
    on.restore();
  }

  /** To be drawn on in mm from the card's centre. */
  #prepare(canvas: HTMLCanvasElement | OffscreenCanvas): Canvas2D | null {
    const on: Canvas2D | null = canvas.getContext("2d");
    const { pxPerMm, centrePx, fill } = this.#begun;
    on?.setTransform(pxPerMm, 0, 0, pxPerMm, centrePx.x, centrePx.y);
    if (on !== null) on.fillStyle = fill;
    return on;
  }
}
