import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Affine } from "#card/placement.ts";
import { type Art, type DrawOp, maxOps, maxPathLength } from "#design/elements.ts";
import { coverPlaces } from "#paint/cover.ts";
import {
  readColour,
  readNumber,
  readTransform,
  refuse,
  shapePath,
  shapes,
  toOutlines,
  type Attributes,
} from "./svg-values.ts";
import { readPath, staysWithin, transformPath, writePath } from "./svg-path.ts";

/** Bytes of such a file, elements in it and within each other, and its width to its height or the other way round. */
export const svgLimits = { bytes: 200_000, elements: 1000, depth: 16, proportion: 20 } as const;

const namespace = "http://www.w3.org/2000/svg";
const attributesName = ":@";
/** Say nothing about what is drawn. */
const silentElements = new Set(["title", "desc"]);
const silentAttributes = new Set(["id", "clip-rule", "version"]);

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  attributesGroupName: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  processEntities: false,
  ignoreDeclaration: true,
  maxNestedTags: svgLimits.depth,
});

/** What an element has of those around it. */
interface Inherited {
  readonly fill: string | null;
  readonly rule: DrawOp["rule"];
  readonly matrix: Affine;
}

/** One that is not closed stays. */
function withoutComments(text: string): string {
  let bare = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf("<!--", at);
    const end = start < 0 ? -1 : text.indexOf("-->", start + 4);
    if (end < 0) return bare + text.slice(at);
    bare += text.slice(at, start);
    at = end + 3;
  }
}

/** What can be told without knowing XML, so that a parser never meets it. */
function readText(bytes: Uint8Array): string {
  if (bytes.byteLength > svgLimits.bytes) refuse(`is larger than ${svgLimits.bytes} bytes`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("is not written in UTF-8");
  }
  const bare = withoutComments(text.replace(/^\s*<\?xml [^<>?]*\?>/, ""));
  if (/<!/.test(bare)) refuse("has a DOCTYPE, an entity or a CDATA section: leave it out");
  if (/<\?/.test(bare)) refuse("has a processing instruction, such as a style sheet: leave it out");
  if (bare.includes("&")) refuse("has a reference to a character or an entity (&): leave it out");
  const valid = XMLValidator.validate(bare);
  if (valid !== true) refuse(`is not well-formed XML (line ${valid.err.line})`);
  return bare;
}

function parse(text: string): readonly Node[] {
  try {
    return parser.parse(text) as Node[];
  } catch {
    return refuse(`is not well-formed XML, or has elements more than ${svgLimits.depth} deep`);
  }
}

function nameOf(node: Node): string {
  return Object.keys(node).find((key) => key !== attributesName) ?? "";
}

function attributesOf(node: Node): Attributes {
  return (node[attributesName] ?? {}) as Attributes;
}

/** Where the drawing begins, and its sides. */
function readViewBox(attributes: Attributes): readonly [number, number, number, number] {
  const given = attributes["viewBox"];
  const box =
    given === undefined
      ? [0, 0, readNumber(attributes, "width"), readNumber(attributes, "height")]
      : given
          .trim()
          .split(/[\s,]+/)
          .map(Number);
  const [x = Number.NaN, y = Number.NaN, width = 0, height = 0] = box;
  if (box.length !== 4 || ![x, y, width, height].every((value) => Math.abs(value) <= 100_000))
    refuse("has no viewBox of four numbers");
  if (width <= 0 || height <= 0) refuse("has a viewBox without an area");
  const { proportion } = svgLimits;
  if (Math.max(width / height, height / width) > proportion) refuse(`is more than ${proportion} times as long as wide`);
  return [x, y, width, height];
}

/** Only what is known here has a meaning: all else would be drawn otherwise than it was meant. */
function checkAttributes(name: string, attributes: Attributes, own: readonly string[]): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    if (silentAttributes.has(attribute) || own.includes(attribute)) continue;
    if (["fill", "fill-rule", "transform"].includes(attribute)) continue;
    if (attribute === "stroke" && value === "none") continue;
    const remedy = attribute.startsWith("stroke") ? `: ${toOutlines}` : "";
    refuse(
      `has the attribute "${attribute.slice(0, 40)}" on <${name}>: only filled areas of one colour can be drawn${remedy}`,
    );
  }
}

function inherit(attributes: Attributes, from: Inherited): Inherited {
  const rule = attributes["fill-rule"] ?? from.rule;
  if (rule !== "nonzero" && rule !== "evenodd") return refuse('has a fill-rule other than "nonzero" and "evenodd"');
  const fill = attributes["fill"] === undefined ? from.fill : readColour(attributes["fill"]);
  return { fill, rule, matrix: readTransform(attributes["transform"], from.matrix) };
}

