import { createRoot } from "react-dom/client";
import { type Affine, composeAffine } from "#card/placement.ts";
import { bleedSizeMm, findProduct, type Product } from "#card/products.ts";
import { addElement, type NewElement } from "#design/element-edits.ts";
import { type Art, artNameOf, type Box, drawElement, type VectorElement } from "#design/elements.ts";
import { vectorElementsOf } from "#design/design.ts";
import { layStroke } from "#design/drawings.ts";
import { findSticker, loadStickers } from "#design/stickers/stickers.ts";
import { loadPaint } from "#image/load-paint.ts";
import { writeText } from "#image/write-text.ts";
import { type Paint, paintElements } from "#paint/paint.ts";
import { createDesignStore, type DesignStore } from "../../../../store/design-store.ts";
import { DesignStoreProvider } from "../../../../store/use-design-store.tsx";
import { Stroke } from "../../../../tools/drawing/stroke.ts";
import { CardStage } from "../CardStage.tsx";
import { type Coverage, measureApart } from "./contours.ts";

/** How far the outlines of the stage are from those of the picture. */
export interface OutlinesApart {
  readonly name: string;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** The largest distance, in pixels of the stage's canvas, of which there may be more than the screen has. */
  readonly px: number;
  /** Points of the outlines at which that was measured. */
  readonly points: number;
}

const black = "#000000";
const timeoutMs = 30_000;
const upright: Box = { xMm: 3.3, yMm: -4.7, widthMm: 24, heightMm: 24, rotationDeg: 0, mirrored: false };

const texts: Readonly<Record<string, string>> = {
  Latin: "Grüße, Ågot",
  Greek: "Ωμέγα ψυχή",
  Cyrillic: "Жук и ёж",
  Hebrew: "שלום עולם",
  Arabic: "مرحبا بالعالم",
  Devanagari: "नमस्ते",
  Japanese: "東京の夏",
};

/** A brush's, pressed more and less, that crosses itself. */
function makeStroke(): ReturnType<Stroke["finish"]> {
  const stroke = new Stroke({ tip: "brush", fill: black, steady: 40 });
  for (let at = 0; at < 90; at += 1) {
    const turn = at / 10;
    stroke.add({ xMm: 20 * Math.sin(turn), yMm: 13 * Math.cos(turn * 1.4) }, 0.3 + 0.6 * Math.sin(turn / 3));
  }
  return stroke.finish();
}

interface Case {
  readonly element: NewElement;
  readonly arts: ReadonlyMap<string, Art>;
}

const blacken = (art: Art): Art => ({ ...art, ops: art.ops.map((op) => ({ ...op, fill: black })) });

async function makeText(text: string, face: "plain" | "hand"): Promise<Case> {
  const writing = { text, face, align: "start" } as const;
  const { art, missing } = await writeText(writing, AbortSignal.timeout(timeoutMs));
  if (missing.length > 0) throw new Error(`${text} cannot be written: ${missing.join("")}`);
  const widthMm = 62;
  const box = { ...upright, widthMm, heightMm: (widthMm * art.height) / art.width, xMm: 0.4 };
  const element = { kind: "text", ...writing, fill: black, box } as const;
  return { element, arts: new Map([[JSON.stringify([face, "start", text]), art]]) };
}

async function makeSticker(name: string): Promise<Case> {
  await loadStickers([name]);
  const art = findSticker(name);
  if (art === undefined) throw new Error(`there is no sticker ${name}`);
  const box = { ...upright, heightMm: (upright.widthMm * art.height) / art.width };
  return { element: { kind: "sticker", art: name, box }, arts: new Map([[name, blacken(art)]]) };
}

async function makeCases(product: Product): Promise<ReadonlyMap<string, Case>> {
  const none = new Map<string, Art>();
  const design = layStroke(makeStroke(), black, null)(createDesignStore(product).getState().design, product);
  const [drawing] = vectorElementsOf(design);
  const cases = new Map<string, Case>();
  for (const [script, text] of Object.entries(texts)) cases.set(script, await makeText(text, "plain"));
  cases.set("Latin by hand", await makeText(texts["Latin"] as string, "hand"));
  cases.set("sticker", await makeSticker("airplane"));
  if (drawing?.kind === "drawing") cases.set("drawing", { element: drawing, arts: none });
  for (const shape of ["heart", "star", "ellipse", "rectangle"] as const)
    cases.set(shape, { element: { kind: "shape", shape, fill: black, box: upright }, arts: none });
  for (const name of ["Arabic", "sticker", "drawing", "star"]) {
    const { element, arts } = cases.get(name) as Case;
    const { widthMm, heightMm } = element.box;
    const scaled = { widthMm: widthMm * 0.83, heightMm: heightMm * 0.83 };
    const box = { ...element.box, ...scaled, rotationDeg: 33.3, mirrored: element.kind !== "text" };
    cases.set(`${name}, turned and scaled`, { element: { ...element, box }, arts });
  }
  return cases;
}

interface Shown {
  /** The card's box; its canvas is laid over that. */
  readonly host: HTMLElement;
  readonly store: DesignStore;
}

