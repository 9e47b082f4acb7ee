import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { zoomTo } from "#design/edits.ts";
import { rested, submissionOf, Visit } from "../flow/testing/visit.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { changePhoto, createDesignStore } from "../store/design-store.ts";
import { onAnnounce } from "../ui/LiveRegion.tsx";
import { announceFlow } from "./flow-announcements.ts";

const file = new Blob(["photo"]);
const placed = "Covers the card. 579 dpi.";
let visit: Visit;
let said: string[];
let stop: (() => void)[];

function listen(language = "en"): void {
  const locale = chooseLocale(language);
  stop.push(announceFlow(visit.flow, visit.design, () => ({ t: createTranslate(locale), language })));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  visit = new Visit();
  said = [];
  stop = [onAnnounce((sentence) => said.push(sentence))];
});
afterEach(() => {
  for (const each of stop) each();
  vi.useRealTimers();
});

/** What was said since the last time, once all that follows from `happen` has happened and `ms` have passed. */
async function hear(happen: () => unknown, ms = 0): Promise<string[]> {
  said.length = 0;
  void happen();
  await rested();
  // What is said waits for two tasks: in the first, the step's title takes the focus.
  await vi.advanceTimersByTimeAsync(ms + 2);
  return [...said];
}

const pick = () => visit.flow.openPhoto(file);
const opened = () => visit.endOpening("good");

