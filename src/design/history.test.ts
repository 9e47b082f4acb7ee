import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Design, sameDesign } from "./design.ts";
import { type Change, moveBy, place, zoomTo } from "./edits.ts";
import {
  applyEdit,
  beginGesture,
  cancelGesture,
  endGesture,
  type History,
  historyLimit,
  redo,
  resumeGesture,
  startHistory,
  undo,
} from "./history.ts";
import { anyChange, designWith, landscape } from "./testing/arbitrary.ts";

const applied = (history: History, change: Change): History =>
  applyEdit(history, (design) => place("photo", change)(design, landscape));
const fresh = (): History => startHistory(designWith());
const zoomed = applied(fresh(), zoomTo(2));

const someChanges = fc.array(anyChange, { maxLength: 20, size: "max" });
type Step = (history: History) => History;
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: anyChange.map(
      (change): Step =>
        (history) =>
          applied(history, change),
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom<Step>(undo, redo, beginGesture, endGesture, cancelGesture) },
);
/** Whatever may have happened so far, with or without a gesture under way. */
const anyHistory = fc
  .array(anyStep, { maxLength: 30, size: "max" })
  .map((steps) => steps.reduce((history, step) => step(history), fresh()));
const atRest = anyHistory.map(endGesture);

describe("undo and redo", () => {
  it("go back to the design as it came, through every step, and forth again", () => {
    fc.assert(
      fc.property(someChanges, (changes) => {
        let history = fresh();
        const seen: Design[] = [history.present];
        for (const change of changes) {
          history = applied(history, change);
          if (history.present !== seen.at(-1)) seen.push(history.present);
        }
        for (const before of seen.slice(0, -1).toReversed()) {
          history = undo(history);
          expect(history.present).toBe(before);
        }
        expect(undo(history)).toBe(history);
        for (const after of seen.slice(1)) {
          history = redo(history);
          expect(history.present).toBe(after);
        }
        expect(redo(history)).toBe(history);
      }),
    );
  });

  it("are each other's opposites, whatever has happened", () => {
    fc.assert(
      fc.property(atRest, (history) => {
        if (history.past.length > 0) expect(redo(undo(history))).toEqual(history);
        if (history.future.length > 0) expect(undo(redo(history))).toEqual(history);
      }),
    );
  });

  it("never lead to what looks like the design on the card, so that each press is seen", () => {
    fc.assert(
      fc.property(atRest, (history) => {
        for (const step of [undo, redo]) {
          const next = step(history);
          if (next !== history) expect(sameDesign(next.present, history.present)).toBe(false);
        }
      }),
    );
  });

  it("keep the last hundred steps", () => {
    let history = applied(fresh(), zoomTo(3));
    for (let step = 0; step < 150; step++) history = applied(history, moveBy(step % 2 === 0 ? 1 : -1, 0));
    expect(history.past).toHaveLength(historyLimit);
  });

  it("forget what was undone once something else is done", () => {
    const changed = applied(undo(applied(zoomed, moveBy(3, 0))), moveBy(0, 3));
    expect(redo(changed)).toBe(changed);
  });
});

describe("an edit", () => {
  it("that changes nothing is no step", () => {
    const atTheEdge = applied(zoomed, moveBy(-500, 0));
    expect(applied(atTheEdge, moveBy(-5, 0))).toBe(atTheEdge);
  });
});

describe("a gesture", () => {
  it("is one step, however many edits it had, or none if nothing has changed", () => {
    fc.assert(
      fc.property(atRest, fc.array(anyChange, { minLength: 1, maxLength: 20 }), (before, changes) => {
        const after = endGesture(changes.reduce(applied, beginGesture(before)));
        expect(after.gestureStart).toBeNull();
        if (sameDesign(after.present, before.present)) expect(after.past).toBe(before.past);
        else expect(undo(after)).toMatchObject({ present: before.present, past: before.past.slice(-historyLimit + 1) });
      }),
    );
  });

  it("applies each edit to where it began, so that a slider pulled back leaves no trace", () => {
    const before = applied(zoomed, moveBy(20, 0));
    const after = endGesture([zoomTo(1), zoomTo(2)].reduce(applied, beginGesture(before)));
    expect(sameDesign(after.present, before.present)).toBe(true);
    expect(after.past).toBe(before.past);
  });

  it.each([
    ["cancelled", cancelGesture],
    ["undone in its middle", undo],
    ["redone in its middle", redo],
  ])("that is %s leaves nothing", (_, way) => {
    fc.assert(
      fc.property(atRest, fc.array(anyChange, { maxLength: 20 }), (before, changes) => {
        expect(way(changes.reduce(applied, beginGesture(before)))).toEqual(before);
      }),
    );
  });

  it("goes on when it is begun again, and has one end", () => {
    const moving = applied(beginGesture(zoomed), moveBy(3, 0));
    expect(beginGesture(moving)).toBe(moving);
    const ended = endGesture(moving);
    expect([endGesture(ended), cancelGesture(ended)]).toEqual([ended, ended]);
  });

  it("that is resumed is still one step, and its end the same as if it had never rested", () => {
    fc.assert(
      fc.property(atRest, fc.array(anyChange), fc.array(anyChange), (before, first, more) => {
        const rested = endGesture(first.reduce(applied, beginGesture(before)));
        fc.pre(rested.past !== before.past);
        const [ended, whole] = [resumeGesture(rested), first.reduce(applied, beginGesture(before))].map((history) =>
          endGesture(more.reduce(applied, history)),
        );
        expect(ended?.present).toEqual(whole?.present);
        // A full past has forgotten one step more by then.
        expect(ended?.past.at(-1)).toBe(whole?.past.at(-1));
        expect(cancelGesture(resumeGesture(rested)).present).toBe(before.present);
      }),
    );
    expect(resumeGesture(fresh())).toEqual(beginGesture(fresh()));
  });
});
