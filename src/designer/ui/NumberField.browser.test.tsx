import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { chooseLocale } from "../locales/locale.ts";
import { TextProvider } from "../locales/text.tsx";
import { keepFocusClear } from "./focus.ts";
import { NumberField } from "./NumberField.tsx";

let root: Root;
let changes: number[];

function input(): HTMLInputElement {
  const found = document.querySelector("input");
  if (found === null) throw new Error("there is no field");
  return found;
}

function show(value: number, locale = "en", unit = "°"): void {
  const onChange = (to: number) => void changes.push(to);
  flushSync(() =>
    root.render(
      <TextProvider locale={chooseLocale(locale)}>
        <NumberField
          label="Turn"
          unit={unit}
          value={value}
          min={-45}
          max={45}
          step={1}
          digits={1}
          onChange={onChange}
        />
      </TextProvider>,
    ),
  );
}

beforeEach(() => {
  changes = [];
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  show(10);
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

it("is a spin button that says its range and its value", () => {
  show(-7.25, "ar-EG");
  expect(input().getAttribute("role")).toBe("spinbutton");
  const said = ["aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext"].map((name) =>
    input().getAttribute(name),
  );
  expect(said).toEqual(["-45", "45", "-7.3", "\u061c-٧٫٣"]);
  expect(input().value).toBe("\u061c-٧٫٣");
});

it("shows and takes the digits of the region, and the others too", async () => {
  show(10, "ar-EG");
  expect(input().value).toBe("١٠٫٠");
  for (const typed of ["٧٫٥", "7.5", "7,5", "٧٫٥°"]) {
    await userEvent.fill(input(), typed);
    await userEvent.keyboard("{Enter}");
  }
  expect(changes).toEqual([7.5, 7.5, 7.5, 7.5]);
  show(10, "ar-EG-u-nu-latn");
  expect(input().value).toBe("10.0");
});

it("takes a minus of any kind, on either side", async () => {
  show(10, "ar-EG");
  for (const typed of ["-٧", "٧-", "−7", "\u061c-٧"]) {
    await userEvent.fill(input(), typed);
    await userEvent.keyboard("{Enter}");
  }
  expect(changes).toEqual([-7, -7, -7, -7]);
});

it("goes on from what is typed when an arrow key is pressed, in any digits", async () => {
  show(10, "ar-EG");
  await userEvent.fill(input(), "٢٠");
  await userEvent.keyboard("{ArrowUp}");
  expect(changes).toEqual([21]);
});

it("restores the number when what was typed is none, or Escape is pressed", async () => {
  await userEvent.fill(input(), "seven");
  await userEvent.keyboard("{Enter}");
  expect(input().value).toBe("10.0");
  await userEvent.fill(input(), "7");
  await userEvent.keyboard("{Escape}");
  expect(input().value).toBe("10.0");
  expect(changes).toEqual([]);
});

it("replaces the number when all of it is selected and another is typed", async () => {
  await userEvent.click(input());
  await userEvent.keyboard("{ControlOrMeta>}a{/ControlOrMeta}7{Enter}");
  expect(changes).toEqual([7]);
});

it("counts what a tool has filled in without React hearing of it", async () => {
  const field = input();
  field.focus();
  field.value = "7";
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: "7" }));
  await userEvent.keyboard("{Enter}");
  expect(changes).toEqual([7]);
  expect(field.value).toBe("10.0");
});

it("changes nothing when it is left as it is shown, however it is rounded", async () => {
  show(7.26);
  await userEvent.click(input());
  await userEvent.keyboard("{Enter}");
  await userEvent.tab();
  expect(changes).toEqual([]);
  expect(input().value).toBe("7.3");
});

it("the page stays where it is under a finger that taps a field, and a key brings the field clear of what is docked", () => {
  const root = document.createElement("html");
  root.dataset["layout"] = "inline";
  onTestFinished(keepFocusClear(root));
  const scroll = vi.spyOn(Element.prototype, "scrollIntoView");
  onTestFinished(() => scroll.mockRestore());
  input().style.scrollMarginBlock = "80px";
  const happen = (type: string, pointerType: string): void =>
    void input().dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType }));
  const focus = (): void => {
    input().blur();
    input().focus();
  };
  // In the order of each: a finger is off before the focus comes.
  for (const steps of [
    () => {
      happen("pointerdown", "touch");
      happen("pointerup", "touch");
      focus();
      happen("click", "touch");
    },
    () => {
      happen("pointerdown", "mouse");
      focus();
      happen("pointerup", "mouse");
      happen("click", "mouse");
    },
    // A long press ends without a click.
    () => {
      happen("pointerdown", "touch");
      happen("pointerup", "touch");
    },
  ]) {
    steps();
    expect(scroll).not.toHaveBeenCalled();
    input().dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "Tab" }));
    focus();
    expect(scroll).toHaveBeenCalledOnce();
    scroll.mockClear();
  }
});
