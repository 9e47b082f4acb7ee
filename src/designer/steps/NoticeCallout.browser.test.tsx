import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it, onTestFinished } from "vitest";
import { createStore } from "zustand/vanilla";
import { App } from "../app/App.tsx";
import type { AppState } from "../app/start.ts";
import { studioPart } from "../app/studio-part.ts";
import { screens } from "../app/testing/screens.ts";
import type { FlowState } from "../flow/flow-state.ts";
import { type Notice, noticeOf } from "../flow/notice.ts";
import { chooseLocale } from "../locales/locale.ts";

const sentence = "أضف 5 EUR إلى حسابك!";

/** The preview in English, with what is said of a design that was not sent. */
async function showDeclined(more: { readonly sentence?: string }): Promise<void> {
  await show("preview, sending was stopped", { ...noticeOf("send-declined"), ...more });
}

/** A screen in English, with a notice. */
async function show(screen: string, notice: Notice): Promise<void> {
  await studioPart.load();
  const { now } = screens.find(({ name }) => name === screen) ?? {};
  if (now?.phase !== "open" || !("design" in now)) throw new Error("there is no such screen");
  const before = now.flow.state.getState();
  if (before.step !== "preview" && before.step !== "design") throw new Error("it has no such notice");
  const state = createStore<FlowState>()(() => ({ ...before, notice }));
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

it("of the photo no more than its title is said while another tool is open, and it can be put aside there", async () => {
  await show("design, photo", noticeOf("upright-card-fits"));
  const note = (): HTMLElement | null => document.querySelector("main [data-tone=note]");
  const buttons = () => note()?.querySelectorAll("button").length;
  const press = (tool: string): void => document.querySelector<HTMLElement>(`[value=${tool}]`)!.click();
  await expect.poll(buttons).toBe(2);
  const title = note()!.querySelector("strong")!.textContent;
  expect(note()!.querySelector("p")).not.toBeNull();
  press("stickers");
  await expect.poll(buttons).toBe(1);
  expect(note()!.textContent).toBe(title);
  expect(note()!.querySelector("button")!.getAttribute("aria-label")).toBe("Dismiss");
  press("photo");
  await expect.poll(buttons).toBe(2);
});

it("what is no matter of the photo is said in full whichever tool is open", async () => {
  await show("design, photo", noticeOf("send-no-connection"));
  const help = () => document.querySelector("main [data-tone=problem] p")?.textContent;
  await expect.poll(help).toBeTruthy();
  const said = help();
  document.querySelector<HTMLElement>("[value=stickers]")!.click();
  await expect.poll(() => document.querySelector("main input[type=search]")).not.toBeNull();
  expect(help()).toBe(said);
});
