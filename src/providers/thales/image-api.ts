import { freshFetch, readBounded } from "../fresh-fetch.ts";
import { inflate } from "../inflate.ts";
import type { PictureName, PreviewOutcome, PreviewRequest, SearchOutcome, TemplateRequest } from "../provider.ts";
import { findPictureFault } from "../whole-picture.ts";
import { thalesDefaults } from "./defaults.ts";
import { type DocumentedError, findDocumentedError, isForeignPage, nameDocumentedError } from "./image-api-errors.ts";
import { findHandoverKey, type Rotate180, type ThalesOptions, valueFor } from "./options.ts";
import { isAskedSize, isMediaTypeOf, readSize } from "./picture-size.ts";
import { describeFailure } from "./soap-call.ts";

const maxPictureBytes = 12 * 1024 * 1024;

/** Values as the vendor's page "Digital Previews" spells them. */
const designTypes = {
  print: "Print",
  review: "Review",
  "design-with-template": "DesignwithTemplate",
  design: "Design",
  original: "Original",
} as const satisfies Record<PreviewRequest["designType"], string>;
const templateTypes = { print: "Print", design: "Design", "virtual-card": "VCDesign" } as const;
const corners = { round: "Round", square: "Square" } as const;
const formats = { png: "PNG", jpeg: "JPEG" } as const;

export type Parameters = Readonly<Record<string, string>>;

/** How GetImage should draw. Design type, corner and format are always named, whatever the platform's defaults. */
function writeRequest(request: PreviewRequest, rotate180: Rotate180): Parameters {
  const { template, overlay, rotateDeg, widthPx, heightPx } = request;
  return {
    DesignType: designTypes[request.designType],
    ...(template !== undefined && { TemplateType: templateTypes[template] }),
    ...(overlay !== undefined && { Overlay: overlay ? "True" : "False" }),
    ...(rotateDeg !== undefined && { DesignRotate: rotateDeg === 180 ? rotate180 : `Rotate${rotateDeg}` }),
    Corner: corners[request.corner],
    ...(widthPx !== undefined && { Width: String(widthPx) }),
    ...(heightPx !== undefined && { Height: String(heightPx) }),
    ImageFormat: formats[request.format],
  };
}

/** What an answer that is no picture says, as far as it is an answer. */
interface Complaint {
  readonly status?: number;
  readonly error?: DocumentedError;
}

export type Answer =
  | { readonly kind: "picture"; readonly bytes: Uint8Array; readonly contentType: string | null }
  | ({
      readonly kind: "not-found";
      readonly detail: string;
      readonly isForeign: boolean;
      readonly isEmpty: boolean;
    } & Complaint)
  | ({ readonly kind: "failed"; readonly detail: string } & Complaint);

async function readAnswer(method: string, response: Response): Promise<Answer> {
  const { status, headers } = response;
  const given = await readBounded(response, maxPictureBytes);
  const inflated = given && (await inflate(given, headers.get("content-encoding"), maxPictureBytes));
  const contentType = headers.get("content-type");
  if (inflated === undefined || inflated === "too-large") {
    const what = status === 200 ? "more than 12 MB" : `HTTP ${status}`;
    return { kind: "failed", status, detail: `${method} was answered with ${what}` };
  }
  if (status === 200) return { kind: "picture", bytes: inflated.bytes, contentType };
  const text = { bytes: inflated.bytes, contentType: contentType ?? "" };
  const error = findDocumentedError(text);
  const isForeign = isForeignPage(text);
  const what = error === undefined ? (isForeign ? " and a web page" : "") : `: ${nameDocumentedError(text)}`;
  const detail = `${method} was answered with HTTP ${status}${what}`;
  const complaint = { status, detail, ...(error !== undefined && { error }) };
  const isEmpty = inflated.bytes.byteLength === 0;
  return status === 404 ? { kind: "not-found", isForeign, isEmpty, ...complaint } : { kind: "failed", ...complaint };
}

