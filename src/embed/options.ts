import type {
  CloseOutcome,
  DesignerEvent,
  DesignSummary,
  FrameOptions,
  PickRequest,
  Scheme,
} from "#contracts/frame-messages.ts";
import type { SessionCredentials } from "#contracts/session-credentials.ts";

/** Texts that replace the designer's own, by message id. */
export type Messages = Readonly<Record<string, string>>;
/** CSS values by token name, for example `{ accent: "#0a7", radius: "8px" }`. */
export type ThemeTokens = Readonly<Record<string, string>>;

export interface Options {
  /**
   * Called with "start" once, and each time that the person presses "Try again" after a start that has failed; with "refresh" whenever
   * the designer needs a new client secret for the same session. Answers "over" when the person's visit has ended. Has 60 s.
   */
  fetchSession(why: "start" | "refresh"): Promise<SessionCredentials | "over">;
  readonly locale?: string;
  readonly messages?: Partial<Messages>;
  readonly theme?: Partial<ThemeTokens>;
  /** Light or dark; by default "page", as the `color-scheme` of the element that the designer is in. */
  readonly colorScheme?: Scheme | "page";
  /**
   * On a window under 600 px wide or 480 px high the designer may lie over the whole page: with "auto", the default, as long
   * as there is a photo, with "full" from the start, with "inline" never.
   */
  readonly layout?: "auto" | "inline" | "full";
  /** Accessible name of the frame; by default the designer's own, in the language that it is shown in. */
  readonly title?: string;
  /**
   * Asked between the cardholder's "Send" and sending, for example for a fee or a consent. True lets it be sent; false or a sentence
   * for the cardholder does not, and the design stays. Has ten minutes.
   */
  beforeSubmit?(design: DesignSummary, asked: Asked): BeforeSubmitAnswer | Promise<BeforeSubmitAnswer>;
  /**
   * The page's own way to choose a photo, as an app has around its web view. Asked in place of opening the browser's file chooser; null:
   * nothing was chosen. Has ten minutes.
   */
  pickImage?(request: PickRequest, asked: Asked): Blob | null | Promise<Blob | null>;
  /** Every `eventId` comes once. What it throws is reported to the page's `error` handlers and changes nothing. */
  onEvent?(event: DesignerEvent): void;
}

export interface Asked {
  /** Aborted when the answer is not waited for any more: the cardholder goes back, the frame goes or the time is over. */
  readonly signal: AbortSignal;
}

export type BeforeSubmitAnswer = boolean | string | { readonly refuse: string };

export type Changes = Partial<Pick<Options, "locale" | "messages" | "theme" | "colorScheme" | "layout">>;

/** The server has the design and will not lose it; what the platform says comes as `status` events. */
export interface Receipt {
  readonly submissionId: string;
  readonly state: "stored";
}

export interface Handle {
  /** Resolves when the designer can be used; rejects with a `CardDesignerError` when it cannot be started. */
  readonly ready: Promise<void>;
  /** Changes language, texts, colours, scheme or layout without loading the frame again. */
  update(changes: Changes): void;
  /** Moves the focus into the designer: to its first or its last control. */
  focus(edge?: "first" | "last"): void;
  /** Sends the design, as the designer's own button does. Rejects with a `CardDesignerError`. */
  submit(): Promise<Receipt>;
  /**
   * Takes the designer off the page once it has kept the cardholder's design, or deleted it with `discard`, and says with a `closed` event
   * whether something of it is kept. A designer that does not answer within ten seconds may have kept it.
   */
  close(o?: { discard?: boolean }): Promise<CloseOutcome>;
  /** Takes the designer off the page and forgets everything. Any number of calls. */
  destroy(): Promise<void>;
}

export interface LoadOptions {
  /** Where the designer is served; by default where the script came from. */
  readonly origin?: string;
}

export interface CardDesigner {
  /** Puts the designer into `element`. A second mount into the same element replaces the first. */
  mount(element: HTMLElement, options: Options): Handle;
}

/** Why the designer could not do what the page asked. `detail` is a sentence for the page's developer. */
export class CardDesignerError extends Error {
  // Fields of a class are newer than the oldest syntax that the loader is written in: only declared, they bring no code along.
  declare readonly code: string;
  declare readonly detail: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = "CardDesignerError";
    this.code = code;
    this.detail = detail;
  }
}

/** The options without the page's functions, as they are from now on. */
export type KeptOptions = Changes & Pick<Options, "title"> & Pick<FrameOptions, "beforeSubmit" | "pickImage">;

/** The page's functions stay where they are: some object of a class may have them. */
export const keepChanges = (options: KeptOptions, changes: Changes): void => {
  for (const name of ["locale", "messages", "theme", "colorScheme", "layout"] as const)
    if (name in changes) (options as Record<string, unknown>)[name] = changes[name];
};

/** As plain data for the frame, which takes its own of it: whatever cannot be posted is left out here. */
export const plainOptions = (options: KeptOptions): FrameOptions => JSON.parse(JSON.stringify(options));
