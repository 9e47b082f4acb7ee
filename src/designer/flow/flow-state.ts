import { createStore, type StoreApi } from "zustand/vanilla";
import type { Agreement } from "#contracts/agreement.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { Design } from "#design/design.ts";
import type { RenderedPicture } from "#image/client.ts";
import type { Notice } from "./notice.ts";

/**
 * The finished picture, the design that it was made of, whatever becomes of the one on the card, and where the screen finds it:
 * shown, stored and sent as one.
 */
export interface PreviewPicture extends RenderedPicture {
  readonly url: string;
  readonly design: Design;
  /** The photo lets the ground through. */
  readonly transparent: boolean;
}

/** What the card maker has said no to, until a design has been sent in its place. */
export interface Rejection {
  readonly submission: SubmissionView;
  /** Of the photo that it was made of, or as of none (`nameCard`); null until that is known here. */
  readonly photoSha256: string | null;
}

interface AfterRejection {
  readonly rejection?: Rejection;
}

/**
 * Where the cardholder is. `pick` and `design` stay on screen while a photo is opened (`opening`) and, for `design`,
 * while the picture is rendered (`renderedFraction`), so that a failure finds everything as it was.
 */
export type FlowState =
  | (AfterRejection & {
      readonly step: "pick";
      readonly opening: boolean;
      readonly notice: Notice | null;
      /** The design is left as it is, to be returned to. */
      readonly hasDesign?: true;
    })
  | (AfterRejection & {
      readonly step: "design";
      readonly opening: boolean;
      readonly renderedFraction: number | null;
      readonly notice: Notice | null;
    })
  | (AfterRejection & {
      readonly step: "preview";
      readonly picture: PreviewPicture;
      /** To the rules that were on screen then, or null. */
      readonly agreement: Agreement | null;
      /** How often sending was tried without agreement; each time the checkbox is pointed out. */
      readonly remindedTimes: number;
      readonly notice: Notice | null;
      /** It is the very picture that was not accepted: whether it is to be sent all the same. */
      readonly asksSame?: true;
    })
  | (AfterRejection & {
      readonly step: "sending";
      readonly picture: PreviewPicture;
      readonly agreement: Agreement;
      readonly sentFraction: number;
      readonly cancelling: boolean;
      /** The issuer's page is asked whether it may be sent, and nothing has been sent yet. */
      readonly waitsForPage: boolean;
      /** The design may have arrived: `asking` until the server says, `unresolved` when it cannot be found out here. */
      readonly unconfirmed: null | "asking" | "unresolved";
    })
  | {
      readonly step: "follow";
      readonly submission: SubmissionView;
      /** What it was made of is being opened, so that it can be changed and sent again. */
      readonly opening: boolean;
      /** In its place the design is on the screen as soon as that is open, and until then its shape. */
      readonly returning?: true;
      /** It could not be fetched and is kept, to be tried again. */
      readonly unfetched?: true;
      /** What was designed in this tab; null when the page was opened again since. */
      readonly picture: PreviewPicture | null;
      readonly notice: Notice | null;
    };

export type FlowStep = FlowState["step"];

export const emptyPick = { step: "pick", opening: false, notice: null } as const satisfies FlowState;

/** Who comes back to a rejection waits for the design that is to be changed. */
export function isReturning(
  state: FlowState,
): state is Extract<FlowState, { step: "follow" }> & { readonly returning: true } {
  return state.step === "follow" && state.returning === true;
}

/** Whether a design was gone on with by itself just now: nobody has asked for it. */
export function isResumed(now: FlowState, before: FlowState): boolean {
  if (now.step !== "design") return false;
  return isReturning(before) || (before.step === "pick" && now.notice?.code === "draft-resumed");
}

/** The step that is on the screen. */
export function shownStep(state: FlowState): FlowStep {
  return isReturning(state) ? "design" : state.step;
}

/** What is followed, if something is. */
export function submissionOf(state: FlowState): SubmissionView | null {
  return state.step === "follow" ? state.submission : null;
}

/** Where a visit begins: with an empty card, or with the session's submission. */
export function createFlowState(submission: SubmissionView | null): StoreApi<FlowState> {
  return createStore<FlowState>()(() =>
    submission === null ? emptyPick : { step: "follow", submission, opening: false, picture: null, notice: null },
  );
}
