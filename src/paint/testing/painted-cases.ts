import { products } from "#card/products.ts";
import { type Art, type Box, drawElement, type VectorElement } from "#design/elements.ts";
import { type Paint, paintElements } from "../paint.ts";

const [product] = products;

const at = (changes: Partial<Box>): Box => ({
  xMm: 0,
  yMm: 0,
  widthMm: 30,
  heightMm: 30,
  rotationDeg: 0,
  mirrored: false,
  ...changes,
});

const drawing = (id: string, art: Art, box: Partial<Box> = {}): VectorElement => ({
  kind: "drawing",
  id,
  art,
  box: at(box),
});

const fills = ["#c8102e", "#14274e", "#ffb81c", "#00857c"] as const;

/** Ring in ring, wound the same way; and the same as holes. */
const rings = (rule: "nonzero" | "evenodd"): Art => ({
  width: 100,
  height: 100,
  ops: [
    {
      path: "M50 2C98 2 98 98 50 98C2 98 2 2 50 2ZM50 15C85 15 85 85 50 85C15 85 15 15 50 15ZM50 30Q80 50 50 70Q20 50 50 30Z",
      fill: fills[0],
      rule,
    },
  ],
});

const star = (rule: "nonzero" | "evenodd"): Art => ({
  width: 100,
  height: 100,
  ops: [{ path: "M50 0L79.4 90.5L2.4 34.5L97.6 34.5L20.6 90.5Z", fill: fills[1], rule }],
});

/** A tenth of a millimetre, in every direction. */
const hairlines: Art = {
  width: 400,
  height: 400,
  ops: Array.from({ length: 12 }, (_, turn) => ({
    path: `M${turn * 30} 0L${turn * 30 + 1} 0L${390 - turn * 31} 400L${389 - turn * 31} 400Z`,
    fill: fills[turn % fills.length] as string,
    rule: "nonzero" as const,
  })),
};

const cases: Readonly<Record<string, readonly VectorElement[]>> = {
  "nested curves": [drawing("a", rings("nonzero"))],
  holes: [drawing("a", rings("evenodd"))],
  "stars that cross themselves": [
    drawing("a", star("evenodd"), { xMm: -20 }),
    drawing("b", star("nonzero"), { xMm: 20 }),
  ],
  "hairlines of 0.1 mm": [drawing("a", hairlines, { widthMm: 40, heightMm: 40 })],
  "turned and mirrored": [-179.9, -90, -33.3, 7, 45, 60, 90, 180].map((rotationDeg, index) =>
    drawing(`t${index}`, star("evenodd"), {
      xMm: index * 9 - 30,
      yMm: index - 4,
      widthMm: 14,
      heightMm: 9,
      rotationDeg,
      mirrored: index % 2 === 0,
    }),
  ),
  "half outside": [-43, 43].flatMap((xMm) =>
    [-27, 27].map((yMm) => drawing(`${xMm}.${yMm}`, rings("evenodd"), { xMm, yMm, rotationDeg: xMm })),
  ),
  "mostly outside": [
    drawing("a", rings("evenodd"), { xMm: 150, yMm: 60, widthMm: 400, heightMm: 400, rotationDeg: 11 }),
  ],
  "fifty on top of each other": Array.from({ length: 50 }, (_, index) => ({
    kind: "shape" as const,
    id: `s${index}`,
    shape: (["rectangle", "ellipse", "heart", "star"] as const)[index % 4] as "star",
    fill: fills[(index * 7) % 4] as string,
    box: at({ xMm: index / 10, yMm: -index / 7, rotationDeg: index * 7.3 - 170, widthMm: 40 - index / 2 }),
  })),
};

/** The pixels of each case, over a photo of all colours, by name: the same wherever they are painted. */
export function* paintCases(paint: Paint): Generator<readonly [name: string, rgba: Uint8ClampedArray<ArrayBuffer>]> {
  const { widthPx, heightPx } = product;
  for (const [name, elements] of Object.entries(cases)) {
    const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
    for (let pixel = 0; pixel < widthPx * heightPx; pixel += 1) {
      const [x, y] = [pixel % widthPx, Math.floor(pixel / widthPx)];
      rgba.set([x & 255, y & 255, (x * 3 + y * 5) & 255, 255], pixel * 4);
    }
    const drawn = elements.map((element) => drawElement(element, () => undefined)).filter((one) => one !== undefined);
    const skipped = paintElements(paint, rgba, product, drawn);
    if (skipped.length > 0) throw new Error(`${name}: ${JSON.stringify(skipped)}`);
    yield [name, rgba];
  }
}

/** The SHA-256 of each. */
export async function paintedDigests(paint: Paint): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, rgba] of paintCases(paint)) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", rgba));
    digests[name] = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return digests;
}
