import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it, onTestFinished } from "vitest";
import { createStore } from "zustand/vanilla";
import { App } from "../app/App.tsx";
import type { AppState } from "../app/start.ts";
import { studioPart } from "../app/studio-part.ts";
import { screens } from "../app/testing/screens.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { noticeOf } from "../flow/notice.ts";
import { chooseLocale } from "../locales/locale.ts";

const sentence = "أضف 5 EUR إلى حسابك!";

/** The preview in English, with what is said of a design that was not sent. */
async function showDeclined(more: { readonly sentence?: string }): Promise<void> {
  await studioPart.load();
  const { now } = screens.find(({ name }) => name === "preview, sending was stopped") ?? {};
  if (now?.phase !== "open" || !("design" in now)) throw new Error("there is no preview");
  const before = now.flow.state.getState();
  if (before.step !== "preview") throw new Error("it is not the preview");
  const state = createStore<FlowState>()(() => ({ ...before, notice: { ...noticeOf("send-declined"), ...more } }));
  const app = createStore<AppState>()(() => ({
    now: { ...now, flow: { ...now.flow, state } },
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
}

it("the page's own sentence has a direction of its own, whatever the language around it", async () => {
  await showDeclined({ sentence });
  const own = (): HTMLElement | undefined =>
    [...document.querySelectorAll<HTMLElement>("main bdi")].find(({ textContent }) => textContent === sentence);
  await expect.poll(own).toBeDefined();
  expect(getComputedStyle(own()!).direction).toBe("rtl");
  expect(getComputedStyle(own()!.parentElement!).direction).toBe("ltr");
});

it("our own words are not set apart", async () => {
  await showDeclined({});
  await expect.poll(() => document.querySelector("main [data-tone=note]")).not.toBeNull();
  expect(document.querySelector("main [data-tone=note] bdi")).toBeNull();
});
