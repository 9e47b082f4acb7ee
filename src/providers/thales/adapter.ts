import { createHash } from "node:crypto";
import { Problem } from "#contracts/problem.ts";
import { freshFetch, readBounded, stopUpload, TransportError } from "../fresh-fetch.ts";
import type { PictureName, PreviewOutcome, PreviewRequest, Provider, SendOrder, SendOutcome } from "../provider.ts";
import { isSameSecret } from "../same-secret.ts";
import { findPictureFault } from "../whole-picture.ts";
import { thalesDefaults } from "./defaults.ts";
import { isAskedSize, isMediaTypeOf, previewQuery, type Rotate180, readSize } from "./image-api.ts";
import { readPushNotification } from "./notification.ts";
import { readCardImageId, readSendImageReply, type SoapSpelling, writeSendImage } from "./wire.ts";

const maxReplyBytes = 64 * 1024;
const maxPreviewBytes = 12 * 1024 * 1024;

/** What has no value here is as in `thalesDefaults`. */
export interface ThalesOptions {
  /** Where SendImage is posted to. */
  readonly soapUrl: string;
  /** Of the Image API's GetImage, as the vendor gave it; parameters that it has are kept. */
  readonly getImageUrl: string;
  /** Product id -> the handover key that Thales gave for it. */
  readonly handoverKeys: Readonly<Record<string, string>>;
  readonly imageDeliveryKey: string;
  /** Expected in `notificationHeader` of every push notification. */
  readonly notificationSecret: string;
  /** Lower case. */
  readonly notificationHeader?: string;
  /** Target namespace of the web service, with its slash. */
  readonly namespace?: string;
  /** The namespace, then `SendImage`, when left out. */
  readonly soapAction?: string;
  readonly imageField?: string;
  readonly handoverKeyField?: string;
  readonly rotate180?: Rotate180;
  /** A connection per request when left out. Another `fetch` cannot tell "not sent" from "unknown" as often. */
  readonly fetch?: typeof fetch;
}

function toSpelling(options: ThalesOptions): SoapSpelling {
  const { namespace, imageField, handoverKeyField } = { ...thalesDefaults, ...options };
  return { namespace, soapAction: options.soapAction ?? `${namespace}SendImage`, imageField, handoverKeyField };
}

/** Codes of a plain `fetch` that failed before there was a connection. */
const beforeConnection = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

function isProvablyNotSent(error: unknown): boolean {
  if (error instanceof TransportError) return !error.bodySent;
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  return typeof cause?.code === "string" && beforeConnection.has(cause.code);
}

/** What went wrong, in words that never repeat an address, a body or another library's message: those may hold a key. */
function describeFailure(error: unknown): string {
  return error instanceof TransportError ? error.message : "the connection failed";
}

/**
 * Only a documented reply decides. A 401, 404 or 405 usually means a wrong address, but it may come from anything on the way
 * and does not prove that nothing was stored: an operator looks at it, and nothing is sent again.
 */
async function readReply(response: Response): Promise<SendOutcome> {
  const bytes = await readBounded(response, maxReplyBytes);
  const outcome: SendOutcome =
    bytes === undefined
      ? { kind: "unknown", detail: "The reply is too large" }
      : readSendImageReply(new TextDecoder().decode(bytes));
  if (!response.ok) return { kind: "unknown", detail: `SendImage was answered with HTTP ${response.status}` };
  return outcome;
}

function findHandoverKey({ handoverKeys }: ThalesOptions, productId: string): string | undefined {
  return Object.hasOwn(handoverKeys, productId) ? handoverKeys[productId] : undefined;
}

async function sendImage(options: ThalesOptions, picture: SendOrder, signal: AbortSignal): Promise<SendOutcome> {
  const handoverKey = findHandoverKey(options, picture.productId);
  if (handoverKey === undefined)
    return { kind: "misconfigured", detail: `There is no handover key for product ${picture.productId}` };
  const spelling = toSpelling(options);
  let response: Response | undefined;
  try {
    response = await (options.fetch ?? freshFetch)(options.soapUrl, {
      method: "POST",
      headers: { "content-type": "text/xml; charset=utf-8", soapaction: `"${spelling.soapAction}"` },
      body: writeSendImage(spelling, picture.bytes, handoverKey) as Uint8Array<ArrayBuffer>,
      redirect: "manual",
      signal,
    });
    const outcome = await readReply(response);
    if (outcome.kind === "unknown" && stopUpload(response)) {
      return { kind: "not-sent", detail: `${outcome.detail}, before the whole request was sent` };
    }
    return outcome;
  } catch (error) {
    const notSent = response === undefined ? isProvablyNotSent(error) : stopUpload(response);
    const what = response === undefined ? describeFailure(error) : "the reply broke off";
    return { kind: notSent ? "not-sent" : "unknown", detail: `SendImage: ${what}` };
  }
}

