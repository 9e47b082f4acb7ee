import { flushSync } from "react-dom";
import { expect, it } from "vitest";
import type { SubmissionView } from "#contracts/submission.ts";
import { type MountedDesigner, makePhoto, mountDesigner, submission } from "./testing/mount-designer.tsx";

/** As translators of browsers do it: each text of the page gives way to another, in a <font> of theirs. */
function translatePage(): void {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (words.nextNode() !== null) texts.push(words.currentNode as Text);
  for (const text of texts) {
    if (text.data.trim() === "" || text.parentElement?.closest("font, style, title") !== null) continue;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.textContent = `‹${text.data}›`;
    outer.append(inner);
    text.replaceWith(outer);
  }
}

const read = (element: Element | null): string => element?.textContent?.replaceAll(/[‹›]/g, "") ?? "";

function find(name: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>("button, label")].find((each) => read(each) === name);
  if (found === undefined) throw new Error(`there is nothing to press that is called "${name}"`);
  return found;
}
const press = (name: string) => () => flushSync(() => find(name).click());
const open = (photo: Blob) => async (designer: MountedDesigner) => {
  await designer.flow.openPhoto(photo);
};

const tell = (now: SubmissionView) => (designer: MountedDesigner) => designer.tellStatus(now);
/** All that can be seen: a step that waits beside the one that is shown is not. */
const readPage = (): string =>
  [...(document.querySelector("main")?.children ?? [])]
    .filter((part) => !part.hasAttribute("inert"))
    .map(read)
    .join("\n");

/** Each step, what is to be read when it is done, and what no longer. */
const way: readonly (readonly [(designer: MountedDesigner) => unknown, shown: string, gone?: string])[] = [
  [() => {}, "Start with a photo"],
  [open(new Blob(["hello"])), "This file is not a photo"],
  [open(await makePhoto(700, 460)), "Will print slightly soft", "This file is not a photo"],
  [press("Adjust"), "Mirror"],
  [press("Mirror"), "Will print slightly soft"],
  [press("Light"), "Lift shadows"],
  [press("Photo"), "700 × 460 px"],
  [open(new Blob([])), "This file is empty"],
  [press("See the print preview"), "Check your card", "This file is empty"],
  [press("Send my card"), "Please tick the box first."],
  [press("Back to the design"), "Will print slightly soft", "Please tick the box first."],
  [open(await makePhoto(1400, 900)), "1,400 × 900 px", "Will print slightly soft"],
  [press("See the print preview"), "405 dpi on the card", "Prints a little soft"],
  [press("My picture follows these rules, and I may use it."), "Check your card"],
  [press("Send my card"), "Your card is on its way", "Check your card"],
  [tell(submission("unknown", 2)), "We are checking with the card maker", "Your card is on its way"],
  [tell(submission("in-review", 3)), "Your picture is being checked", "We are checking with the card maker"],
  [tell({ ...submission("rejected", 4), rejectionCode: "TRADEMARK" }), "It shows a trademark.", "being checked"],
  [
    tell({ ...submission("rejected", 5), rejectionCode: "OTHER", rejectionMemo: "Too dark" }),
    "The reviewer wrote: Too dark",
  ],
  [press("Change my design"), "1,400 × 900 px", "Too dark"],
];

it("goes from the photo to the verdict while a page translator takes every text, and leaves no old one", async () => {
  const designer = mountDesigner();
  try {
    for (const [step, shown, gone] of way) {
      await step(designer);
      await expect.poll(readPage, { message: shown, timeout: 4000 }).toContain(shown);
      if (gone !== undefined)
        await expect.poll(readPage, { message: `not ${gone}`, timeout: 4000 }).not.toContain(gone);
      translatePage();
    }
  } finally {
    designer.unmount();
  }
});
