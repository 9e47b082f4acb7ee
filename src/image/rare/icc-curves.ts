/** From 0..1 to 0..1. */
export type Curve = (value: number) => number;

const identity: Curve = (value) => value;

/** Values at even steps from 0 to 1, joined by straight lines. */
export function tableCurve(values: ArrayLike<number>): Curve {
  const last = values.length - 1;
  return (value) => {
    const at = Math.min(Math.max(value, 0), 1) * last;
    const index = Math.min(Math.floor(at), last - 1);
    const [from, to] = [values[index] ?? 0, values[index + 1] ?? 0];
    return from + (to - from) * (at - index);
  };
}

/** ICC.1:2022, 10.18: the numbers g a b c d e f of each kind. */
function parametricCurve(kind: number, p: readonly number[]): Curve {
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = p;
  const power = (value: number): number => Math.max(0, value) ** g;
  switch (kind) {
    case 0:
      return power;
    case 1:
      return (x) => (x >= -b / a ? power(a * x + b) : 0);
    case 2:
      return (x) => (x >= -b / a ? power(a * x + b) + c : c);
    case 3:
      return (x) => (x >= d ? power(a * x + b) : c * x);
    default:
      return (x) => (x >= d ? power(a * x + b) + e : c * x + f);
  }
}

export function readS15Fixed16(view: DataView, offset: number): number {
  return view.getInt32(offset) / 65536;
}

/** A `curv` or `para` element at `offset`, and how many bytes it takes. Throws RangeError where it is none or ends too early. */
export function readCurve(view: DataView, offset: number): { readonly curve: Curve; readonly bytes: number } {
  const type = view.getUint32(offset);
  // "para"
  if (type === 0x70617261) {
    const kind = view.getUint16(offset + 8);
    const count = [1, 3, 4, 5, 7][kind];
    if (count === undefined) throw new RangeError("an unknown kind of curve");
    const numbers = Array.from({ length: count }, (_, index) => readS15Fixed16(view, offset + 12 + index * 4));
    return { curve: parametricCurve(kind, numbers), bytes: 12 + count * 4 };
  }
  // "curv"
  if (type !== 0x63757276) throw new RangeError("not a curve");
  const count = view.getUint32(offset + 8);
  const bytes = 12 + count * 2;
  if (offset + bytes > view.byteLength) throw new RangeError("a curve ends too early");
  if (count === 0) return { curve: identity, bytes };
  if (count === 1) {
    const gamma = view.getUint16(offset + 12) / 256;
    return { curve: (value) => Math.max(0, value) ** gamma, bytes };
  }
  const values = Array.from({ length: count }, (_, index) => view.getUint16(offset + 12 + index * 2) / 65535);
  return { curve: tableCurve(values), bytes };
}

/** The curve at each of 65,536 levels. */
export function sampleCurve(curve: Curve): Float32Array {
  return Float32Array.from({ length: 65536 }, (_, level) => curve(level / 65535));
}
