import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type NoticeCode, noticeOf } from "../flow/notice.ts";
import { otherProblemCodes } from "../flow/problem-event.ts";
import { en } from "../locales/en.ts";

/** What comes before the dot-separated rest in the ids of the texts. */
function idsWithin(group: string): string[] {
  return Object.keys(en).flatMap((id) => new RegExp(`^${group}\\.(.+)\\.title$`).exec(id)?.[1] ?? []);
}

it("every code of a problem event is described in docs/embed.md, and no other", () => {
  const notices = idsWithin("notice").filter((code) => noticeOf(code as NoticeCode).tone === "problem");
  // These have no page to tell, or come from it.
  const untold = ["not-framed", "no-answer", "refused"];
  const closed = idsWithin("closed").filter((reason) => !untold.includes(reason));
  const page = readFileSync(new URL("../../../docs/embed.md", import.meta.url), "utf8");
  const [, section = ""] = /\n### Problems\n(.*?)\n##/s.exec(page) ?? [];
  const rows = section.split("\n").filter((line) => line.startsWith("| `") && !line.startsWith("| `code`"));
  const described = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => code),
  );
  expect(described).toHaveLength(new Set(described).size);
  expect(new Set(described)).toEqual(new Set([...notices, ...closed, ...otherProblemCodes]));
});
