import { flushSync } from "react-dom";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import type { Design } from "#design/design.ts";
import { photoOf } from "#design/design.ts";
import { createHostLink } from "../host/host-link.ts";
import { changeGround, changePhoto, openPhotoOf } from "../store/design-store.ts";
import { answerHost } from "./answer-host.ts";
import { submitDesign } from "./submit-design.ts";
import { type MountedDesigner, makePhoto, mountDesigner, product, submission } from "./testing/mount-designer.tsx";

let designer: MountedDesigner;
let flow: MountedDesigner["flow"];
let design: MountedDesigner["design"];

const text = (): string => document.querySelector("main")?.textContent ?? "";
const heading = (): string => document.querySelector("h1")?.textContent ?? "";
function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent === name);
  if (found === undefined) throw new Error(`there is no button "${name}"`);
  return found;
}

beforeEach(() => {
  designer = mountDesigner();
  ({ flow, design } = designer);
});
afterEach(() => designer.unmount());

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
  const stop = answerHost(host, {
    onOptions: () => {},
    submit: () => submitDesign(flow),
    close: () => Promise.resolve("kept"),
  });
  port1.postMessage({ type: "focus", edge: "first" });
  await expect.poll(() => document.activeElement?.textContent).toMatch(/Drop your photo here|Your photo goes here/);
  await expect.poll(() => document.querySelector("canvas")).not.toBeNull();
  port1.postMessage({ type: "focus", edge: "last" });
  await expect.poll(() => document.activeElement?.textContent).toBe("Open a saved design");
  stop();
  port1.close();
});

it("says what is wrong with a file, and what to do", async () => {
  await flow.openPhoto(new Blob(["hello"]));
  await expect.poll(text).toContain("This file is not a photo");
  expect(text()).toContain("Choose a photo, for example a JPEG, PNG, HEIC, WebP or TIFF.");
  expect(designer.events).toContainEqual({ type: "problem", code: "not-an-image", detail: "This file is not a photo" });
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

it("takes one photo that comes in two encodings", async () => {
  const paste = new DataTransfer();
  const photo = new OffscreenCanvas(1400, 900);
  const context = photo.getContext("2d", { alpha: false })!;
  context.fillStyle = "teal";
  context.fillRect(0, 0, 700, 900);
  for (const type of ["image/jpeg", "image/png"]) {
    paste.items.add(new File([await photo.convertToBlob({ type })], "Screenshot", { type }));
  }
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: paste }));
  await expect.poll(heading).toBe("Make it yours");
  expect(text()).not.toContain("One photo at a time");
});

it("keeps the design when two different photos come at once", async () => {
  await flow.openPhoto(await makePhoto(1400, 900));
  const before = design.getState().design;
  await flow.openPhoto([await makePhoto(1400, 900), await makePhoto(900, 1400)]);
  await expect.poll(text).toContain("One photo at a time");
  expect(design.getState().design).toBe(before);
});

it("offers the file dialog one photo of a kind that can be opened", () => {
  const input = document.querySelector<HTMLInputElement>("input[type=file]:not([capture])");
  expect(input?.multiple).toBe(false);
  expect(input?.accept).toBe(
    "image/jpeg,image/png,image/webp,image/avif,image/gif,image/bmp,image/heic,image/heif,image/tiff,.heic,.heif,.tif,.tiff",
  );
});

it("keeps the design when its photo cannot be replaced", async () => {
  await flow.openPhoto(await makePhoto(1400, 900));
  const before = design.getState().design;
  await flow.openPhoto(new Blob([]));
  await expect.poll(text).toContain("This file is empty");
  expect(design.getState().design).toBe(before);
  expect(heading()).toBe("Make it yours");
  await userEvent.click(document.querySelector('[aria-label="Dismiss"]') as HTMLElement);
  await expect.poll(text).not.toContain("This file is empty");
});

it("advises no zooming out on the preview of a photo that cannot be", async () => {
  await goToPreview(700, 460);
  expect(text()).toMatch(/Prints a little softA larger photo prints sharper\./);
});

it("prints, shows, stores and sends what is on the card, although the wheel is still turning when the picture is ready", async () => {
  const render = designer.image.renderPicture.bind(designer.image);
  const turnWheel = (): void => {
    const card = document.querySelector("[role=application]");
    const { x = 0, y = 0 } = card?.getBoundingClientRect() ?? {};
    const turn = { ctrlKey: true, deltaY: -300, clientX: x + 40, clientY: y + 30, bubbles: true, cancelable: true };
    card?.dispatchEvent(new WheelEvent("wheel", turn));
  };
  const renders: Design[] = [];
  vi.spyOn(designer.image, "renderPicture").mockImplementation(async (rendered, ...rest) => {
    renders.push(rendered);
    const picture = await render(rendered, ...rest);
    if (renders.length <= 2) turnWheel();
    return picture;
  });
  await goToPreview(4000, 2600);
  expect(renders.length).toBe(3);
  expect(design.getState().design).toEqual(renders[2]);
  await userEvent.click(document.querySelector("input[type=checkbox]") as HTMLElement);
  await flow.send();
  const [sent] = designer.sent;
  expect(sent?.design).toEqual(renders[2]);
  const again = await render(sent!.design, [...design.getState().assets.values()], product);
  expect(again.sha256, "the document gives the very picture that was sent").toBe(sent?.pictureSha256);
});

