import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { announce, LiveRegion } from "./LiveRegion.tsx";

it("adds every sentence, also one announced before, and keeps it until a screen reader has had time for it", () => {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  flushSync(() => root.render(<LiveRegion />));
  const lines = () => [...place.querySelectorAll('[role="status"] > p')];
  const say = (message: string) => flushSync(() => announce(message));
  say("This file is not a photo.");
  const [problem] = lines();
  say("Photo 3 mm right.");
  say("Photo 3 mm right.");
  expect(lines().map((line) => line.textContent)).toEqual([
    "This file is not a photo.",
    "Photo 3 mm right.",
    "Photo 3 mm right.",
  ]);
  expect(lines()[0]).toBe(problem);
  say("Photo mirrored.");
  expect(lines()).toHaveLength(3);
  expect(problem?.isConnected).toBe(false);
  root.unmount();
  announce("Nobody listens any more.");
});
