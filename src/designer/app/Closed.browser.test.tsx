import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { chooseLocale } from "../locales/locale.ts";
import { App } from "./App.tsx";
import { reloadIfReachable } from "./Closed.tsx";
import type { AppState } from "./start.ts";

it("says to a screen reader what has replaced the page, and what to do", async () => {
  const app = createStore<AppState>()(() => ({
    now: { phase: "connecting" },
    locale: chooseLocale("en"),
    options: {},
    reportHeight: null,
  }));
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  flushSync(() => root.render(<App app={app} />));
  app.setState({ now: { phase: "closed", reason: "session-ended" } });
  const said = (): string => document.querySelector("[aria-live]")?.textContent ?? "";
  await expect.poll(said).toContain("This visit has ended. For your safety a visit lasts a limited time.");
  root.unmount();
});

it("reloads a page whose server answers", async () => {
  let reloads = 0;
  expect(await reloadIfReachable(location.href, () => void (reloads += 1))).toBe(true);
  expect(reloads).toBe(1);
});

it("leaves the page as it is when nobody answers", async () => {
  const reload = (): never => expect.unreachable();
  expect(await reloadIfReachable("http://127.0.0.1:9/", reload)).toBe(false);
});
