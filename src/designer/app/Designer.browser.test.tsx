import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { products } from "#card/products.ts";
import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { createImageClient, type ImageClient } from "#image/client.ts";
import type { DesignerApi } from "../api/client.ts";
import { createFlow, type Flow } from "../flow/flow.ts";
import { SessionProvider } from "../flow/use-session.ts";
import { createHostLink } from "../host/host-link.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createDesignStore, type DesignStore } from "../store/design-store.ts";
import { DesignStoreProvider } from "../store/use-design-store.tsx";
import { answerHost, submitDesign } from "./answer-host.ts";
import { Designer } from "./Designer.tsx";

const product = products[0];
let root: Root;
let image: ImageClient;
let design: DesignStore;
let flow: Flow;
let events: DesignerEventInput[];
let sent: number;
let tellStatus: (now: SubmissionView) => void;

function submission(state: SubmissionView["state"], sequence: number): SubmissionView {
  const rest = { rejectionCode: null, hasPreview: false, pictureSha256: "a".repeat(64), updatedAt: 1 };
  return { submissionId: "sub-1", state, sequence, ...rest };
}

/** A server that takes everything and then waits for the test to tell a status. */
const api: DesignerApi = {
  open: () => Promise.reject(new Error("not asked")),
  readSession: () => Promise.reject(new Error("not asked")),
  storeDesign: () => Promise.resolve({ designSha256: "d".repeat(64) }),
  sendPicture: () => {
    sent += 1;
    return Promise.resolve(submission("stored", 1));
  },
  followSubmission: (_from, onChange, signal) => {
    tellStatus = onChange;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  },
  readPreview: () => Promise.reject(new Error("not asked")),
};

async function makePhoto(widthPx: number, heightPx: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = "teal";
  context.fillRect(0, 0, widthPx, heightPx);
  return canvas.convertToBlob({ type: "image/jpeg" });
}

const text = (): string => document.body.textContent ?? "";
const heading = (): string => document.querySelector("h1")?.textContent ?? "";
function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent === name);
  if (found === undefined) throw new Error(`there is no button "${name}"`);
  return found;
}

beforeEach(() => {
  [events, sent] = [[], 0];
  image = createImageClient();
  design = createDesignStore(product);
  flow = createFlow({
    api,
    image,
    design,
    submission: null,
    emit: (each) => void events.push(each),
    translate: createTranslate(chooseLocale("en")),
  });
  const open = {
    phase: "open",
    product,
    issuerName: "Harbour Bank",
    design,
    flow,
    readPreview: api.readPreview,
  } as const;
  root = createRoot(document.body.appendChild(document.createElement("div")));
  flushSync(() =>
    root.render(
      <SessionProvider value={open}>
        <DesignStoreProvider store={design}>
          <Designer />
        </DesignStoreProvider>
      </SessionProvider>,
    ),
  );
});
afterEach(() => {
  root.unmount();
  flow.close();
  image.close();
  document.body.replaceChildren();
});

async function goToPreview(widthPx = 1400, heightPx = 900): Promise<void> {
  await flow.openPhoto(await makePhoto(widthPx, heightPx));
  await expect.poll(() => document.querySelector("canvas")).not.toBeNull();
  await userEvent.click(button("See the print preview"));
  await expect.poll(heading).toBe("Check your card");
}

it("starts with an empty card and leaves the focus where it is", () => {
  expect(heading()).toBe("Start with a photo");
  expect(document.activeElement).toBe(document.body);
});

it("gives the page's focus to the first and last control that Tab would come to", async () => {
  const { port1, port2 } = new MessageChannel();
  const host = createHostLink(port2, { options: {}, sessionId: "sess", clientSecret: "secret" });
  const stop = answerHost(host, { onOptions: () => {}, submit: () => submitDesign(flow) });
  port1.postMessage({ type: "focus", edge: "first" });
  await expect.poll(() => document.activeElement?.textContent).toContain("Drop your photo here");
  port1.postMessage({ type: "focus", edge: "last" });
  await expect.poll(() => document.activeElement?.textContent).toBe("Choose a photo");
  stop();
  port1.close();
});

it("says what is wrong with a file, and what to do", async () => {
  await flow.openPhoto(new Blob(["hello"]));
  await expect.poll(text).toContain("This file is not a photo");
  expect(text()).toContain("Choose a JPEG, PNG or WebP picture.");
  expect(events).toContainEqual({ type: "problem", code: "not-an-image", detail: "This file is not a photo" });
});