describe("a screen reader hears", () => {
  it("a photo being opened, that it is open and what it shows, and the same of the next", async () => {
    listen();
    expect(await hear(pick, 1000)).toEqual(["Opening your photo."]);
    expect(await hear(opened, 1000)).toEqual([`Your photo is on the card. ${placed}`]);
    expect(await hear(pick, 1000)).toEqual(["Opening your photo."]);
    expect(await hear(opened, 1000)).toEqual([`The new photo is on the card. ${placed}`]);
    for (const way of ["undo", "redo"] as const) {
      const said = await hear(() => visit.design.getState()[way](), 1000);
      expect(said).toEqual([`The other photo is on the card again. ${placed}`]);
    }
  });

  it("a photo that comes back while the next is being opened, and not as that one", async () => {
    listen();
    for (const _ of [1, 2]) {
      await hear(pick);
      await hear(opened);
    }
    const again = [`The other photo is on the card again. ${placed}`];
    await hear(pick, 1000);
    expect(await hear(visit.design.getState().undo, 1000)).toEqual(again);
    expect(await hear(visit.flow.stopOpening, 1000)).toEqual(["Opening was stopped."]);
    await hear(pick, 1000);
    expect(await hear(visit.design.getState().redo, 1000)).toEqual(again);
    expect(await hear(opened, 1000)).toEqual([`The new photo is on the card. ${placed}`]);
  });

  it("nothing of what had ended before the step changed again", async () => {
    listen();
    await hear(pick);
    await hear(opened, 1000);
    await hear(visit.flow.showPreview);
    const backAtOnce = async (): Promise<void> => {
      visit.endRendering("good");
      await rested();
      expect(visit.flow.state.getState().step).toBe("preview");
      visit.flow.goBack();
    };
    expect(await hear(backAtOnce, 1000)).toEqual([]);
    expect(visit.flow.state.getState().step).toBe("design");
  });

  it("of what is over at once only its end", async () => {
    listen();
    expect(await hear(pick, 100)).toEqual([]);
    expect(await hear(opened, 1000)).toEqual([`Your photo is on the card. ${placed}`]);
    expect(await hear(visit.flow.showPreview, 100)).toEqual([]);
    expect(await hear(() => visit.endRendering("good"), 1000)).toEqual([`The print picture is ready. ${placed}`]);
  });

  it("the picture being made, now and then how far it is, and that it is ready", async () => {
    listen();
    await hear(pick);
    await hear(opened);
    expect(await hear(visit.flow.showPreview, 1000)).toEqual(["Making the print picture."]);
    expect(await hear(() => visit.progress(0.2), 12_000)).toEqual([]);
    expect(await hear(() => visit.progress(0.5), 1000)).toEqual(["Making the print picture: 50%."]);
    expect(await hear(() => visit.progress(0.95), 1000)).toEqual([]);
    expect(await hear(() => visit.endRendering("good"), 1000)).toEqual([`The print picture is ready. ${placed}`]);
  });

  it("that what was cancelled has stopped", async () => {
    listen();
    await hear(pick);
    expect(await hear(visit.flow.stopOpening, 1000)).toEqual(["Opening was stopped."]);
    await hear(pick);
    await hear(opened);
    await hear(visit.flow.showPreview);
    const stopped = "Making the print picture was stopped. Your design is unchanged.";
    expect(await hear(visit.flow.stopRendering, 1000)).toEqual([stopped]);
    await hear(visit.flow.showPreview);
    expect(await hear(pick, 1000), "another photo has taken its place").toEqual(["Opening your photo."]);
  });

  it("each failure once, and the same one again when it happens again", async () => {
    listen();
    const damaged = "This photo cannot be read to its end. The file is damaged";
    for (const _ of [1, 2]) {
      await hear(pick);
      expect(await hear(() => visit.endOpening("bad"), 1000)).toEqual([expect.stringContaining(damaged)]);
    }
    const several = "One photo at a time. You gave us several photos. Choose the one you want on your card.";
    for (const _ of [1, 2]) expect(await hear(() => visit.flow.showNotice("two-files"))).toEqual([several]);
    await hear(pick);
    await hear(opened);
    await hear(visit.flow.showPreview);
    changePhoto(visit.design.getState(), zoomTo(5));
    const tooFar = expect.stringContaining("Like this the photo would print blurred.");
    expect(await hear(() => visit.endRendering("good"), 1000)).toEqual([tooFar]);
  });

  it("of a photo with a note both in one sentence", async () => {
    listen();
    await hear(pick);
    const note =
      "Parts of this photo are transparent. The background prints there: white, unless you choose another colour.";
    expect(await hear(() => visit.endOpening("transparent"), 1000)).toEqual([
      `Your photo is on the card. ${placed} ${note}`,
    ]);
  });

  it("the card being sent, and that it has arrived", async () => {
    listen();
    await hear(pick);
    await hear(opened);
    await hear(visit.flow.showPreview);
    await hear(() => visit.endRendering("good"));
    visit.flow.agree(true);
    expect(await hear(visit.flow.send, 1000)).toEqual(["Your design is being sent."]);
    expect(await hear(() => visit.endUpload("bad"), 1000)).toEqual([
      expect.stringMatching(/^Your design could not be sent\. /),
    ]);
    await hear(visit.flow.send);
    expect(await hear(() => visit.endUpload("good"), 1000)).toEqual(["Your design has arrived."]);
  });

  it("that the design of a rejected card is open after all, where it was said to take long", async () => {
    visit = new Visit(submissionOf("rejected"));
    const photo = visit.makePhoto();
    const design = createDesignStore(products[0]);
    design.getState().setPhoto(photo);
    await visit.drafts.write({ design: design.getState().design, photo });
    listen();
    const slow = await hear(visit.flow.resumeDraft, 8000);
    expect(slow).toEqual([expect.stringMatching(/^Your design takes longer to open than usual\. /)]);
    expect(await hear(opened, 1000)).toEqual([`Your design is open again. Change it, and send it again. ${placed}`]);
    expect(visit.flow.state.getState().step).toBe("follow");
  });

  it("all that in the language on screen", async () => {
    listen("ar");
    expect(await hear(pick, 1000)).toEqual(["نفتح صورتك."]);
    expect(await hear(opened, 1000)).toEqual([expect.stringMatching(/^صورتك على البطاقة الآن\. تغطي البطاقة\./)]);
    expect(await hear(visit.flow.showPreview, 1000)).toEqual(["نُعدّ صورة الطباعة."]);
    expect(await hear(() => visit.endRendering("good"))).toEqual([expect.stringMatching(/^صورة الطباعة جاهزة\. /)]);
  });

  it("a failure from before anybody listened, once", async () => {
    visit.flow.showNotice("two-files");
    expect(await hear(() => [listen(), stop.pop()?.(), listen()])).toEqual([
      expect.stringContaining("One photo at a time."),
    ]);
  });
});
