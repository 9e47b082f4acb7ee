import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  coveredBy,
  coverPlacement,
  coversBleed,
  normaliseDegrees,
  type Placement,
  photoToCard,
} from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, moveTo, type PointMm, zoomTo } from "#design/edits.ts";
import {
  drag,
  easeTurn,
  type Gesture,
  holdAtZero,
  isDoubleTap,
  lift,
  pinch,
  press,
  rebase,
  relocate,
  tapOf,
  wheelFactor,
} from "./gesture.ts";

const product = findProduct("photo-landscape")!;
const photo = { widthPx: 4000, heightPx: 3000 };
const context = { photo, product, slopMm: 0.5, holds: true };
const start: Placement = applyChange(zoomTo(2.5), coverPlacement(photo, product), photo, product);

const at = (xMm: number, yMm: number): PointMm => ({ xMm, yMm });

/** Which point of the photo, in pixels, lies under a point of the card. */
function under(placement: Placement, { xMm, yMm }: PointMm): [number, number] {
  const [a, b, c, d, e, f] = photoToCard(placement, photo);
  const determinant = a * d - b * c;
  return [(d * (xMm - e) - c * (yMm - f)) / determinant, (a * (yMm - f) - b * (xMm - e)) / determinant];
}

function expectSamePoint(one: [number, number], other: [number, number]): void {
  expect(one[0]).toBeCloseTo(other[0], 6);
  expect(one[1]).toBeCloseTo(other[1], 6);
}

describe("one finger", () => {
  it("drags the photo by as much as it moves", () => {
    const gesture = drag(press(null, 1, at(0, 0), start, 0), 1, at(5, -3), context);
    expect(gesture.live).toMatchObject({ xMm: expect.closeTo(5, 9), yMm: expect.closeTo(-3, 9) });
  });

  it("has moved nothing while it trembles within the slop", () => {
    const gesture = drag(press(null, 1, at(0, 0), start, 0), 1, at(0.3, 0.3), context);
    expect(gesture).toMatchObject({ moved: false, live: start });
  });

  it("stops at the photo's edge and comes back with the finger, not before", () => {
    let gesture = press(null, 1, at(0, 0), start, 0);
    gesture = drag(gesture, 1, at(500, 0), context);
    const edge = gesture.live.xMm;
    gesture = drag(gesture, 1, at(edge + 1, 0), context);
    expect(gesture.live.xMm).toBeCloseTo(edge, 9);
    expect(drag(gesture, 1, at(edge - 1, 0), context).live.xMm).toBeCloseTo(edge - 1, 9);
  });
});

describe("two fingers", () => {
  const landed = press(press(null, 1, at(-10, 0), start, 0), 2, at(10, 0), start, 10);

  it("keep the photo under both of them when they pinch and turn", () => {
    const before = [under(start, at(-10, 0)), under(start, at(10, 0))] as const;
    const turned = drag(drag(landed, 1, at(-9, -5), context), 2, at(11, 7), context);
    expectSamePoint(under(turned.live, at(-9, -5)), before[0]);
    expectSamePoint(under(turned.live, at(11, 7)), before[1]);
    expect(turned.live.rotationDeg).toBeGreaterThan(25);
    expect(turned.live.mmPerPx).toBeGreaterThan(start.mmPerPx);
  });

  it("zoom about themselves, not about the card's centre", () => {
    const gesture = press(press(null, 1, at(20, 10), start, 0), 2, at(24, 10), start, 0);
    const wide = drag(drag(gesture, 1, at(19, 10), context), 2, at(25, 10), context);
    expectSamePoint(under(wide.live, at(22, 10)), under(start, at(22, 10)));
    expect(wide.live.mmPerPx / start.mmPerPx).toBeCloseTo(1.5, 9);
  });

  it("keep what is between them in place when they pinch further than the zoom goes", () => {
    const aside = press(press(null, 1, at(20, 10), start, 0), 2, at(24, 10), start, 0);
    const wide = drag(drag(aside, 1, at(2, 10), context), 2, at(42, 10), context);
    expect(wide.live.mmPerPx / start.mmPerPx).toBeCloseTo(2, 9);
    expectSamePoint(under(wide.live, at(22, 10)), under(start, at(22, 10)));
  });

  it("do not turn the photo by a few unmeant degrees", () => {
    expect(drag(landed, 2, at(10, 1), context).live.rotationDeg).toBe(0);
  });

  it("in one spot do no harm", () => {
    const together = press(press(null, 1, at(0, 0), start, 0), 2, at(0, 0), start, 0);
    const { live } = drag(together, 2, at(8, 0), context);
    expect(live.mmPerPx).toBe(start.mmPerPx);
    expect(Number.isFinite(live.xMm)).toBe(true);
  });
});