/** By whom nothing is waited for longer than `timeoutMs`. */
async function until<Found>(find: () => Found | undefined): Promise<Found> {
  for (const began = performance.now(); performance.now() - began < timeoutMs; ) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  throw new Error("the stage shows nothing");
}

interface OnStage {
  readonly coverage: Coverage;
  /** From a card of as many pixels to the canvas's, as far as that is stretched. */
  readonly toCanvas: Affine;
  /** Pixels of the canvas per CSS pixel. */
  readonly canvasRatio: number;
}

/** What the canvas of the elements covers. */
async function readStage({ host }: Shown): Promise<OnStage> {
  return until(() => {
    const canvas = host.querySelectorAll("canvas")[1];
    const context = canvas?.getContext("2d");
    if (canvas === undefined || !context || canvas.width === 0) return undefined;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const values = Float32Array.from({ length: data.length / 4 }, (_, at) => (data[4 * at + 3] as number) / 255);
    if (!values.some((value) => value === 1)) return undefined;
    const [card, shown] = [host.getBoundingClientRect(), canvas.getBoundingClientRect()];
    const canvasRatio = Math.round(canvas.width / shown.width);
    const [scaleX, scaleY] = [canvas.width / (shown.width * canvasRatio), canvas.height / (shown.height * canvasRatio)];
    const [left, top] = [(shown.left - card.left) * canvasRatio, (shown.top - card.top) * canvasRatio];
    const coverage = { width: canvas.width, height: canvas.height, values };
    return { coverage, toCanvas: [scaleX, 0, 0, scaleY, -left * scaleX, -top * scaleY], canvasRatio };
  });
}

/** What the painter of the picture covers of the same card, of the same size. */
function paintPicture(paint: Paint, { store, host }: Shown, ratio: number, product: Product): Coverage {
  const { arts, design } = store.getState();
  const card = host.getBoundingClientRect();
  const [width, height] = [Math.ceil(card.width * ratio), Math.ceil(card.height * ratio)];
  const pxPerMm = (card.width * ratio) / bleedSizeMm(product).widthMm;
  // The painter's centre is that of whole pixels.
  const shift: Affine = [
    1,
    0,
    0,
    1,
    (card.width * ratio - width) / 2 / pxPerMm,
    (bleedSizeMm(product).heightMm * pxPerMm - height) / 2 / pxPerMm,
  ];
  const drawn = vectorElementsOf(design).flatMap((element: VectorElement) => {
    const one = drawElement(element, (name) => arts.get(name));
    return one === undefined ? [] : [{ ...one, matrix: composeAffine(shift, one.matrix) }];
  });
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const skipped = paintElements(paint, rgba, { widthPx: width, heightPx: height, dpi: pxPerMm * 25.4 }, drawn);
  if (skipped.length > 0) throw new Error(`not painted: ${JSON.stringify(skipped)}`);
  const values = Float32Array.from({ length: width * height }, (_, at) => 1 - (rgba[4 * at] as number) / 255);
  return { width, height, values };
}

async function measureCase({ element, arts }: Case, widthPx: number, product: Product, paint: Paint) {
  const host = document.body.appendChild(document.createElement("div"));
  host.style.width = `${widthPx}px`;
  const store = createDesignStore(product);
  store.getState().begin("#ffffff");
  store.getState().edit(addElement(element));
  const [laid] = vectorElementsOf(store.getState().design);
  if (laid === undefined) throw new Error("it does not lie on the card");
  const name = artNameOf(laid);
  if (name !== undefined) store.getState().addArts(arts);
  const root = createRoot(host);
  root.render(
    <DesignStoreProvider store={store}>
      <CardStage
        photoHandles={new Map()}
        guidesAlways={false}
        moving={false}
        mark={null}
        onMarkTap={undefined}
        failedText="failed"
      />
    </DesignStoreProvider>,
  );
  try {
    const shown = { host, store };
    const { coverage, toCanvas, canvasRatio } = await readStage(shown);
    return measureApart(paintPicture(paint, shown, canvasRatio, product), coverage, toCanvas);
  } finally {
    root.unmount();
    host.remove();
  }
}

/**
 * Of each kind of element how far its outlines are on the stage, as it is laid out in this page, from those that are printed. The cards are as
 * wide as these, in CSS pixels.
 */
export async function measureOutlines(widthsPx: readonly number[]): Promise<readonly OutlinesApart[]> {
  const product = findProduct("photo-landscape");
  if (product === undefined) throw new Error("there is no such product");
  const [paint, cases] = [await loadPaint(), await makeCases(product)];
  const found: OutlinesApart[] = [];
  const before = Object.getOwnPropertyDescriptor(window, "devicePixelRatio");
  try {
    for (const ratio of [1, 2]) {
      Object.defineProperty(window, "devicePixelRatio", { configurable: true, value: ratio });
      for (const widthPx of widthsPx) {
        for (const [name, one] of cases)
          found.push({ name, ratio, ...(await measureCase(one, widthPx, product, paint)) });
      }
    }
  } finally {
    if (before) Object.defineProperty(window, "devicePixelRatio", before);
  }
  return found;
}
