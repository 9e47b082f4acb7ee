import type { Product } from "#card/products.ts";
import type { DesignerEventInput, FrameOptions } from "#contracts/frame-messages.ts";
import { readRulesVersion, type Translate } from "../locales/text.tsx";
import type { FlowState } from "./flow-state.ts";
import { type Notice, noticeValues } from "./notice.ts";

/** What the page is told of beside notices and closed screens. docs/embed.md lists them all. */
export const otherProblemCodes = [
  "open-elsewhere",
  "sent-elsewhere",
  "send-unresolved",
  "not-my-picture",
  "stage-failed",
  "language-not-loaded",
  "theme-contrast",
  "rules-version-blank",
  "unexpected",
] as const;

export const notMyPicture = "The cardholder says that the card maker shows another picture.";
export const unexpectedDetail = "Something unforeseen happened in the designer.";

/** What the issuer's page is told of a failure; without `cause` where nothing is known of it. */
export function problemEvent(code: string, detail: string, cause?: string): DesignerEventInput {
  return { type: "problem", code, detail, ...(cause !== undefined && { cause }) };
}

/** Looks at the page's options, as often as they change, and tells it of a version of its rules that nobody could see. */
export function createVersionWatch(
  emit: (event: DesignerEventInput) => void,
  translate: Translate,
): (options: FrameOptions) => void {
  let known: string | undefined;
  return ({ messages }) => {
    const given = messages?.["rules.version"];
    if (given === known) return;
    known = given;
    if (given === undefined || readRulesVersion(messages) !== undefined) return;
    const used = translate("rules.version");
    emit(problemEvent("rules-version-blank", `Nothing can be seen of your text rules.version: ${used} is used.`));
  };
}

/** Of an answer that is not the server's the page is told more, when it comes: see `describeForeign`. */
function isTold({ tone, code }: Notice): boolean {
  const isElsewhere = code === "open-elsewhere" || code === "sent-elsewhere";
  return (tone === "problem" && code !== "foreign-answer") || isElsewhere;
}

/** The failure that this change of state shows to the cardholder, if it shows one. */
export function problemOf(
  before: FlowState,
  now: FlowState,
  product: Product,
  translate: Translate,
): DesignerEventInput | null {
  const notice = "notice" in now ? now.notice : null;
  const known = "notice" in before ? before.notice : null;
  if (notice !== null && notice !== known && isTold(notice)) {
    return problemEvent(notice.code, translate(`notice.${notice.code}.title`, noticeValues(product)), notice.cause);
  }
  const isLost = (state: FlowState): boolean => state.step === "sending" && state.unconfirmed === "unresolved";
  if (isLost(now) && !isLost(before)) return problemEvent("send-unresolved", translate("sending.lost-title"));
  return null;
}
