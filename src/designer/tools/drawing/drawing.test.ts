import fc from "fast-check";
import { expect, it } from "vitest";
import { finish } from "#card/in-steps.ts";
import { invertAffine } from "#card/placement.ts";
import { bleedSizeMm } from "#card/products.ts";
import type { Design } from "#design/design.ts";
import { designDocument } from "#design/document.ts";
import { layStroke, leaveOfDrawings } from "#design/drawings.ts";
import { mirrorBox, moveBoxBy, scaleBox, turnBoxBy } from "#design/element-box.ts";
import { duplicateElement, placeElement } from "#design/element-edits.ts";
import { artToCard, type Drawing, drawElement, maxDrawnLength } from "#design/elements.ts";
import { boundsOf, type Outline, readOutlines, transformOutline } from "#design/outlines.ts";
import { designWith, landscape } from "#design/testing/arbitrary.ts";
import { paintElements } from "#paint/paint.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { rubOut } from "./erase.ts";
import { Stroke } from "./stroke.ts";
import { draw, drawingsOf, drawingTip, isFilled, penWith, placed, point, way, type Way } from "./testing/strokes.ts";

const { widthMm } = bleedSizeMm(landscape);
const painter = readPaint();
/** Paints the drawings in black on white, whatever their colour; each path is taken. */
function paint(design: Design): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(landscape.widthPx * landscape.heightPx * 4).fill(255);
  const drawn = drawingsOf(design).map((each) => drawElement(each, () => undefined)!);
  const black = drawn.map((each) => ({ ...each, ops: each.ops.map((op) => ({ ...op, fill: "#000000" })) }));
  expect(paintElements(painter, rgba, landscape, black)).toEqual([]);
  return rgba;
}

function distanceTo(outlines: readonly Outline[], x: number, y: number): number {
  let least = Infinity;
  for (const outline of outlines) {
    for (let at = 0; at < outline.length; at += 2) {
      const [x0, y0] = [outline[at]!, outline[at + 1]!];
      const [dx, dy] = [outline[(at + 2) % outline.length]! - x0, outline[(at + 3) % outline.length]! - y0];
      const length = dx * dx + dy * dy;
      const part = length === 0 ? 0 : Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / length, 0), 1);
      least = Math.min(least, Math.hypot(x - x0 - part * dx, y - y0 - part * dy));
    }
  }
  return least;
}

it("freezes whatever is drawn into a document that is taken, and into paths that are painted", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(way, drawingTip), { minLength: 1, maxLength: 4 }), (strokes) => {
      let design = designWith();
      let into: string | null = null;
      for (const [points, tip] of strokes) {
        design = layStroke(draw(points, penWith(tip)), "#c0272d", into)(design, landscape);
        into = drawingsOf(design).at(-1)!.id;
      }
      expect(designDocument.safeParse(structuredClone(design)).error).toBeUndefined();
      expect(drawingsOf(design)).toHaveLength(1);
      paint(design);
    }),
    { numRuns: 60 },
  );
});

it("leaves what lies in a drawing where it is when a stroke makes its box larger", () => {
  fc.assert(
    fc.property(way, way, placed, (first, second, { turn, by, isMirrored }) => {
      const laid = layStroke(draw(first, penWith("marker")), "#c0272d", null)(designWith(), landscape);
      const changes = [scaleBox(by), turnBoxBy(turn), moveBoxBy(3, -2), ...(isMirrored ? [mirrorBox()] : [])];
      const placedThere = changes.reduce((design, change) => placeElement("e1", change)(design, landscape), laid);
      const grown = layStroke(draw(second, penWith("fine")), "#14274e", "e1")(placedThere, landscape);
      const [before] = drawingsOf(placedThere);
      const [after, another] = drawingsOf(grown);
      const onCard = ({ art, box }: Drawing, count: number): readonly Outline[] =>
        art.ops
          .slice(0, count)
          .flatMap((op) => readOutlines(op.path, 1).map((o) => transformOutline(o, artToCard(art, box))));
      const [was, is] = [onCard(before!, before!.art.ops.length), onCard(after!, before!.art.ops.length)];
      expect(is.length).toBe(was.length);
      was.forEach((outline, at) => outline.forEach((value, index) => expect(is[at]![index]).toBeCloseTo(value, 1)));
      was.forEach((outline, at) =>
        outline.forEach((value, index) => expect(Math.abs(is[at]![index]! - value)).toBeLessThan(0.012)),
      );
      if (another !== undefined) return;
      expect(after!.box.widthMm / after!.art.width).toBeCloseTo(before!.box.widthMm / before!.art.width, 9);
      const bounds = boundsOf(after!.art.ops.flatMap(({ path }) => readOutlines(path, 1)));
      expect(bounds.left).toBeGreaterThanOrEqual(0);
      expect(bounds.top).toBeGreaterThanOrEqual(0);
      expect(bounds.right).toBeLessThanOrEqual(after!.art.width);
      expect(bounds.bottom).toBeLessThanOrEqual(after!.art.height);
    }),
    { numRuns: 100 },
  );
});

