/** What the server asks and answers, in plain types: the package that an issuer installs has no schema library. */

/** How the designer's own page shows it, and where it leads back to. */
export interface HostedRequest {
  /** Of an origin, or of an app, that the server's operator has listed. */
  readonly returnUrl: string;
  readonly theme?: Readonly<Record<string, string>> | undefined;
  readonly messages?: Readonly<Record<string, string>> | undefined;
}

/** For `openSession`. */
export interface SessionRequest {
  /** Chosen by you, unique, says nothing about the person: letters, digits, `_` and `-`, at most 64. */
  readonly cardholderId: string;
  readonly productId: string;
  /** Products of which this cardholder may have a card instead; at most 10. */
  readonly otherProductIds?: readonly string[] | undefined;
  readonly locale?: string | undefined;
  /** Origins of the pages that may frame the designer, such as `https://www.bank.example`; 1 to 5. */
  readonly origins?: readonly string[] | undefined;
  /** In place of `origins`, or beside them: the designer is shown by a page of its own server, at `hostedUrl`. */
  readonly hosted?: HostedRequest | undefined;
  /** Written beside the picture on the card platform once it has been accepted; at most 20. */
  readonly dataCapture?: Readonly<Record<string, string>> | undefined;
}

/** Of it only `sessionId` and `clientSecret` are for your page. */
export interface SessionSecret {
  readonly sessionId: string;
  /** Works once, for 10 minutes. */
  readonly clientSecret: string;
  /** Epoch milliseconds. */
  readonly clientSecretExpiresAt: number;
  /** Epoch milliseconds: no client secret is given any more from then on. */
  readonly sessionExpiresAt: number;
  /** The same as `clientSecretExpiresAt`. */
  readonly expiresAt: number;
  /** Where `hosted` was given: where to send the cardholder. Good once, as long as the client secret, which then need not be used. */
  readonly hostedUrl?: string | undefined;
}

/** Others may come with later servers. */
export type SubmissionState =
  | "stored"
  | "queued"
  | "sending"
  | "unknown"
  | "held"
  | "accepted-no-id"
  | "accepted"
  | "in-review"
  | "approved"
  | "rejected"
  | "rejected-image"
  | "abandoned"
  | "purging"
  | "purged";

/** A design that was sent, as only your server may know it. */
export interface SubmissionRecord {
  readonly submissionId: string;
  readonly state: SubmissionState;
  /** Grows by one with each change of state. */
  readonly sequence: number;
  /** The card platform's, for `rejected`. */
  readonly rejectionCode: string | null;
  /** What the reviewer wrote for the cardholder. */
  readonly rejectionMemo?: string | undefined;
  readonly hasPreview: boolean;
  /** In hexadecimal. */
  readonly pictureSha256: string;
  /** Epoch milliseconds at which it came to this state. */
  readonly updatedAt: number;
  readonly sessionId: string;
  readonly cardholderId: string;
  readonly productId: string;
  /** For your card system; null until the card platform has given it. */
  readonly cardImageId: string | null;
  readonly clientId: string | null;
  readonly reference: string;
  /** To your picture rules: which, and when (epoch milliseconds, by the clock of the cardholder's browser). */
  readonly agreement: { readonly rulesVersion: string; readonly agreedAt: number } | null;
  readonly purgeState: "waiting" | "refused" | "elsewhere" | "unsupported" | "unproven" | "gone" | null;
  /** Why it is where it is, in English, for an operator. */
  readonly note: string | null;
  /** What is written on the card, and what a reviewer may refuse in it. Only of `getSubmission`; empty once the design is deleted. */
  readonly texts?:
    | readonly {
        readonly text: string;
        readonly hints: readonly ("link" | "card-number" | "long-number" | "currency" | "trademark" | "brand")[];
      }[]
    | undefined;
}

/** What a webhook says. */
export interface IssuerEvent {
  /** The same on every try and every replay: remember those that you have handled. */
  readonly id: string;
  /** `submission.` and the state that the submission has come to. Pass over what you do not know: others may come with later servers. */
  readonly type: `submission.${string}`;
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  /** Grows by one with each event of yours. */
  readonly seq: number;
  readonly event: {
    readonly from: SubmissionState | null;
    readonly to: SubmissionState;
    readonly cause: string;
    readonly actor: "system" | "provider" | "issuer" | "operator";
    readonly attempt: number | null;
  };
  /** The submission as it was right after the event. */
  readonly data: SubmissionRecord;
}
