import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxPathNumbers, readPath } from "./read-path.ts";

test("each command is its number and its points", () => {
  expect(readPath("M0 1L2 3Q4 5 6 7C8 9 10 11 12 13Z")).toEqual(
    Float64Array.of(0, 0, 1, 1, 2, 3, 2, 4, 5, 6, 7, 3, 8, 9, 10, 11, 12, 13, 4),
  );
});

test("numbers are written as SVG has them, one right behind the other where that is clear", () => {
  expect(readPath("M-1.25-.5 L 07 1.5.25 Z ")).toEqual("not-a-path");
  expect(readPath("M-1.25-.5 L 07 1.5 Z ")).toEqual(Float64Array.of(0, -1.25, -0.5, 1, 7, 1.5, 4));
  expect(readPath("M0 0L1.5.25")).toEqual(Float64Array.of(0, 0, 0, 1, 1.5, 0.25));
});

test("a command is not repeated before each of its points", () => {
  expect(readPath("M0 0 1 1Q2 2 3 3 4 4 5 5")).toEqual(Float64Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 2, 4, 4, 5, 5));
});

describe("is no path:", () => {
  test.each([
    ["nothing", ""],
    ["spaces", "   "],
    ["a line from nowhere", "L1 1"],
    ["a relative command", "M0 0l1 1"],
    ["an arc", "M0 0A1 1 0 0 0 2 2"],
    ["half a point", "M0 0L1"],
    ["half a curve", "M0 0C1 1 2 2"],
    ["a point behind the end of an outline", "M0 0Z1 1"],
    ["a number that ends in its point", "M0 0L1. 1"],
    ["a point alone", "M0 0L. 1"],
    ["two signs", "M0 0L--1 1"],
    ["an exponent", "M0 0L1e3 1"],
    ["a comma", "M0,0L1,1"],
    ["infinity", "M0 0LInfinity 1"],
    ["a line break", "M0 0\nL1 1"],
    ["a line break at its end", "M0 0L1 1\n"],
    ["something behind it", "M0 0L1 1Z;"],
  ])("%s", (_, path) => expect(readPath(path)).toBe("not-a-path"));
});

test("what is too far or too long is told apart", () => {
  expect(readPath("M0 0L1000000.1 0")).toBe("too-far");
  expect(readPath(`M0 0L${"9".repeat(5000)} 0`)).toBe("too-far");
  expect(readPath(`M0 0${"L1 1".repeat(maxPathNumbers / 3)}`)).toBe("too-complex");
  expect(readPath(`M0 0${"L1 1".repeat(maxPathNumbers / 3 - 2)}`)).toBeInstanceOf(Float64Array);
});

test("whatever a design document lets through is read or refused, in time that grows with its length", () => {
  const characters = fc.constantFrom(..."MLQCZ0123456789-. ".split(""));
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 60 }), (rest) => {
      const read = readPath(`M${rest.join("")}`);
      if (typeof read !== "string") expect(read.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  for (const piece of ["1", " ", "-", "1 ", "Z"]) expect(() => readPath(`M${piece.repeat(60_000)}`)).not.toThrow();
  // As often as a template's file and its cardholders' designs may have it.
  for (const end of Array.from({ length: 30 }, (_, at) => ["L", "L1 1x", "-"][at % 3]))
    expect(readPath(`M0 0${" ".repeat(66_000)}${end}`)).toBe("not-a-path");
  expect(readPath(`M0 0${" ".repeat(66_000)}L1 1${" ".repeat(66_000)}`)).toEqual(Float64Array.of(0, 0, 0, 1, 1, 1));
});
