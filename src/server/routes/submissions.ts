import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { findProduct, products } from "#card/products.ts";
import { type Agreement, agreementForm, readAgreement } from "#contracts/agreement.ts";
import { Problem } from "#contracts/problem.ts";
import { submissionPage, submissionRecord, submissionState, submissionView } from "#contracts/submission.ts";
import type { FairLine, Reservation } from "../fair-line.ts";
import type { App, AppParts } from "../parts.ts";
import { requireIssuer, requireSession } from "../sessions/authenticate.ts";
import { requireIssuersSubmission, requireOwnSubmission } from "../state/find.ts";
import { listSubmissions } from "../state/list.ts";
import { toRecord, toView } from "../state/view.ts";
import { readTexts } from "../texts.ts";
import { inSpan } from "../traces/spans.ts";
import { readBody } from "../upload/body.ts";
import { readSha256 } from "../upload/digest.ts";
import { formUse, isForm } from "../upload/form-file.ts";
import { type Claim, createInFlight, type Place } from "../upload/in-flight.ts";
import { type Receipt, receivePicture } from "../upload/receive.ts";
import { release } from "../upload/release.ts";
import { readAddress } from "../upload/sender.ts";
import { pictureValidator } from "../upload/validator.ts";
import { answers, tokenFailures } from "./answers.ts";
import { whenReaderGone } from "./reader-gone.ts";

/** 32 of the largest product's pictures. */
const maxUploadBytes = 32 * Math.max(...products.map((one) => one.maxPictureBytes));
const maxPage = 100;
const mediaTypes = ["multipart/form-data", "image/png"];

const sessionParams = z.object({ sessionId: z.string().max(64) });
const params = z.object({ submissionId: z.string().max(64) });
const sendingFailures = [
  ...tokenFailures,
  "idempotency-key-missing",
  "body-too-slow",
  "submission-in-flight",
  "already-submitted",
  "body-too-large",
  "unsupported-media-type",
  "idempotency-key-reused",
  "digest-mismatch",
  "design-unknown",
  "not-offered",
  "template-broken",
  "text-refused",
  "picture-refused",
  "picture-differs",
  "overloaded",
] as const;

/** A missing header is read as an empty one, so that `readClaim` can say what is missing and under which code. */
const requiredHeader = z.preprocess((given) => given ?? "", z.string());
const headers = z.object({
  "picture-digest": z
    .string()
    .optional()
    .describe("`sha-256=:BASE64:` of the picture, as in RFC 9530. Required with a form"),
  "content-digest": z
    .string()
    .optional()
    .describe("RFC 9530, `sha-256=:BASE64:` of the body. Required with a body that is the picture itself"),
  "design-digest": requiredHeader.describe("The same form; names the stored design document"),
  "idempotency-key": requiredHeader.describe("1 to 200 visible characters, new for each submission"),
  agreement: z
    .string()
    .optional()
    .describe(
      `The cardholder's agreement to the picture rules, a dictionary of RFC 9651: ${agreementForm}. Required with a design of version 2; one of version 1 holds it`,
    ),
});
const query = z.object({
  state: z.optional(submissionState),
  after: z.string().max(64).optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(maxPage).default(50),
});

function readClaim(given: z.output<typeof headers>, digestName: "Picture-Digest" | "Content-Digest"): Claim {
  const idempotencyKey = given["idempotency-key"];
  if (idempotencyKey === "") throw new Problem("idempotency-key-missing");
  if (!/^[\x21-\x7e]{1,200}$/.test(idempotencyKey)) {
    throw new Problem("bad-request", { detail: "Idempotency-Key: expected 1 to 200 visible ASCII characters." });
  }
  const pictureSha256 = readSha256(given[digestName === "Picture-Digest" ? "picture-digest" : "content-digest"]);
  const designSha256 = readSha256(given["design-digest"]);
  if (pictureSha256 === undefined || designSha256 === undefined) {
    const name = pictureSha256 === undefined ? digestName : "Design-Digest";
    throw new Problem("bad-request", { detail: `${name}: expected sha-256=:BASE64: as in RFC 9530.` });
  }
  return { idempotencyKey, pictureSha256, designSha256 };
}

function readAgreementHeader(given: z.output<typeof headers>): Agreement | undefined {
  if (given.agreement === undefined) return undefined;
  const agreement = readAgreement(given.agreement);
  if (agreement === undefined) throw new Problem("bad-request", { detail: `Agreement: expected ${agreementForm}.` });
  return agreement;
}

function requireProduct(productId: string) {
  const product = findProduct(productId);
  if (product === undefined) throw new Problem("internal", { cause: new Error(`no product ${productId}`) });
  return product;
}

/** Sending a picture, and looking at what became of it. */
export function registerSubmissions(app: App, parts: AppParts, line: FairLine): void {
  registerSending(app, parts, line);
  registerReading(app, parts);
  registerListing(app, parts);
}