/** Every outline in the order in which they are painted. */
function collect(nodes: readonly Node[], from: Inherited, toArt: Affine, art: Pick<Art, "width" | "height">): DrawOp[] {
  const ops: DrawOp[] = [];
  const visit = (node: Node, inherited: Inherited): void => {
    const name = nameOf(node);
    if (silentElements.has(name)) return;
    if (name === "#text") refuse("has text outside of its title");
    const attributes = attributesOf(node);
    const isGroup = name === "g";
    const own = isGroup ? [] : Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (name === "line") refuse(`has <line>, which has no area: ${toOutlines}`);
    if (own === undefined) refuse(`has <${name.slice(0, 40)}>: expected only g, ${Object.keys(shapes).join(", ")}`);
    checkAttributes(name, attributes, own ?? []);
    const { fill, rule, matrix } = inherit(attributes, inherited);
    if (isGroup) {
      for (const child of node[name] as Node[]) visit(child, { fill, rule, matrix });
      return;
    }
    if ((node[name] as Node[]).some((child) => !silentElements.has(nameOf(child))))
      refuse(`has something within <${name}>`);
    const segments = readPath(shapePath(name, attributes));
    if (fill === null || segments.length === 0) return;
    const placed = transformPath(transformPath(segments, matrix), toArt);
    if (!staysWithin(placed, art.width, art.height, 0.03))
      refuse("draws beyond its viewBox: nothing would cut that off");
    ops.push({ path: writePath(placed, 2), fill, rule });
  };
  for (const node of nodes) visit(node, from);
  return ops;
}

/**
 * So many places along the longer side, the finest of them narrower than a tenth of a millimetre on a card that it covers; and of how many
 * characters outlines may be to be looked at so closely. What is longer has an area, and would hold the start.
 */
const looks = [
  { places: 100, mostCharacters: 20_000 },
  { places: 1000, mostCharacters: 4000 },
] as const;

/** Whether anything of it is so wide and so high that a printer could show it. */
function showsAnything(art: Art): boolean {
  const characters = art.ops.reduce((sum, { path }) => sum + path.length, 0);
  return looks.some(({ places, mostCharacters }) => characters > mostCharacters || coversAny(art, places));
}

function coversAny({ width, height, ops }: Art, places: number): boolean {
  const perUnit = places / Math.max(width, height);
  const [columns, rows] = [Math.ceil(width * perUnit) + 1, Math.ceil(height * perUnit) + 1];
  const covered = new Float32Array(columns * rows);
  // Off the round numbers that drawings are made of: two lines in one place may seem apart where they meet the middle of a place.
  const toGrid: Affine = [perUnit, 0, 0, perUnit, 0.27, 0.14];
  coverPlaces(covered, { columns, rows, toGrid }, [{ id: "sticker", ops, matrix: [1, 0, 0, 1, 0, 0] }], () => 1);
  return covered.includes(1);
}

/** An SVG as outlines, its longer side so many units long, rounded to a hundredth. Throws an Error with the end of a sentence for any other. */
export function readSvg(bytes: Uint8Array, longerSide: number): Art {
  const text = readText(bytes);
  if ((text.match(/<[^/!]/g) ?? []).length > svgLimits.elements) refuse(`has more than ${svgLimits.elements} elements`);
  const [root, ...others] = parse(text);
  if (root === undefined || others.length > 0 || nameOf(root) !== "svg") return refuse("is not one <svg>");
  const { xmlns, ...attributes } = attributesOf(root);
  if (xmlns !== namespace) refuse(`does not say xmlns="${namespace}"`);
  checkAttributes("svg", attributes, ["viewBox", "width", "height"]);
  const [x, y, boxWidth, boxHeight] = readViewBox(attributes);
  const scale = longerSide / Math.max(boxWidth, boxHeight);
  const round = (value: number): number => Number(value.toFixed(2));
  const art = { width: round(boxWidth * scale), height: round(boxHeight * scale) };
  const start = inherit(attributes, { fill: "#000000", rule: "nonzero", matrix: [1, 0, 0, 1, 0, 0] });
  const ops = collect(root["svg"] as Node[], start, [scale, 0, 0, scale, -x * scale, -y * scale], art);
  if (ops.length === 0) refuse(`draws nothing, since nothing in it is filled: fill it, or ${toOutlines}`);
  if (ops.length > maxOps) refuse(`has more than ${maxOps} outlines`);
  if (ops.some(({ path }) => path.length > maxPathLength)) refuse(`has a path longer than ${maxPathLength} characters`);
  if (!showsAnything({ ...art, ops }))
    refuse(`shows nothing, since its lines enclose no area that is filled: ${toOutlines}`);
  return { ...art, ops };
}
