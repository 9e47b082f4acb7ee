import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it, onTestFinished, vi } from "vitest";
import { createStore, type StoreApi } from "zustand/vanilla";
import { App } from "../../app/App.tsx";
import type { AppState } from "../../app/start.ts";
import { studioPart } from "../../app/studio-part.ts";
import { screens } from "../../app/testing/screens.ts";
import type { FlowState } from "../../flow/flow-state.ts";
import { chooseLocale } from "../../locales/locale.ts";
import "../../styles/tokens.css";
import "../../styles/base.css";

const view = (): string | undefined =>
  document.querySelector<HTMLInputElement>("fieldset input[type=radio]:checked")?.value;
const question = (): Element | null => document.querySelector("[role=alertdialog]");
const scale = (): Element | null => document.querySelector("input[type=range]");
function choose(value: string): void {
  flushSync(() => document.querySelector<HTMLInputElement>(`input[value=${value}]`)?.click());
}

/** The preview of the picture that was rejected, before it is asked about; what is thought over is not asked any more. */
async function showPreview() {
  await studioPart.load();
  const { now } = screens.find(({ name }) => name === "preview, of the picture that was rejected") ?? {};
  if (now?.phase !== "open" || !("design" in now)) throw new Error("there is no preview");
  const asked = now.flow.state.getState();
  if (asked.step !== "preview") throw new Error("it is not the preview");
  const { asksSame: _, ...quiet } = asked;
  const state: StoreApi<FlowState> = createStore<FlowState>()(() => quiet);
  const thinkOver = vi.fn(() => state.setState(quiet, true));
  const app = createStore<AppState>()(() => ({
    now: { ...now, flow: { ...now.flow, state, thinkOver } },
    locale: chooseLocale("en"),
    options: {},
    reportHeight: null,
  }));
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  onTestFinished(() => {
    root.unmount();
    document.body.replaceChildren();
  });
  flushSync(() => root.render(<App app={app} />));
  return { thinkOver, ask: () => flushSync(() => state.setState(asked, true)) };
}

it("the question whether the same picture is to be sent takes the place of the true size, which takes it back", async () => {
  const { ask, thinkOver } = await showPreview();
  await expect.poll(view).toBe("front");
  choose("true-size");
  await expect.poll(scale).not.toBeNull();
  ask();
  await expect.poll(question).not.toBeNull();
  expect([view(), scale()]).toEqual(["front", null]);
  // Another side may be looked at with the question on the screen.
  choose("back");
  expect(view()).toBe("back");
  expect(question()).not.toBeNull();
  expect(thinkOver).not.toHaveBeenCalled();
  choose("true-size");
  expect(thinkOver).toHaveBeenCalledOnce();
  await expect.poll(scale).not.toBeNull();
  expect([view(), question()]).toEqual(["true-size", null]);
});
