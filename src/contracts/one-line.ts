/**
 * Runs of what cannot be seen, ends a line, or turns round what stands beside it. Beside what Unicode calls ignorable: the blank
 * Braille pattern, and the marks of interlinear notes.
 */
const unseenRuns = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]+/gu;

/**
 * One line of what can be seen of a text: each run of what cannot becomes a blank, at its ends as well. Nothing that anybody has
 * typed in moves a terminal's cursor then, colours it, or looks like a line of ours.
 */
export function toOneLine(text: string): string {
  return text.replaceAll(unseenRuns, " ");
}