const anyPoint = fc.record({
  xMm: fc.double({ min: -45, max: 45, noNaN: true }),
  yMm: fc.double({ min: -30, max: 30, noNaN: true }),
});
const anyStep = fc.oneof(
  fc.record({ do: fc.constant("press" as const), id: fc.integer({ min: 1, max: 3 }), at: anyPoint }),
  fc.record({ do: fc.constant("drag" as const), id: fc.integer({ min: 1, max: 3 }), at: anyPoint }),
  fc.record({ do: fc.constant("lift" as const), id: fc.integer({ min: 1, max: 3 }), at: anyPoint }),
  /** A key, the wheel or a button. */
  fc.record({ do: fc.constant("rebase" as const), id: fc.constant(0), at: anyPoint }),
  /** The card is laid out anew under the fingers. */
  fc.record({ do: fc.constant("relocate" as const), id: fc.constant(0), at: anyPoint }),
);

describe("any fingers in any order", () => {
  it("never make the photo jump when one lands or lifts or something else moves photo or card, and never leave a corner empty", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: "max" }), (steps) => {
        let gesture: Gesture | null = null;
        let placement = start;
        for (const step of steps) {
          if (step.do === "press") gesture = press(gesture, step.id, step.at, placement, 0);
          else if (gesture === null) continue;
          else if (step.do === "drag") gesture = drag(gesture, step.id, step.at, context);
          else if (step.do === "rebase") {
            placement = applyChange(moveTo(step.at), placement, photo, product);
            gesture = rebase(gesture, placement);
          } else if (step.do === "relocate") {
            const { xMm, yMm } = step.at;
            const shifts = new Map(gesture.contacts.map(({ id, at: from }) => [id, from]));
            gesture = relocate(gesture, (id) => {
              const from = shifts.get(id);
              return from && { xMm: from.xMm + xMm, yMm: from.yMm + yMm };
            });
          } else {
            const before: Gesture = gesture;
            gesture = lift(before, step.id);
            placement = before.live;
          }
          if (gesture === null) continue;
          if (step.do !== "drag") {
            expect(gesture.live).toBe(placement);
            // A finger that then stays where it is moves nothing either.
            for (const { id, at: there } of gesture.contacts) {
              const { live } = drag(gesture, id, there, context);
              expect(Math.hypot(live.xMm - placement.xMm, live.yMm - placement.yMm)).toBeLessThan(1e-6);
              expect(live.mmPerPx).toBeCloseTo(placement.mmPerPx, 9);
            }
          }
          placement = gesture.live;
          for (const [x, y] of [
            [-43.8, -28.1],
            [43.8, 28.1],
            [-43.8, 28.1],
            [43.8, -28.1],
          ] as const) {
            const [photoX, photoY] = under(placement, at(x, y));
            expect(Math.min(photoX, photo.widthPx - photoX, photoY, photo.heightPx - photoY)).toBeGreaterThan(-1e-6);
          }
        }
      }),
    );
  });
});

