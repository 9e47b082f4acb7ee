import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { reportHeight } from "./report-height.ts";

let element: HTMLElement;
let reports: number[];
let stop: () => void;

const nextFrame = () => new Promise<unknown>((resolve) => requestAnimationFrame(resolve));

beforeEach(() => {
  // However long the machine takes for a frame: what a calm second is, the test says.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  element = document.body.appendChild(document.createElement("div"));
  Object.assign(element.style, { width: "400px", height: "100px" });
  reports = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  element.remove();
});

it("follows a window that is resized for longer than a second", async () => {
  stop = reportHeight(element, (heightPx) => reports.push(heightPx));
  for (let step = 1; step <= 150; step += 1) {
    Object.assign(element.style, { width: `${400 + step}px`, height: `${100 + 2 * step}px` });
    await nextFrame();
  }
  await expect.poll(() => reports.at(-1)).toBe(400);
});

it("ends with the true height of a layout that moved for long and came to rest", async () => {
  stop = reportHeight(element, (heightPx) => reports.push(heightPx));
  for (let step = 1; step <= 150; step += 1) {
    element.style.height = `${100 + 2 * step}px`;
    await nextFrame();
  }
  expect(reports).toHaveLength(59);
  await expect
    .poll(() => {
      vi.advanceTimersByTime(1000);
      return reports.at(-1);
    })
    .toBe(400);
  expect(reports).toHaveLength(60);
});

it.each([
  ["that grows with the frame", () => "400px"],
  ["whose scroll bar comes and goes", (count: number) => `${count % 2 === 0 ? 400 : 385}px`],
])("stops following a layout %s", async (_which, widthAfter) => {
  stop = reportHeight(element, (heightPx) => {
    reports.push(heightPx);
    requestAnimationFrame(() => {
      Object.assign(element.style, { width: widthAfter(reports.length), height: `${heightPx + 10}px` });
    });
  });
  await expect.poll(() => reports.length).toBeGreaterThan(55);
  for (let frame = 0; frame < 150; frame += 1) {
    await nextFrame();
    vi.advanceTimersByTime(50);
  }
  expect(reports.length).toBeLessThan(125);
});
