import { Clipper, difference, FillRule, type Path64, type Paths64, union } from "clipper2-ts";
import type { InSteps } from "#card/in-steps.ts";
import { invertAffine } from "#card/placement.ts";
import { boundsOfOp, decimalsOf } from "#design/drawings.ts";
import { artToCard, type Drawing, type DrawOp, maxPathLength } from "#design/elements.ts";
import {
  boundsOf,
  doMeet,
  type Outline,
  readOutlines,
  thinOutline,
  transformOutline,
  writePath,
} from "#design/outlines.ts";

/** How far a line that stands for a curve may be from it. */
const toleranceMm = 0.01;

/** What is smaller than the square of this is not left: no printer shows it. */
const leastMm = 0.02;

function toPath(outline: Outline, scale: number): Path64 {
  const path: Path64 = [];
  for (let at = 0; at < outline.length; at += 2) {
    path.push({ x: Math.round((outline[at] as number) * scale), y: Math.round((outline[at + 1] as number) * scale) });
  }
  return path;
}

function toOutline(path: Path64, scale: number): Outline {
  return path.flatMap(({ x, y }) => [x / scale, y / scale]);
}

function areaOf(paths: Paths64): number {
  return paths.reduce((sum, path) => sum + Clipper.area(path), 0);
}

/** What is left of one outline: itself where nothing of it is rubbed out. */
function* rubOutOf(
  op: DrawOp,
  rubber: readonly Outline[],
  decimals: number,
  mmPerUnit: number,
): InSteps<readonly DrawOp[]> {
  const scale = 10 ** decimals;
  const subject = readOutlines(op.path, toleranceMm / mmPerUnit).map((outline) => toPath(outline, scale));
  const whole = union(subject, op.rule === "evenodd" ? FillRule.EvenOdd : FillRule.NonZero);
  const before = areaOf(whole);
  const least = (leastMm / mmPerUnit) ** 2 * scale * scale;
  let left = whole;
  for (const piece of rubber) {
    yield;
    left = difference(left, [toPath(piece, scale)], FillRule.NonZero);
    if (left.length === 0) return [];
  }
  if (before - areaOf(left) < least) return [op];
  const outlines = left.filter((path) => Math.abs(Clipper.area(path)) >= least).map((path) => toOutline(path, scale));
  return writeLeft(outlines, op, decimals);
}

/** Coarser where the path would be longer than a document takes. */
function writeLeft(outlines: readonly Outline[], { fill }: DrawOp, decimals: number): readonly DrawOp[] {
  let path = writePath(outlines, decimals);
  for (let tolerance = 1; path.length > maxPathLength; tolerance *= 2) {
    path = writePath(
      outlines.map((outline) => thinOutline(outline, tolerance)),
      decimals,
    );
  }
  return path === "" ? [] : [{ path, fill, rule: "evenodd" }];
}

/**
 * What is left of a drawing where an eraser has gone over it: its outlines in the art's units; `rubber` is in mm from the card's centre. An
 * outline that it does not touch is the same object. Null where it touches none.
 */
export function* rubOut(drawing: Drawing, rubber: readonly Outline[]): InSteps<readonly DrawOp[] | null> {
  const { art, box } = drawing;
  const toArt = invertAffine(artToCard(art, box));
  const decimals = decimalsOf(drawing);
  const pieces = rubber.map((outline) => {
    const moved = transformOutline(outline, toArt);
    return { outline: moved, bounds: boundsOf([moved]) };
  });
  const left: DrawOp[] = [];
  for (const op of art.ops) {
    const near = pieces.filter(({ bounds }) => doMeet(bounds, boundsOfOp(op))).map(({ outline }) => outline);
    if (near.length === 0) left.push(op);
    else left.push(...(yield* rubOutOf(op, near, decimals, box.widthMm / art.width)));
  }
  const isSame = left.length === art.ops.length && left.every((op, at) => op === art.ops[at]);
  return isSame ? null : left;
}
