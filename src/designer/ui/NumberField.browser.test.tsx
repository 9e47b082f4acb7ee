import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { NumberField } from "./NumberField.tsx";

let root: Root;
let changes: number[];

function input(): HTMLInputElement {
  const found = document.querySelector("input");
  if (found === null) throw new Error("there is no field");
  return found;
}

beforeEach(() => {
  changes = [];
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  const onChange = (value: number) => void changes.push(value);
  flushSync(() =>
    root.render(
      <NumberField label="Turn" unit="°" value={10} min={-45} max={45} step={1} digits={1} onChange={onChange} />,
    ),
  );
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});

it("is named with its unit", () => {
  expect(input().ariaLabel ?? input().getAttribute("aria-label")).toBe("Turn (°)");
  expect(input().value).toBe("10.0");
});

it("counts what was typed on Enter, and keeps it within its range", async () => {
  await userEvent.fill(input(), "7.5");
  expect(changes).toEqual([]);
  await userEvent.keyboard("{Enter}");
  await userEvent.fill(input(), "400");
  await userEvent.keyboard("{Enter}");
  expect(changes).toEqual([7.5, 45]);
});

it("counts what was typed when the field is left, and nothing typed is nothing changed", async () => {
  await userEvent.fill(input(), "");
  await userEvent.tab();
  expect(changes).toEqual([]);
  expect(input().value).toBe("10.0");
});

it("steps with the arrow keys, ten times as far with Shift", async () => {
  await userEvent.click(input());
  await userEvent.keyboard("{ArrowUp}{ArrowDown}{Shift>}{ArrowUp}{/Shift}");
  expect(changes).toEqual([11, 9, 20]);
});
