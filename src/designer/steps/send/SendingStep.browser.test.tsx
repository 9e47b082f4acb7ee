import type { ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { useStore } from "zustand/react";
import { createStore } from "zustand/vanilla";
import { products } from "#card/products.ts";
import { createDesign } from "#design/design.ts";
import type { Flow } from "../../flow/flow.ts";
import type { FlowState } from "../../flow/flow-state.ts";
import { type FlowEvent, nextFlow } from "../../flow/machine.ts";
import { SessionProvider } from "../../flow/use-session.tsx";
import { createDesignStore } from "../../store/design-store.ts";
import { LiveRegion } from "../../ui/LiveRegion.tsx";
import { SendingStep } from "./SendingStep.tsx";

type State = Extract<FlowState, { step: "sending" }>;

const design = createDesign(products[0]);
const picture = { png: new Uint8Array(), sha256: "a".repeat(64), url: "data:,", design, transparent: false };
const quiet = { sentFraction: 0.4, cancelling: false, waitsForPage: false, unconfirmed: null } as const;
const begun: State = { step: "sending", picture, agreement: { rulesVersion: "1", agreedAt: 1 }, ...quiet };
let root: Root;
let cancels: number;
const step = createStore<FlowState>()(() => begun);
const happen = (event: FlowEvent): void => flushSync(() => step.setState(nextFlow(step.getState(), event), true));

/** The step as the machine moves it. */
function Screen(): ReactNode {
  const state = useStore(step);
  return state.step === "sending" ? <SendingStep state={state} /> : null;
}

beforeEach(() => {
  cancels = 0;
  step.setState(begun, true);
  const cancelSending = (): void => {
    cancels += 1;
    happen({ type: "cancel-asked" });
  };
  const designer = {
    phase: "open",
    product: products[0],
    issuerName: "Harbour Bank",
    design: createDesignStore(products[0]),
    flow: { cancelSending } as Flow,
    readPreview: () => Promise.reject(new Error("not asked")),
  } as const;
  root = createRoot(document.body.appendChild(document.createElement("div")));
  flushSync(() =>
    root.render(
      <SessionProvider value={designer}>
        <Screen />
        <LiveRegion />
      </SessionProvider>,
    ),
  );
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
  setOnline(true);
});

function setOnline(online: boolean): void {
  Object.defineProperty(navigator, "onLine", { configurable: true, get: () => online });
  flushSync(() => dispatchEvent(new Event(online ? "online" : "offline")));
}

const heading = () => document.querySelector("h1");
const button = () => document.querySelector("button");
const said = () => document.querySelector("[role=status]")?.textContent ?? "";
const label = () => document.querySelector("progress")?.getAttribute("aria-labelledby") ?? "";
const words = () => document.getElementById(label())?.textContent;

it("says that it is stopping, and leaves the focus on the button, which does nothing more", async () => {
  await userEvent.click(button() as HTMLButtonElement);
  await expect.poll(said).toContain("Stopping, and asking whether it has arrived…");
  expect(document.activeElement).toBe(button());
  expect(button()?.ariaDisabled).toBe("true");
  await userEvent.keyboard("{Enter}");
  expect(cancels).toBe(1);
});

it("does not say that it sends while the bank is asked", () => {
  happen({ type: "page-asked", waits: true });
  expect([heading()?.textContent, words()]).toEqual(["One more step with your bank", "Waiting for your bank’s page…"]);
  expect(document.body.textContent).toContain("Your design has not been sent yet.");
  happen({ type: "page-asked", waits: false });
  expect([heading()?.textContent, words()]).toEqual(["Sending your design", "40% sent"]);
});

it("says that it is checking when no answer comes, and asks not to send again", async () => {
  happen({ type: "send-unconfirmed" });
  await expect.poll(said).toContain("We are checking whether your design has arrived. Please do not send it again.");
  expect(heading()?.textContent).toBe("We are checking whether your design has arrived");
  expect(words()).toBe("Asking until we know…");
});

it("says that it is offline, and that it goes on", async () => {
  setOnline(false);
  expect(words(), "the upload finds out by itself").toBe("40% sent");
  happen({ type: "send-unconfirmed" });
  expect(words()).toBe("You are offline. We go on by ourselves as soon as you are online again.");
  await expect.poll(said).toContain("You are offline.");
  setOnline(true);
  expect(words()).toBe("Asking until we know…");
});

it("offers nothing to press when it cannot be found out, and says where it will be seen", async () => {
  button()?.focus();
  happen({ type: "send-unconfirmed" });
  happen({ type: "send-unresolved" });
  expect([button(), document.querySelector("progress")]).toEqual([null, null]);
  expect(document.body.textContent).toContain("Reload your bank’s page: it shows your design if it has arrived.");
  await expect.poll(() => document.activeElement).toBe(heading());
});
