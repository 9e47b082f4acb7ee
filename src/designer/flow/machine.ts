import type { Agreement } from "#contracts/agreement.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { statesThatAllowAnother } from "#contracts/submission-state.ts";
import { emptyPick, type FlowState, type FlowStep, type PreviewPicture, type Rejection } from "./flow-state.ts";
import { type Notice, noticeOf } from "./notice.ts";

export type FlowEvent =
  | { readonly type: "photo-picked" }
  /**
   * `draftPhoto`: it is the photo, by its SHA-256 or as one that is not there (`nameCard`), of a card that was left or sent before; `chosenAfter`: the submission that was known
   * to be rejected when it was chosen, undefined where none was.
   */
  | {
      readonly type: "photo-opened";
      readonly notice: Notice | null;
      readonly draftPhoto?: string;
      readonly chosenAfter?: string | undefined;
    }
  | { readonly type: "photo-failed"; readonly notice: Notice }
  | { readonly type: "opening-stopped" }
  | { readonly type: "noticed"; readonly notice: Notice | null }
  | { readonly type: "render-started" }
  | { readonly type: "render-progressed"; readonly fraction: number }
  | { readonly type: "rendered"; readonly picture: PreviewPicture }
  | { readonly type: "render-failed"; readonly notice: Notice }
  | { readonly type: "rendering-stopped" }
  | { readonly type: "started-over" }
  /** Another photo may be chosen, and the design is kept. */
  | { readonly type: "left-design" }
  | { readonly type: "returned-to-design" }
  | { readonly type: "went-back" }
  /** Null when the agreement is taken back. */
  | { readonly type: "agreed"; readonly agreement: Agreement | null }
  /** `same`: also when it is the very picture that was not accepted. */
  | { readonly type: "send-asked"; readonly same?: boolean }
  | { readonly type: "send-thought-over" }
  | { readonly type: "page-asked"; readonly waits: boolean }
  | { readonly type: "send-progressed"; readonly fraction: number }
  | { readonly type: "cancel-asked" }
  | { readonly type: "send-unconfirmed" }
  | { readonly type: "send-unresolved" }
  /** Dispatched only when it is certain that the design has not arrived. */
  | { readonly type: "send-stopped"; readonly notice: Notice }
  | { readonly type: "acknowledged"; readonly submission: SubmissionView; readonly notice: Notice | null }
  | { readonly type: "status-changed"; readonly submission: SubmissionView }
  /** What is being opened is the design that was not accepted: the screen is to be its own as soon as it is there. */
  | { readonly type: "return-awaited" }
  | { readonly type: "return-late" }
  /** With the photo that lies on the card, named likewise, or with an empty card. */
  | { readonly type: "change-asked"; readonly photoSha256: string | null };

const quietDesign = { step: "design", opening: false, renderedFraction: null, notice: null } as const;
const freshPreview = { step: "preview", agreement: null, remindedTimes: 0, notice: null } as const;

/** Whether another design may be made and sent in this session. */
export function mayStartAgain(submission: SubmissionView): boolean {
  return statesThatAllowAnother.has(submission.state);
}

/** Whether the card maker has said no to the picture itself. */
export function isRejected({ state }: SubmissionView): boolean {
  return state === "rejected" || state === "rejected-image";
}

/** The next state. Events that do not apply to the current step leave it as it is. */
export function nextFlow(state: FlowState, event: FlowEvent): FlowState {
  const next = nextStep(state, event);
  if (next === state || next.step === "follow") return next;
  const rejection = rejectionAfter(state, event);
  return rejection === undefined || rejection === next.rejection ? next : { ...next, rejection };
}

/** The draft's photo where it is the one that was not accepted, or may be; null for another. */
function rejectedPhoto(event: FlowEvent, { submissionId }: SubmissionView): string | null {
  if (event.type !== "photo-opened") return null;
  const { draftPhoto = null, chosenAfter } = event;
  return chosenAfter === submissionId ? null : draftPhoto;
}

/** What was not accepted is known until another design has been sent, whatever lies on the card meanwhile. */
function rejectionAfter(state: FlowState, event: FlowEvent): Rejection | undefined {
  if (state.step === "follow") {
    const { submission } = state;
    if (!isRejected(submission)) return undefined;
    const photoSha256 = event.type === "change-asked" ? event.photoSha256 : rejectedPhoto(event, submission);
    return { submission, photoSha256 };
  }
  const { rejection } = state;
  const isDraft = event.type === "photo-opened" && event.draftPhoto !== undefined;
  return rejection && isDraft ? { ...rejection, photoSha256: rejectedPhoto(event, rejection.submission) } : rejection;
}

function nextStep(state: FlowState, event: FlowEvent): FlowState {
  switch (state.step) {
    case "pick":
      return fromPick(state, event);
    case "design":
      return fromDesign(state, event);
    case "preview":
      return fromPreview(state, event);
    case "sending":
      return fromSending(state, event);
    case "follow":
      return fromFollow(state, event);
  }
}

type At<Step extends FlowStep> = Extract<FlowState, { step: Step }>;

function fromPick(state: At<"pick">, event: FlowEvent): FlowState {
  switch (event.type) {
    case "photo-picked":
      return { ...state, opening: true, notice: null };
    case "photo-opened":
      return state.opening ? { ...quietDesign, notice: event.notice ?? state.notice } : state;
    case "photo-failed":
      return { ...state, opening: false, notice: event.notice };
    case "opening-stopped":
      return state.opening ? { ...state, opening: false } : state;
    case "noticed":
      return { ...state, notice: event.notice };
    case "started-over":
      return { ...emptyPick, notice: state.notice };
    case "returned-to-design":
      return state.hasDesign === true ? quietDesign : state;
    default:
      return state;
  }
}

