import sharp from "sharp";
import { compareColours } from "./ciede2000.ts";
import { flipped, gridOf } from "./grid.ts";
import type { Outcome } from "./host.ts";
import type { Opens, TableFile } from "./table.ts";

/** What became of a file in a browser. */
export interface Verdict {
  readonly kind: "opened" | "named" | "wrong";
  /** In a word or two, where it is wrong; of what is named, the code. */
  readonly note: string;
  /** CIEDE2000 of the card against the independent decode, where there is a card. */
  readonly mean?: number;
  readonly max?: number;
  /** It lies as it should, on the card and on the screen. */
  readonly isUpright?: boolean;
}

/** By how much a value of the preview's grid may be off on average, of 255: it is for the screen. */
const mostOfGrid = 3;

function gridDifference(own: readonly number[], grid: readonly number[]): number {
  return own.reduce((sum, value, at) => sum + Math.abs(value - (grid[at] as number)), 0) / own.length;
}

/** Whether it is nearer as it lies than mirrored, upside down or both; on its side it would be of another size. */
function isUprightAs(own: readonly number[], grid: readonly number[]): boolean {
  const others = [flipped(own, true, false), flipped(own, false, true), flipped(own, true, true)];
  return others.every((other) => gridDifference(other, grid) > gridDifference(own, grid));
}

async function judgeOpened({ picture, most }: Opens, { png, ...outcome }: Outcome): Promise<Verdict> {
  const { widthPx, heightPx } = picture;
  const size = `${outcome.widthPx}x${outcome.heightPx}`;
  if (size !== `${widthPx}x${heightPx}`) return { kind: "wrong", note: `measured ${size}`, isUpright: false };
  const card = new Uint8Array(await sharp(png).removeAlpha().raw().toBuffer());
  const { mean, max } = compareColours(card, picture.rgb);
  const [own, printed, { grid = [] }] = [
    gridOf(picture.rgb, widthPx, heightPx, 3),
    gridOf(card, widthPx, heightPx, 3),
    outcome,
  ];
  const isUpright = isUprightAs(own, printed) && isUprightAs(own, grid);
  const offScreen = gridDifference(own, grid);
  const notes = [
    ...(isUpright ? [] : ["turned"]),
    ...(mean <= most ? [] : [`colours (at most ${most})`]),
    ...(offScreen <= Math.max(mostOfGrid, most * 3) ? [] : [`preview (${offScreen.toFixed(1)})`]),
  ];
  return { kind: notes.length === 0 ? "opened" : "wrong", note: notes.join(", "), mean, max, isUpright };
}

/** Holds what a browser made of a file against what has to become of it. */
export async function judge(file: TableFile, outcome: Outcome | undefined): Promise<Verdict> {
  if (outcome === undefined) return { kind: "wrong", note: "no answer" };
  const { code } = outcome;
  if ("refused" in file) {
    if (code === undefined) return { kind: "wrong", note: "opened" };
    return { kind: file.refused.some((each) => each === code) ? "named" : "wrong", note: code };
  }
  if (code !== undefined && code === file.opens.orNamed) return { kind: "named", note: code };
  return code === undefined ? judgeOpened(file.opens, outcome) : { kind: "wrong", note: code };
}
