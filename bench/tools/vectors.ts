// Whether every browser paints vectors as Node does, and what fifty elements add to the making of a picture.
import { products } from "#card/products.ts";
import { coverPlacement, photoToRaster } from "#card/placement.ts";
import { drawElement, type VectorElement } from "#design/elements.ts";
import { encodePng } from "#image/encode-png.ts";
import { readKernel } from "#image/testing/read-kernel.ts";
import { noise, resampleIn } from "#image/testing/resample-cases.ts";
import { paintElements } from "#paint/paint.ts";
import { paintedDigests } from "#paint/testing/painted-cases.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { picturesIn } from "../../e2e/support/made-pictures.ts";
import { median } from "../croppers/median.ts";
import { engines, findVisit } from "../formats/browsers.ts";

const [product] = products;
const rounds = 9;

/** By engine, how many cases have another digest than Node's; "absent" where there is no such browser here. */
async function compareEngines(): Promise<ReadonlyMap<string, number | "absent">> {
  const own = await paintedDigests(readPaint());
  const differing = new Map<string, number | "absent">();
  for (const engine of engines) {
    const visit = findVisit(engine);
    const made = visit && (await picturesIn((url, use) => visit(url, async () => void (await use())), [], true));
    const digests = made?.painted;
    const names = Object.keys(own);
    differing.set(
      engine,
      digests === undefined ? "absent" : names.filter((name) => own[name] !== digests[name]).length,
    );
  }
  return differing;
}

/** Half of them shapes, half drawings of twelve strokes, 8 to 24 mm wide, turned and all over the card. */
function fiftyElements(): readonly VectorElement[] {
  const strokes = Array.from({ length: 12 }, (_, stroke) => ({
    path: `M${stroke * 8} 5C${stroke * 8 + 30} 20 ${stroke * 8 - 30} 70 ${stroke * 8} 95L${stroke * 8 + 4} 95C${stroke * 8 - 26} 70 ${stroke * 8 + 34} 20 ${stroke * 8 + 4} 5Z`,
    fill: stroke % 2 === 0 ? "#c8102e" : "#14274e",
    rule: "nonzero" as const,
  }));
  return Array.from({ length: 50 }, (_, index): VectorElement => {
    const side = 8 + (index % 9) * 2;
    const box = {
      xMm: ((index * 17) % 80) - 40,
      yMm: ((index * 11) % 50) - 25,
      widthMm: side,
      heightMm: side,
      rotationDeg: (index * 31) % 180,
      mirrored: index % 3 === 0,
    };
    const id = `e${index}`;
    if (index % 2 === 0) return { kind: "drawing", id, art: { width: 100, height: 100, ops: strokes }, box };
    return { kind: "shape", id, shape: index % 4 === 1 ? "star" : "heart", fill: "#ffb81c", box };
  });
}

/** Processor time in milliseconds: what else runs does not count. */
function measure(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** Medians of the picture of a 12-megapixel photo, already decoded, alone and with the elements, in turn. */
function measurePictures(): { readonly aloneMs: number; readonly withMs: number } {
  const [kernel, paint] = [readKernel(), readPaint()];
  const photo = noise({ width: 4000, height: 3000 });
  const size = { widthPx: 4000, heightPx: 3000 };
  const map = photoToRaster(coverPlacement(size, product), size, product);
  const elements = fiftyElements();
  const make = (isDecorated: boolean): void => {
    const rgba = resampleIn(kernel, photo, map, { width: product.widthPx, height: product.heightPx }, () => 256);
    if (isDecorated) {
      const drawn = elements.map((element) => drawElement(element, () => undefined)).filter((one) => one !== undefined);
      const skipped = paintElements(paint, rgba, product, drawn);
      if (skipped.length > 0) throw new Error(`not painted: ${JSON.stringify(skipped)}`);
    }
    encodePng(kernel, rgba, product);
  };
  const [alone, decorated]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    alone.push(measure(() => make(false)));
    decorated.push(measure(() => make(true)));
  }
  // The first warms up.
  return { aloneMs: median(alone.slice(1)), withMs: median(decorated.slice(1)) };
}

export async function measureVectors(): Promise<{ table: string; keys: Record<string, string | number> }> {
  const differing = await compareEngines();
  const { aloneMs, withMs } = measurePictures();
  const lines = [...differing].map(
    ([engine, cases]) => `${engine.padEnd(10)} ${cases} of the painted cases differ from Node's`,
  );
  lines.push(`a picture of 12 MP: ${aloneMs.toFixed(0)} ms; with 50 elements: ${withMs.toFixed(0)} ms`);
  const all = [...differing.values()];
  const sum = all.reduce((total: number, cases) => total + (cases === "absent" ? 0 : cases), 0);
  const keys = {
    vector_bytes_differ: sum,
    vector_engines: all.filter((cases) => cases !== "absent").length,
    picture50_x: (withMs / aloneMs).toFixed(2),
  };
  return { table: lines.join("\n"), keys };
}
