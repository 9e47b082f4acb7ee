import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { changePhoto } from "../store/design-store.ts";
import { type MountedDesigner, makePhoto, mountDesigner } from "./testing/mount-designer.tsx";

let designer: MountedDesigner;
let flow: MountedDesigner["flow"];
let design: MountedDesigner["design"];

beforeEach(() => {
  designer = mountDesigner();
  ({ flow, design } = designer);
});
afterEach(() => designer.unmount());

it("a copy of the design that was saved prints the same card again, and one that is not whole is said to be damaged", async () => {
  const pictureOf = async (): Promise<string> => {
    await flow.showPreview();
    const state = flow.state.getState();
    if (state.step !== "preview") throw new Error(`still at ${state.step}`);
    flow.goBack();
    return state.picture.sha256;
  };
  await flow.openPhoto(await makePhoto(1400, 900));
  changePhoto(design.getState(), (placement) => ({ ...placement, mmPerPx: placement.mmPerPx * 1.2, rotationDeg: 7 }));
  const [kept, printed] = [design.getState().design, await pictureOf()];
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  await expect.poll(() => document.querySelector("summary")).not.toBeNull();
  await userEvent.click(document.querySelector("summary")!);
  const save = [...document.querySelectorAll("button")].find(
    (each) => each.textContent === "Save a copy of the design",
  );
  await userEvent.click(save!);
  const link = clicked.mock.contexts[0] as HTMLAnchorElement;
  vi.restoreAllMocks();
  expect(link.download).toBe("card.fullbleed");
  const file = await (await fetch(link.href)).blob();

  flow.startOver();
  await flow.openPhoto(file.slice(0, 100));
  expect(flow.state.getState()).toMatchObject({ step: "pick", notice: { code: "design-file-damaged" } });
  await flow.openPhoto(file);
  expect(design.getState()).toMatchObject({ design: kept, canUndo: false });
  expect(await pictureOf()).toBe(printed);

  await flow.openPhoto(await makePhoto(1500, 1000));
  const another = design.getState().design;
  await flow.openPhoto(file);
  expect(design.getState().design).toEqual(kept);
  design.getState().undo();
  expect(design.getState().design).toEqual(another);
});