/** Asks one of the Image API's methods. Never rejects, and repeats no text of the answer that is not documented. */
export async function ask(
  options: ThalesOptions,
  method: "GetImage" | "GetTemplate",
  address: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<Answer> {
  const url = new URL(address);
  const all = { ...parameters, ImageDeliveryKey: options.imageDeliveryKey };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  try {
    return await readAnswer(method, await (options.fetch ?? freshFetch)(url, { redirect: "manual", signal }));
  } catch (error) {
    return { kind: "failed", detail: `${method}: ${describeFailure(error)}` };
  }
}

/** Where and by what a picture is asked for; undefined for a reference of a product that has no field for it. */
function locate(options: ThalesOptions, picture: PictureName): { address: string; parameters: Parameters } | undefined {
  if ("cardImageId" in picture)
    return { address: options.getImageUrl, parameters: { CardImageId: picture.cardImageId } };
  const field = valueFor(options.referenceFields, picture.productId);
  if (field === undefined) return undefined;
  const valueParameter = options.searchValueParameter ?? thalesDefaults.searchValueParameter;
  return {
    address: options.searchUrl ?? options.getImageUrl,
    parameters: { SearchField: field, [valueParameter]: picture.reference },
  };
}

const noField = "No data-capture field takes our reference for this product";

/** Why what was answered is not a whole picture of this format; undefined when it is. */
async function findFault(
  { bytes, contentType }: Extract<Answer, { kind: "picture" }>,
  format: PreviewRequest["format"],
  request?: PreviewRequest,
): Promise<string | undefined> {
  if (!isMediaTypeOf(contentType, format)) return `answered with a Content-Type that is not image/${format}`;
  const size = readSize(bytes, format);
  if (size === undefined) return `did not answer a ${format} picture`;
  if (request !== undefined && !isAskedSize(size, request)) {
    const asked = [request.widthPx ?? "any", request.heightPx ?? "any"].join(" x ");
    return `answered ${size.widthPx} x ${size.heightPx} pixels, asked for a card of ${asked}`;
  }
  const fault = await findPictureFault(bytes, format, size);
  return fault === undefined ? undefined : `answered a ${format} picture that is not whole: ${fault}`;
}

/** By the platform's id, or by our reference through the data-capture field that takes it. */
export async function getImage(
  options: ThalesOptions,
  picture: PictureName,
  request: PreviewRequest,
  signal: AbortSignal,
): Promise<PreviewOutcome> {
  const place = locate(options, picture);
  if (place === undefined) return { kind: "unavailable", detail: noField };
  const parameters = { ...place.parameters, ...writeRequest(request, options.rotate180 ?? thalesDefaults.rotate180) };
  const answer = await ask(options, "GetImage", place.address, parameters, signal);
  if (answer.kind === "not-found") return { kind: "not-ready", ...(answer.isForeign && { isForeign: true }) };
  if (answer.kind === "failed") return { kind: "unavailable", detail: answer.detail };
  const fault = await findFault(answer, request.format, request);
  if (fault !== undefined) return { kind: "unavailable", detail: `GetImage ${fault}` };
  return { kind: "image", bytes: answer.bytes, mediaType: `image/${request.format}` };
}

/** The smallest picture that says that there is one. */
const searchRequest = { format: "jpeg", corner: "square", designType: "print", widthPx: 32 } as const;

/** What it takes to ask for the smallest picture of this name; undefined where it cannot be asked for. */
export function writeQuestion(
  options: ThalesOptions,
  picture: PictureName,
): { address: string; parameters: Parameters } | undefined {
  const place = locate(options, picture);
  const drawing = writeRequest(searchRequest, thalesDefaults.rotate180);
  return place && { address: place.address, parameters: { ...place.parameters, ...drawing } };
}

/** Whether a picture with this reference is on the platform. */
export async function findImage(
  options: ThalesOptions,
  reference: string,
  productId: string,
  signal: AbortSignal,
): Promise<SearchOutcome> {
  const question = writeQuestion(options, { reference, productId });
  if (question === undefined) return { kind: "cannot-tell", detail: noField };
  const answer = await ask(options, "GetImage", question.address, question.parameters, signal);
  if (answer.kind === "not-found" && !answer.isForeign) return { kind: "absent", proof: "control" };
  if (answer.kind !== "picture") return { kind: "cannot-tell", detail: answer.detail };
  const isPicture = (["jpeg", "png"] as const).some(
    (format) => isMediaTypeOf(answer.contentType, format) && readSize(answer.bytes, format) !== undefined,
  );
  return isPicture
    ? { kind: "found" }
    : { kind: "cannot-tell", detail: "GetImage was answered with HTTP 200 and something that is no picture" };
}

export function findTemplateUrl({ templateUrl, getImageUrl }: ThalesOptions): string | undefined {
  if (templateUrl !== undefined) return templateUrl;
  const url = new URL(getImageUrl);
  if (!/GetImage$/i.test(url.pathname)) return undefined;
  url.pathname = url.pathname.replace(/GetImage$/i, "GetTemplate");
  return url.href;
}

/** The card without a picture, a PNG. */
export async function getTemplate(
  options: ThalesOptions,
  { productId, template }: TemplateRequest,
  signal: AbortSignal,
): Promise<PreviewOutcome> {
  const address = findTemplateUrl(options);
  if (address === undefined) return { kind: "unavailable", detail: "The address of GetTemplate is not set" };
  const handoverKey = findHandoverKey(options, productId, "cardholder");
  if (handoverKey === undefined) return { kind: "unavailable", detail: "There is no handover key for this product" };
  const parameters = { HandoverKey: handoverKey, TemplateType: templateTypes[template] };
  const answer = await ask(options, "GetTemplate", address, parameters, signal);
  if (answer.kind !== "picture") return { kind: "unavailable", detail: answer.detail };
  const fault = await findFault(answer, "png");
  if (fault !== undefined) return { kind: "unavailable", detail: `GetTemplate ${fault}` };
  return { kind: "image", bytes: answer.bytes, mediaType: "image/png" };
}