/** Why what GetImage answered is not the picture that was asked for; undefined when it is. */
async function findPreviewFault(
  bytes: Uint8Array,
  contentType: string | null,
  request: PreviewRequest,
): Promise<string | undefined> {
  const { format } = request;
  if (!isMediaTypeOf(contentType, format)) return `answered with a Content-Type that is not image/${format}`;
  const size = readSize(bytes, format);
  if (size === undefined) return `did not answer a ${format} picture`;
  if (!isAskedSize(size, request)) {
    const asked = [request.widthPx ?? "any", request.heightPx ?? "any"].join(" x ");
    return `answered ${size.widthPx} x ${size.heightPx} pixels, asked for a card of ${asked}`;
  }
  const fault = await findPictureFault(bytes, format, size);
  return fault === undefined ? undefined : `answered a ${format} picture that is not whole: ${fault}`;
}

async function getPreview(
  options: ThalesOptions,
  picture: PictureName,
  request: PreviewRequest,
  signal: AbortSignal,
): Promise<PreviewOutcome> {
  if (!("cardImageId" in picture)) return { kind: "not-ready" };
  const url = new URL(options.getImageUrl);
  const query = previewQuery(picture.cardImageId, request, options.rotate180 ?? thalesDefaults.rotate180);
  query.set("ImageDeliveryKey", options.imageDeliveryKey);
  for (const [name, value] of query) url.searchParams.set(name, value);
  try {
    const response = await (options.fetch ?? freshFetch)(url, { redirect: "manual", signal });
    const bytes = await readBounded(response, maxPreviewBytes);
    if (response.status === 404) return { kind: "not-ready" };
    if (response.status !== 200)
      return { kind: "unavailable", detail: `GetImage was answered with HTTP ${response.status}` };
    if (bytes === undefined) return { kind: "unavailable", detail: "GetImage answered more than 12 MB" };
    const fault = await findPreviewFault(bytes, response.headers.get("content-type"), request);
    if (fault !== undefined) return { kind: "unavailable", detail: `GetImage ${fault}` };
    return { kind: "image", bytes, mediaType: `image/${request.format}` };
  } catch (error) {
    return { kind: "unavailable", detail: `GetImage: ${describeFailure(error)}` };
  }
}

/** Thales Perso Design Services: SendImage over SOAP 1.1, previews from the Image API, review results by push notification. Throws when an address is none. */
export function createThalesProvider(options: ThalesOptions): Provider {
  for (const name of ["soapUrl", "getImageUrl"] as const) {
    if (!URL.canParse(options[name])) throw new TypeError(`Thales: ${name} is not a URL`);
  }
  const header = options.notificationHeader ?? thalesDefaults.notificationHeader;
  return {
    name: "thales",
    offers: (productId) => findHandoverKey(options, productId) !== undefined,
    capabilities: () => ({ reference: false, search: false, annotate: false }),
    readCardImageId,
    settingsFingerprint: (productId) =>
      createHash("sha256")
        .update(JSON.stringify([options.soapUrl, toSpelling(options), findHandoverKey(options, productId)]))
        .digest("hex"),
    send: (order, signal) => sendImage(options, order, signal),
    find: async () => ({ kind: "cannot-tell", detail: "no search" }),
    annotate: async () => ({ kind: "refused", detail: "no data capture" }),
    getPreview: (picture, request, signal) => getPreview(options, picture, request, signal),
    getTemplate: async () => ({ kind: "not-ready" }),
    readNotification(headers, body) {
      if (!isSameSecret(headers[header], options.notificationSecret)) throw new Problem("not-authenticated");
      return readPushNotification(body);
    },
  };
}
