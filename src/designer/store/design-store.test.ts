import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Placement, photoToCard, zoomOf } from "#card/placement.ts";
import { bleedSizeMm, findProduct, type Product, products } from "#card/products.ts";
import type { OpenPhoto } from "#image/client.ts";
import { createDesignStore, type DesignStore } from "./design-store.ts";
import {
  type Change,
  fit,
  mirror,
  moveBy,
  moveTo,
  quarterTurn,
  samePlacement,
  turnAbout,
  turnTo,
  zoomAbout,
  zoomTo,
} from "./edits.ts";

const landscape = findProduct("photo-landscape")!;

function makePhoto(widthPx = 4000, heightPx = 3000): OpenPhoto & { closed: () => number } {
  let closed = 0;
  const preview = { width: 100, height: 75, close: () => void closed++ };
  return {
    file: new Blob(),
    sha256: "0".repeat(64),
    widthPx,
    heightPx,
    preview,
    firstFrameOnly: false,
    transparent: false,
    closed: () => closed,
  };
}

function storeWith(product: Product = landscape, photo = makePhoto()): DesignStore {
  const store = createDesignStore(product);
  store.getState().setPhoto(photo);
  return store;
}

function placementOf(store: DesignStore): Placement {
  return store.getState().placement!;
}

/** Largest distance, in mm, by which a corner of the bleed lies outside the photo; by the inverse map, not by the clamp. */
function emptyMm(placement: Placement, photo: { widthPx: number; heightPx: number }, product: Product): number {
  const [a, b, c, d, e, f] = photoToCard(placement, photo);
  const determinant = a * d - b * c;
  const { widthMm, heightMm } = bleedSizeMm(product);
  const outside = [-1, 1].flatMap((sideX) =>
    [-1, 1].map((sideY) => {
      const x = (sideX * widthMm) / 2 - e;
      const y = (sideY * heightMm) / 2 - f;
      const photoX = (d * x - c * y) / determinant;
      const photoY = (a * y - b * x) / determinant;
      return Math.max(-photoX, photoX - photo.widthPx, -photoY, photoY - photo.heightPx);
    }),
  );
  return Math.max(...outside) * placement.mmPerPx;
}

const mm = fc.double({ min: -120, max: 120, noNaN: true });
const degrees = fc.double({ min: -720, max: 720, noNaN: true });
const factor = fc.double({ min: 0.05, max: 20, noNaN: true });
const point = fc.record({ xMm: mm, yMm: mm });
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(mm, mm).map(([x, y]) => moveBy(x, y)),
  point.map((to) => moveTo(to)),
  fc.tuple(point, factor).map(([about, by]) => zoomAbout(about, by)),
  factor.map((zoom) => zoomTo(zoom)),
  fc.tuple(point, degrees).map(([about, by]) => turnAbout(about, by)),
  degrees.map((to) => turnTo(to)),
  fc.constantFrom(quarterTurn(1), quarterTurn(-1), mirror(), fit()),
);
const anyPhoto = fc.record({
  widthPx: fc.integer({ min: 300, max: 12_000 }),
  heightPx: fc.integer({ min: 300, max: 12_000 }),
});
const anyProduct = fc.constantFrom(...products);

