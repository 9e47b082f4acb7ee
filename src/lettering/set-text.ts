import createBidi from "bidi-js";
import { Blob, Buffer, Direction, Face, Font, shape } from "harfbuzzjs";
import type { Alignment, Art, FaceName, Writing } from "#design/elements.ts";
import { type FontName, faces, fontsWith } from "./faces.ts";
import type { SliceName } from "./slices.ts";

export interface TextArt {
  /** In thousandths of the text's size (an em). The width is that of the longest line, the height that of the lines, each as high as its letters need. */
  readonly art: Art;
  /** Characters that none of the fonts has, each once: nothing is drawn of them. */
  readonly missing: readonly string[];
}

const bidi = createBidi();

// Ten steps for each thousandth: outlines are rounded to these, so that they are the same wherever they are made.
const steps = 10_000;

interface OpenFont {
  readonly font: Font;
  readonly has: ReadonlySet<number>;
}

const opened = new WeakMap<Uint8Array, OpenFont>();

function openFont(bytes: Uint8Array<ArrayBuffer>): OpenFont {
  const known = opened.get(bytes);
  if (known !== undefined) return known;
  const face = new Face(new Blob(bytes));
  const font = new Font(face);
  font.setScale(steps, steps);
  const found = { font, has: new Set(face.collectUnicodes()) };
  opened.set(bytes, found);
  return found;
}

export type Fonts = ReadonlyMap<FontName | SliceName, Uint8Array<ArrayBuffer>>;

/** Letters that are shaped together. */
interface Run {
  readonly start: number;
  end: number;
  readonly font: OpenFont;
  readonly level: number;
}

// Joiners and variation selectors have no glyph of their own.
const isUnseen = /\u200c|\u200d|[\ufe00-\ufe0f]/u;
// Nobody misses what is never seen, such as the half of an emoji that says how the other is drawn.
const isIgnorable = /\p{Default_Ignorable_Code_Point}/u;
const isMark = /\p{M}/u;
const isCommon = /[\p{Script=Common}\p{Script=Inherited}]/u;

class Setter {
  readonly #face: FaceName;
  readonly #fonts: Fonts;
  readonly missing = new Set<string>();

  constructor(face: FaceName, fonts: Fonts) {
    this.#face = face;
    this.#fonts = fonts;
  }

  /** The font for a letter; undefined where none that is there has it. */
  #find(letter: string, last: OpenFont | undefined): OpenFont | undefined {
    const codePoint = letter.codePointAt(0) as number;
    if (last !== undefined && isUnseen.test(letter)) return last;
    if ((isCommon.test(letter) || isMark.test(letter)) && last?.has.has(codePoint) === true) return last;
    // A mark of another font would stand beside its letter.
    const others = isMark.test(letter) ? [] : [...fontsWith(codePoint, this.#face), ...this.#fonts.keys()];
    for (const name of others) {
      const bytes = this.#fonts.get(name);
      const font = bytes && openFont(bytes);
      if (font?.has.has(codePoint) === true) return font;
    }
    if (!isIgnorable.test(letter)) this.missing.add(letter);
    return undefined;
  }

  /** The runs of a line, left to right. */
  runsOf(line: string): readonly Run[] {
    const { levels } = bidi.getEmbeddingLevels(line);
    const runs: Run[] = [];
    let at = 0;
    let font: OpenFont | undefined;
    for (const letter of line) {
      const level = levels[at] as number;
      const found = this.#find(letter, font);
      const last = runs.at(-1);
      const end = at + letter.length;
      font = found ?? font;
      if (found !== undefined && last?.end === at && last.font === found && last.level === level) last.end = end;
      else if (found !== undefined) runs.push({ start: at, end, font: found, level });
      at = end;
    }
    return inVisualOrder(runs);
  }
}

/** Rule L2 of the Unicode bidirectional algorithm, on whole runs: within one the shaper turns the letters round. */
function inVisualOrder(logical: readonly Run[]): readonly Run[] {
  let runs = [...logical];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level--) {
    const turned: Run[] = [];
    let group: Run[] = [];
    for (const run of runs) {
      if (run.level >= level) group.unshift(run);
      else {
        turned.push(...group, run);
        group = [];
      }
    }
    runs = [...turned, ...group];
  }
  return runs;
}

