import { expect, test } from "vitest";
import { turnOf } from "./turn.ts";

test("quarters of a turn are exact", () => {
  expect([-180, -90, 0, 90, 180, 270, 450].map(turnOf)).toEqual([
    [-1, 0],
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
    [0, 1],
  ]);
});

test("any other angle is as near as a double comes", () => {
  let worst = 0;
  for (let degrees = -720; degrees <= 720; degrees += 0.0937) {
    const [cos, sin] = turnOf(degrees);
    // Where the engine's own functions are exact: the angle that they are given is not.
    const rest = degrees - Math.round(degrees / 360) * 360;
    const radians = (rest * Math.PI) / 180;
    worst = Math.max(worst, Math.abs(cos - Math.cos(radians)), Math.abs(sin - Math.sin(radians)));
    expect(Math.abs(cos * cos + sin * sin - 1)).toBeLessThan(1e-15);
  }
  expect(worst).toBeLessThan(1e-15);
});