it("ends and says why when the photo is zoomed in too far while the picture is being made", async () => {
  await flow.openPhoto(await makePhoto(1400, 900));
  await expect.poll(() => document.querySelector("canvas")).not.toBeNull();
  const previewed = flow.showPreview();
  changePhoto(design.getState(), (placement) => ({ ...placement, mmPerPx: placement.mmPerPx * 5 }));
  await previewed;
  await expect.poll(text).toContain("Like this the photo would print blurred");
  expect(text()).not.toContain("Making the print picture");
  expect(designer.events.filter(({ type }) => type === "problem")).toHaveLength(1);
});

it("stops making the picture when another photo is looked for or pasted", async () => {
  let signal: AbortSignal | undefined;
  vi.spyOn(designer.image, "renderPicture").mockImplementation((_photo, _placement, _product, options) => {
    signal = options?.signal;
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("late"))));
  });
  await flow.openPhoto(await makePhoto(1400, 900));
  await expect.poll(() => document.querySelector("canvas")).not.toBeNull();
  const file = new File([await makePhoto(1400, 900)], "b.jpg", { type: "image/jpeg" });
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(file);
  const ways = [
    () => button("Choose another photo").click(),
    () => document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: dataTransfer })),
  ];
  for (const pick of ways) {
    void flow.showPreview();
    await expect.poll(text).toContain("Making the print picture");
    pick();
    await expect.poll(() => signal?.aborted).toBe(true);
    const resting = { step: "design", opening: false, renderedFraction: null, notice: null };
    await expect.poll(() => flow.state.getState()).toEqual(resting);
  }
});

it("tells a screen reader once each what happens on the way from the photo to the status", async () => {
  // Whatever is said comes a moment after it is so, and not at all once the next step has begun.
  const heard = (words: string) => expect.poll(() => designer.sentences).toContainEqual(expect.stringContaining(words));
  await flow.openPhoto(new Blob(["hello"]));
  await heard("not a photo");
  await goToPreview();
  await heard("The print picture is ready");
  flow.agree(true);
  await flow.send();
  const region = () => [...document.querySelectorAll("[role=status] > p")].map((line) => line.textContent);
  await expect.poll(region).toContain("Your design has arrived.");
  expect(region()).toEqual(designer.sentences.slice(-3));
  const ends = designer.sentences.filter(
    (sentence) => !/^(Opening your photo|Making|Your design is being)/.test(sentence),
  );
  expect(ends).toEqual([
    "This file is not a photo. Choose a photo, for example a JPEG, PNG, HEIC, WebP or TIFF.",
    "Your photo is on the card. Covers the card. 405 dpi. The lettering is hard to read.",
    "The print picture is ready. Covers the card. 405 dpi. The lettering is hard to read.",
    "Your design has arrived.",
  ]);
});

it("says of the picture only what is true of it", async () => {
  await goToPreview();
  expect(text()).toContain("Covers the whole card");
  flow.goBack();
  await expect.poll(heading).toBe("Make it yours");
  const photo = { ...openPhotoOf(design.getState())!, transparent: true };
  design.setState({ assets: new Map([[photo.sha256, photo]]) });
  await userEvent.click(button("See the print preview"));
  await expect.poll(heading).toBe("Check your card");
  expect(text()).toContain("Parts of this photo are transparent");
  expect(text()).not.toContain("Covers the whole card");
  flow.goBack();
  await expect.poll(heading).toBe("Make it yours");
  changeGround(design.getState(), "#14274e");
  await userEvent.click(button("See the print preview"));
  await expect.poll(heading).toBe("Check your card");
  expect(text()).toContain("The background you chose prints where your photo is transparent.");
  const placed = photoOf(design.getState().design)!;
  const elsewhere = { ...placed, placement: { ...placed.placement, xMm: 300 } };
  design.setState({ design: { ...design.getState().design, elements: [elsewhere] } });
  expect(text(), "the card is no longer what the picture was made of").not.toContain("Does not cover");
});

it("sends nothing without agreement, and points to the box", async () => {
  await goToPreview();
  await expect.poll(focused).toBe("Check your card");
  await userEvent.click(button("Send my design"));
  await expect.poll(text).toContain("Please tick the box first.");
  await expect.poll(() => document.activeElement).toBe(document.querySelector("input[type=checkbox]"));
  expect(designer.sent).toEqual([]);
});

it("offers the same design again when the bank has given up on sending it", async () => {
  await goToPreview();
  await userEvent.click(document.querySelector("input[type=checkbox]") as HTMLElement);
  await flow.send();
  designer.tellStatus(submission("abandoned", 3));
  await expect.poll(heading).toBe("Your card could not be made this time");
  await userEvent.click(button("Look at it and send it again"));
  await expect.poll(heading).toBe("Make it yours");
});

it("sends once, follows, and starts again from the same design after a rejection", async () => {
  await goToPreview();
  const placed = design.getState().design;
  await userEvent.click(document.querySelector("input[type=checkbox]") as HTMLElement);
  await Promise.all([flow.send(), flow.send()]);
  await expect.poll(heading).toBe("We have your design");
  expect(designer.sent).toHaveLength(1);
  designer.tellStatus(submission("unknown", 2));
  expect(heading()).toBe("We are checking with the card maker");
  const labels = [...document.querySelectorAll("main button")].map((each) => each.getAttribute("aria-label"));
  expect(labels, "nothing to do").toEqual(["Copy the reference"]);
  designer.tellStatus({ ...submission("rejected", 3), rejectionCode: "TRADEMARK" });
  expect(text()).toContain("It shows a trademark.");
  designer.tellStatus({ ...submission("rejected", 4), rejectionCode: "OTHER", rejectionMemo: "Too dark <b>" });
  expect(text()).toContain("The reviewer wrote: Too dark <b>");
  await userEvent.click(button("Change my design"));
  await expect.poll(heading).toBe("Make it yours");
  expect(design.getState().design).toBe(placed);
});
