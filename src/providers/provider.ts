/** One picture on its way to a platform. */
export interface SendOrder {
  /** Ours, 20 characters of A-Z and 0-9, the same at every attempt: by it a platform that keeps it can be asked again. */
  readonly reference: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly cardholderId: string;
  readonly productId: string;
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
  /** A key or setting is wrong, says the platform itself: nothing was stored, and no picture will pass until an operator corrects it. */
  | { readonly kind: "misconfigured"; readonly detail: string }
  /** Provably not delivered: refused connection, unknown host, failed TLS, or the body was not fully sent. Safe to try again. */
  | { readonly kind: "not-sent"; readonly detail: string }
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

/** What a search by our own reference says. */
export type SearchOutcome =
  | { readonly kind: "found" }
  /** The platform answers, and has nothing under that reference (yet). */
  | { readonly kind: "absent" }
  | { readonly kind: "cannot-tell"; readonly detail: string };

export type AnnotateOutcome =
  | { readonly kind: "done" }
  /** May pass: the platform or the way to it failed. Safe to repeat. */
  | { readonly kind: "failed"; readonly detail: string }
  /** Will not pass until an operator corrects a key, a field or the id. */
  | { readonly kind: "refused"; readonly detail: string };

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
  | { readonly kind: "not-ready" }
  | { readonly kind: "unavailable"; readonly detail: string };

/** A platform's word on a picture that it has, in our terms. */
export interface ReviewNotification {
  readonly cardImageId: string;
  /** Ours, if it was sent along and comes back; null otherwise. */
  readonly reference: string | null;
  readonly state: "pending" | "accepted" | "rejected";
  /** The platform's own code; null unless rejected. */
  readonly rejectionCode: string | null;
  /** When the verdict was given, by the platform's clock (epoch milliseconds); null when it does not say. */
  readonly decidedAt: number | null;
}

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
}

/** One card platform. Implementations take `fetch` and their settings as options and keep no state. */
export interface Provider {
  readonly name: string;
  /** Whether pictures of this product can be sent to the platform at all, as far as the settings say. */
  offers(productId: string): boolean;
  capabilities(productId: string): Capabilities;
  /** An id in the one spelling in which it is stored, or undefined for what is no id of this platform. */
  readCardImageId(text: string): string | undefined;
  /**
   * Tells one way of sending from another: a fingerprint of the address, the key and everything else that the settings say about
   * sending pictures of this product and origin. It reveals none of it.
   */
  settingsFingerprint(productId: string, pixelOrigin: PixelOrigin): string;
  send(order: SendOrder, signal: AbortSignal): Promise<SendOutcome>;
  /** Only where `capabilities` has `search`. */
  find(reference: string, productId: string, signal: AbortSignal): Promise<SearchOutcome>;
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
  /** Reads a push notification. Throws Problem("not-authenticated") or Problem("bad-request"). */
  readNotification(headers: Readonly<Record<string, string | undefined>>, body: unknown): ReviewNotification;
}
