import { afterEach, beforeEach, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { userEvent } from "vitest/browser";
import type { ToLoader } from "#contracts/frame-messages.ts";
import { en } from "../locales/en.ts";
import type { FlowState } from "../flow/flow-state.ts";
import type { LayoutNews } from "../host/host-link.ts";
import { createLayout, type Layout } from "./frame-layout.ts";
import { type MountedDesigner, makePhoto, mountDesigner } from "./testing/mount-designer.tsx";

const root = document.documentElement;
let layout: Layout;
let designer: MountedDesigner;
let said: ToLoader[];
/** As the issuer's page. */
let say: (news: LayoutNews) => void;

beforeEach(() => {
  said = [];
  layout = createLayout();
  layout.connect({ send: (message) => void said.push(message), onLayout: (listener) => (say = listener) });
  designer = mountDesigner({ layout });
  layout.follow(designer.flow.state);
});
afterEach(() => {
  designer.unmount();
  root.removeAttribute("style");
  delete root.dataset.layout;
});

const phases = () => said.map((message) => message.type === "phase" && message.phase);
const cross = () => document.querySelector<HTMLElement>(`[aria-label="${en["app.leave"]}"]`);
const step = () => designer.flow.state.getState().step;
const cover = () => say({ type: "full", safeAreas: "47px 0px 34px" });

it("asks for the page with a photo, and writes down how it lies on it", async () => {
  expect(root.dataset.layout).toBe("inline");
  await designer.flow.openPhoto(await makePhoto(1400, 900));
  await expect.poll(phases).toEqual(["first", "photo"]);
  expect(cross()).toBeNull();
  cover();
  await expect.poll(cross).not.toBeNull();
  expect(root.dataset.layout).toBe("full");
  const lengths = () =>
    ["visible-top", "visible-bottom", "safe-top", "safe-right", "safe-bottom", "safe-left"].map((name) =>
      root.style.getPropertyValue(`--${name}`),
    );
  expect(lengths()).toEqual(["0px", "100dvh", "47px", "0px", "34px", "0px"]);
  const { width, height } = cross()!.getBoundingClientRect();
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  say({ type: "inline", topPx: 12, bottomPx: 600 });
  await expect.poll(cross).toBeNull();
  expect(root.dataset.layout).toBe("inline");
  expect(lengths()).toEqual(["12px", "600px", "0px", "0px", "0px", "0px"]);
});

it("the cross and Escape keep the design and give the page back, until the cardholder goes on", async () => {
  await designer.flow.openPhoto(await makePhoto(1400, 900));
  cover();
  await expect.poll(cross).not.toBeNull();
  await userEvent.click(cross()!);
  await expect.poll(phases).toEqual(["first", "photo", "left"]);
  expect(designer.flow.state.getState()).toMatchObject({ step: "pick", hasDesign: true });

  designer.flow.returnToDesign();
  await expect.poll(phases).toEqual(["first", "photo", "left", "photo"]);
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  await userEvent.keyboard("{Escape}");
  expect(step(), "in a field Escape is the field's").toBe("design");
  field.blur();
  await userEvent.keyboard("{Escape}");
  await expect.poll(phases).toEqual(["first", "photo", "left", "photo", "left"]);
  expect(step()).toBe("pick");
});

it.each([
  ["click", { step: "pick" }, "draft-resumed"],
  ["pointerup", { step: "pick" }, "draft-resumed"],
  ["click", { step: "follow", picture: null, returning: true }, undefined],
])("a draft that opened by itself asks for the page with the first %s, in place of %o", async (type, before, code) => {
  const resumed = createLayout();
  const asked: ToLoader[] = [];
  resumed.connect({ send: (message) => void asked.push(message), onLayout: () => {} });
  const flow = createStore(() => before as FlowState);
  resumed.follow(flow);
  flow.setState({ step: "design", notice: code === undefined ? null : { code } } as FlowState, true);
  const first = { type: "phase", phase: "first" };
  await expect.poll(() => asked).toEqual([first]);
  dispatchEvent(new PointerEvent(type));
  await expect.poll(() => asked).toEqual([first, { type: "phase", phase: "photo" }]);
});

it("does not take the focus back from the page around", async () => {
  await designer.flow.openPhoto(await makePhoto(1400, 900));
  await expect.poll(() => document.activeElement?.localName).toBe("h1");
  const { hasFocus } = document;
  for (const isHere of [false, true]) {
    cover();
    await expect.poll(cross).not.toBeNull();
    (document.activeElement as HTMLElement | null)?.blur();
    document.hasFocus = () => isHere;
    say({ type: "inline", topPx: 0, bottomPx: 600 });
    await expect.poll(cross).toBeNull();
    // React's effects come a little later.
    await new Promise((resolve) => setTimeout(resolve, 60));
    document.hasFocus = hasFocus;
    expect(document.activeElement?.localName).toBe(isHere ? "h1" : "body");
  }
});
