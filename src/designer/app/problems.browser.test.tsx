import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";
import type { ImageClient } from "#image/client.ts";
import { chooseLocale } from "../locales/locale.ts";
import { App } from "./App.tsx";
import { NotLoaded } from "./Closed.tsx";
import { createPart } from "./part.ts";
import { watchForErrors } from "./report-problems.ts";
import type { AppPhase, AppState } from "./start.ts";
import { type MountedDesigner, makePhoto, mountDesigner } from "./testing/mount-designer.tsx";

let designer: MountedDesigner | undefined;

afterEach(() => {
  vi.restoreAllMocks();
  designer?.unmount();
  designer = undefined;
  document.body.replaceChildren();
});

const text = () => document.querySelector("main")?.textContent ?? "";

it("a card that cannot be drawn is said to the cardholder, and once to the issuer's page with its cause", async () => {
  const photo = await makePhoto(1400, 900);
  const getContext = vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  designer = mountDesigner();
  await designer.flow.openPhoto(photo);
  await expect.poll(text).toContain("The card cannot be shown here.");
  getContext.mockRestore();
  expect(designer.events.filter(({ type }) => type === "problem")).toEqual([
    {
      type: "problem",
      code: "stage-failed",
      detail: "The card cannot be shown here. Reload the page to try again; your design is not lost.",
      cause: expect.stringMatching(/^TypeError: /),
    },
  ]);
});

it("that the card cannot be drawn is no news before there is a photo, and it is tried again then", async () => {
  const photo = await makePhoto(1400, 900);
  const getContext = vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  designer = mountDesigner();
  await expect.poll(text).toContain("The card cannot be shown here.");
  getContext.mockRestore();
  expect(designer.events).toEqual([]);
  await designer.flow.openPhoto(photo);
  await expect.poll(() => document.querySelector("canvas")).not.toBeNull();
  expect(text()).not.toContain("The card cannot be shown here.");
  expect(designer.events).toEqual([]);
});

it("a part that does not come ahead of its time is not missed, and is asked for again when it is wanted", async () => {
  const load = vi.fn<() => Promise<{ readonly name: string }>>().mockRejectedValueOnce(new Error("offline"));
  load.mockResolvedValue({ name: "tools" });
  const part = createPart("A part", load);
  const Shown = ({ isWanted }: { readonly isWanted: boolean }) => {
    const { value, failure } = part.useLoaded(isWanted);
    return <main>{failure === undefined ? (value?.name ?? "nothing yet") : "failed"}</main>;
  };
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  root.render(<Shown isWanted={false} />);
  await expect.poll(() => load.mock.settledResults.map(({ type }) => type)).toEqual(["rejected"]);
  expect(text()).toBe("nothing yet");
  root.render(<Shown isWanted />);
  await expect.poll(text).toBe("tools");
  root.unmount();
});

it("a part that did not come, and then comes for somebody else, is there for all who wait for it", async () => {
  const load = vi.fn<() => Promise<{ readonly name: string }>>().mockRejectedValueOnce(new Error("offline"));
  load.mockResolvedValue({ name: "tools" });
  const part = createPart("A part", load);
  const Shown = () => {
    const { value, failure } = part.useLoaded();
    return <main>{value?.name ?? (failure === undefined ? "nothing yet" : "failed")}</main>;
  };
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  root.render(<Shown />);
  await expect.poll(text).toBe("failed");
  await part.load();
  await expect.poll(text).toBe("tools");
  root.unmount();
});

describe("a screen that breaks", () => {
  const breakWith = async (error: Error) => {
    const crashes: unknown[][] = [];
    // Whatever of an open session is asked for first breaks.
    const now = new Proxy({ phase: "open" } as unknown as AppPhase, {
      get: (target, name) => {
        if (name === "phase") return target.phase;
        throw error;
      },
    });
    const app = createStore<AppState>()(() => ({
      now,
      locale: chooseLocale("en"),
      options: {},
      reportHeight: null,
      reportCrash: (...crash) => void crashes.push(crash),
    }));
    const uncaught: unknown[] = [];
    const stopWatching = watchForErrors(window, (each) => uncaught.push(each));
    const root = createRoot(document.body.appendChild(document.createElement("div")));
    flushSync(() => root.render(<App app={app} />));
    await expect.poll(text).toContain("Try again");
    stopWatching();
    root.unmount();
    return { crashes, uncaught };
  };

  it.each([
    ["crashed", new TypeError("broken")],
    ["not-loaded", new NotLoaded("The design step was not loaded.")],
  ])("is reported once, as %s, and not as an uncaught error as well", async (reason, error) => {
    expect(await breakWith(error)).toEqual({ crashes: [[reason, error]], uncaught: [] });
  });
});

it("what nobody has caught is heard, and stopped work and the browser's own warnings are not", () => {
  const heard: unknown[] = [];
  const frame = new EventTarget() as unknown as Window;
  const stop = watchForErrors(frame, (error) => heard.push(error));
  const error = new Error("late");
  frame.dispatchEvent(new ErrorEvent("error", { error, message: "late" }));
  frame.dispatchEvent(new ErrorEvent("error", { message: "ResizeObserver loop completed with undelivered" }));
  const stopped = new DOMException("stopped", "AbortError");
  for (const reason of [stopped, "no"]) {
    const promise = Promise.reject(reason);
    promise.catch(() => {});
    frame.dispatchEvent(new PromiseRejectionEvent("unhandledrejection", { promise, reason }));
  }
  stop();
  frame.dispatchEvent(new ErrorEvent("error", { error }));
  expect(heard).toEqual([error, "no"]);
});

it("a photo that could not be opened says what lies behind it, without the file's name", async () => {
  const failing: Pick<ImageClient, "openPhoto"> = {
    openPhoto: () => Promise.reject(new TypeError("Failed to read Summer at the lake: no such device")),
  };
  designer = mountDesigner();
  vi.spyOn(designer.image, "openPhoto").mockImplementation(failing.openPhoto);
  await designer.flow.openPhoto(new File(["x"], "Summer at the lake"));
  expect(designer.events).toEqual([
    {
      type: "problem",
      code: "open-failed",
      detail: "The photo could not be opened",
      cause: "TypeError: Failed to read …: no such device",
    },
  ]);
});
