import { bleedSizeMm, type Product } from "#card/products.ts";
import { type Bounds, boundsOf, noBounds, type Outline } from "#design/outlines.ts";
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

/** So much about a stroke's end its canvas has to spare, in mm: to lay it elsewhere costs more than to draw on it. */
const aroundMm = 8;

/**
 * What is being drawn, over the card. What is finished of a stroke is on one canvas; its end, which is drawn anew each time, is on a small one
 * about it: with each canvas that changes, everything is put together anew that lies over or under it.
 */
export class InkView {
  #canvases: readonly HTMLCanvasElement[] = [];
  #point: HTMLElement | null = null;
  #stroke: Stroke | null = null;
  #fill = "";
  #drawn = 0;
  /** What the end's canvas covers, in mm. */
  #covered: Bounds = noBounds;
  /** Of the canvases' pixels, which are the screen's unless those are finer than can be told apart. */
  #ratio = 1;
  #size = { width: 0, height: 0 };
  #pxPerMm = 1;
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

  /** A stroke that nothing is seen of yet. */
  begin(stroke: Stroke, fill: string, product: Product): void {
    this.#stroke = stroke;
    this.#fill = fill;
    this.#drawn = 0;
    this.#covered = noBounds;
    const [finished, end] = this.#canvases;
    if (finished === undefined || end === undefined) return;
    const card = finished.parentElement?.getBoundingClientRect();
    this.#ratio = Math.min(devicePixelRatio, mostPixelRatio);
    this.#size = { width: (card?.width ?? 0) * this.#ratio, height: (card?.height ?? 0) * this.#ratio };
    this.#pxPerMm = this.#size.width / bleedSizeMm(product).widthMm;
    this.#lay(finished, { left: 0, top: 0, right: this.#size.width, bottom: this.#size.height });
    end.width = 0;
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
    const before = this.#drawn;
    this.#drawn = traceNew(finished, stroke, before);
    const { tail } = stroke;
    if (tail === null) return clear(end);
    const bounds = boundsOf([tail]);
    if (this.#drawn !== before || !isWithin(bounds, this.#covered)) this.#cover(bounds, end.canvas);
    else clear(end);
    trace(end, tail);
  }

  /** Lays the end's canvas about what it is to show. */
  #cover({ left, top, right, bottom }: Bounds, end: HTMLCanvasElement): void {
    this.#covered = { left: left - aroundMm, top: top - aroundMm, right: right + aroundMm, bottom: bottom + aroundMm };
    const toPx = (mm: number, side: number): number => Math.min(Math.max(mm * this.#pxPerMm + side / 2, 0), side);
    const { width, height } = this.#size;
    this.#lay(end, {
      left: toPx(this.#covered.left, width),
      top: toPx(this.#covered.top, height),
      right: toPx(this.#covered.right, width),
      bottom: toPx(this.#covered.bottom, height),
    });
  }

  /** Lays a canvas, empty, over whole pixels of the card, so that it is never stretched; it is drawn on in mm from the card's centre. */
  #lay(canvas: HTMLCanvasElement, { left, top, right, bottom }: Bounds): void {
    const [x, y] = [Math.floor(left), Math.floor(top)];
    canvas.width = Math.ceil(right) - x;
    canvas.height = Math.ceil(bottom) - y;
    const place = { left: x, top: y, width: canvas.width, height: canvas.height };
    for (const [name, px] of Object.entries(place)) canvas.style.setProperty(name, `${px / this.#ratio}px`);
    const context = canvas.getContext("2d");
    if (context === null) return;
    const { width, height } = this.#size;
    context.setTransform(this.#pxPerMm, 0, 0, this.#pxPerMm, width / 2 - x, height / 2 - y);
    context.fillStyle = this.#fill;
  }
}

function isWithin(inner: Bounds, outer: Bounds): boolean {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}

function clear(context: CanvasRenderingContext2D): void {
  context.save();
  context.resetTransform();
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
}
