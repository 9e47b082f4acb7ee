import { describe, expect, it } from "vitest";
import { coverPlacement, type Placement, zoomOf } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, zoomTo } from "#design/edits.ts";
import { findCardCommand, findHistoryCommand } from "./input-keys.ts";

const product = findProduct("photo-landscape")!;
const photo = { widthPx: 4000, heightPx: 3000 };
const start = applyChange(zoomTo(2), coverPlacement(photo, product), photo, product);

type Modifiers = Partial<Pick<KeyboardEvent, "code" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">>;

function press(key: string, modifiers: Modifiers = {}) {
  return { key, code: "", shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...modifiers };
}

function command(key: string, modifiers: Modifiers = {}) {
  return findCardCommand(press(key, modifiers));
}

function history(key: string, modifiers: Modifiers = {}) {
  return findHistoryCommand(press(key, modifiers));
}

function after(key: string, modifiers: Modifiers = {}): Placement {
  const found = command(key, modifiers);
  if (found?.kind !== "edit") throw new Error(`${key} is no edit`);
  return applyChange(found.change, start, photo, product);
}

describe("keys on the card", () => {
  it("arrows move by 1 mm, with Shift by 5, with Alt by 0.1", () => {
    expect(after("ArrowRight").xMm).toBeCloseTo(1, 9);
    expect(after("ArrowLeft", { shiftKey: true }).xMm).toBeCloseTo(-5, 9);
    expect(after("ArrowDown", { altKey: true }).yMm).toBeCloseTo(0.1, 9);
    expect(after("ArrowUp").yMm).toBeCloseTo(-1, 9);
  });

  it("plus and minus zoom, with or without Shift; 0 fits", () => {
    for (const key of ["+", "="]) expect(zoomOf(after(key), photo, product)).toBeGreaterThan(2);
    for (const key of ["-", "_"]) expect(zoomOf(after(key), photo, product)).toBeLessThan(2);
    expect(zoomOf(after("0"), photo, product)).toBeCloseTo(1, 9);
  });

  it("brackets turn by 1 degree, with Shift by 15, whatever sign Shift makes of them", () => {
    expect(after("]").rotationDeg).toBeCloseTo(1, 9);
    expect(after("[").rotationDeg).toBeCloseTo(-1, 9);
    expect(after("}", { shiftKey: true }).rotationDeg).toBeCloseTo(15, 9);
    expect(after("Ü", { shiftKey: true, code: "BracketLeft" }).rotationDeg).toBeCloseTo(-15, 9);
  });

  it("brackets turn on every keyboard: typed with Option, or where a keyboard of another script has letters", () => {
    expect(after("]", { altKey: true, code: "Digit6" }).rotationDeg).toBeCloseTo(1, 9);
    expect(after("ج", { code: "BracketLeft" }).rotationDeg).toBeCloseTo(-1, 9);
    expect(after(">", { shiftKey: true, code: "BracketRight" }).rotationDeg).toBeCloseTo(15, 9);
    expect(zoomOf(after("+", { code: "BracketRight" }), photo, product)).toBeGreaterThan(2);
    expect(command("“", { altKey: true, code: "BracketLeft" })).toBeNull();
  });

  it("Ctrl or Cmd with Z undoes, with Shift+Z or Y redoes", () => {
    expect(history("z", { ctrlKey: true })).toBe("undo");
    expect(history("z", { metaKey: true })).toBe("undo");
    expect(history("Z", { ctrlKey: true, shiftKey: true })).toBe("redo");
    expect(history("y", { ctrlKey: true })).toBe("redo");
    for (const key of ["z", "y", "Z"]) expect(history(key)).toBeNull();
    expect(history("x", { ctrlKey: true, code: "KeyX" })).toBeNull();
  });

  it("undoes with the letter that is Z, and without such a letter with the key in its place", () => {
    expect(history("z", { ctrlKey: true, code: "KeyY" })).toBe("undo");
    expect(history("y", { ctrlKey: true, code: "KeyZ" })).toBe("redo");
    expect(history("w", { ctrlKey: true, code: "KeyZ" })).toBeNull();
    expect(history("ئ", { ctrlKey: true, code: "KeyZ" })).toBe("undo");
    expect(history("ئ", { metaKey: true, shiftKey: true, code: "KeyZ" })).toBe("redo");
    expect(history("غ", { ctrlKey: true, code: "KeyY" })).toBe("redo");
  });

  it("leaves the browser's and the page's keys alone", () => {
    for (const key of ["Tab", "Enter", " ", "a", "Shift"]) expect(command(key)).toBeNull();
    for (const key of ["+", "-", "0", "a", "ArrowLeft"]) expect(command(key, { ctrlKey: true })).toBeNull();
  });
});
