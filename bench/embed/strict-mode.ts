// The page of the bench: React in StrictMode with the package's component, put on the page and taken off it again.
import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { CardDesigner } from "#embed/forms/react.tsx";
import type { Options } from "#embed/options.ts";

declare global {
  interface Window {
    /** Puts a designer on the page and takes it off after so many milliseconds, or once it is ready. */
    benchRound(stayMs: number | "ready"): Promise<void>;
  }
}

const [origin = "", productId = ""] = (document.body.dataset["bench"] ?? "").split(" ");

const fetchSession: Options["fetchSession"] = async (why) => {
  const body = JSON.stringify({ why, productId, locale: "en" });
  const headers = { "content-type": "application/json" };
  return (await fetch("/api/card-session", { method: "POST", headers, body })).json();
};

window.benchRound = async (stayMs) => {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const stayed = new Promise<void>((resolve, reject) => {
    const onEvent: Options["onEvent"] = (event) => {
      if (event.type === "ready" && stayMs === "ready") resolve();
      if (event.type === "problem") reject(new Error(`${event.code}: ${event.detail}`));
    };
    root.render(createElement(StrictMode, null, createElement(CardDesigner, { origin, fetchSession, onEvent })));
    if (stayMs !== "ready") setTimeout(resolve, stayMs);
  });
  await stayed.finally(() => {
    root.unmount();
    place.remove();
  });
};