/** How many pictures are under way, for whoever asks for numbers. */
function watchUploads({ metrics }: AppParts, line: FairLine, inFlight: ReturnType<typeof createInFlight>): void {
  metrics?.onCollect(({ lineBusy, lineWaiting, uploadBytes, uploadLimit }) => {
    const { busy, waiting } = line.size();
    lineBusy.set({ line: "uploads" }, busy);
    lineWaiting.set({ line: "uploads" }, waiting);
    uploadBytes.set(inFlight.heldBytes());
    uploadLimit.set(maxUploadBytes);
  });
}

/** What is done of one picture, each part when it is its turn. */
function createTurns(line: FairLine, address: string, reservation: Reservation) {
  return <Result>(work: () => Promise<Result>, gone: AbortSignal): Promise<Result> =>
    line.run(address, gone, work, reservation);
}

function registerSending(app: App, parts: AppParts, line: FairLine): void {
  const inFlight = createInFlight(maxUploadBytes);
  watchUploads(parts, line, inFlight);
  const reservations = new WeakMap<FastifyRequest, Reservation>();
  const receiver = { ...parts, validator: parts.validator ?? pictureValidator };
  app.removeAllContentTypeParsers();
  // The body stays unread until its sender and its size have been checked.
  app.addContentTypeParser(mediaTypes, (_request, payload, done) => done(null, payload));
  app.post(
    "/v1/sessions/:sessionId/submissions",
    {
      onRequest: async (request, reply) => {
        const reservation = line.reserve(readAddress(request));
        reservations.set(request, reservation);
        whenReaderGone(reply).addEventListener("abort", reservation.letGo, { once: true });
        await requireSession(request, parts);
      },
      schema: {
        summary: "Send the finished picture; acknowledged once it cannot be lost any more",
        security: [{ sessionToken: [] }],
        consumes: mediaTypes,
        params: sessionParams,
        headers,
        body: z.any().meta({
          description: `The PNG, at most ${Math.max(...products.map((one) => one.maxPictureBytes))} bytes: in a form as the part "file" (${formUse}), or as the body itself`,
        }),
        response: answers({ 202: submissionView }, sendingFailures),
      },
    },
    async (request, reply) => {
      const contentType = request.headers["content-type"];
      if (contentType === undefined) throw new Problem("unsupported-media-type");
      const session = await requireSession(request, parts);
      const product = requireProduct(session.product_id);
      const claim = readClaim(request.headers, isForm(contentType) ? "Picture-Digest" : "Content-Digest");
      const agreement = readAgreementHeader(request.headers);
      const gone = whenReaderGone(reply);
      const sender = { issuerId: session.issuer_id, sessionId: session.id, address: readAddress(request), gone };
      const reservation = reservations.get(request) ?? line.reserve(sender.address);
      const receive = async (place: Place): Promise<Receipt> => {
        const { bytes, sha256 } = await inSpan("receive", {}, () =>
          readBody(request, product.maxPictureBytes, place, reservation),
        );
        try {
          if (sha256 !== claim.pictureSha256) throw new Problem("digest-mismatch");
          const inTurn = createTurns(line, sender.address, reservation);
          return await receivePicture(receiver, session, product, { claim, agreement, bytes, sender }, inTurn);
        } finally {
          release(bytes);
        }
      };
      const receipt = await inFlight.hold(sender, claim, gone, receive).finally(reservation.letGo);
      parts.courier?.wake();
      const { issuerId, sessionId } = sender;
      const fields = { issuerId, sessionId, submissionId: receipt.view.submissionId, productId: product.id };
      request.log.info({ ...fields, isRepeat: receipt.replayed }, "a picture is acknowledged");
      if (receipt.replayed) void reply.header("idempotency-replayed", "true");
      return reply.code(202).send(receipt.view);
    },
  );
}

/** Whether the request carries the issuer's key: what a cardholder's token opens too, it opens for every cardholder. */
export function isIssuer(request: FastifyRequest, parts: AppParts): boolean {
  try {
    requireIssuer(request, parts);
    return true;
  } catch {
    return false;
  }
}

function registerReading(app: App, parts: AppParts): void {
  app.get(
    "/v1/submissions/:submissionId",
    {
      schema: {
        summary:
          "One submission: the whole record with the issuer's key, also by its short reference; the cardholder's view with the session's token",
        security: [{ issuerKey: [] }, { sessionToken: [] }],
        params,
        response: answers({ 200: z.union([submissionRecord, submissionView]) }, [...tokenFailures, "not-found"]),
      },
    },
    async (request) => {
      const { submissionId } = request.params;
      if (isIssuer(request, parts)) {
        const row = await requireIssuersSubmission(request, parts, submissionId);
        return { ...toRecord(row), texts: [...(await readTexts(parts.store, row))] };
      }
      return toView(await requireOwnSubmission(request, parts, submissionId));
    },
  );
}

function registerListing(app: App, parts: AppParts): void {
  app.get(
    "/v1/submissions",
    {
      onRequest: async (request) => requireIssuer(request, parts),
      schema: {
        summary: "Submissions, oldest first; `state=held` are the ones that wait for an operator",
        security: [{ issuerKey: [] }],
        querystring: query,
        response: answers({ 200: submissionPage }, ["not-authenticated"]),
      },
    },
    async (request) => listSubmissions(parts.store, requireIssuer(request, parts).id, request.query),
  );
}
