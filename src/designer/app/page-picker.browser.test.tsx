import { afterEach, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import type { AskForImage } from "../flow/pick-image.ts";
import { type MountedDesigner, makePhoto, mountDesigner, product } from "./testing/mount-designer.tsx";

let designer: MountedDesigner;
afterEach(() => designer.unmount());

const heading = (): string => document.querySelector("h1")?.textContent ?? "";

async function press(name: string): Promise<void> {
  const found = [...document.querySelectorAll("button")].find((each) => each.textContent === name);
  if (found === undefined) throw new Error(`there is no button "${name}"`);
  await userEvent.click(found);
}

it("asks the page for a photo in place of opening the file chooser, and takes what it gives", async () => {
  const ask = vi.fn<AskForImage>();
  const open = vi.spyOn(HTMLInputElement.prototype, "click");
  designer = mountDesigner({ askForImage: ask });
  ask.mockResolvedValueOnce(null);
  await press("Choose a photo");
  await expect.poll(() => ask.mock.settledResults.length).toBe(1);
  expect(heading()).toBe("Start with a photo");
  ask.mockResolvedValueOnce(await makePhoto(1400, 900));
  await press("Choose a photo");
  await expect.poll(heading).toBe("Make it yours");
  const [request] = ask.mock.calls[0] ?? [];
  expect(request).toMatchObject({ source: "library", maxBytes: product.maxPhotoBytes });
  expect(request?.accept).toContain("image/jpeg");
  expect(open).not.toHaveBeenCalled();
  expect(designer.events.filter(({ type }) => type === "problem")).toEqual([]);
});

it("offers the file chooser for the next press once the page's picker has failed, and says why to the page", async () => {
  const open = vi.spyOn(HTMLInputElement.prototype, "click").mockImplementation(() => {});
  const ask = vi.fn<AskForImage>(() => Promise.reject(new Error("Error: no camera")));
  designer = mountDesigner({ askForImage: ask });
  await press("Choose a photo");
  await expect.poll(() => document.querySelector("main")?.textContent).toContain("photo picker did not work");
  expect(designer.events.at(-1)).toMatchObject({ type: "problem", code: "picker-failed", cause: "Error: no camera" });
  expect(open).not.toHaveBeenCalled();
  await press("Choose a photo");
  expect(open).toHaveBeenCalledOnce();
  expect(ask).toHaveBeenCalledOnce();
  await press("Choose a photo");
  await expect.poll(() => ask.mock.calls.length, { message: "the page's again" }).toBe(2);
  expect(open).toHaveBeenCalledOnce();
});

it("lets the page know that a photo has come another way meanwhile", async () => {
  let asked: AbortSignal | undefined;
  designer = mountDesigner({
    askForImage: (_request, signal) => {
      asked = signal;
      return new Promise(() => {});
    },
  });
  await press("Choose a photo");
  await expect.poll(() => asked?.aborted).toBe(false);
  await designer.flow.openPhoto(await makePhoto(1400, 900));
  expect(asked?.aborted).toBe(true);
});
