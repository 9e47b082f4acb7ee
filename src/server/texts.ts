import { Problem } from "#contracts/problem.ts";
import type { SubmissionRecord } from "#contracts/submission.ts";
import { type Design, vectorElementsOf } from "#design/design.ts";
import { type DesignDocument, designOf } from "#design/document.ts";
import type { Text } from "#design/elements.ts";
import { holdIssuedNumber } from "#lettering/card-numbers.ts";
import { listTextHints } from "#lettering/text-hints.ts";
import { isDeleted } from "./state/machine.ts";
import type { Store, SubmissionTable } from "./store/schema.ts";

/** Line by line as they lie on the card, left to right: whose middles are less than half their height apart stand in one line. */
function inReadingOrder(texts: readonly Text[]): readonly Text[] {
  const lines: Text[][] = [];
  for (const text of texts.toSorted((one, other) => one.box.yMm - other.box.yMm)) {
    const [first] = lines.at(-1) ?? [];
    if (first !== undefined && text.box.yMm - first.box.yMm < first.box.heightMm / 2) lines.at(-1)?.push(text);
    else lines.push([text]);
  }
  return lines.flatMap((line) => line.toSorted((one, other) => one.box.xMm - other.box.xMm));
}

/** In which of these elements a card number seems to be written, or null where it is in several together; undefined where there is none. */
export function findCardNumber(elements: Design["elements"]): number | null | undefined {
  const at = elements.findIndex(
    (element) => element.kind === "text" && listTextHints(element.text).includes("card-number"),
  );
  if (at >= 0) return at;
  const texts = elements.flatMap((element) => (element.kind === "text" ? [element] : []));
  const isAcross = [texts, inReadingOrder(texts)].some((all) => holdIssuedNumber(all.map(({ text }) => text)));
  return isAcross ? null : undefined;
}

/** Throws Problem("text-refused") for a design on which a card number seems to be written; with its place, and never with the text. */
export function refuseCardNumbers(document: DesignDocument): void {
  const at = findCardNumber(designOf(document).elements);
  if (at === undefined) return;
  throw new Problem("text-refused", {
    detail:
      at === null
        ? "body.elements: one after the other, their texts are a valid card number, which must not be on a picture."
        : `body.elements[${at}].text: it holds digits that are a valid card number, which must not be on a picture.`,
  });
}

type WrittenText = NonNullable<SubmissionRecord["texts"]>[number];

/** What is written on a submission's card, bottom to top, for whoever reviews it; nothing any more once its design is deleted. */
export async function readTexts(
  store: Store,
  submission: Pick<SubmissionTable, "session_id" | "design_sha256" | "state">,
): Promise<readonly WrittenText[]> {
  if (isDeleted(submission)) return [];
  const design = await store
    .selectFrom("designs")
    .select("document")
    .where("session_id", "=", submission.session_id)
    .where("sha256", "=", submission.design_sha256)
    .executeTakeFirst();
  if (design === undefined) return [];
  // Checked when it was stored.
  return vectorElementsOf(designOf(JSON.parse(design.document) as DesignDocument)).flatMap((element) =>
    element.kind === "text" ? [{ text: element.text, hints: [...listTextHints(element.text)] }] : [],
  );
}
