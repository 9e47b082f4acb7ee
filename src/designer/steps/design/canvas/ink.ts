import { bleedSizeMm, type Product } from "#card/products.ts";
import { type Bounds, boundsOf, type Outline } from "#design/outlines.ts";
import type { PointMm } from "#design/edits.ts";
import type { Stroke } from "../../../tools/drawing/stroke.ts";

export type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

function trace(canvas: Canvas2D, outline: Outline): void {
  canvas.beginPath();
  for (let at = 0; at < outline.length; at += 2) canvas.lineTo(outline[at] as number, outline[at + 1] as number);
  canvas.fill();
}

/** Of a stroke what has settled since the last time; answers with how much of it has settled now. */
function traceNew(canvas: Canvas2D, stroke: Stroke, from: number): number {
  for (const outline of stroke.settled.slice(from)) trace(canvas, outline);
  return stroke.settled.length;
}

/** A drawing as the stage shows it while an eraser goes over it: painted once, and then only ever less of it. */
export class RubbedDrawing {
  #stroke: Stroke;
  #left: OffscreenCanvas | null = null;
  #rubbed = 0;

  constructor(stroke: Stroke) {
    this.#stroke = stroke;
  }

  /** The eraser goes over it, again where that is another stroke. */
  rub(stroke: Stroke): void {
    if (stroke !== this.#stroke) this.#rubbed = 0;
    this.#stroke = stroke;
  }

  /** In millimetres from the card's centre, as the canvas is; `drawAll` draws the drawing as it is. */
  draw(canvas: CanvasRenderingContext2D, drawAll: (on: Canvas2D) => void): void {
    const { width, height } = canvas.canvas;
    const isNew = this.#left?.width !== width || this.#left.height !== height;
    const left = isNew ? new OffscreenCanvas(width, height) : (this.#left as OffscreenCanvas);
    const on = left.getContext("2d");
    if (on === null) return drawAll(canvas);
    this.#left = left;
    on.setTransform(canvas.getTransform());
    on.globalCompositeOperation = "source-over";
    if (isNew) drawAll(on);
    on.globalCompositeOperation = "destination-out";
    this.#rubbed = traceNew(on, this.#stroke, this.#rubbed);
    if (this.#stroke.tail !== null) trace(on, this.#stroke.tail);
    canvas.save();
    canvas.resetTransform();
    canvas.drawImage(left, 0, 0);
    canvas.restore();
  }
}

/** More pixels of the screen are not told apart in a line that moves. */
const mostPixelRatio = 2;

/** What is being drawn, over the card: what is finished of a stroke on one canvas, its end, which is drawn anew each time, on another. */
export class InkView {
  #canvases: readonly HTMLCanvasElement[] = [];
  #point: HTMLElement | null = null;
  #stroke: Stroke | null = null;
  #drawn = 0;
  /** What the stroke's end covers, in mm. */
  #end: Bounds | null = null;
  #frame = 0;
  /** On the screen. */
  #card: Pick<DOMRect, "width" | "height"> = { width: 0, height: 0 };

  /** The elements that it draws on, once they are there. */
  attach(canvases: readonly HTMLCanvasElement[], point: HTMLElement): () => void {
    this.#canvases = canvases;
    this.#point = point;
    return () => {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#canvases = [];
      this.#point = null;
    };
  }

  begin(stroke: Stroke, fill: string, product: Product): void {
    this.#stroke = stroke;
    this.#drawn = 0;
    this.#end = null;
    for (const canvas of this.#canvases) {
      const ratio = Math.min(devicePixelRatio, mostPixelRatio);
      const { width, height } = canvas.getBoundingClientRect();
      // Clears it as well.
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const scale = canvas.width / bleedSizeMm(product).widthMm;
      const context = canvas.getContext("2d");
      context?.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
      if (context) context.fillStyle = fill;
    }
  }

  /** With the next frame. */
  draw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#drawNow());
  }

  /** Nothing is being drawn any more. */
  clear(): void {
    this.#stroke = null;
    for (const canvas of this.#canvases) if (canvas.width > 0) canvas.width = 0;
  }

  /** Where the pen is, and how wide; null where there is none to be seen. */
  showPoint(at: PointMm | null, widthMm: number, product: Product, card = this.#card): void {
    this.#card = card;
    const style = this.#point?.style;
    if (style === undefined) return;
    style.visibility = at === null ? "hidden" : "visible";
    if (at === null) return;
    // Never laid out nor painted anew while it moves.
    const pxPerMm = card.width / bleedSizeMm(product).widthMm;
    const [x, y] = [card.width / 2 + at.xMm * pxPerMm, card.height / 2 + at.yMm * pxPerMm];
    style.width = `${widthMm * pxPerMm}px`;
    style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  }

  #drawNow(): void {
    this.#frame = 0;
    const stroke = this.#stroke;
    const [finished, end] = this.#canvases.map((canvas) => canvas.getContext("2d"));
    if (stroke === null || !finished || !end) return;
    this.#drawn = traceNew(finished, stroke, this.#drawn);
    if (this.#end !== null) {
      const { left, top, right, bottom } = this.#end;
      end.clearRect(left - 1, top - 1, right - left + 2, bottom - top + 2);
    }
    const { tail } = stroke;
    this.#end = tail && boundsOf([tail]);
    if (tail !== null) trace(end, tail);
  }
}
