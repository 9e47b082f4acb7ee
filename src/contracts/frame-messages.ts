import type { SessionCredentials } from "./session-credentials.ts";

/**
 * What the issuer's page (loader) and the designer's frame say to each other.
 *
 * 1. The loader opens `<designer origin>/frame/<sessionId>#nonce=<nonce>`.
 * 2. The frame posts `FrameHello` to its parent, again and again until it is answered.
 * 3. The loader checks source, origin, nonce and protocol, and answers with `LoaderConnect` and a MessagePort.
 * 4. The frame checks source, origin, nonce and protocol; from here on both sides use the port only. The loader's first
 *    message is "start", or "refused" when it has given up on this load of the frame.
 *
 * Hand-written guards instead of a schema: the loader has to stay under 5 kB. They take any string as a submission's
 * `state`, so that an older loader forwards states that were added later.
 */
export const frameProtocol = 1;

export interface FrameHello {
  readonly fullbleed: "hello";
  readonly protocol: number;
  readonly nonce: string;
  /** Random for each load of the frame, so that a repeated hello and a frame that was loaded again can be told apart. */
  readonly boot: string;
  /** What the browser lacks, in a sentence for the page's developer: the designer cannot run in it. */
  readonly lacks?: string;
  /** True of a frame that asks the page before it sends a design, where it is told to: an older one would send without asking. */
  readonly asks?: unknown;
}
export interface LoaderConnect {
  readonly fullbleed: "connect";
  readonly protocol: number;
  readonly nonce: string;
}

export type Scheme = "light" | "dark";

const framePrefix = "fullbleed-";

/** The name of the loader's frame, which tells the designer the page's scheme before it paints anything. */
export const frameName = (scheme: Scheme): string => framePrefix + scheme;

/** The scheme in a frame's name; undefined in a frame of a loader that gives none. */
export function readFrameName(name: string): Scheme | undefined {
  return (["light", "dark"] as const).find((scheme) => name === frameName(scheme));
}

/** Before there is a photo, from then on, and when the cardholder has gone back to the page around. */
export type LayoutPhase = "first" | "photo" | "left";

export interface FrameOptions {
  readonly locale?: string;
  /** Texts that replace ours, by message id. */
  readonly messages?: Readonly<Record<string, string>>;
  /** CSS values by token name, for example `{ accent: "#0a7", radius: "8px" }`. */
  readonly theme?: Readonly<Record<string, string>>;
  /** The page is to be asked before a design is sent. */
  readonly beforeSubmit?: boolean;
  /** The page has a picker of its own for photos. */
  readonly pickImage?: boolean;
}

/** What is about to be sent, for the page that is asked. */
export interface DesignSummary {
  readonly productId: string;
  /** Of the picture that will be printed, in hexadecimal: the submission's `pictureSha256`. */
  readonly pictureSha256: string;
  /** Of the picture rules that the cardholder has agreed to. */
  readonly rulesVersion: string;
}

/** What the page's own picker is asked for. */
export interface PickRequest {
  /** Which button of the designer was pressed: the one for a photo that is there, or the one for taking one. */
  readonly source: "library" | "camera";
  /** The formats that can be opened, as an `<input type="file">` has them. */
  readonly accept: string;
  /** A larger file is refused. */
  readonly maxBytes: number;
}

/** Calls a function among the page's options, which its loader has said is there. "nothing" only ends the question that is open. */
type Question =
  | { readonly what: "beforeSubmit"; readonly about: DesignSummary }
  | { readonly what: "pickImage"; readonly about: PickRequest }
  | { readonly what: "nothing"; readonly about: Readonly<Record<string, never>> };

/** Whether something of a card that is not finished is kept, on the device or at the server. */
export type CloseOutcome = "closed" | "kept";

/** What the designer tells the issuer's page; whoever sends it adds the event's id. */
export type DesignerEventInput =
  | { readonly type: "ready" }
  | { readonly type: "changed" }
  /** The Escape key, which the designer itself has no use for now. */
  | { readonly type: "escape" }
  | { readonly type: "submitted"; readonly submissionId: string }
  | { readonly type: "status"; readonly submissionId: string; readonly state: string }
  /** The cardholder would rather have a card of this product, one of the session's `otherProductIds`. */
  | { readonly type: "product-wanted"; readonly productId: string }
  /** What the print preview's checks say of the picture: their levels, by their codes. */
  | { readonly type: "checked"; readonly checks: Readonly<Record<string, "ok" | "warn" | "problem">> }
  /** The page has taken the designer away by `close`. Said by the loader. */
  | { readonly type: "closed"; readonly outcome: CloseOutcome }
  /** `cause` is technical, for the issuer's support, and may be missing. */
  | { readonly type: "problem"; readonly code: string; readonly detail: string; readonly cause?: string };

export type DesignerEvent = DesignerEventInput & { readonly eventId: string };

