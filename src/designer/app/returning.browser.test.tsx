import { expect, it, onTestFinished } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { createImageClient } from "#image/client.ts";
import { designOf } from "#image/testing/open-photo.ts";
import { createMemoryStore, type Draft } from "../drafts/draft-store.ts";
import { keptAlone } from "../drafts/testing/kept-alone.ts";
import { makePhoto, mountDesigner, product, submission } from "./testing/mount-designer.tsx";

const rejected = { ...submission("rejected", 3), rejectionCode: "BRANDED" } as const;
const news = "This picture cannot be printed";
const heading = (): string => document.querySelector("h1")?.textContent ?? "";
const canBePressed = (): number => document.querySelectorAll("main :is(button, input):not([inert] *)").length;

async function keepDraft(): Promise<Draft> {
  const image = createImageClient();
  const photo = await image.openPhoto(await makePhoto(1400, 900), product);
  const { sha256, bytes } = photo;
  const draft = { design: designOf(photo, coverPlacement(photo, product), product), photo: { sha256, bytes } };
  photo.close();
  image.close();
  return draft;
}

/** Of an earlier visit, whose draft comes when the test says so. */
function comeBack(read: () => Promise<Draft | null>) {
  const drafts = { ...keptAlone(createMemoryStore()), read };
  const designer = mountDesigner({ submission: rejected, drafts });
  onTestFinished(() => designer.unmount());
  const headings = new Set<string>();
  const observer = new MutationObserver(() => headings.add(heading()));
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  void designer.flow.resumeDraft();
  return { ...designer, headings };
}

it("on the day after a rejection the shape of the design stands below the reason until the design does, and the news is not shown", async () => {
  const draft = await keepDraft();
  const reading = Promise.withResolvers<Draft | null>();
  const { sentences, headings, flow } = comeBack(() => reading.promise);
  await expect.poll(heading).toBe("Make it yours");
  headings.clear();
  const reason = "Your last picture was not accepted. It shows a brand or a logo.";
  await expect.poll(() => sentences.join("|")).toContain(reason);
  expect(document.querySelector("section[aria-label='Your last picture was not accepted']")).not.toBeNull();
  expect(document.querySelector("[aria-current=step]")?.textContent).toContain("Design");
  expect(canBePressed()).toBe(0);
  reading.resolve(draft);
  await expect
    .poll(() => sentences.at(-1))
    .toMatch(/^Your design is open again\. Change it, and send it again\. Covers/);
  await expect.poll(canBePressed).toBeGreaterThan(5);
  expect([...headings]).toEqual(["Make it yours"]);
  expect(sentences.filter((each) => each.includes("brand"))).toHaveLength(1);
  expect(flow.state.getState().step).toBe("design");
});

it("where the design cannot be fetched, the news takes the focus, says what went wrong, and leads to the design all the same", async () => {
  const draft = await keepDraft();
  const fetched = Promise.withResolvers<Draft | null>();
  const answers = [fetched.promise, Promise.resolve(draft)];
  const { sentences, flow } = comeBack(() => answers.shift() ?? Promise.resolve(null));
  await expect.poll(heading).toBe("Make it yours");
  fetched.reject(new Error("no answer"));
  await expect.poll(heading).toBe(news);
  await expect.poll(() => document.activeElement?.textContent).toBe(news);
  await expect.poll(() => sentences.at(-1)).toMatch(/^Your card from last time could not be fetched\./);
  flow.showNotice(null);
  await expect.poll(() => document.querySelector("main")?.textContent).not.toContain("could not be fetched");
  const change = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Change my design");
  change?.click();
  await expect.poll(heading).toBe("Make it yours");
  await expect.poll(canBePressed).toBeGreaterThan(5);
});
