import { decodeSrgb, encodeSrgb, type Triple, xyzToLinear } from "./icc-colours.ts";
import { type Curve, readCurve, readS15Fixed16, sampleCurve } from "./icc-curves.ts";
import { type ColourTable, readColourTable } from "./icc-table.ts";

/** Turns `count` pixels, of channels of 0 to 65535, into sRGB: sets R, G and B of RGBA, and leaves A. */
export type ToSrgb = (samples: Uint16Array, count: number, rgba: Uint8ClampedArray) => void;

export type ColourSpace = "GRAY" | "RGB " | "CMYK";

/** Linear light in 65,536 steps to sRGB's 0 to 255. */
function makeEncoder(): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 65536 }, (_, level) => encodeSrgb(level / 65535) * 255);
}

/** Three curves to linear light, and three columns that take it to linear sRGB. */
function throughMatrix(curves: readonly Curve[], columns: readonly Triple[]): ToSrgb {
  const [cr, cg, cb] = curves.map(sampleCurve) as [Float32Array, Float32Array, Float32Array];
  // In the encoder's steps.
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = columns.map((column) => column.map((value) => value * 65535)) as [
    number[],
    number[],
    number[],
  ] as [[number, number, number], [number, number, number], [number, number, number]];
  const encoder = makeEncoder();
  const level = (value: number): number => (value <= 0 ? 0 : value >= 65535 ? 65535 : (value + 0.5) | 0);
  return (samples, count, rgba) => {
    for (let pixel = 0; pixel < count; pixel++) {
      const r = cr[samples[pixel * 3] as number] as number;
      const g = cg[samples[pixel * 3 + 1] as number] as number;
      const b = cb[samples[pixel * 3 + 2] as number] as number;
      rgba[pixel * 4] = encoder[level(rr * r + gr * g + br * b)] as number;
      rgba[pixel * 4 + 1] = encoder[level(rg * r + gg * g + bg * b)] as number;
      rgba[pixel * 4 + 2] = encoder[level(rb * r + gb * g + bb * b)] as number;
    }
  };
}

function throughGrey(curve: Curve): ToSrgb {
  const levels = Uint8ClampedArray.from({ length: 65536 }, (_, level) => encodeSrgb(curve(level / 65535)) * 255);
  return (samples, count, rgba) => {
    for (let pixel = 0; pixel < count; pixel++)
      rgba.fill(levels[samples[pixel] as number] as number, pixel * 4, pixel * 4 + 3);
  };
}

/**
 * Between the lines of the grid along its simplices: from the pixel's lowest corner one step in each direction, that in which it
 * lies furthest first.
 */
function throughTable({ inputs, grid, nodes }: ColourTable): ToSrgb {
  const channels = grid.length;
  const positions = inputs.map((curve, channel) => {
    const lines = (grid[channel] ?? 2) - 1;
    return sampleCurve((value) => Math.min(Math.max(curve(value), 0), 1) * lines);
  });
  const strides = grid.map((_, channel) => grid.slice(channel + 1).reduce((product, lines) => product * lines, 3));
  const fractions = new Float64Array(channels);
  const steps = new Int32Array(channels);
  return (samples, count, rgba) => {
    for (let pixel = 0; pixel < count; pixel++) {
      let corner = 0;
      for (let channel = 0; channel < channels; channel++) {
        const at = (positions[channel] as Float32Array)[samples[pixel * channels + channel] as number] as number;
        const line = Math.min(at | 0, (grid[channel] as number) - 2);
        const fraction = at - line;
        corner += line * (strides[channel] as number);
        let place = channel;
        for (; place > 0 && (fractions[place - 1] as number) < fraction; place--) {
          fractions[place] = fractions[place - 1] as number;
          steps[place] = steps[place - 1] as number;
        }
        fractions[place] = fraction;
        steps[place] = strides[channel] as number;
      }
      let weight = 1 - (fractions[0] as number);
      let r = weight * (nodes[corner] as number);
      let g = weight * (nodes[corner + 1] as number);
      let b = weight * (nodes[corner + 2] as number);
      for (let channel = 0; channel < channels; channel++) {
        corner += steps[channel] as number;
        weight = (fractions[channel] as number) - (channel + 1 < channels ? (fractions[channel + 1] as number) : 0);
        r += weight * (nodes[corner] as number);
        g += weight * (nodes[corner + 1] as number);
        b += weight * (nodes[corner + 2] as number);
      }
      rgba[pixel * 4] = r;
      rgba[pixel * 4 + 1] = g;
      rgba[pixel * 4 + 2] = b;
    }
  };
}

function readTags(view: DataView): ReadonlyMap<number, number> {
  const count = Math.min(view.getUint32(128), 200);
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const entry = 132 + index * 12;
      return [view.getUint32(entry), view.getUint32(entry + 4)];
    }),
  );
}

function tag(name: string): number {
  return new DataView(Uint8Array.from(name, (letter) => letter.charCodeAt(0)).buffer).getUint32(0);
}

function readTriple(view: DataView, offset: number): Triple {
  return [readS15Fixed16(view, offset + 8), readS15Fixed16(view, offset + 12), readS15Fixed16(view, offset + 16)];
}

/**
 * The way from a profile's colours to sRGB, as its maker wants photos to be seen (perceptual), its black becoming sRGB's.
 * Undefined when it is for other colours than the picture's, of an unknown kind, or broken. ICC.1:2022.
 */
export function readProfile(profile: Uint8Array, space: ColourSpace): ToSrgb | undefined {
  try {
    const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
    if (view.getUint32(16) !== tag(space)) return undefined;
    const pcs = view.getUint32(20) === tag("XYZ ") ? "XYZ" : "Lab";
    const tags = readTags(view);
    const table = tags.get(tag("A2B0")) ?? tags.get(tag("A2B1"));
    if (table !== undefined) return throughTable(readColourTable(view, table, pcs));
    const offsets = (space === "GRAY" ? ["kTRC"] : ["rTRC", "gTRC", "bTRC"]).map((name) => tags.get(tag(name)));
    const curves = offsets.map((offset) => readCurve(view, offset ?? Number.MAX_SAFE_INTEGER).curve);
    const [first] = curves;
    if (space === "GRAY" && first !== undefined) return throughGrey(first);
    const columns = ["rXYZ", "gXYZ", "bXYZ"].map((name) =>
      xyzToLinear(readTriple(view, tags.get(tag(name)) ?? Number.MAX_SAFE_INTEGER)),
    );
    return throughMatrix(curves, columns);
  } catch {
    return undefined;
  }
}

/** Display P3, whose curve is sRGB's: what Apple's devices take photos in. */
export function fromDisplayP3(): ToSrgb {
  const toLinear: readonly Triple[] = [
    [1.2249402, -0.0420569, -0.0196376],
    [-0.2249402, 1.0420569, -0.0786361],
    [0, 0, 1.0982735],
  ];
  return throughMatrix([decodeSrgb, decodeSrgb, decodeSrgb], toLinear);
}