it("rubs out what the eraser went over, and leaves the rest, wherever the drawing lies", () => {
  fc.assert(
    fc.property(
      way,
      way,
      placed,
      fc.array(point, { minLength: 40, maxLength: 40 }),
      (points, rubbed, { turn, by, isMirrored }, probes) => {
        const laid = layStroke(draw(points, penWith("brush")), "#c0272d", null)(designWith(), landscape);
        const design = [scaleBox(by), turnBoxBy(turn), ...(isMirrored ? [mirrorBox()] : [])].reduce(
          (now, change) => placeElement("e1", change)(now, landscape),
          laid,
        );
        const [before] = drawingsOf(design);
        const rubber = draw(rubbed, penWith("eraser", 0));
        const left = finish(rubOut(before!, rubber));
        const after = left === null ? design : leaveOfDrawings(new Map([["e1", left]]))(design, landscape);
        expect(designDocument.safeParse(structuredClone(after)).error).toBeUndefined();
        paint(after);
        const [remaining] = drawingsOf(after);
        const toArt = ({ art, box }: Drawing, { xMm, yMm }: { xMm: number; yMm: number }) =>
          transformOutline([xMm, yMm], invertAffine(artToCard(art, box)));
        const rubberOps = rubber.map((outline) => ({
          path: `M${Array.from({ length: outline.length / 2 }, (_, at) => `${outline[2 * at]!.toFixed(6)} ${outline[2 * at + 1]!.toFixed(6)}`).join("L")}Z`,
          fill: "#000000",
          rule: "nonzero" as const,
        }));
        // On the way of the eraser, and anywhere.
        for (const probe of [...rubbed.map(([at]) => at), ...points.map(([at]) => at), ...probes]) {
          const [x, y] = toArt(before!, probe) as [number, number];
          const isIn = isFilled(before!.art.ops, x, y);
          const isRubbed = isFilled(rubberOps, probe.xMm, probe.yMm);
          const edgeMm = Math.min(
            distanceTo(rubber, probe.xMm, probe.yMm),
            distanceTo(
              before!.art.ops.flatMap(({ path }) => readOutlines(path, 0.1)),
              x,
              y,
            ) *
              (before!.box.widthMm / before!.art.width),
          );
          if (edgeMm < 0.03) continue;
          const now = remaining === undefined ? null : (toArt(remaining, probe) as [number, number]);
          const isLeft = now !== null && isFilled(remaining!.art.ops, now[0], now[1]);
          expect(isLeft).toBe(isIn && !isRubbed);
        }
      },
    ),
    { numRuns: 60 },
  );
});