/** Through the port, loader to frame. `id` pairs a request with its reply. */
export type ToFrame =
  | (SessionCredentials & { readonly type: "start"; readonly options: FrameOptions })
  /** Instead of "start": the loader has nothing to start the designer with. The same in every version of the protocol. */
  | { readonly type: "refused"; readonly code: string; readonly options: FrameOptions }
  /** The page's scheme is another than the frame's name said when it was loaded. */
  | { readonly type: "scheme"; readonly scheme: Scheme }
  /** All options as they are from now on, not only what changed. */
  | { readonly type: "update"; readonly options: FrameOptions }
  /** The frame lies over the whole page. Of its edges the device's own parts cover `safeAreas`, written as a CSS margin in px. */
  | { readonly type: "full"; readonly safeAreas: string }
  /** The frame lies in the page, of which so much is on screen: from `topPx` to `bottomPx`, in CSS px from the frame's top. */
  | { readonly type: "inline"; readonly topPx: number; readonly bottomPx: number }
  | (SessionCredentials & { readonly type: "session"; readonly id: number })
  /** With a `code` where the page says that the visit is over. Older loaders give none. */
  | { readonly type: "session-failed"; readonly id: number; readonly code?: "session-ended" | undefined }
  /** What the page said to "ask": anything. */
  | { readonly type: "answer"; readonly id: number; readonly answer?: unknown }
  /** It threw: `detail` is a sentence for its developer. */
  | { readonly type: "answer-failed"; readonly id: number; readonly detail: string }
  | { readonly type: "submit"; readonly id: number }
  /** The designer is about to be taken away: what is on the card is to be kept, or discarded. */
  | { readonly type: "close"; readonly discard: boolean }
  | { readonly type: "focus"; readonly edge: "first" | "last" };

/** Through the port, frame to loader. */
export type ToLoader =
  | { readonly type: "event"; readonly event: DesignerEvent }
  | { readonly type: "height"; readonly heightPx: number }
  /** The designer's name in the language that it is shown in: the frame's accessible name, unless the page gives one. */
  | { readonly type: "title"; readonly title: string }
  /** Another step begins: the frame's top should be on screen. */
  | { readonly type: "top" }
  /** Says as well that this frame understands "full" and "inline": an older one is sent neither. */
  | { readonly type: "phase"; readonly phase: LayoutPhase }
  | { readonly type: "fetch-session"; readonly id: number; readonly why: "refresh" }
  | { readonly type: "closed"; readonly outcome: CloseOutcome }
  /** One at a time: each ends the one before, whose function's signal is aborted if it has not answered yet. */
  | ({ readonly type: "ask"; readonly id: number } & Question)
  | { readonly type: "submitted"; readonly id: number; readonly submissionId: string }
  | { readonly type: "submit-failed"; readonly id: number; readonly code: string; readonly detail: string };

/** Those by which the frame is laid. */
export type LayoutMessage = Extract<ToLoader, { type: "height" | "title" | "top" | "phase" }>;

/**
 * What a value is to be like: an object with such fields, of the same kind, or one of these very words. `undefined` stands for a text that
 * may be missing.
 */
type Like = "" | 0 | false | undefined | readonly string[] | Fields;
type Fields = { readonly [name: string]: Like };

export const toFrameFields: Readonly<Record<ToFrame["type"], Fields>> = {
  start: { options: {}, sessionId: "", clientSecret: "" },
  refused: { code: "", options: {} },
  scheme: { scheme: ["light", "dark"] },
  full: { safeAreas: "" },
  inline: { topPx: 0, bottomPx: 0 },
  update: { options: {} },
  session: { id: 0, sessionId: "", clientSecret: "" },
  "session-failed": { id: 0, code: undefined },
  answer: { id: 0 },
  "answer-failed": { id: 0, detail: "" },
  submit: { id: 0 },
  close: { discard: false },
  focus: { edge: ["first", "last"] },
};
export const toLoaderFields: Readonly<Record<ToLoader["type"], Fields>> = {
  height: { heightPx: 0 },
  phase: { phase: ["first", "photo", "left"] },
  submitted: { id: 0, submissionId: "" },
  "fetch-session": { id: 0, why: ["refresh"] },
  ask: { id: 0, what: ["beforeSubmit", "pickImage", "nothing"], about: {} },
  closed: { outcome: ["closed", "kept"] },
  top: {},
  title: { title: "" },
  event: { event: {} },
  "submit-failed": { id: 0, code: "", detail: "" },
};

function isLike(value: unknown, like: Like): boolean {
  if (Array.isArray(like)) return like.includes(value);
  if (typeof like !== "object") return value === like || (typeof value === typeof (like ?? "") && !Number.isNaN(value));
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return (
    isObject &&
    Object.entries(like).every(([name, field]) => isLike((value as Readonly<Record<string, unknown>>)[name], field))
  );
}

const matches = (value: unknown, table: Readonly<Record<string, Fields>>): boolean =>
  Object.entries(table).some(([type, fields]) => isLike(value, { type: [type], ...fields }));

export const isToFrame = (value: unknown): value is ToFrame => matches(value, toFrameFields);

export const isToLoader = (value: unknown): value is ToLoader => matches(value, toLoaderFields);

export const eventFields: Readonly<Record<Exclude<DesignerEvent["type"], "closed">, Fields>> = {
  changed: {},
  escape: {},
  checked: { checks: {} },
  submitted: { submissionId: "" },
  "product-wanted": { productId: "" },
  ready: {},
  status: { submissionId: "", state: "" },
  problem: { cause: undefined, code: "", detail: "" },
};

export const isDesignerEvent = (value: unknown): value is DesignerEvent =>
  matches(value, eventFields) && isLike(value, { eventId: "" });

export const isCredentials = (value: unknown): value is SessionCredentials =>
  isLike(value, { sessionId: "", clientSecret: "" });

export const isFrameHello = (value: unknown): value is FrameHello =>
  isLike(value, {
    fullbleed: ["hello"],
    protocol: 0,
    nonce: "",
    boot: "",
    lacks: undefined,
  });

export const isLoaderConnect = (value: unknown): value is LoaderConnect =>
  isLike(value, { fullbleed: ["connect"], protocol: 0, nonce: "" });
