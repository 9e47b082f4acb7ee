import { expect, test } from "vitest";
import { de } from "../locales/de.ts";
import { en } from "../locales/en.ts";
import { show, useWholeScreen } from "./testing/whole-screen.tsx";

useWholeScreen();

/** What is offered in place of it, and what is said of photos as such. */
const ofPhotos = ["design.ground.photo", "kept.server", "rules.good"] as const;

/** All that is on the page, for the eye and for the ear. */
function allWords(): string {
  const spoken = [...document.querySelectorAll("[aria-label], [title], [alt]")].flatMap((element) =>
    ["aria-label", "title", "alt"].map((name) => element.getAttribute(name) ?? ""),
  );
  return [document.body.textContent, ...spoken].join("\n");
}

const bare = [
  "design, a gradient",
  "design, a colour",
  "preview, without a photo",
  "follow, rejected, without a photo",
];

test.each(bare)("of a card without a photo nothing speaks of one: %s", async (name) => {
  for (const [language, texts] of [["en", en] as const, ["de", de] as const]) {
    await show(name, language);
    await expect.poll(() => document.documentElement.lang).toBe(language);
    const left = ofPhotos
      .flatMap((id) => texts[id].split("\n"))
      .reduce((words, sentence) => words.replaceAll(sentence, ""), allWords());
    expect(left.match(/.{0,40}(?:photo|foto).{0,40}/gi) ?? []).toEqual([]);
  }
});

test("a card without a photo that was not accepted can be changed", async () => {
  await show("follow, rejected, without a photo");
  const names = () => [...document.querySelectorAll("button")].map((button) => button.innerText);
  await expect.poll(names).toEqual(expect.arrayContaining(["Change my design", "Make a new design"]));
});
