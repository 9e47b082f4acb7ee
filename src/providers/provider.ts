/** What is known after a picture has been offered to a platform. Expected outcomes are values, never exceptions. */
export type SendOutcome =
  | { readonly kind: "accepted"; readonly cardImageId: string }
  /** The platform looked at the picture and does not want it. The cardholder can do better. */
  | { readonly kind: "image-refused"; readonly detail: string }
  /** A key or setting is wrong. No picture will pass until an operator corrects it. */
  | { readonly kind: "misconfigured"; readonly detail: string }
  /** Provably not delivered: refused connection, unknown host, failed TLS, or the body was not fully sent. Safe to try again. */
  | { readonly kind: "not-sent"; readonly detail: string }
  /** Anything else after the last byte: the platform may or may not have it. Never try again blindly. */
  | { readonly kind: "unknown"; readonly detail: string };

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
  readonly state: "pending" | "accepted" | "rejected";
  /** The platform's own code; null unless rejected. */
  readonly rejectionCode: string | null;
}

/** One card platform. Implementations take `fetch` and their settings as options and keep no state. */
export interface Provider {
  readonly name: string;
  /** Whether pictures of this product can be sent to the platform at all, as far as the settings say. */
  offers(productId: string): boolean;
  sendImage(
    picture: { readonly bytes: Uint8Array; readonly mediaType: "image/png"; readonly productId: string },
    signal: AbortSignal,
  ): Promise<SendOutcome>;
  getPreview(cardImageId: string, request: PreviewRequest, signal: AbortSignal): Promise<PreviewOutcome>;
  /** Reads a push notification. Throws Problem("not-authenticated") or Problem("bad-request"). */
  readNotification(headers: Readonly<Record<string, string | undefined>>, body: unknown): ReviewNotification;
}
