import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, it } from "vitest";
import { announce } from "./announce.ts";
import { LiveRegion } from "./LiveRegion.tsx";

it("says every sentence, and the same one twice as two changes", () => {
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  flushSync(() => root.render(<LiveRegion />));
  const region = place.querySelector('[role="status"]');
  const lines = () => [...(region?.children ?? [])].map((line) => line.textContent);
  flushSync(() => announce("Photo 3 mm right."));
  const first = lines();
  flushSync(() => announce("Photo 3 mm right."));
  expect(region?.textContent).toBe("Photo 3 mm right.");
  expect(lines()).toEqual(first.toReversed());
  root.unmount();
  announce("Nobody listens any more.");
});
