import * as z from "zod/mini";
import { type Problem, type ProblemCode, problems } from "./problem.ts";

interface ProblemTexts {
  readonly title: string;
  /** What happened and what to do: the detail of a problem that has no better one. */
  readonly help: string;
}

/** What the server says of each problem. */
export const problemTexts: Readonly<Record<ProblemCode, ProblemTexts>> = {
  "bad-request": {
    title: "The request is not understood",
    help: "Something in the request is not as this interface describes it. Compare it with /v1/openapi.json.",
  },
  "idempotency-key-missing": {
    title: "The Idempotency-Key header is missing",
    help: "Send an Idempotency-Key of 1 to 200 visible characters, new for each submission and the same when trying again.",
  },
  "not-authenticated": {
    title: "The key, secret or token is not known",
    help: "The key or token is missing or not known here. Send one that is good for this server.",
  },
  "session-expired": {
    title: "The session has ended",
    help: "The session has reached its end and cannot be renewed. Open a new one with the issuer's key.",
  },
  "token-expired": {
    title: "The access token has run out",
    help: "The access token is too old. Exchange a new client secret for another and try again.",
  },
  "proof-outdated": {
    title: "The proof of the key has to be made anew",
    help: "The proof in the header DPoP has no nonce of the last minutes, or was used before. Make another with the one in DPoP-Nonce, and try again at once.",
  },
  "not-allowed": {
    title: "This is not yours to see or do",
    help: "It belongs to another session. Use the access token of the session that it belongs to.",
  },
  "not-found": {
    title: "There is nothing here",
    help: "Nothing is known under this address. Check the address and the id in it.",
  },
  "preview-not-ready": {
    title: "The platform has not rendered its preview yet",
    help: "The card platform has no preview of this picture yet. Ask again after the time in Retry-After.",
  },
  "submission-in-flight": {
    title: "The same submission is being received right now",
    help: "Another upload of this session is still coming in. Wait for its answer, or try again with the same Idempotency-Key.",
  },
  "already-submitted": {
    title: "A design has already been sent",
    help: "A submission of this session is under way. Follow it; another design can be sent only if it is rejected.",
  },
  "not-possible": {
    title: "The submission does not allow that now",
    help: "The submission is in a state in which this cannot be done. Look at it again.",
  },
  "confirmation-needed": {
    title: "This has a risk that somebody must take",
    help: "Read in the documentation what can go wrong, and ask again with confirm: true.",
  },
  "beyond-limit": {
    title: "That is more than the server keeps or does",
    help: "There is a limit to how many of these there can be. Ask for less, or delete what is not needed any more.",
  },
  "draft-changed": {
    title: "The draft was changed on another device",
    help: "What is stored is not what If-Match or If-None-Match expects. Read the draft, whose ETag comes with this answer unless there is none, ask its person which one is to stay, and send that with the new ETag.",
  },
  "body-too-large": {
    title: "The file is larger than the limit",
    help: "The body is larger than this address takes. Send a smaller one.",
  },
  "body-too-slow": {
    title: "The upload took too long",
    help: "The body did not arrive in time. Try again over a better connection.",
  },
  "unsupported-media-type": {
    title: "This kind of content is not accepted",
    help: "The Content-Type is missing or not one that this address takes: pictures are multipart/form-data or image/png, photos multipart/form-data or their own image type, all else application/json.",
  },
  "idempotency-key-reused": {
    title: "The Idempotency-Key belongs to another request",
    help: "This Idempotency-Key came with another request before: use a new key for another design or picture.",
  },
  "digest-mismatch": {
    title: "The bytes that arrived are not the bytes that were sent",
    help: "The picture does not have the SHA-256 that Picture-Digest or Content-Digest says, so nothing was stored. Send it again.",
  },
  "picture-refused": {
    title: "The picture is not what the card needs",
    help: "The picture is not a PNG of the product's exact size and form, so nothing was stored. Make it anew and send that.",
  },
  "picture-differs": {
    title: "The picture is not what its design says",
    help: "Drawn by the server, the design's texts, stickers, shapes, drawings, template, ground or veil look otherwise, so nothing was stored. Make the picture anew from this very design and send both.",
  },
  "design-unknown": {
    title: "The design document has not been stored",
    help: "No design document with the SHA-256 in Design-Digest is stored in this session. Store it first, then send the picture.",
  },
  "not-offered": {
    title: "The design has something that this card does not offer",
    help: "What it has is not among what the issuer offers with this product. Take it out, or have the issuer offer it, and send the design again.",
  },
  "text-refused": {
    title: "A text must not be on the picture",
    help: "The texts of the design hold a valid card number, in one of them or across several. Take it out and send the design again.",
  },
  "template-broken": {
    title: "The design changes what its template has fixed",
    help: "The issuer's template fixes something that is otherwise in the design, or not in it; `detail` says where. Put it back as the template has it, or take the template off, and send the design again.",
  },
  "photo-refused": {
    title: "This file is not kept",
    help: "The file is not a whole photo of a format that can be looked through (JPEG, PNG, WebP, GIF), or has too many pixels, so nothing was stored.",
  },
  "photo-not-bare": {
    title: "The file says more than its picture",
    help: "Beside the picture the file has data that may say where and when it was taken, and by whom, so nothing was stored. Take out all but pixels, colours and orientation, and send what is left under its own SHA-256.",
  },
  "asset-unknown": {
    title: "The draft's photo has not been stored",
    help: "A photo on the draft is not stored for this card. Store it first, then send the draft.",
  },
  "precondition-missing": {
    title: "It must be said what is to be replaced",
    help: "Send If-Match with the ETag of the draft that this one replaces, or If-None-Match: * where there is none yet.",
  },
  "too-many-requests": {
    title: "Too many requests",
    help: "More is asked than anybody needs who uses this as it is meant. Try again after the time in Retry-After.",
  },
  internal: {
    title: "Something went wrong on our side",
    help: "The server failed, and its operator can find out why under x-request-id. Try again later.",
  },
  "platform-unavailable": {
    title: "The card platform does not answer",
    help: "The card platform could not be reached or did not answer as expected. Try again after the time in Retry-After.",
  },
  overloaded: {
    title: "The server is busy",
    help: "The server has as much to do as it can take. Try again after the time in Retry-After.",
  },
  "storage-unavailable": {
    title: "The server cannot store anything right now",
    help: "The server's disk or database is full, locked or failing; its log says which. Try again after the time in Retry-After.",
  },
};

/** RFC 9457 problem details, as answered by the server in `application/problem+json`. */
export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
  /** In every answer of this server; something between it and the reader may answer without. */
  detail: z.optional(z.string()),
  retryable: z.boolean(),
});

export type ProblemDetails = z.infer<typeof problemDetails>;

/** The answer to a request that has failed so. */
export function detailsOf({ code, status, retryable, detail }: Problem): ProblemDetails & { readonly detail: string } {
  const { title, help } = problemTexts[code];
  return { type: `urn:fullbleed:problem:${code}`, title, status, code, retryable, detail: detail ?? help };
}