interface Glyph {
  readonly font: OpenFont;
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

interface Line {
  readonly glyphs: readonly Glyph[];
  readonly width: number;
  readonly isRightToLeft: boolean;
  readonly ascender: number;
  readonly descender: number;
}

function shapeRun(line: string, { start, end, font, level }: Run) {
  const buffer = new Buffer();
  buffer.addText(line, start, end - start);
  buffer.guessSegmentProperties();
  buffer.setDirection(level % 2 === 1 ? Direction.RTL : Direction.LTR);
  buffer.setLanguage("und");
  shape(font.font, buffer);
  return buffer.getGlyphInfosAndPositions();
}

function setLine(line: string, setter: Setter, latin: OpenFont): Line {
  const runs = setter.runsOf(line);
  const glyphs: Glyph[] = [];
  let width = 0;
  for (const run of runs) {
    for (const glyph of shapeRun(line, run)) {
      const { codepoint: id, xAdvance = 0, xOffset = 0, yOffset = 0 } = glyph;
      glyphs.push({ font: run.font, id, x: width + xOffset, y: -yOffset });
      width += xAdvance;
    }
  }
  const extents = [latin, ...runs.map(({ font }) => font)].map(({ font }) => font.hExtents());
  return {
    glyphs,
    width,
    isRightToLeft: (bidi.getEmbeddingLevels(line).paragraphs[0]?.level ?? 0) % 2 === 1,
    ascender: Math.max(...extents.map(({ ascender }) => ascender)),
    descender: Math.max(...extents.map(({ descender }) => -descender)),
  };
}

function write(value: number): string {
  return String(Math.round(value) / 10);
}

/** A glyph's outline with its origin there, downwards. */
function outlineOf({ font, id }: Glyph, originX: number, originY: number): string {
  let path = "";
  for (const { type, values } of font.font.glyphToJson(id)) {
    const points = values.map((value, index) => write(index % 2 === 0 ? originX + value : originY - value));
    path += type + points.join(" ");
  }
  return path;
}

/** Where a line begins in the width of the longest. */
function indentOf({ width, isRightToLeft }: Line, widest: number, align: Alignment): number {
  if (align === "centre") return (widest - width) / 2;
  return (align === "end") === isRightToLeft ? 0 : widest - width;
}

/**
 * The outlines of a text, shaped by HarfBuzz; the same wherever they are made. `fonts` holds those of `listFonts` and `listSlices`, in
 * this order, unpacked. A text of
 * spaces alone, or of letters that no font has, leaves an art without outlines.
 */
export function setText({ text, face, align }: Writing, fonts: Fonts): TextArt {
  const latinBytes = fonts.get(faces[face].latin);
  if (latinBytes === undefined) throw new Error(`the font ${faces[face].latin} is not loaded`);
  const setter = new Setter(face, fonts);
  const lines = text.split("\n").map((line) => setLine(line, setter, openFont(latinBytes)));
  const widest = Math.max(1, ...lines.map(({ width }) => width));
  let top = 0;
  let path = "";
  for (const line of lines) {
    const indent = indentOf(line, widest, align);
    for (const glyph of line.glyphs) path += outlineOf(glyph, indent + glyph.x, top + line.ascender + glyph.y);
    top += line.ascender + line.descender;
  }
  const ops = path === "" ? [] : [{ path, fill: "#000000", rule: "nonzero" } as const];
  return { art: { width: Math.round(widest) / 10, height: Math.round(top) / 10, ops }, missing: [...setter.missing] };
}
