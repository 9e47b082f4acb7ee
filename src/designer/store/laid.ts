import { luminanceOf } from "#card/art.ts";
import { type Laid, type Lit, lightAt } from "#card/crop-light.ts";
import { contrastOf } from "#card/printed-lines.ts";
import { type Extent, extentOf, fromBox } from "#design/element-places.ts";
import { type Art, type DrawnElement, drawElement, type Text, type VectorElement } from "#design/elements.ts";
import { countLines } from "#design/text-rules.ts";
import { coverPlaces, type Grid } from "#paint/cover.ts";

export type Arts = ReadonlyMap<string, Art>;

interface Drawn {
  readonly extent: Extent;
  readonly drawn: DrawnElement;
}

function draw(elements: readonly VectorElement[], arts: Arts): readonly Drawn[] {
  return elements.flatMap((element) => {
    const drawn = drawElement(element, (name) => arts.get(name));
    return drawn === undefined ? [] : [{ extent: extentOf(element.box), drawn }];
  });
}

function meets(one: Extent, other: Extent): boolean {
  const across = one.leftMm < other.rightMm && other.leftMm < one.rightMm;
  return across && one.topMm < other.bottomMm && other.topMm < one.bottomMm;
}

/** The light of what is drawn there, NaN elsewhere; null where nothing of it lies. */
function lightOver(all: readonly Drawn[], within: Extent, grid: Grid): Float32Array | null {
  const there = all.filter(({ extent }) => meets(extent, within)).map(({ drawn }) => drawn);
  if (there.length === 0) return null;
  const places = new Float32Array(grid.columns * grid.rows).fill(Number.NaN);
  coverPlaces(places, grid, there, luminanceOf);
  return places;
}

function layOver(elements: readonly VectorElement[], arts: Arts): Laid {
  const all = draw(elements, arts);
  const known = new Map<string, Float32Array | null>();
  return (within, across, down) => {
    const { left, top, right, bottom } = within;
    const key = [left, top, right, bottom, across, down].join(" ");
    const before = known.get(key);
    if (before !== undefined) return before;
    const [perMmAcross, perMmDown] = [across / (right - left), down / (bottom - top)];
    const toGrid = [perMmAcross, 0, 0, perMmDown, -left * perMmAcross, -top * perMmDown] as const;
    const extent = { leftMm: left, topMm: top, rightMm: right, bottomMm: bottom };
    const found = lightOver(all, extent, { columns: across, rows: down, toGrid });
    known.set(key, found);
    return found;
  };
}

interface Asked {
  readonly elements: readonly VectorElement[];
  readonly arts: Arts;
}

function isSame(one: Asked, other: Asked): boolean {
  const { elements } = other;
  return (
    one.arts === other.arts &&
    one.elements.length === elements.length &&
    one.elements.every((element, at) => element === elements[at])
  );
}

interface Known extends Asked {
  readonly laid: Laid;
}

/** As the card is, as it was, and as a fix would make it. */
const mostKnown = 4;
let remembered: readonly Known[] = [];

/** The light of what lies on a photo; undefined where nothing does. While the photo moves it is found once. */
export function laidOf(elements: readonly VectorElement[], arts: Arts): Laid | undefined {
  if (elements.length === 0) return undefined;
  const asked = { elements, arts };
  const known = remembered.find((one) => isSame(one, asked)) ?? { ...asked, laid: layOver(elements, arts) };
  remembered = [known, ...remembered.filter((one) => one !== known)].slice(0, mostKnown);
  return known.laid;
}

/** Of a line's height: a window about as wide as a letter, and how finely it is looked through. */
const [windowColumns, rowsOfLine] = [6, 5];
/** Of a line that is so long there are no more windows: each is wider then. */
const mostColumns = 240;
/** A letter that is hard to read among ten does no harm. */
const worstShare = 0.1;

/** From millimetres of the card to places of a text's box. */
function gridOf({ box, text }: Text): Grid {
  const rows = rowsOfLine * countLines(text);
  const perMmDown = rows / box.heightMm;
  const columns = Math.max(windowColumns, Math.min(mostColumns, Math.round(box.widthMm * perMmDown * 2)));
  const perMmAcross = columns / box.widthMm;
  const radians = (box.rotationDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const [a, b, c, d] = [cos * perMmAcross, -sin * perMmDown, sin * perMmAcross, cos * perMmDown];
  return {
    columns,
    rows,
    toGrid: [a, b, c, d, columns / 2 - a * box.xMm - c * box.yMm, rows / 2 - b * box.xMm - d * box.yMm],
  };
}

/** A text on a grid of its own. */
interface Written extends Asked {
  readonly grid: Grid;
  /** 1 where its letters are. */
  readonly letters: Float32Array;
  /** The light of what lies below it, NaN where that is the photo. */
  readonly over: Float32Array | null;
}

const writings = new WeakMap<Text, Written>();

/** While the photo moves, and for each text that is not moved, it is found once. */
function write(text: Text, asked: Asked): Written | undefined {
  const known = writings.get(text);
  if (known !== undefined && isSame(known, asked)) return known;
  const [own] = draw([text], asked.arts);
  if (own === undefined) return undefined;
  const grid = gridOf(text);
  const letters = new Float32Array(grid.columns * grid.rows);
  coverPlaces(letters, grid, [own.drawn], () => 1);
  const found = { ...asked, grid, letters, over: lightOver(draw(asked.elements, asked.arts), own.extent, grid) };
  writings.set(text, found);
  return found;
}

/** How light it is behind each letter of a text: behind as many windows as its lines have letters about; null while its outlines are not there. */
export function lightBehind(
  text: Text,
  below: readonly VectorElement[],
  lit: Lit,
  arts: Arts,
): readonly number[] | null {
  const written = write(text, { elements: below, arts });
  if (written === undefined) return null;
  const { letters, over } = written;
  const { columns, rows } = written.grid;
  const photoLight = lightAt(lit);
  const { widthMm, heightMm } = text.box;
  const lightOf = (column: number, row: number): number => {
    const onTop = over?.[row * columns + column] ?? Number.NaN;
    if (!Number.isNaN(onTop)) return onTop;
    const [across, down] = [(column + 0.5) / columns - 0.5, (row + 0.5) / rows - 0.5];
    const { xMm, yMm } = fromBox(text.box, { xMm: across * widthMm, yMm: down * heightMm });
    return photoLight(xMm, yMm);
  };
  const windows: number[] = [];
  for (let top = 0; top < rows; top += rowsOfLine) {
    for (let left = 0; left + windowColumns <= columns; left += windowColumns / 2) {
      let [sum, isWritten] = [0, false];
      for (let at = 0; at < windowColumns * rowsOfLine; at++) {
        const [column, row] = [left + (at % windowColumns), top + Math.floor(at / windowColumns)];
        sum += lightOf(column, row);
        isWritten ||= letters[row * columns + column] === 1;
      }
      if (isWritten) windows.push(sum / (windowColumns * rowsOfLine));
    }
  }
  return windows;
}

/** How well letters of this colour (`#rrggbb`) are told from what is behind them where that is worst: contrast as WCAG defines it. */
export function letterContrast(behind: readonly number[], fill: string): number {
  const own = luminanceOf(fill);
  const contrasts = behind.map((light) => contrastOf(own, light)).sort((one, other) => one - other);
  return contrasts[Math.floor(worstShare * contrasts.length)] ?? 21;
}
