import { expect, it } from "vitest";
import type { DrawOp } from "#design/elements.ts";
import { straightPathOf } from "./straight-path.ts";

const curved = (): DrawOp => ({ path: "M0 0Q50 90 100 0Z", fill: "#000000", rule: "nonzero" });

it("reads an outline once for each size at which elements that share it are drawn in turn", () => {
  const op = curved();
  const [small, large] = [straightPathOf(op, 0.3), straightPathOf(op, 5)];
  expect(large).not.toBe(small);
  for (let draw = 0; draw < 3; draw += 1) {
    expect(straightPathOf(op, 0.3)).toBe(small);
    expect(straightPathOf(op, 5)).toBe(large);
  }
});

it("keeps three sizes of an outline: those that were drawn last", () => {
  const op = curved();
  const [first, second] = [straightPathOf(op, 1), straightPathOf(op, 2)];
  straightPathOf(op, 4);
  expect(straightPathOf(op, 1)).toBe(first);
  straightPathOf(op, 8);
  expect(straightPathOf(op, 1)).toBe(first);
  expect(straightPathOf(op, 2)).not.toBe(second);
});