describe("centre and level", () => {
  const free = { ...context, holds: false };
  const anyMm = fc.oneof(fc.double({ min: -70, max: 70, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }));
  const place = fc.record({ xMm: anyMm, yMm: anyMm });
  const anyDegrees = fc.double({ min: -180, max: 180, noNaN: true });
  const near = fc.double({ min: -8, max: 8, noNaN: true });
  const laid = (placement: Partial<Placement>) =>
    applyChange((before) => ({ ...before, ...placement }), start, photo, product);
  const dragged = (from: Placement, by: PointMm, how: typeof context) =>
    drag(press(null, 1, at(0, 0), from, 0), 1, by, { ...how, slopMm: 0.5 }).live;

  it("hold a photo that comes near, let it go again, and leave alone what was put beside them on purpose", () => {
    const from = laid({ xMm: 5, yMm: -4 });
    const held = drag(press(null, 1, at(0, 0), from, 0), 1, at(-4.6, 4.4), context);
    expect(held).toMatchObject({ live: { xMm: 0, yMm: 0 }, held: ["x", "y"] });
    const gone = drag(held, 1, at(-6.5, 4.4), context);
    expect(gone).toMatchObject({ live: { xMm: expect.closeTo(-1.5, 9), yMm: 0 }, held: ["y"] });
    expect(drag(held, 1, at(-4.6, 4.4), free)).toMatchObject({ live: { xMm: expect.closeTo(0.4, 9) }, held: [] });
    expect(dragged(laid({ xMm: 0.3 }), at(-0.2, 2), { ...context, slopMm: 0.1 }).xMm).toBeCloseTo(0.1, 9);
    const turned = (degrees: number, rotationDeg: number) =>
      pinch(laid({ rotationDeg }), { about: at(0, 0), factor: 1, degrees }, context);
    expect(turned(-29, 30)).toMatchObject({ live: { rotationDeg: 0 }, held: ["level"] });
    expect(turned(62, 30)).toMatchObject({ live: { rotationDeg: 90 }, held: ["level"] });
    expect(turned(-37, 30)).toMatchObject({ live: { rotationDeg: expect.closeTo(-7, 9) }, held: [] });
    expect(turned(0, 2)).toMatchObject({ live: { rotationDeg: 2 }, held: [] });
  });

  it("hold a photo that covers a part of the card in the middle of that", () => {
    const half = { ...context, photo: { ...photo, region: { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 } } };
    const covered = coveredBy(half.photo, product);
    const from = applyChange(zoomTo(2), coverPlacement(half.photo, product), half.photo, product);
    const aside = applyChange(moveTo({ xMm: covered.xMm + 3, yMm: 4 }), from, half.photo, product);
    const { live, held } = drag(press(null, 1, at(0, 0), aside, 0), 1, at(-2.8, 0), half);
    expect([live.xMm, held]).toEqual([covered.xMm, ["x=25"]]);
    expect(coversBleed(drag(press(null, 1, at(0, 0), aside, 0), 1, at(99, 9), half).live, half.photo, product)).toBe(
      true,
    );
  });

  it("hold nothing that cannot move", () => {
    const wide = { ...context, photo: { widthPx: 4000, heightPx: 1000 } };
    const from = coverPlacement(wide.photo, product);
    expect(drag(press(null, 1, at(0, 0), from, 0), 1, at(9, 1), wide).held).toEqual([]);
    expect(drag(press(null, 1, at(0, 0), from, 0), 1, at(0.2, 3), wide).held).toEqual(["x"]);
  });

  it("change a drag by no more than they hold, in no other direction than the hand's, and leave no corner empty", () => {
    fc.assert(
      fc.property(place, place, anyDegrees, near, (begin, end, rotationDeg, more) => {
        const from = laid({ ...begin, rotationDeg });
        const to = at(end.xMm - from.xMm, end.yMm - from.yMm);
        const [held, unheld] = [dragged(from, to, context), dragged(from, to, free)];
        const [acrossMm, downMm] = [Math.abs(held.xMm - unheld.xMm), Math.abs(held.yMm - unheld.yMm)];
        expect(Math.hypot(acrossMm, downMm)).toBeLessThanOrEqual(0.5 * Math.SQRT2 + 1e-9);
        // Where an edge stops it, what holds it across may move it down.
        const isFree = coversBleed({ ...from, ...end }, photo, product);
        if (isFree) expect(Math.max(acrossMm, downMm)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(coversBleed(held, photo, product)).toBe(true);
        const further = dragged(from, at(to.xMm + Math.abs(more), to.yMm), context);
        expect(further.xMm).toBeGreaterThanOrEqual(held.xMm - 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it("change a turn by no more than they hold, never turn it back, and leave no corner empty", () => {
    fc.assert(
      fc.property(
        anyDegrees,
        fc.integer({ min: -1, max: 1 }),
        near,
        near,
        place,
        (rotationDeg, quarter, beside, more, begin) => {
          const from = laid({ ...begin, rotationDeg });
          const degrees = normaliseDegrees(quarter * 90 + beside - rotationDeg);
          const turn = (by: number, how: typeof context) =>
            pinch(from, { about: at(5, 0), factor: 1.2, degrees: by }, how).live;
          const difference = (one: Placement, other: Placement) =>
            normaliseDegrees(one.rotationDeg - other.rotationDeg);
          const held = turn(degrees, context);
          expect(Math.abs(difference(held, turn(degrees, free)))).toBeLessThanOrEqual(2.5 + 1e-9);
          expect(coversBleed(held, photo, product)).toBe(true);
          expect(difference(turn(degrees + Math.abs(more), context), held)).toBeGreaterThanOrEqual(-1e-9);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("let go without a jump", () => {
    for (const value of [-6, -2.5, 0, 2.5, 6])
      expect(holdAtZero(value + 1e-6, 2.5, 6)).toBeCloseTo(holdAtZero(value - 1e-6, 2.5, 6), 5);
  });
});

describe("taps", () => {
  const tapAt = (point: PointMm, atMs: number) => tapOf(press(null, 1, point, start, atMs - 50), atMs);

  it("two quick ones in one place are a double tap", () => {
    expect(isDoubleTap(tapAt(at(0, 0), 1000), tapAt(at(1, 1), 1250), context)).toBe(true);
  });

  it("two slow ones, two far apart, or a press that stays are not", () => {
    expect(isDoubleTap(tapAt(at(0, 0), 1000), tapAt(at(0, 0), 1500), context)).toBe(false);
    expect(isDoubleTap(tapAt(at(0, 0), 1000), tapAt(at(20, 0), 1200), context)).toBe(false);
    expect(tapOf(press(null, 1, at(0, 0), start, 0), 900)).toBeNull();
    expect(isDoubleTap(null, tapAt(at(0, 0), 1200), context)).toBe(false);
  });

  it("a drag is no tap", () => {
    expect(tapOf(drag(press(null, 1, at(0, 0), start, 0), 1, at(3, 0), context), 100)).toBeNull();
  });
});

describe("turning and the wheel", () => {
  it("a turn is never a jump: the eased angle grows with the fingers' angle and meets it at 12 degrees", () => {
    fc.assert(
      fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (degrees) => {
        expect(Math.abs(easeTurn(degrees + 0.01) - easeTurn(degrees))).toBeLessThan(0.02);
        if (Math.abs(degrees) >= 12) expect(easeTurn(degrees)).toBe(degrees);
      }),
    );
  });

  it("the wheel zooms in upwards, out downwards, the same in pixels and in lines, and never wildly", () => {
    const wheel = (deltaY: number, deltaMode = 0, ctrlKey = false) => wheelFactor({ deltaY, deltaMode, ctrlKey });
    expect(wheel(-100)).toBeGreaterThan(1);
    expect(wheel(-100) * wheel(100)).toBeCloseTo(1, 12);
    expect(wheel(3, 1)).toBeCloseTo(wheel(48), 12);
    expect(wheel(-1e6)).toBeLessThan(2);
    expect(wheel(-5, 0, true)).toBeGreaterThan(wheel(-5));
  });
});
