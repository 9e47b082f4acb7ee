import type { Agreement } from "#contracts/agreement.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { statesThatAllowAnother } from "#contracts/submission-state.ts";
import { emptyPick, type FlowState, type FlowStep, type PreviewPicture } from "./flow-state.ts";
import type { Notice } from "./notice.ts";

export type FlowEvent =
  | { readonly type: "photo-picked" }
  | { readonly type: "photo-opened"; readonly notice: Notice | null }
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
  | { readonly type: "send-asked" }
  | { readonly type: "send-progressed"; readonly fraction: number }
  | { readonly type: "cancel-asked" }
  | { readonly type: "send-unconfirmed" }
  | { readonly type: "send-unresolved" }
  /** Dispatched only when it is certain that the design has not arrived. */
  | { readonly type: "send-stopped"; readonly notice: Notice }
  | { readonly type: "acknowledged"; readonly submission: SubmissionView; readonly notice: Notice | null }
  | { readonly type: "status-changed"; readonly submission: SubmissionView }
  | { readonly type: "change-asked"; readonly hasDesign: boolean };

const quietDesign = { step: "design", opening: false, renderedFraction: null, notice: null } as const;
const freshPreview = { step: "preview", agreement: null, remindedTimes: 0, notice: null } as const;

/** Whether another design may be made and sent in this session. */
export function mayStartAgain(submission: SubmissionView): boolean {
  return statesThatAllowAnother.has(submission.state);
}

/** The next state. Events that do not apply to the current step leave it as it is. */
export function nextFlow(state: FlowState, event: FlowEvent): FlowState {
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
      return { ...state, agreement: event.agreement, remindedTimes: 0 };
    case "noticed":
      return { ...state, notice: event.notice };
    case "send-asked": {
      const { picture, agreement } = state;
      if (agreement === null) return { ...state, remindedTimes: state.remindedTimes + 1, notice: null };
      const begun = { sentFraction: 0, cancelling: false, unconfirmed: null } as const;
      return { step: "sending", picture, agreement, ...begun };
    }
    default:
      return state;
  }
}

function fromSending(state: At<"sending">, event: FlowEvent): FlowState {
  const { picture, agreement } = state;
  switch (event.type) {
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

function fromFollow(state: At<"follow">, event: FlowEvent): FlowState {
  switch (event.type) {
    case "status-changed": {
      const { submission } = event;
      const known = state.submission;
      const isNews = submission.submissionId === known.submissionId && submission.sequence > known.sequence;
      return isNews ? { ...state, submission } : state;
    }
    case "photo-picked":
      return { ...state, opening: true, notice: null };
    case "photo-opened":
    case "opening-stopped":
      return state.opening ? { ...state, opening: false } : state;
    case "photo-failed":
      return { ...state, opening: false, notice: event.notice };
    case "noticed":
      return { ...state, notice: event.notice };
    case "change-asked":
      if (!mayStartAgain(state.submission)) return state;
      return event.hasDesign ? quietDesign : { ...emptyPick, opening: state.opening };
    default:
      return state;
  }
}
