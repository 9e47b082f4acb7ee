import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { chooseLocale } from "../locales/locale.ts";
import { App } from "./App.tsx";
import type { AppState } from "./app-state.ts";

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
