import type { Product } from "#card/products.ts";
import { type Design, photoOf } from "#design/design.ts";
import type { Flow } from "../flow/flow.ts";
import { type FlowState, isReturning } from "../flow/flow-state.ts";
import { describeNotice, type Notice } from "../flow/notice.ts";
import { describeState } from "../steps/design/announcements.ts";
import type { Wording } from "../elements/describe-element.ts";
import { type DesignState, type DesignStore, openPhotoOf } from "../store/design-store.ts";
import { factsOf } from "../store/photo-facts.ts";
import { announce } from "../ui/LiveRegion.tsx";

/** Work that is over sooner is said by its end alone. */
const lateMs = 400;
/** Work that lasts says how far it is so often at most. */
const progressEveryMs = 10_000;

/** What to say; with `whileTrue` only if that is still so after a moment. */
interface Said {
  readonly text: string;
  readonly whileTrue?: (state: FlowState) => boolean;
}

interface Change {
  readonly before: FlowState;
  readonly now: FlowState;
  /** Another photo lies on the card than before, or none any more. */
  readonly placed: Design | null;
  readonly held: Pick<DesignState, "assets" | "arts">;
  readonly product: Product;
  /** What is new to be said about. */
  readonly notice: string | null;
}

const isOpening = (state: FlowState): boolean => (state.step === "pick" || state.step === "design") && state.opening;
const isRendering = (state: FlowState): boolean => state.step === "design" && state.renderedFraction !== null;
const isSending = (state: FlowState): boolean =>
  state.step === "sending" && !state.waitsForPage && !state.cancelling && state.unconfirmed === null;
/** That it is still being opened has been said. */
const isLate = (state: FlowState): boolean =>
  state.step === "follow" && state.opening && state.notice?.code === "draft-slow";
const hasLeft = (state: FlowState): boolean => state.step === "sending" && state.sentFraction >= 1 && isSending(state);

type OpenedText = "said.opened" | "said.reopened" | "said.replaced" | "said.bare";

function openedText(before: FlowState, now: FlowState, placed: Design): OpenedText {
  if (photoOf(placed) === null) return "said.bare";
  if (before.step === "design") return "said.replaced";
  if (isLate(before)) return "said.reopened";
  const isRejected = now.step === "design" && now.rejection !== undefined && now.rejection.photoSha256 !== null;
  return isReturning(before) && isRejected ? "said.reopened" : "said.opened";
}

/** What has ended, if something has; in which words takes longer to find out than a frame. */
function describeEnd({ before, now, placed, held, product, notice }: Change, wording: Wording): (() => string) | null {
  const { t } = wording;
  if ((isOpening(before) || isReturning(before) || isLate(before)) && placed !== null) {
    const opened = t(openedText(before, now, placed));
    return () => {
      const facts = factsOf(placed, held);
      const state = facts === null ? null : describeState(facts, product, wording);
      return [opened, state, notice].filter((sentence) => sentence !== null).join(" ");
    };
  }
  if (isRendering(before) && now.step === "preview") {
    const { design } = now.picture;
    return () => {
      const facts = factsOf(design, held);
      return `${t("said.rendered")} ${facts === null ? "" : describeState(facts, product, wording)}`;
    };
  }
  if (notice !== null) return () => notice;
  if (before.step === "sending" && now.step === "follow") return () => t("said.sent");
  if (isOpening(before) && !isOpening(now)) return () => t("said.opening-stopped");
  return isRendering(before) && now.step === "design" && !isRendering(now) && !now.opening
    ? () => t("said.rendering-stopped")
    : null;
}

function describeBeginning({ before, now }: Change, { t }: Wording): Said | null {
  if (!isOpening(before) && isOpening(now)) return { text: `${t("pick.opening")}.`, whileTrue: isOpening };
  if (!isRendering(before) && isRendering(now)) return { text: `${t("preview.rendering")}.`, whileTrue: isRendering };
  if (!isSending(before) && isSending(now)) return { text: t("said.sending"), whileTrue: isSending };
  return !hasLeft(before) && hasLeft(now) ? { text: t("sending.arriving"), whileTrue: hasLeft } : null;
}

function describeProgress(state: FlowState, { t }: Wording): string | null {
  if (state.step === "design" && state.renderedFraction !== null) {
    return t("said.rendering-progress", { fraction: state.renderedFraction });
  }
  return state.step === "sending" && isSending(state) && !hasLeft(state)
    ? `${t("sending.progress", { fraction: Math.floor(state.sentFraction * 100) / 100 })}.`
    : null;
}

/** Said once each, wherever they are shown and however often the page is drawn. */
const saidNotices = new WeakSet<Notice>();

/** What tells the card from the one before: its photo, that it has none, or null where there is no card. */
function findPhoto(state: DesignState): ReturnType<typeof openPhotoOf> | "none" {
  return state.isBegun && photoOf(state.design) === null ? "none" : openPhotoOf(state);
}

/** Says what happens to photo, picture and design, one sentence at a time, until the returned function is called. */
export function announceFlow(flow: Flow, design: DesignStore, wording: () => Wording): () => void {
  const { product } = design.getState();
  let photo = findPhoto(design.getState());
  let saidAtMs = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endTimer: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string): void => {
    saidAtMs = performance.now();
    announce(text);
  };
  const newNotice = (state: FlowState): string | null => {
    const notice = "notice" in state ? state.notice : null;
    if (notice === null || saidNotices.has(notice)) return null;
    saidNotices.add(notice);
    const { title, help } = describeNotice(notice, product, wording().t);
    return `${title}. ${help}`;
  };
  const onChange = (now: FlowState, before: FlowState): void => {
    const photoBefore = photo;
    photo = findPhoto(design.getState());
    const held = design.getState();
    const { design: card } = held;
    const placed = photo === photoBefore || photo === null ? null : card;
    const change = { before, now, placed, held, product, notice: newNotice(now) };
    const end = describeEnd(change, wording());
    const begun = describeBeginning(change, wording());
    if (end !== null || begun !== null) clearTimeout(timer);
    // What has ended is no news any more.
    if (end !== null || now.step !== before.step) clearTimeout(endTimer);
    // First the step is shown, and its title takes the focus.
    if (end !== null) endTimer = setTimeout(() => (endTimer = setTimeout(() => say(end()))));
    if (begun !== null) {
      timer = setTimeout(() => begun.whileTrue?.(flow.state.getState()) === true && say(begun.text), lateMs);
    } else if (end === null && performance.now() - saidAtMs >= progressEveryMs) {
      const progress = describeProgress(now, wording());
      if (progress !== null) say(progress);
    }
  };
  const first = newNotice(flow.state.getState());
  if (first !== null) say(first);
  const onDesign = (now: DesignState, before: DesignState): void => {
    const shown = findPhoto(now);
    // What has just been opened is said once the flow knows of it.
    const state = flow.state.getState();
    const wasThere = shown === "none" ? !isOpening(state) : [...before.assets.values()].some((held) => held === shown);
    const isBack = shown !== photo && wasThere && state.step === "design";
    const facts = isBack ? factsOf(now.design, now) : null;
    if (facts === null) return;
    photo = shown;
    const { t } = wording();
    say(`${t(shown === "none" ? "said.bare" : "said.photo-again")} ${describeState(facts, product, wording())}`);
  };
  const unsubscribe = [flow.state.subscribe(onChange), design.subscribe(onDesign)];
  return () => {
    clearTimeout(timer);
    clearTimeout(endTimer);
    for (const stop of unsubscribe) stop();
  };
}
