import { useEffect } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claimFocus, followFocus } from "../ui/focus.ts";
import { StepHeading } from "./StepHeading.tsx";

let place: HTMLElement;
let root: Root;
let stopFollowing: () => void;

beforeEach(() => {
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  stopFollowing = followFocus();
});
afterEach(() => {
  root.unmount();
  place.remove();
  stopFollowing();
});

/** Settles when every task is done that was asked for before. */
const afterTasks = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A step begins, and whatever it does by itself is done: effects run in their order, and so do the tasks that they ask for. */
async function begin(beforeTasks = () => {}): Promise<void> {
  const begun = Promise.withResolvers<void>();
  const Last = (): null => {
    useEffect(() => {
      beforeTasks();
      void afterTasks().then(begun.resolve);
    }, []);
    return null;
  };
  root.render(
    <>
      <StepHeading takesFocus>Your card</StepHeading>
      <Last />
    </>,
  );
  await begun.promise;
}
const focused = () => document.activeElement?.textContent;

it.each([
  ["nothing was ever done elsewhere", () => {}],
  ["the cardholder has come back before", () => dispatchEvent(new Event("focus"))],
  ["a photo was dropped, from another window", () => place.dispatchEvent(new Event("drop", { bubbles: true }))],
  ["the page has answered, in which they were asked", claimFocus],
])("takes the focus when its step begins and %s", async (when, doIt) => {
  if (when !== "nothing was ever done elsewhere") dispatchEvent(new Event("blur"));
  doIt();
  await begin();
  expect(focused()).toBe("Your card");
});

it("leaves the focus where the cardholder is, in the page around or in another designer, and takes it when they come back", async () => {
  dispatchEvent(new Event("blur"));
  await begin();
  expect(document.activeElement).toBe(document.body);
  dispatchEvent(new Event("focus"));
  await expect.poll(focused).toBe("Your card");
});

it("takes no focus from the page around, where the cardholder has gone before the step has been laid out", async () => {
  await begin(() => dispatchEvent(new Event("blur")));
  expect(document.activeElement).toBe(document.body);
  dispatchEvent(new Event("focus"));
  await expect.poll(focused).toBe("Your card");
});

it("takes no focus from the control that the cardholder comes back to", async () => {
  const control = place.parentElement?.insertBefore(document.createElement("button"), place);
  dispatchEvent(new Event("blur"));
  await begin();
  dispatchEvent(new Event("focus"));
  control?.focus();
  await afterTasks();
  expect(document.activeElement).toBe(control);
  control?.remove();
});
