import type { Verdict } from "#providers/diagnosis.ts";
import type { Section } from "./doctor.ts";

const width = 80;
const words: Readonly<Record<Verdict, string>> = {
  ok: "ok",
  wrong: "wrong",
  unchecked: "not checked",
  skipped: "not checked",
};
const indent = 13;

/** Breaks at blanks; a word that is longer than a line stands alone. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** For 80 columns, without colours. */
export function writeSection({ title, findings }: Section): string[] {
  return [
    title,
    ...findings.flatMap(({ verdict, subject, says }) =>
      wrap(`${subject}: ${says}`, width - indent).map(
        (line, index) => `${(index === 0 ? words[verdict] : "").padEnd(indent)}${line}`,
      ),
    ),
    "",
  ];
}

function count(sections: readonly Section[], verdict: Verdict): number {
  return sections.flatMap(({ findings }) => findings).filter((one) => one.verdict === verdict).length;
}

/** 0 all is well, 1 something is wrong, 2 something could not be checked. */
export function judge(sections: readonly Section[]): 0 | 1 | 2 {
  if (count(sections, "wrong") > 0) return 1;
  return count(sections, "unchecked") > 0 ? 2 : 0;
}

export function summarise(sections: readonly Section[]): string {
  const [bad, open] = [count(sections, "wrong"), count(sections, "unchecked")];
  if (bad > 0) return `${bad} wrong: correct what is said above, and run it again.`;
  return open > 0 ? `Nothing is wrong, but ${open} could not be checked.` : "Nothing is wrong.";
}
