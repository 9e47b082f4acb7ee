import { expect, test } from "vitest";
import { drawFault, type FaultName, faultMethods, faultOrder, faultsOn, findImpossible } from "./faults.ts";
import { initialSwitches } from "./switches.ts";

const cruel = { ...initialSwitches.cruel, on: true, chance: 0.02 };
const draws = (seed: number, count = 5000) =>
  Array.from({ length: count }, (_, nth) => drawFault({ ...cruel, seed }, "SendImage", nth));

test("the same seed draws the same faults in the same order, another seed others", () => {
  expect(draws(1, 500)).toEqual(draws(1, 500));
  expect(draws(2, 500)).not.toEqual(draws(1, 500));
});

test("in a long run every fault of every method comes, about as often as its chance says", () => {
  for (const method of faultMethods) {
    const counts = new Map<FaultName, number>();
    for (let nth = 1; nth <= 5000; nth += 1) {
      const fault = drawFault(cruel, method, nth);
      if (fault !== null) counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    }
    expect([...counts.keys()].sort(), method).toEqual(faultsOn(method).sort());
    for (const [name, count] of counts) {
      expect(count, `${method}/${name}`).toBeGreaterThan(50);
      expect(count, `${method}/${name}`).toBeLessThan(170);
    }
  }
});

test("a drawn wait is never longer than allowed, a drawn place to break off is within the message", () => {
  for (const fault of draws(3)) {
    if (fault?.name === "late") expect(fault.amount).toBeLessThanOrEqual(cruel.longestSeconds);
    if (fault?.name === "cut-request") expect(fault.amount).toBeLessThan(600_000);
    if (fault?.name === "cut-reply") expect(fault.amount).toBeLessThan(700);
  }
});

test("a chance of its own goes before everyone's; switched off, nothing is drawn", () => {
  const only = { ...cruel, chance: 0, chances: { SendImage: { late: 1 } } };
  expect(drawFault(only, "SendImage", 1)?.name).toBe("late");
  expect(drawFault(only, "SetCustomDataCapture", 1)).toBeNull();
  expect(drawFault({ ...only, on: false }, "SendImage", 1)).toBeNull();
});

test("chances that are more than certain together are found", () => {
  expect(findImpossible(cruel)).toBeUndefined();
  expect(findImpossible({ ...cruel, chance: 0.5 })).toBe("SendImage");
  expect(findImpossible({ ...cruel, chance: 0, chances: { Index: { "search-late": 0.6, "search-never": 0.6 } } })).toBe(
    "Index",
  );
});

test.each([
  [{ method: "SendImage", fault: "never" }],
  [{ method: "Print", fault: "late" }],
  [{ method: "SendImage", fault: "explode" }],
  [{ method: "SendImage", fault: "late", bytes: 3 }],
  [{ method: "SendImage", fault: "late", seconds: 601 }],
  [{ method: "SendImage", fault: "cut-reply", bytes: -1 }],
  [{ method: "SendImage", fault: "late", times: 0 }],
  [{ method: "SendImage", fault: "late", speed: 1 }],
])("%j is no fault", (order) => {
  expect(faultOrder.safeParse(order).success).toBe(false);
});

test("a fault holds for one call unless it says how many, and counts what is usual", () => {
  expect(faultOrder.parse({ method: "SendImage", fault: "late" })).toEqual({
    method: "SendImage",
    fault: { name: "late", amount: 5 },
    times: 1,
  });
});
