import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { products } from "#card/products.ts";
import { HeldCard } from "./HeldCard.tsx";

function showCard(): HTMLElement {
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  onTestFinished(() => {
    root.unmount();
    document.body.replaceChildren();
  });
  const picture = { url: "data:,", label: "Your card" };
  flushSync(() =>
    root.render(
      <div style={{ inlineSize: 300 }}>
        <HeldCard product={products[0]} issuerName="Harbour Bank" picture={picture} backLabel="The back" />
      </div>,
    ),
  );
  return document.querySelector<HTMLElement>("[data-held]")!;
}

/** Chromium has it by now, too. */
function setRequest(requestPermission: (() => Promise<string>) | undefined): void {
  Object.assign(DeviceOrientationEvent, { requestPermission });
}
afterEach(() => setRequest(undefined));

it("under a mouse the card follows the mouse, whatever the phone's sensors say", async () => {
  setRequest(undefined);
  const hand = showCard();
  const degrees = (): number => Number(hand.style.getPropertyValue("--hand-y"));
  const { left, top, width, height } = hand.getBoundingClientRect();
  const move = (type: string, share: number): void => {
    const at = { clientX: left + width * share, clientY: top + height / 2 };
    flushSync(() => hand.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerType: "mouse", ...at })));
  };
  const turn = (gamma: number): void =>
    void dispatchEvent(new DeviceOrientationEvent("deviceorientation", { beta: 45, gamma }));
  await expect
    .poll(() => {
      turn(0);
      turn(12.5);
      return degrees();
    })
    .toBe(4);
  move("pointermove", 1);
  // Last, so that it would be what is drawn.
  turn(12.5);
  await expect.poll(degrees).toBe(8);
  move("pointerout", -1);
  turn(12.5);
  await expect.poll(degrees).toBe(4);
});

it("a card that nothing comes of is not clickable", () => {
  setRequest(undefined);
  // React sets it for Safari on whatever listens to clicks.
  expect(showCard().onclick).toBeNull();
  setRequest(() => Promise.resolve("denied"));
  document.body.replaceChildren();
  expect(showCard().onclick).not.toBeNull();
});
