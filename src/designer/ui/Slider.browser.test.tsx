import { type ReactNode, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cdp, userEvent } from "vitest/browser";
import { Slider } from "./Slider.tsx";

let root: Root;
/** Each change, framed by what it began and ended. */
let heard: (number | "start" | "end")[];

function Turn(): ReactNode {
  const [value, setValue] = useState(0);
  const change = (to: number) => {
    heard.push(to);
    setValue(to);
  };
  return (
    <Slider
      label="Turn"
      min={-180}
      max={180}
      step={0.5}
      value={value}
      valueText={`${value}°`}
      snap={(degrees) => (Math.abs(degrees) < 10 ? 0 : degrees)}
      onChange={change}
      onStart={() => heard.push("start")}
      onEnd={() => heard.push("end")}
    />
  );
}

function slider(): HTMLInputElement {
  return document.querySelector("input")!;
}

/** A real mouse at `degrees` of the slider; its coordinates are those of the page around the test's frame. */
async function mouse(type: "mousePressed" | "mouseMoved" | "mouseReleased", degrees: number, buttons = 1) {
  const box = slider().getBoundingClientRect();
  const frame = window.frameElement?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
  const scale = frame.width / innerWidth;
  const x = frame.x + (box.x + box.width / 2 + (degrees / 360) * (box.width - 24)) * scale;
  const y = frame.y + (box.y + box.height / 2) * scale;
  const button = buttons === 2 ? "right" : buttons === 1 ? "left" : "none";
  await cdp().send("Input.dispatchMouseEvent", { type, x, y, button, buttons, clickCount: 1 });
}

async function drag(...stops: readonly number[]): Promise<void> {
  await mouse("mousePressed", slider().valueAsNumber);
  for (const degrees of stops) await mouse("mouseMoved", degrees);
}

beforeEach(() => {
  heard = [];
  const place = document.body.appendChild(document.createElement("div"));
  place.style.inlineSize = "384px";
  root = createRoot(place);
  flushSync(() => root.render(<Turn />));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});

it("makes one step of a drag", async () => {
  await drag(40, 80, 120);
  await mouse("mouseReleased", 120);
  await expect.poll(() => heard.at(-1)).toBe("end");
  expect(heard[0]).toBe("start");
  expect(heard.filter((each) => typeof each === "string")).toEqual(["start", "end"]);
  expect(heard.length).toBeGreaterThan(3);
});

it("snaps under a pointer, and with keys leaves every place that attracts", async () => {
  await drag(40, 4);
  await expect.poll(() => heard.at(-1)).toBe(0);
  await mouse("mouseReleased", 4);
  await userEvent.keyboard("{ArrowRight}{ArrowRight}");
  await expect.poll(() => heard.filter((each) => typeof each === "number").slice(-2)).toEqual([0.5, 1]);
});

it("makes one step of a finger's drag", async () => {
  const finger = async (type: "touchStart" | "touchMove" | "touchEnd", x: number) => {
    const box = slider().getBoundingClientRect();
    const frame = window.frameElement?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    const scale = frame.width / innerWidth;
    const point = { x: frame.x + (box.x + x) * scale, y: frame.y + (box.y + box.height / 2) * scale };
    await cdp().send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [point] });
  };
  await finger("touchStart", 200);
  for (const x of [230, 260, 290, 320]) await finger("touchMove", x);
  await finger("touchEnd", 320);
  await expect.poll(() => heard.at(-1)).toBe("end");
  expect(heard.filter((each) => typeof each === "string")).toEqual(["start", "end"]);
});

it("makes one step of a key held down", async () => {
  slider().focus();
  await userEvent.keyboard("{ArrowRight>3}{/ArrowRight}");
  await expect.poll(() => heard).toEqual(["start", 0.5, 1, 1.5, "end"]);
});

it("lets a held key go when the focus leaves", async () => {
  slider().focus();
  await userEvent.keyboard("{ArrowRight>}");
  await expect.poll(() => heard).toEqual(["start", 0.5]);
  slider().blur();
  expect(heard.at(-1)).toBe("end");
  await userEvent.keyboard("{/ArrowRight}");
});

it("is not held by the other mouse button, whose release a context menu swallows", async () => {
  await mouse("mousePressed", 0, 2);
  slider().focus();
  await userEvent.keyboard("{ArrowRight}");
  await expect.poll(() => heard).toEqual(["start", 0.5, "end"]);
  await mouse("mouseReleased", 0, 2);
});

it("lets go when the mouse comes back without its button", async () => {
  await drag(40, 80);
  await mouse("mouseMoved", 90, 0);
  await expect.poll(() => heard.at(-1)).toBe("end");
  await mouse("mouseReleased", 90, 0);
});

it("lets go when the window loses the focus, and when it is taken off the page", async () => {
  await drag(40);
  await expect.poll(() => heard[0]).toBe("start");
  window.dispatchEvent(new FocusEvent("blur"));
  expect(heard.at(-1)).toBe("end");
  await mouse("mouseReleased", 40);

  heard = [];
  await drag(80);
  await expect.poll(() => heard[0]).toBe("start");
  root.unmount();
  await expect.poll(() => heard.at(-1)).toBe("end");
  await cdp().send("Input.dispatchMouseEvent", { type: "mouseReleased", x: 1, y: 1, button: "left" });
});
