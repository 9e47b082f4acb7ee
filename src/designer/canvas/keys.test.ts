import { describe, expect, it } from "vitest";
import { fitPlacement, type Placement, zoomOf } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, zoomTo } from "../store/edits.ts";
import { commandOf } from "./keys.ts";

const product = findProduct("photo-landscape")!;
const photo = { widthPx: 4000, heightPx: 3000 };
const start = applyChange(zoomTo(2), fitPlacement(photo, product), photo, product);

type Modifiers = Partial<Pick<KeyboardEvent, "code" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">>;

function command(key: string, modifiers: Modifiers = {}) {
  return commandOf({ key, code: "", shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...modifiers });
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

  it("Ctrl or Cmd with Z undoes, with Shift+Z or Y redoes", () => {
    expect(command("z", { ctrlKey: true })).toEqual({ kind: "undo" });
    expect(command("z", { metaKey: true })).toEqual({ kind: "undo" });
    expect(command("Z", { ctrlKey: true, shiftKey: true })).toEqual({ kind: "redo" });
    expect(command("y", { ctrlKey: true })).toEqual({ kind: "redo" });
  });

  it("leaves the browser's and the page's keys alone", () => {
    for (const key of ["Tab", "Enter", " ", "a", "Shift"]) expect(command(key)).toBeNull();
    for (const key of ["+", "-", "0", "a", "ArrowLeft"]) expect(command(key, { ctrlKey: true })).toBeNull();
  });
});