function fromDesign(state: At<"design">, event: FlowEvent): FlowState {
  switch (event.type) {
    case "photo-picked":
      return { ...state, opening: true, renderedFraction: null, notice: null };
    case "photo-opened":
      return state.opening ? { ...quietDesign, notice: event.notice ?? state.notice } : state;
    case "photo-failed":
      return { ...state, opening: false, notice: event.notice };
    case "opening-stopped":
      return state.opening ? { ...state, opening: false } : state;
    case "noticed":
      // What is to be said is about another photo that was tried, so this one is not gone on with.
      return { ...state, ...(event.notice !== null && { renderedFraction: null }), notice: event.notice };
    case "render-started":
      return state.opening ? state : { ...state, renderedFraction: 0, notice: null };
    case "render-progressed":
      return state.renderedFraction === null ? state : { ...state, renderedFraction: event.fraction };
    case "rendered":
      if (state.renderedFraction === null) return state;
      return { ...freshPreview, picture: event.picture };
    case "render-failed":
      return { ...state, renderedFraction: null, notice: event.notice };
    case "rendering-stopped":
      return state.renderedFraction === null ? state : { ...state, renderedFraction: null };
    case "started-over":
      return emptyPick;
    case "left-design":
      return { ...emptyPick, hasDesign: true };
    default:
      return state;
  }
}

function fromPreview(state: At<"preview">, event: FlowEvent): FlowState {
  switch (event.type) {
    case "went-back":
      return quietDesign;
    case "agreed":
      return { ...freshPreview, picture: state.picture, agreement: event.agreement, notice: state.notice };
    case "noticed":
      return { ...state, notice: event.notice };
    case "send-thought-over":
      return state.asksSame === true ? { ...freshPreview, picture: state.picture, agreement: state.agreement } : state;
    case "send-asked": {
      const { picture, agreement, rejection } = state;
      if (agreement === null) return { ...state, remindedTimes: state.remindedTimes + 1, notice: null };
      if (event.same !== true && picture.sha256 === rejection?.submission.pictureSha256) {
        return { ...state, asksSame: true, notice: null };
      }
      const begun = { sentFraction: 0, cancelling: false, waitsForPage: false, unconfirmed: null } as const;
      return { step: "sending", picture, agreement, ...begun };
    }
    default:
      return state;
  }
}

function fromSending(state: At<"sending">, event: FlowEvent): FlowState {
  const { picture, agreement } = state;
  switch (event.type) {
    case "page-asked":
      return { ...state, waitsForPage: event.waits };
    case "send-progressed":
      return { ...state, sentFraction: event.fraction };
    case "cancel-asked":
      return { ...state, cancelling: true };
    case "send-unconfirmed":
      return { ...state, unconfirmed: "asking" };
    case "send-unresolved":
      return { ...state, unconfirmed: "unresolved" };
    case "send-stopped":
      return { ...freshPreview, picture, agreement, notice: event.notice };
    case "acknowledged": {
      const { submission, notice } = event;
      // What is on its way may be an earlier design, sent from elsewhere: this picture is not of it.
      const isOwn = submission.pictureSha256 === picture.sha256;
      return { step: "follow", submission, opening: false, picture: isOwn ? picture : null, notice };
    }
    default:
      return state;
  }
}

/** What is said of a design that is being opened is over with that. */
function withoutSlow({ notice }: Pick<At<"follow">, "notice">): Notice | null {
  return notice?.code === "draft-slow" ? null : notice;
}

function fromFollow(now: At<"follow">, event: FlowEvent): FlowState {
  const { returning, ...state } = now;
  switch (event.type) {
    case "status-changed": {
      const { submission } = event;
      const known = state.submission;
      const isNews = submission.submissionId === known.submissionId && submission.sequence > known.sequence;
      if (!isNews) return now;
      return { ...(isRejected(submission) ? now : state), submission };
    }
    case "photo-picked": {
      const { unfetched: _, ...rest } = now;
      return { ...rest, opening: true, notice: null };
    }
    case "return-awaited":
      return state.opening && isRejected(state.submission) ? { ...state, returning: true } : now;
    case "return-late":
      return returning === true ? { ...state, notice: noticeOf("draft-slow") } : now;
    case "photo-opened":
      if (returning === true && event.draftPhoto !== undefined) {
        // Of the photo that was not accepted the reason says enough.
        const isOther = rejectedPhoto(event, state.submission) === null;
        // What was noticed meanwhile has not been shown yet.
        return { ...quietDesign, notice: state.notice ?? (isOther ? event.notice : null) };
      }
      return state.opening ? { ...state, opening: false, notice: withoutSlow(state) } : now;
    case "opening-stopped":
      return state.opening ? { ...state, opening: false, notice: withoutSlow(state) } : now;
    case "photo-failed":
      return {
        ...state,
        opening: false,
        notice: event.notice,
        ...(event.notice.code === "draft-unreachable" && { unfetched: true }),
      };
    case "noticed":
      return { ...now, notice: event.notice };
    case "change-asked":
      if (!mayStartAgain(state.submission)) return now;
      return event.photoSha256 !== null ? quietDesign : { ...emptyPick, opening: state.opening };
    default:
      return now;
  }
}
