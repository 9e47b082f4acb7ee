import type { Affine } from "#card/placement.ts";

export type Attributes = Readonly<Record<string, string>>;

/** Throws an Error with the end of a sentence that begins with the file. */
export function refuse(sentence: string): never {
  throw new Error(sentence);
}

/** What to do about lines. */
export const toOutlines = "convert strokes to outlines (in Inkscape: Path, Stroke to Path)";

/** What is drawn, and the attributes that say how. */
export const shapes: Readonly<Record<string, readonly string[]>> = {
  path: ["d"],
  rect: ["x", "y", "width", "height", "rx", "ry"],
  circle: ["cx", "cy", "r"],
  ellipse: ["cx", "cy", "rx", "ry"],
  polygon: ["points"],
  polyline: ["points"],
};

// Each digit in one way alone: of a long number that is none the ways would be without end.
const plainNumber = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?$/;

/** In the drawing's own units; 0 where it is not there. */
export function readNumber(attributes: Attributes, name: string): number {
  const text = (attributes[name] ?? "0").trim().replace(/px$/, "");
  if (!plainNumber.test(text)) refuse(`has a ${name} that is not a number of px`);
  return Number(text);
}

const namedColours: Readonly<Record<string, string>> = { black: "#000000", white: "#ffffff" };

/** As `#rrggbb`; null where nothing is filled. */
export function readColour(given: string): string | null {
  const text = given.trim().toLowerCase();
  if (text === "none") return null;
  if (/^#[0-9a-f]{6}$/.test(text)) return text;
  if (/^#[0-9a-f]{3}$/.test(text)) return text.replaceAll(/[0-9a-f]/g, "$&$&");
  const named = Object.hasOwn(namedColours, text) ? namedColours[text] : undefined;
  return named ?? refuse(`has the fill "${text.slice(0, 40)}": expected a colour as #rrggbb, or none`);
}

/** The other matrix first, then this one. */
function multiply([a, b, c, d, e, f]: Affine, [p, q, r, s, t, u]: Affine): Affine {
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

function functionMatrix(name: string, numbers: readonly number[]): Affine {
  const [one = 0, two, three = 0] = numbers;
  const radians = (one * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  if (name === "matrix" && numbers.length === 6) return numbers as unknown as Affine;
  if (name === "translate" && numbers.length <= 2) return [1, 0, 0, 1, one, two ?? 0];
  if (name === "scale" && numbers.length <= 2) return [one, 0, 0, two ?? one, 0, 0];
  if (name === "rotate" && numbers.length === 1) return [cos, sin, -sin, cos, 0, 0];
  if (name === "rotate" && numbers.length === 3) {
    const turned = multiply([1, 0, 0, 1, two ?? 0, three], [cos, sin, -sin, cos, 0, 0]);
    return multiply(turned, [1, 0, 0, 1, -(two ?? 0), -three]);
  }
  if (name === "skewX" && numbers.length === 1) return [1, 0, Math.tan(radians), 1, 0, 0];
  if (name === "skewY" && numbers.length === 1) return [1, Math.tan(radians), 0, 1, 0, 0];
  return refuse(`has the transform "${name.slice(0, 40)}" with ${numbers.length} numbers`);
}

/** What `transform` says within a matrix around it. */
export function readTransform(text: string | undefined, around: Affine): Affine {
  if (text === undefined) return around;
  let matrix = around;
  const rest = text.replaceAll(/([A-Za-z]{1,20})\s*\(([^()]*)\)[\s,]*/g, (_whole, name: string, list: string) => {
    const numbers = list.trim().split(/[\s,]+/);
    if (!numbers.every((number) => plainNumber.test(number)))
      refuse(`has a transform "${name.slice(0, 40)}" without numbers`);
    matrix = multiply(matrix, functionMatrix(name, numbers.map(Number)));
    return "";
  });
  if (rest.trim() !== "") refuse("has a transform that cannot be read");
  return matrix;
}

/** What a shape draws, in SVG's path language. */
export function shapePath(name: string, attributes: Attributes): string {
  const read = (attribute: string): number => readNumber(attributes, attribute);
  switch (name) {
    case "path":
      return attributes["d"] ?? "";
    case "circle":
      return ellipsePath(read("cx"), read("cy"), read("r"), read("r"));
    case "ellipse":
      return ellipsePath(read("cx"), read("cy"), read("rx"), read("ry"));
    case "rect":
      return rectPath(attributes, read);
    default:
      return polygonPath(attributes["points"] ?? "");
  }
}

function ellipsePath(cx: number, cy: number, rx: number, ry: number): string {
  if (rx <= 0 || ry <= 0) return "";
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 1 ${2 * rx} 0a${rx} ${ry} 0 1 1 ${-2 * rx} 0Z`;
}

function rectPath(attributes: Attributes, read: (name: string) => number): string {
  const [x, y, width, height] = [read("x"), read("y"), read("width"), read("height")];
  if (width <= 0 || height <= 0) return "";
  const rx = Math.min(read(attributes["rx"] === undefined ? "ry" : "rx"), width / 2);
  const ry = Math.min(read(attributes["ry"] === undefined ? "rx" : "ry"), height / 2);
  if (rx <= 0 || ry <= 0) return `M${x} ${y}h${width}v${height}h${-width}Z`;
  const corner = (byX: number, byY: number): string => `a${rx} ${ry} 0 0 1 ${byX} ${byY}`;
  const [across, down] = [width - 2 * rx, height - 2 * ry];
  return `M${x + rx} ${y}h${across}${corner(rx, ry)}v${down}${corner(-rx, ry)}h${-across}${corner(-rx, -ry)}v${-down}${corner(rx, -ry)}Z`;
}

function polygonPath(points: string): string {
  const numbers = points.trim().split(/[\s,]+/);
  if (numbers.length < 4 || numbers.length % 2 !== 0) return refuse("has points that are not pairs of numbers");
  return `M${numbers.join(" ")}Z`;
}