describe("the design store", () => {
  it("covers the whole card after any sequence of edits", () => {
    fc.assert(
      fc.property(
        anyProduct,
        anyPhoto,
        fc.array(anyChange, { maxLength: 30, size: "max" }),
        (product, size, changes) => {
          const store = storeWith(product, makePhoto(size.widthPx, size.heightPx));
          for (const change of changes) {
            store.getState().edit(change);
            expect(emptyMm(placementOf(store), size, product)).toBeLessThan(1e-9);
          }
        },
      ),
    );
  });

  it("undoes every step back to the photo as it came, and redoes them all", () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 20, size: "max" }), (changes) => {
        const store = storeWith();
        const seen = [placementOf(store)];
        for (const change of changes) {
          store.getState().edit(change);
          if (placementOf(store) !== seen.at(-1)) seen.push(placementOf(store));
        }
        for (const before of seen.slice(0, -1).toReversed()) {
          store.getState().undo();
          expect(placementOf(store)).toBe(before);
        }
        expect(store.getState().canUndo).toBe(false);
        for (const after of seen.slice(1)) {
          store.getState().redo();
          expect(placementOf(store)).toBe(after);
        }
        expect(store.getState().canRedo).toBe(false);
      }),
    );
  });

  it("makes one step of a gesture, however many edits it had", () => {
    fc.assert(
      fc.property(fc.array(anyChange, { minLength: 1, maxLength: 20 }), (changes) => {
        const store = storeWith();
        const before = placementOf(store);
        store.getState().beginGesture();
        for (const change of changes) store.getState().edit(change);
        store.getState().endGesture();
        const changed = !samePlacement(before, placementOf(store));
        expect(store.getState().canUndo).toBe(changed);
        store.getState().undo();
        expect(samePlacement(placementOf(store), before)).toBe(true);
        expect(store.getState().canUndo).toBe(false);
      }),
    );
  });

  it("applies each edit of a gesture to where the gesture began, so that a slider pulled back leaves no trace", () => {
    const store = storeWith();
    store.getState().edit(zoomTo(2));
    store.getState().edit(moveBy(20, 0));
    const before = placementOf(store);
    store.getState().beginGesture();
    store.getState().edit(zoomTo(1));
    store.getState().edit(zoomTo(2));
    store.getState().endGesture();
    expect(samePlacement(placementOf(store), before)).toBe(true);
  });

  it("takes a gesture back when it is cancelled, and when undo is asked for in its middle", () => {
    for (const way of ["cancelGesture", "undo"] as const) {
      const store = storeWith();
      store.getState().edit(zoomTo(2));
      const before = placementOf(store);
      store.getState().beginGesture();
      expect(store.getState().moving).toBe(true);
      store.getState().edit(moveBy(3, 0));
      store.getState()[way]();
      expect(placementOf(store)).toEqual(before);
      expect(store.getState()).toMatchObject({ moving: false, canUndo: true, canRedo: false });
    }
  });

  it("writes what an input has on the screen before another has its turn, each as a step of its own", () => {
    const ways: ((store: DesignStore) => void)[] = [
      (store) => store.getState().edit(moveBy(0, 2)),
      (store) => store.getState().beginGesture(),
      (store) => store.getState().beginGesture({ settle: () => {} }),
      (store) => store.getState().settle(),
    ];
    for (const way of ways) {
      const store = storeWith();
      store.getState().edit(zoomTo(2));
      const before = placementOf(store);
      const finger = {
        settle: () => {
          store.getState().edit(moveBy(3, 0), finger);
          store.getState().endGesture(finger);
        },
      };
      store.getState().beginGesture(finger);
      store.getState().endGesture();
      expect(store.getState().isGestureOf(finger), "nobody ends the gesture of another").toBe(true);
      way(store);
      expect(store.getState().isGestureOf(finger)).toBe(false);
      expect(placementOf(store).xMm).toBeCloseTo(before.xMm + 3, 9);
      store.getState().settle();
      while (placementOf(store).xMm !== before.xMm) store.getState().undo();
      expect(placementOf(store)).toBe(before);
    }
  });

  it("keeps the last hundred steps", () => {
    const store = storeWith();
    store.getState().edit(zoomTo(3));
    for (let step = 0; step < 150; step++) store.getState().edit(moveBy(step % 2 === 0 ? 1 : -1, 0));
    let steps = 0;
    for (; store.getState().canUndo; steps++) store.getState().undo();
    expect(steps).toBe(100);
  });

  it("counts no step for an edit that changes nothing", () => {
    const store = storeWith();
    store.getState().edit(moveBy(-500, 0));
    const atTheEdge = store.getState().canUndo;
    store.getState().edit(moveBy(-5, 0));
    store.getState().undo();
    expect([atTheEdge, store.getState().canUndo]).toEqual([false, false]);
  });

  it("fits a new photo, forgets the history and closes the bitmap of the old one once", () => {
    const first = makePhoto();
    const store = storeWith(landscape, first);
    store.getState().edit(zoomTo(2));
    store.getState().setPhoto(makePhoto(3000, 4000));
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: false });
    expect(zoomOf(placementOf(store), store.getState().photo!, landscape)).toBeCloseTo(1, 9);
    expect(first.closed()).toBe(1);
    store.getState().clearPhoto();
    expect(store.getState()).toMatchObject({ photo: null, placement: null });
  });

  it("puts a restored placement through the clamp", () => {
    const store = createDesignStore(landscape);
    const photo = makePhoto();
    store.getState().setPhoto(photo, { xMm: 900, yMm: 0, mmPerPx: 0.0001, rotationDeg: 30, mirrored: true });
    expect(emptyMm(placementOf(store), photo, landscape)).toBeLessThan(1e-9);
  });

  it("does nothing without a photo", () => {
    const store = createDesignStore(landscape);
    const { edit, beginGesture, endGesture, undo, redo } = store.getState();
    edit(moveBy(1, 1));
    beginGesture();
    endGesture();
    undo();
    redo();
    expect(store.getState()).toMatchObject({ placement: null, moving: false });
  });
});

describe("an edit", () => {
  const photo = { widthPx: 4000, heightPx: 3000 };
  const start: Placement = { xMm: 3, yMm: -2, mmPerPx: 0.05, rotationDeg: 10, mirrored: false };

  it("zooms about a point: what lies there stays there, also where the range ends", () => {
    fc.assert(
      fc.property(point, factor, (about, by) => {
        const after = zoomAbout(about, by)(start, photo, landscape);
        const scale = after.mmPerPx / start.mmPerPx;
        expect(after.xMm).toBeCloseTo(about.xMm + (start.xMm - about.xMm) * scale, 9);
        expect(after.yMm).toBeCloseTo(about.yMm + (start.yMm - about.yMm) * scale, 9);
        expect(zoomOf(after, photo, landscape)).toBeLessThanOrEqual(5 + 1e-9);
      }),
    );
  });

  it("turns without changing the zoom that the cardholder reads, and turning back restores the photo", () => {
    fc.assert(
      fc.property(degrees, (by) => {
        const turned = turnTo(by)(start, photo, landscape);
        expect(zoomOf(turned, photo, landscape)).toBeCloseTo(zoomOf(start, photo, landscape), 9);
        expect(samePlacement(turnTo(10)(turned, photo, landscape), { ...start })).toBe(true);
      }),
    );
  });

  it("four quarter turns and two mirrorings are as nothing", () => {
    const store = storeWith();
    store.getState().edit(zoomTo(2));
    const before = placementOf(store);
    for (const change of [quarterTurn(1), quarterTurn(1), quarterTurn(1), quarterTurn(1), mirror(), mirror()]) {
      store.getState().edit(change);
    }
    expect(samePlacement(placementOf(store), before)).toBe(true);
  });

  it("mirrors what is seen: the point at the left of the card comes to the right", () => {
    const [a, b, c, d, e, f] = photoToCard(start, photo);
    const after = photoToCard(mirror()(start, photo, landscape), photo);
    for (const [x, y] of [
      [0, 0],
      [4000, 1234],
    ] as const) {
      expect(after[0] * x + after[2] * y + after[4]).toBeCloseTo(-(a * x + c * y + e), 9);
      expect(after[1] * x + after[3] * y + after[5]).toBeCloseTo(b * x + d * y + f, 9);
    }
  });
});
