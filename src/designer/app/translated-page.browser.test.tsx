import { flushSync } from "react-dom";
import { expect, it } from "vitest";
import type { SubmissionView } from "#contracts/submission.ts";
import { en } from "../locales/en.ts";
import { type MountedDesigner, makePhoto, mountDesigner, submission } from "./testing/mount-designer.tsx";

/** As browsers' translators do it: each text of the page gives way to another one, in two <font> of theirs. */
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

/** Sooner than the test's own, so that it says which step it was. */
const timeout = 30_000;
const read = (element: Element | null): string => element?.textContent?.replaceAll(/[‹›]/g, "") ?? "";

/** Nothing that cannot be pressed yet: what stands there until the tools have been loaded looks the same. */
const find = (name: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>("button, label")].find(
    (each) => (each.ariaLabel ?? read(each)) === name && each.closest("[inert]") === null,
  );
const press = (name: string) => async () => {
  await expect.poll(() => find(name), { message: name, timeout }).toBeDefined();
  flushSync(() => find(name)?.click());
};
const open = (photo: Blob) => async (designer: MountedDesigner) => {
  await designer.flow.openPhoto(photo);
};

/** All that can be seen: a step that waits beside the one that is shown is not. */
const readPage = (): string =>
  [...(document.querySelector("main")?.children ?? [])]
    .filter((part) => !part.hasAttribute("inert"))
    .map(read)
    .join("\n");
const tell = (now: SubmissionView) => (designer: MountedDesigner) => designer.tellStatus(now);
const rejected = (sequence: number, rest: Partial<SubmissionView>) =>
  tell({ ...submission("rejected", sequence), ...rest });

/** Each step, what is to be read when it is done, and what no longer. */
const way: readonly (readonly [(designer: MountedDesigner) => unknown, shown: string, gone?: string])[] = [
  [() => {}, en["pick.title"]],
  [open(new Blob(["hello"])), en["notice.not-an-image.title"]],
  [open(await makePhoto(700, 460)), en["design.check.soft"], en["notice.not-an-image.title"]],
  [press(en["design.tab.adjust"]), en["design.flip"]],
  [press(en["design.flip"]), en["design.check.soft"]],
  [press(en["design.tab.light"]), en["design.light.lift"]],
  [press(en["design.tab.filters"]), en["design.filter.mono"], en["design.light.lift"]],
  [press(en["design.filter.mono"]), en["design.filter.strength"]],
  [press(en["design.tab.shapes"]), en["design.shape.rectangle"], en["design.filter.mono"]],
  [press(en["design.shape.addNamed"].replace("{name}", en["design.shape.rectangle"])), en["design.element.list"]],
  [press(en["design.element.remove"]), en["design.shape.rectangle"], en["design.element.list"]],
  [press(en["design.tab.stickers"]), en["design.stickers.hearts"], en["design.shape.rectangle"]],
  [press(en["design.tab.photo"]), "700 × 460 px", en["design.stickers.hearts"]],
  [open(new Blob([])), en["notice.empty-file.title"]],
  [press(en["design.next"]), en["preview.title"], en["notice.empty-file.title"]],
  [press(en["preview.send"]), en["preview.agree-missing"]],
  [press(en["preview.back"]), en["design.check.soft"], en["preview.agree-missing"]],
  [open(await makePhoto(1400, 900)), "1,400 × 900 px", en["design.check.soft"]],
  [press(en["design.next"]), en["preview.title"]],
  [press(en["preview.agree"]), en["preview.title"]],
  [press(en["preview.send"]), en["follow.title.stored"], en["preview.title"]],
  [tell(submission("unknown", 2)), en["follow.title.unknown"], en["follow.title.stored"]],
  [tell(submission("in-review", 3)), en["follow.title.checking"], en["follow.title.unknown"]],
  [rejected(4, { rejectionCode: "TRADEMARK" }), en["rejection.TRADEMARK"], en["follow.title.checking"]],
  [rejected(5, { rejectionCode: "OTHER", rejectionMemo: "Too dark" }), "Too dark", en["rejection.TRADEMARK"]],
  [press(en["follow.change"]), "1,400 × 900 px"],
];

it("goes from the photo to the verdict while a page translator takes every text, and leaves no old one", async () => {
  const designer = mountDesigner();
  const translator = new MutationObserver(translatePage);
  try {
    translatePage();
    translator.observe(document.body, { childList: true, characterData: true, subtree: true });
    for (const [step, shown, gone] of way) {
      await step(designer);
      await expect.poll(readPage, { message: shown, timeout }).toContain(shown);
      if (gone !== undefined) await expect.poll(readPage, { message: `not ${gone}`, timeout }).not.toContain(gone);
    }
    const spoken = designer.sentences.slice(-3);
    const said = () => [...document.querySelectorAll("[role=status] p")].map(read);
    await expect.poll(said, { message: "what a screen reader hears", timeout }).toEqual(spoken);
  } finally {
    translator.disconnect();
    designer.unmount();
  }
});
