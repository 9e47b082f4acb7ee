import { expect, it } from "vitest";
import type { DesignerEventInput, FrameOptions } from "#contracts/frame-messages.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createVersionWatch } from "./problem-event.ts";

it("tells the page once of each version of its rules that nobody could see, and of no other", () => {
  const events: DesignerEventInput[] = [];
  const watch = createVersionWatch((event) => void events.push(event), createTranslate(chooseLocale("en")));
  const withVersion = (version: string): FrameOptions => ({ messages: { "rules.version": version } });
  for (const options of [{}, { messages: {} }, withVersion("7"), withVersion(" 7\u200b")]) watch(options);
  expect(events).toEqual([]);
  watch(withVersion(" "));
  expect(events).toEqual([
    {
      type: "problem",
      code: "rules-version-blank",
      detail: "Nothing can be seen of your text rules.version: 2026-11 is used.",
    },
  ]);
  watch({ locale: "ar", ...withVersion(" ") });
  expect(events).toHaveLength(1);
  for (const version of ["", "\u00a0", "\n", "\0", "\u3164"]) watch(withVersion(version));
  expect(events).toHaveLength(6);
});
