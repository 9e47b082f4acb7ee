import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { findProduct, products } from "#card/products.ts";
import { type AssetStored, assetStored } from "#contracts/draft.ts";
import { Problem } from "#contracts/problem.ts";
import { bareMediaTypes } from "#design/photo-file/photo-file.ts";
import { findAsset, keepAsset } from "../drafts/assets.ts";
import { receivePhoto } from "../drafts/receive.ts";
import type { FairLine, Reservation } from "../fair-line.ts";
import type { App, AppParts } from "../parts.ts";
import { requireIssuer, requireSession } from "../sessions/authenticate.ts";
import type { DraftOwner } from "../store/drafts-schema.ts";
import { readSha256 } from "../upload/digest.ts";
import { formUse, isForm } from "../upload/form-file.ts";
import { createInFlight, type Place } from "../upload/in-flight.ts";
import { readAddress } from "../upload/sender.ts";
import { answers, tokenFailures } from "./answers.ts";
import { whenReaderGone } from "./reader-gone.ts";

const largestPhoto = Math.max(...products.map((one) => one.maxPhotoBytes));
/** On the disk, of photos that are not whole yet: 16 of the largest. In memory there is little of each. */
const maxComingBytes = 16 * largestPhoto;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const params = z.object({ sessionId: z.string().max(64), sha256 });
const security = [{ sessionToken: [] }];
const mediaTypes = ["multipart/form-data", ...bareMediaTypes, "application/octet-stream"];
const image = z.any().meta({ description: bareMediaTypes.join(", ") });

const sendingFailures = [
  ...tokenFailures,
  "submission-in-flight",
  "beyond-limit",
  "body-too-large",
  "unsupported-media-type",
  "digest-mismatch",
  "photo-refused",
  "photo-not-bare",
] as const;

/** The photos of drafts, each named by its SHA-256. */
export function registerAssets(app: App, parts: AppParts, line: FairLine): void {
  registerSending(app, parts, line);
  registerReading(app, parts);
}

/** Waits for a turn in the line, which is then the caller's until `done`. */
function createTurn(line: FairLine, address: string, gone: AbortSignal, reservation: Reservation) {
  const turn = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  return {
    take(): Promise<void> {
      const running = line.run(address, gone, () => (turn.resolve(), work.promise), reservation);
      running.catch(turn.reject);
      return turn.promise;
    },
    done: work.resolve,
  };
}

function registerSending(app: App, parts: AppParts, line: FairLine): void {
  const inFlight = createInFlight(maxComingBytes);
  const reservations = new WeakMap<FastifyRequest, Reservation>();
  app.removeAllContentTypeParsers();
  // The body stays unread until its sender and its size have been checked.
  app.addContentTypeParser(mediaTypes, (_request, payload, done) => done(null, payload));
  app.route({
    method: ["POST", "PUT"],
    url: "/v1/sessions/:sessionId/assets/:sha256",
    onRequest: async (request, reply) => {
      const reservation = line.reserve(readAddress(request));
      reservations.set(request, reservation);
      whenReaderGone(reply).addEventListener("abort", reservation.letGo, { once: true });
      await requireSession(request, parts);
    },
    schema: {
      summary: "Store a draft's photo, with nothing in its file but pixels, colours and orientation; again is harmless",
      security,
      consumes: mediaTypes,
      params,
      headers: z.object({
        "content-digest": z
          .string()
          .optional()
          .describe("RFC 9530, `sha-256=:BASE64:` of the body where that is the file: the one that the address names"),
      }),
      body: z.any().meta({
        description: `The file, at most ${largestPhoto} bytes: in a form as the part "file" (${formUse}), or as the body itself`,
      }),
      response: answers({ 200: assetStored, 201: assetStored }, sendingFailures),
    },
    handler: async (request, reply) => {
      const contentType = request.headers["content-type"];
      if (contentType === undefined) throw new Problem("unsupported-media-type");
      const session = await requireSession(request, parts);
      const product = findProduct(session.product_id);
      if (product === undefined) throw new Problem("session-expired");
      const digest = request.headers["content-digest"];
      if (digest !== undefined && !isForm(contentType) && readSha256(digest) !== request.params.sha256)
        throw new Problem("digest-mismatch", { detail: "Content-Digest is not the SHA-256 that the address names." });
      const gone = whenReaderGone(reply);
      const sender = { issuerId: session.issuer_id, sessionId: session.id, address: readAddress(request) };
      const reservation = reservations.get(request) ?? line.reserve(sender.address);
      const turn = createTurn(line, sender.address, gone, reservation);
      const receive = async (place: Place): Promise<{ stored: AssetStored; isNew: boolean }> => {
        const photo = receivePhoto(request, product, request.params.sha256, place, turn.take);
        const sealed = await parts.blobs.putPieces(photo.pieces);
        const arrived = photo.arrived();
        const isNew = await keepAsset({ ...parts, log: request.log }, session, arrived, sealed);
        return { isNew, stored: { sha256: arrived.sha256, bytes: arrived.bytes, mediaType: arrived.media_type } };
      };
      const claim = { idempotencyKey: request.params.sha256, designSha256: "", pictureSha256: "" };
      const { stored, isNew } = await inFlight.hold(sender, claim, gone, receive).finally(() => {
        turn.done();
        reservation.letGo();
      });
      return reply.code(isNew ? 201 : 200).send(stored);
    },
  });
}

/** Throws Problem("not-found"). What the file has is told to be damaged, or not to be there, by an answer that breaks off. */
async function sendAsset(
  { store, blobs }: AppParts,
  owner: DraftOwner,
  request: FastifyRequest,
  reply: FastifyReply,
  wanted: string,
): Promise<FastifyReply> {
  const asset = await findAsset(store, owner, wanted);
  if (asset === undefined || !(await blobs.has(asset.file)))
    throw new Problem("not-found", { detail: "There is no such photo of this card." });
  void reply.header("cache-control", "private, no-store").header("content-length", asset.bytes).type(asset.media_type);
  // Of anything but a stream fastify would say how long it is itself.
  const pieces = request.method === "HEAD" ? [] : blobs.readPieces(asset);
  return reply.send(Readable.from(pieces, { objectMode: false }));
}

function registerReading(app: App, parts: AppParts): void {
  app.get(
    "/v1/sessions/:sessionId/assets/:sha256",
    {
      onRequest: async (request) => void (await requireSession(request, parts)),
      schema: {
        summary: "A draft's photo, to the byte; HEAD asks whether it is stored",
        produces: [...bareMediaTypes],
        security,
        params,
        response: answers({ 200: image }, [...tokenFailures, "not-found"]),
      },
    },
    async (request, reply) => {
      const session = await requireSession(request, parts);
      return sendAsset(parts, session, request, reply, request.params.sha256);
    },
  );
  app.get(
    "/v1/cardholders/:cardholderId/photos/:productId/:sha256",
    {
      onRequest: async (request) => void requireIssuer(request, parts),
      schema: {
        summary: "A photo that the export of a cardholder names",
        produces: [...bareMediaTypes],
        security: [{ issuerKey: [] }],
        params: z.object({ cardholderId: z.string().max(64), productId: z.string().max(64), sha256 }),
        response: answers({ 200: image }, ["not-authenticated", "not-found"]),
      },
    },
    async (request, reply) => {
      const { cardholderId, productId, sha256: wanted } = request.params;
      const issuer = requireIssuer(request, parts);
      const owner = { issuer_id: issuer.id, cardholder_id: cardholderId, product_id: productId };
      return sendAsset(parts, owner, request, reply, wanted);
    },
  );
}