it("takes a drawing off the card of which nothing is left, and keeps outlines that the eraser does not touch", () => {
  const line = (yMm: number): Way => [
    [{ xMm: -20, yMm }, null],
    [{ xMm: 20, yMm }, null],
  ];
  const one = layStroke(draw(line(-10), penWith("fine")), "#c0272d", null)(designWith(), landscape);
  const two = layStroke(draw(line(10), penWith("fine")), "#c0272d", "e1")(one, landscape);
  const [drawing] = drawingsOf(two);
  expect(finish(rubOut(drawing!, draw(line(0), penWith("eraser"))))).toBeNull();
  const left = finish(
    rubOut(
      drawing!,
      draw(
        [
          [{ xMm: 0, yMm: -12 }, null],
          [{ xMm: 0, yMm: -8 }, null],
        ],
        penWith("eraser"),
      ),
    ),
  );
  expect(left).toHaveLength(2);
  expect(left![1]).toBe(drawing!.art.ops[1]);
  expect(readOutlines(left![0]!.path, 1), "cut in two").toHaveLength(2);
  expect(drawingsOf(leaveOfDrawings(new Map([["e1", []]]))(two, landscape))).toEqual([]);
});

it("lies still at the card's edge", () => {
  const edge = widthMm / 2;
  const stroke = draw(
    [
      [{ xMm: edge - 1, yMm: 0 }, null],
      [{ xMm: edge + 1.5, yMm: 0 }, null],
    ],
    penWith("fine"),
  );
  const [drawing] = drawingsOf(layStroke(stroke, "#c0272d", null)(designWith(), landscape));
  const { left, right } = boundsOf(
    drawing!.art.ops.flatMap(({ path }) =>
      readOutlines(path, 1).map((o) => transformOutline(o, artToCard(drawing!.art, drawing!.box))),
    ),
  );
  expect(left).toBeCloseTo(boundsOf(stroke).left, 1);
  expect(right).toBeCloseTo(boundsOf(stroke).right, 1);
});

it("takes a stroke of a hundred thousand points in pieces, and ends where the card is full", () => {
  const stroke = new Stroke(penWith("brush"), 100_000);
  for (let at = 0; at < 100_000 && !stroke.isFull; at += 1) {
    const angle = at / 9;
    stroke.add({ xMm: 30 * Math.cos(angle), yMm: 20 * Math.sin(angle * 1.01) }, (at % 100) / 100);
    expect(stroke.tail!.length).toBeLessThan(6000);
  }
  expect(stroke.isFull).toBe(true);
  const before = stroke.finish();
  expect(before.length).toBeGreaterThan(5);
  const design = layStroke(before, "#c0272d", null)(designWith(), landscape);
  const length = drawingsOf(design)[0]!.art.ops.reduce((sum, { path }) => sum + path.length, 0);
  expect(length).toBeGreaterThan(30_000);
  expect(length).toBeLessThan(100_000);
  expect(designDocument.safeParse(structuredClone(design)).error).toBeUndefined();
});

it("holds no more than a document does, and changes nothing beyond that", () => {
  const many = Array.from({ length: 20 }, (_, row) =>
    draw(
      Array.from({ length: 2000 }, (_, at) => [
        { xMm: (at % 80) - 40 + Math.sin(at * row), yMm: row * 2 - 20 + Math.sin(at) },
        null,
      ]),
      penWith("fine", 0),
    ),
  );
  let design = designWith();
  for (let round = 0; round < 6; round += 1)
    for (const outlines of many) design = layStroke(outlines, "#c0272d", "e1")(design, landscape);
  const length = (of: Design): number =>
    drawingsOf(of)
      .flatMap(({ art }) => art.ops)
      .reduce((sum, { path }) => sum + path.length, 0);
  expect(length(design)).toBeGreaterThan(maxDrawnLength / 2);
  expect(length(design)).toBeLessThanOrEqual(maxDrawnLength);
  expect(designDocument.safeParse(structuredClone(design)).error).toBeUndefined();
  expect(JSON.stringify(design).length).toBeLessThan(256 * 1024);
  const over = { ...design, elements: [...design.elements, { ...drawingsOf(design)[0]!, id: "another" }] };
  expect(designDocument.safeParse(over).error?.issues[0]?.message).toMatch(/^expected drawings of at most 200000/);
  const twice = duplicateElement("e1")(duplicateElement("e1")(design, landscape), landscape);
  expect(length(twice)).toBeLessThanOrEqual(maxDrawnLength);
});
