import { expect, test } from "vitest";
import { backOffMs, defaultPolicy, isWorthAlarm } from "./policy.ts";

test("back-off doubles to its longest, and is spread so that a crowd does not come back at once", () => {
  const waits = (random: number) =>
    [1, 2, 3, 20, 1000].map((n) => backOffMs(n, { ...defaultPolicy, random: () => random }));
  expect(waits(0)).toEqual([2_000, 4_000, 8_000, 900_000, 900_000]);
  expect(waits(1)).toEqual([1_000, 2_000, 4_000, 450_000, 450_000]);
});

test("tries that come to nothing raise the alarm at the tenth and then now and then", () => {
  const tries = Array.from({ length: 200 }, (_, index) => index + 1);
  expect(tries.filter(isWorthAlarm)).toEqual([10, 50, 100, 150, 200]);
});
