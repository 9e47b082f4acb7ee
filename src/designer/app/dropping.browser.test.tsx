import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type MountedDesigner, mountDesigner } from "./testing/mount-designer.tsx";

let designer: MountedDesigner;
const text = (): string => document.querySelector("main")?.textContent ?? "";

beforeEach(() => {
  designer = mountDesigner();
});
afterEach(() => designer.unmount());

function dropOnPage(dataTransfer: DataTransfer): DragEvent {
  const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector("main")?.dispatchEvent(drop);
  return drop;
}

it.each([
  ["a picture of another page", { "text/uri-list": "https://www.example/cat.jpg" }, "There was no picture in that"],
  ["a part of a page", { "text/html": "<p>Hello</p>", "text/plain": "Hello" }, "There was no picture in that"],
  ["a text", { "text/plain": "Hello" }, "There was no picture in that"],
  ["a mail's attachment", { FileGroupDescriptorW: "1" }, "No file has come with that"],
  ["what a mail program promises", { "application/x-moz-file-promise": "1" }, "No file has come with that"],
])("says what is missing of %s that is dropped without a file", async (_, data, said) => {
  const transfer = new DataTransfer();
  for (const [type, value] of Object.entries(data)) transfer.setData(type, value);
  expect(dropOnPage(transfer).defaultPrevented, "the browser does not go there").toBe(true);
  await expect.poll(text).toContain(said);
  expect(designer.events).toHaveLength(1);
});

it("says that a folder is one, and does not go through it", async () => {
  const isFolder = { isDirectory: true } as FileSystemEntry;
  vi.spyOn(DataTransferItem.prototype, "webkitGetAsEntry").mockReturnValue(isFolder);
  const transfer = new DataTransfer();
  transfer.items.add(new File([], "Holiday"));
  dropOnPage(transfer);
  await expect.poll(text).toContain("That is a folder");
  expect(text()).toContain("Open it and choose one photo.");
  vi.restoreAllMocks();
});
