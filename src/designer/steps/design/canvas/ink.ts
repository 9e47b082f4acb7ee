import { bleedSizeMm, type Product } from "#card/products.ts";
import type { PointMm } from "#design/edits.ts";
import type { Stroke } from "../../../tools/drawing/stroke.ts";
import { type Canvas2D, type InkMessage, InkPainter, trace } from "./ink-painter.ts";
// oxlint-disable-next-line import/default -- the file has no default export: Vite gives its address in place of one
import workerUrl from "./ink-worker.ts?worker&url";

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
    for (const outline of this.#stroke.settled.slice(this.#rubbed)) trace(on, outline);
    this.#rubbed = this.#stroke.settled.length;
    if (this.#stroke.tail !== null) trace(on, this.#stroke.tail);
    canvas.save();
    canvas.resetTransform();
    canvas.drawImage(left, 0, 0);
    canvas.restore();
  }
}

/** More pixels of the screen are not told apart in a line that moves. */
const mostPixelRatio = 2;

/**
 * What is being drawn, over the card, on a canvas that a worker draws on: its frames reach the screen without the page's, which would put
 * together all that lies over and under the canvas anew each time.
 */
export class InkView {
  #host: HTMLElement | null = null;
  #point: HTMLElement | null = null;
  #canvas: HTMLCanvasElement | null = null;
  #take: (message: InkMessage) => void = () => {};
  #begun: (InkMessage & { kind: "begin" }) | null = null;
  /** Of the canvas's pixels, which are the screen's unless those are finer than can be told apart. */
  #ratio = 1;
  #stroke: Stroke | null = null;
  #drawn = 0;
  #clearing = 0;
  /** On the screen. */
  #card: Pick<DOMRect, "width" | "height"> = { width: 0, height: 0 };

  /** Where its canvas is to be, and its point, until the function is called that this returns. */
  attach(host: HTMLElement, point: HTMLElement): () => void {
    this.#host = host;
    this.#point = point;
    const end = this.#startWorker();
    return () => {
      cancelAnimationFrame(this.#clearing);
      end();
      host.replaceChildren();
      this.#take = () => {};
      this.#host = this.#point = this.#stroke = null;
    };
  }

  #startWorker(): () => void {
    try {
      const canvas = this.#newCanvas().transferControlToOffscreen();
      const worker = new Worker(workerUrl, { type: "module" });
      let hasEnded = false;
      worker.postMessage(canvas, [canvas]);
      this.#take = (message) => worker.postMessage(message, []);
      // It could not be loaded, or died.
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        if (!hasEnded) this.#paintHere();
      });
      return () => {
        hasEnded = true;
        worker.terminate();
      };
    } catch {
      // Something forbids workers, or there is none of these canvases.
      this.#paintHere();
      return () => {};
    }
  }

  /** What was drawn so far is shown again. */
  #paintHere(): void {
    if (this.#host === null) return;
    const painter = new InkPainter(this.#newCanvas());
    this.#take = (message) => painter.take(message);
    if (this.#stroke === null || this.#begun === null) return;
    this.#show(this.#begun);
    this.draw();
  }

  #newCanvas(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 0;
    this.#host?.replaceChildren(canvas);
    this.#canvas = canvas;
    return canvas;
  }

  /** A stroke that nothing is seen of yet. */
  begin(stroke: Stroke, fill: string, product: Product): void {
    cancelAnimationFrame(this.#clearing);
    this.#stroke = stroke;
    const ratio = Math.min(devicePixelRatio, mostPixelRatio);
    const { width = 0, height = 0 } = this.#host?.getBoundingClientRect() ?? {};
    // Whole pixels, so that it is never stretched; the last ones lie beyond the card.
    const [widthPx, heightPx] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
    const centrePx = { x: (width * ratio) / 2, y: (height * ratio) / 2 };
    const pxPerMm = (width * ratio) / bleedSizeMm(product).widthMm;
    this.#begun = { kind: "begin", widthPx, heightPx, centrePx, pxPerMm, fill };
    this.#ratio = ratio;
    this.#show(this.#begun);
  }

  /** From its beginning. */
  #show(begun: InkMessage & { kind: "begin" }): void {
    this.#drawn = 0;
    const style = this.#canvas?.style;
    style?.setProperty("width", `${begun.widthPx / this.#ratio}px`);
    style?.setProperty("height", `${begun.heightPx / this.#ratio}px`);
    this.#take(begun);
  }

  /** What has been added is shown. Not with the next frame: the painter waits for its own, and some browsers give a page few of them. */
  draw(): void {
    if (this.#stroke === null) return;
    const { settled, tail } = this.#stroke;
    this.#take({ kind: "stroke", settled: settled.slice(this.#drawn), tail });
    this.#drawn = settled.length;
  }

  /** Nothing is being drawn any more. It is seen until the stage has had a frame to show what came of it. */
  clear(): void {
    if (this.#stroke === null) return;
    this.#stroke = null;
    cancelAnimationFrame(this.#clearing);
    this.#clearing = requestAnimationFrame(() => {
      this.#clearing = requestAnimationFrame(() => this.#take({ kind: "clear" }));
    });
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
}