const focused = (): string => document.activeElement?.textContent ?? "";

it("puts the focus on the step's title when the pressed control goes", async () => {
  await userEvent.click(button("Choose a photo"));
  const opened = flow.openPhoto(new Blob(["hello"]));
  await expect.poll(focused).toBe("Start with a photo");
  await opened;
  await userEvent.click(document.querySelector('[aria-label="Dismiss"]') as HTMLElement);
  await expect.poll(text).not.toContain("This file is not a photo");
  await expect.poll(focused).toBe("Start with a photo");

  void flow.openPhoto(await makePhoto(4000, 3000));
  flushSync(() => {});
  button("Cancel").focus();
  button("Cancel").click();
  await expect.poll(() => text()).not.toContain("Opening your photo");
  await expect.poll(focused).toBe("Start with a photo");
});

it("does not call a photo damaged that it could not even hand to its worker", async () => {
  const notTransferable = (() => {}) as unknown as Blob;
  await flow.openPhoto(notTransferable);
  await expect.poll(text).toContain("The photo could not be opened");
});

it("leaves the focus where it is when a photo comes by another way than the pressed control", async () => {
  await flow.openPhoto(new Blob(["hello"]));
  await expect.poll(text).toContain("This file is not a photo");
  expect(document.activeElement).toBe(document.body);
});

it("takes one photo at a time", async () => {
  const paste = new DataTransfer();
  for (const name of ["a.jpg", "b.jpg"]) paste.items.add(new File(["x"], name, { type: "image/jpeg" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: paste }));
  await expect.poll(text).toContain("One photo at a time");
});

it("says that a picture dragged from another page brought no file", async () => {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData("text/uri-list", "https://www.example/cat.jpg");
  const drop = { dataTransfer, bubbles: true, cancelable: true };
  document.querySelector("main")?.dispatchEvent(new DragEvent("drop", drop));
  await expect.poll(text).toContain("There was no picture in that");
});

it("offers the file dialog one photo of a kind that can be opened", () => {
  const input = document.querySelector<HTMLInputElement>("input[type=file]:not([capture])");
  expect(input?.multiple).toBe(false);
  expect(input?.accept).toBe("image/jpeg,image/png,image/webp,image/avif,image/gif,image/bmp");
});

it("keeps the design when its photo cannot be replaced", async () => {
  await flow.openPhoto(await makePhoto(1400, 900));
  const before = design.getState().placement;
  await flow.openPhoto(new Blob([]));
  await expect.poll(text).toContain("This file is empty");
  expect(design.getState().placement).toBe(before);
  expect(heading()).toBe("Make it yours");
  await userEvent.click(document.querySelector('[aria-label="Dismiss"]') as HTMLElement);
  await expect.poll(text).not.toContain("This file is empty");
});

it("advises no zooming out on the preview of a photo that cannot be", async () => {
  await goToPreview(700, 460);
  expect(text()).toMatch(/Prints a little soft\d+ dpi on the card\. A larger photo prints sharper\./);
});

it("sends nothing without agreement, and points to the box", async () => {
  await goToPreview();
  await expect.poll(focused).toBe("Check your card");
  await userEvent.click(button("Send my card"));
  await expect.poll(text).toContain("Please tick the box first.");
  await expect.poll(() => document.activeElement).toBe(document.querySelector("input[type=checkbox]"));
  expect(sent).toBe(0);
});

it("sends once, follows, and starts again from the same design after a rejection", async () => {
  await goToPreview();
  const placed = design.getState().placement;
  await userEvent.click(document.querySelector("input[type=checkbox]") as HTMLElement);
  await Promise.all([flow.send(), flow.send()]);
  await expect.poll(heading).toBe("Your card is on its way");
  expect(sent).toBe(1);
  flushSync(() => tellStatus(submission("unknown", 2)));
  expect(heading()).toBe("We are checking with the card maker");
  expect([...document.querySelectorAll("main button")]).toEqual([]);
  flushSync(() => tellStatus({ ...submission("rejected", 3), rejectionCode: "TRADEMARK" }));
  expect(text()).toContain("It shows a trademark.");
  await userEvent.click(button("Change my design"));
  await expect.poll(heading).toBe("Make it yours");
  expect(design.getState().placement).toBe(placed);
});
