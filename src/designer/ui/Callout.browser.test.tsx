import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Button } from "./Button.tsx";
import { Callout } from "./Callout.tsx";

let root: Root;
beforeEach(() => {
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});

/** The boxes of the buttons in a callout as wide as the panel's on a desktop. */
function layOut(labels: readonly string[], isDismissible: boolean): DOMRect[] {
  const action = labels.map((label) => (
    <Button key={label} variant="quiet">
      {label}
    </Button>
  ));
  const dismiss = isDismissible && <Button variant="icon" icon="close" aria-label="Dismiss" />;
  flushSync(() =>
    root.render(
      <div style={{ inlineSize: 300 }}>
        <Callout tone="note" title="Title" action={action} dismiss={dismiss} hasWideAction>
          Help
        </Callout>
      </div>,
    ),
  );
  return [...document.querySelectorAll("button")].map((button) => button.getBoundingClientRect());
}

it.each(["Short", "A label that is as long as German ones are, or longer"])(
  "the cross stays at the end of the row, however long the button beside it: %s",
  (label) => {
    const [take, cross] = layOut([label], true) as [DOMRect, DOMRect];
    const middle = (cross.top + cross.bottom) / 2;
    expect(middle).toBeGreaterThan(take.top);
    expect(middle).toBeLessThan(take.bottom);
    expect(cross.width).toBe(44);
    expect(take.right).toBeLessThanOrEqual(cross.left);
    const { right } = document.querySelector("[data-tone]")!.getBoundingClientRect();
    expect(right - cross.right).toBe(8);
  },
);

it("two buttons that do not fit beside each other lie in two rows", () => {
  const [one, other] = layOut(["Diese Karte behalten", "Die andere Karte nehmen"], false) as [DOMRect, DOMRect];
  expect(other.top).toBeGreaterThanOrEqual(one.bottom);
});
