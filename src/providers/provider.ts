/** How far the sending of one picture has come, on a platform that takes it in several steps. */
export interface Progress {
  /** At random, the same for as long as this sending lasts: what a repeated write is recognised by. */
  readonly key: string;
  /** What it was begun with; of one that has its id, what that was begun with. */
  readonly lock: string;
  /** The platform's id for what is to take the picture; null until that is known. */
  readonly cardImageId: string | null;
}

/** Where the progress of one submission's sending is kept. What it has resolved with survives our death. */
export interface Checkpoint {
  /** Undefined: nothing has been begun. */
  read(): Promise<Progress | undefined>;
  /**
   * Before the platform is asked for an id: begins, or goes on. Of those that share a `lock` one at a time may be without its
   * id: "busy" when another is. `sentSha256` (hex) is of the bytes that go out.
   */
  begin(lock: string, sentSha256: string): Promise<Progress | "busy">;
  /** Nothing has come of asking for an id, for certain: another that shares the `lock` may begin. Has no effect once there is one. */
  release(): Promise<void>;
  /** Before the picture goes to this id. False when it is another submission's. */
  reach(cardImageId: string): Promise<boolean>;
  /** Of these ids, those that any submission of ours has. */
  findTaken(cardImageIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** One picture that has been, or may have been, sent. */
export interface SentPicture {
  /** Ours, 20 characters of A-Z and 0-9, the same at every attempt: by it a platform that keeps it can be asked again. */
  readonly reference: string;
  readonly cardholderId: string;
  readonly productId: string;
  readonly checkpoint: Checkpoint;
}

/** One picture on its way to a platform. */
export interface SendOrder extends SentPicture {
  /** 1 for the first. */
  readonly attempt: number;
  /** Where the pixels came from, as the server knows it: it decides whether the platform checks the picture. */
  readonly pixelOrigin: PixelOrigin;
  readonly bytes: Uint8Array;
  readonly mediaType: "image/png";
}

export type PixelOrigin = "cardholder" | "gallery";

/** What is known after a picture has been offered to a platform. Expected outcomes are values, never exceptions. */
export type SendOutcome =
  | { readonly kind: "accepted"; readonly cardImageId: string; readonly clientId?: string }
  /** The platform looked at the picture and does not want it. The cardholder can do better. */
  | { readonly kind: "image-refused"; readonly detail: string }
  /** The platform will not take it, and not because of the picture: it does not know the cardholder, for instance. */
  | {
      readonly kind: "order-refused";
      readonly detail: string;
      /** This order can never be taken, and that says nothing about the settings. */
      readonly isOwn?: true;
    }
  /** A key or setting is wrong, says the platform itself: nothing was stored, and no picture will pass until an operator corrects it. */
  | { readonly kind: "misconfigured"; readonly detail: string }
  /** Provably not delivered: refused connection, unknown host, failed TLS, or the body was not fully sent. Safe to try again. */
  | {
      readonly kind: "not-sent";
      readonly detail: string;
      /** Why is this picture's own matter, or ours, and says nothing about the platform. */
      readonly isOwn?: true;
    }
  /** Anything else after the last byte: the platform may or may not have it. Never try again blindly. */
  | {
      readonly kind: "unknown";
      readonly detail: string;
      /**
       * What the answer says about the next picture. `down`: the platform's service was not there (5xx, a web page, a server's
       * fault). `settings`: it looks as if the address or what is sent to it were wrong (401, 403, 404, 405, a client's
       * fault). Left out: nothing.
       */
      readonly symptom?: "down" | "settings";
    };

/** What the platform says, asked whether it has a picture. */
export type SearchOutcome =
  /** With its id where the platform tells that. */
  | { readonly kind: "found"; readonly cardImageId?: string }
  /**
   * The platform answers, and does not have it (yet). `proof` is what makes it sure. "now": this answer alone, since sending it
   * again cannot double it. "time": the same answer at the end of the quiet window. "control": that, and that the same search
   * finds a picture that came later.
   */
  | { readonly kind: "absent"; readonly proof: "now" | "time" | "control" }
  /** `final`: and asking again will not help. */
  | { readonly kind: "cannot-tell"; readonly detail: string; readonly final?: true };

export type AnnotateOutcome =
  | { readonly kind: "done" }
  /** May pass: the platform or the way to it failed. Safe to repeat. */
  | { readonly kind: "failed"; readonly detail: string }
  /** Will not pass until an operator corrects a key, a field or the id. */
  | { readonly kind: "refused"; readonly detail: string };

/** What has come of asking a platform to delete a picture. That it is gone, only the preview tells. */
export type PurgeOutcome =
  /** The platform has taken the order. */
  | { readonly kind: "taken" }
  /** The platform knows no picture under this id: it never had one, or has it no more. */
  | { readonly kind: "unknown-id"; readonly detail: string }
  /** Will not pass until a setting is corrected, here or at the platform: a key, or from where it may be called (`address`). */
  | { readonly kind: "misconfigured"; readonly what: "key" | "address"; readonly detail: string }
  /** May pass: the platform or the way to it failed, or nobody knows whether it was done. Safe to repeat. */
  | { readonly kind: "failed"; readonly detail: string }
  /** The platform has nothing that deletes. */
  | { readonly kind: "unsupported"; readonly detail: string };

/** A picture as the platform knows it: by its own id, or, while that is not known, by our reference. */
export type PictureName = { readonly cardImageId: string } | { readonly reference: string; readonly productId: string };

export interface PreviewRequest {
  readonly format: "png" | "jpeg";
  readonly corner: "round" | "square";
  readonly designType: "print" | "review" | "design-with-template" | "design" | "original";
  /** Pixels; give one, the platform keeps the aspect ratio. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Clockwise. */
  readonly rotateDeg?: 0 | 90 | 180 | 270;
  /** Card art to draw over the picture; left out: none, unless the design type brings its own. */
  readonly template?: "print" | "design" | "virtual-card";
  /** Whether what is pre-printed or mounted on the card is drawn over it; left out: as the platform has it. */
  readonly overlay?: boolean;
}

export type PreviewOutcome =
  /** Whole, decoded once, of the asked format and size but for a rounded pixel; at most 12 MB: an adapter takes in no more. */
  | { readonly kind: "image"; readonly bytes: Uint8Array; readonly mediaType: "image/png" | "image/jpeg" }
  | {
      readonly kind: "not-ready";
      /** It was not the platform that said so, but something on the way: no proof that there is none. */
      readonly isForeign?: true;
    }
  | { readonly kind: "unavailable"; readonly detail: string };

/** What a picture's review has come to, in our terms. */
export interface Review {
  readonly state: "pending" | "accepted" | "rejected";
  /** The platform's own code; null unless rejected. */
  readonly rejectionCode: string | null;
  /** What the reviewer wrote, for the cardholder; null unless rejected. */
  readonly rejectionMemo: string | null;
  /** When the verdict was given, by the platform's clock (epoch milliseconds); null when it does not say. */
  readonly decidedAt: number | null;
}

/** A platform's word on a picture that it has. */
export interface ReviewNotification extends Review {
  readonly cardImageId: string;
  /** Ours, if it was sent along and comes back; null otherwise. */
  readonly reference: string | null;
}

export type ReviewOutcome =
  | { readonly kind: "known"; readonly review: Review }
  | { readonly kind: "cannot-tell"; readonly detail: string };

/** The issuer's verdict on a picture. */
export type Decision =
  | { readonly verdict: "approve" }
  | { readonly verdict: "reject"; readonly reason: string; readonly memo: string | null };

export type DecideOutcome =
  | { readonly kind: "done" }
  /** May pass: the platform or the way to it failed, or nobody knows whether it was done. Safe to repeat under the same key. */
  | { readonly kind: "failed"; readonly detail: string }
  /** The platform does not take it. */
  | { readonly kind: "refused"; readonly detail: string };

/** Of the card without a picture. */
export interface TemplateRequest {
  readonly productId: string;
  readonly template: "print" | "design" | "virtual-card";
}

/** What a platform can do for one product, as far as the settings say. */
export interface Capabilities {
  /** Our reference travels with the picture, so that a notification can bring it back. */
  readonly reference: boolean;
  /** `find` can tell whether a picture with our reference is there. */
  readonly search: boolean;
  /** `annotate` can write something: our reference, values, or both. */
  readonly annotate: boolean;
  /** Names of the fields, beside our reference\'s, that `annotate` may write. */
  readonly fields: readonly string[];
  /** Who says whether a picture may be printed: the platform's own reviewers, or the issuer with `decide`; null: nobody knows. */
  readonly decision: "theirs" | "ours" | null;
  /** Why a picture may be rejected, where the decision is the issuer's. */
  readonly rejectionReasons: readonly string[];
  /** Whether `getReview` can tell. */
  readonly review: boolean;
  /** Of what goes out. Where that is not the picture as it is, `Checkpoint.begin` is told its digest. */
  readonly mediaType: "image/png" | "image/jpeg";
  /** Who can delete a picture at the platform: this server ("here"), the issuer, there ("elsewhere"), or nobody; null: not known. */
  readonly purge: "here" | "elsewhere" | "unsupported" | null;
}

/** Takes pictures, and nothing else. */
export const noCapabilities: Capabilities = {
  reference: false,
  search: false,
  annotate: false,
  fields: [],
  decision: "theirs",
  rejectionReasons: [],
  review: false,
  mediaType: "image/png",
  purge: "elsewhere",
};

/** One card platform. Implementations take `fetch` and their settings as options and keep no state. */
export interface Provider {
  readonly name: string;
  /** Whether pictures of this product can be sent to the platform at all, as far as the settings say. */
  offers(productId: string): boolean;
  capabilities(productId: string): Capabilities;
  /** What is wrong with a session's cardholder id for this platform, for the issuer's developer; undefined: nothing. */
  findCardholderFault(cardholderId: string): string | undefined;
  /** An id in the one spelling in which it is stored, or undefined for what is no id of this platform. */
  readCardImageId(text: string): string | undefined;
  /**
   * Tells one way of sending from another: a fingerprint of the address, the key and everything else that the settings say about
   * sending pictures of this product and origin. It reveals none of it.
   */
  settingsFingerprint(productId: string, pixelOrigin: PixelOrigin): string;
  send(order: SendOrder, signal: AbortSignal): Promise<SendOutcome>;
  /** Only where `capabilities` has `search`. */
  find(picture: SentPicture, signal: AbortSignal): Promise<SearchOutcome>;
  /** Writes our reference and these values beside an accepted picture. Repeating it is safe. */
  annotate(
    cardImageId: string,
    productId: string,
    reference: string,
    values: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<AnnotateOutcome>;
  getPreview(picture: PictureName, request: PreviewRequest, signal: AbortSignal): Promise<PreviewOutcome>;
  /** The card's own art as the platform has it, a PNG. */
  getTemplate(request: TemplateRequest, signal: AbortSignal): Promise<PreviewOutcome>;
  /** Writes the issuer's verdict; only where `capabilities` has the decision as ours. The same `key` for a repeat. */
  decide(cardImageId: string, decision: Decision, key: string, signal: AbortSignal): Promise<DecideOutcome>;
  /** Has the platform delete a picture for good. Repeating it is safe. */
  purge(cardImageId: string, productId: string, signal: AbortSignal): Promise<PurgeOutcome>;
  /**
   * Why this picture cannot be under that id, as far as the platform tells: it is another customer's, for instance. Undefined:
   * nothing says so. Left out where the platform cannot be asked.
   */
  findImageFault?(
    cardImageId: string,
    picture: Pick<SentPicture, "cardholderId" | "productId">,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Reads back what the platform says of a picture. */
  getReview(cardImageId: string, signal: AbortSignal): Promise<ReviewOutcome>;
  /**
   * Reads a push notification, of which `body` are the very bytes; null for one that says nothing about a picture's review.
   * `now` in epoch milliseconds. Throws Problem("not-authenticated") or Problem("bad-request").
   */
  readNotification(
    headers: Readonly<Record<string, string | undefined>>,
    body: Uint8Array,
    now: number,
  ): ReviewNotification | null;
}
