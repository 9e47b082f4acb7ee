import { afterEach, expect, test, vi } from "vitest";
import { listMissing } from "./requirements.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a browser of today lacks nothing", () => {
  expect(listMissing()).toEqual([]);
});

test.each(["Worker", "MessageChannel", "ResizeObserver", "fetch"])("%s is missed", (name) => {
  vi.stubGlobal(name, undefined);
  expect(listMissing()).toEqual([name]);
});

test.each<[string, () => void]>([
  ["Intl.NumberFormat", () => vi.stubGlobal("Intl", { ...Intl, Locale: Intl.Locale, PluralRules: Intl.PluralRules })],
  ["crypto.subtle", () => vi.stubGlobal("crypto", {})],
  ["createImageBitmap", () => vi.stubGlobal("createImageBitmap", undefined)],
  ["OffscreenCanvas with a 2D context", () => vi.stubGlobal("OffscreenCanvas", undefined)],
  ["OffscreenCanvas with a 2D context", () => vi.spyOn(OffscreenCanvas.prototype, "getContext").mockReturnValue(null)],
  ["canvas with a 2D context", () => vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null)],
])("%s is missed, gone or blocked", (name, block) => {
  block();
  expect(listMissing()).toEqual([name]);
});
