/** How long the loader waits, in milliseconds. */
export interface Limits {
  /** For the frame's first message, and again for its "ready". */
  readonly answerMs: number;
  /** For the page's `fetchSession`. */
  readonly sessionMs: number;
  /** For a submission: uploading from a slow phone included. */
  readonly submitMs: number;
}

export const defaultLimits: Limits = { answerMs: 20_000, sessionMs: 60_000, submitMs: 300_000 };
