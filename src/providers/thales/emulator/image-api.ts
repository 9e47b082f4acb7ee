import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import sharp from "sharp";
import { findProduct } from "#card/products.ts";
import type { PlatformSettings } from "./config.ts";
import { breakConnection, cutReply, type HttpReply, writePage } from "../../emulator/connection-faults.ts";
import { guid } from "./data-capture.ts";
import type { Fault, FaultMethod } from "./faults.ts";
import { ImageApiError, type ImageQuery, pickTemplateType, readQuery, readRendition } from "./image-query.ts";
import type { Lifetime } from "../../emulator/lifetime.ts";
import { renderPicture, renderTemplate } from "./render.ts";
import type { CallEntry, ImageRow } from "./rows.ts";
import type { PlatformStore } from "./store.ts";

interface ImageApi {
  readonly settings: PlatformSettings;
  readonly store: PlatformStore;
  readonly lifetime: Lifetime;
}

interface Picture {
  readonly bytes: Buffer;
  readonly mediaType: "image/png" | "image/jpeg";
  /** Null for a template. */
  readonly cardImageId: string | null;
}

function checkDeliveryKey(settings: PlatformSettings, query: ImageQuery): void {
  if (query.get("imagedeliverykey") !== settings.imageDeliveryKey)
    throw new ImageApiError(400, "Invalid Delivery Image Key");
}

/** By its id or, with SearchField, by one data capture field, whose value stands where the id would. */
function findAsked({ settings, store }: ImageApi, query: ImageQuery): ImageRow | undefined {
  const asked = query.get("cardimageid") ?? "";
  const field = query.get("searchfield");
  if (field === undefined) {
    if (!guid.test(asked)) throw new ImageApiError(400, "Invalid Card Image Id");
    const image = store.findImage(asked.toLowerCase());
    return image !== undefined && image.viewable_at <= Date.now() ? image : undefined;
  }
  if (!settings.dataCaptureFields.includes(field)) throw new ImageApiError(400, "Invalid Search Field");
  if (asked === "") throw new ImageApiError(400, "Invalid Card Image Id");
  return store.searchImage(field, asked, Date.now());
}

/** Smaller than anybody asks for. */
const wrongWidthPx = 7;

async function widen(bytes: Buffer): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  return sharp(bytes)
    .resize({ width: width + 1, height, fit: "fill" })
    .toBuffer();
}

const headerBytes = 33;

async function getImage(api: ImageApi, query: ImageQuery, fault: Fault | null): Promise<Picture> {
  checkDeliveryKey(api.settings, query);
  const image = findAsked(api, query);
  const rendition = readRendition(query);
  const product = findProduct(image?.product_id ?? "");
  if (image === undefined || product === undefined) throw new ImageApiError(404, "Design Not Found");
  const asked = fault?.name === "wrong-size" ? { ...rendition, widthPx: wrongWidthPx, heightPx: null } : rendition;
  const drawn = await renderPicture(api.store.picturePath(image.id), product, asked);
  const bytes = fault?.name === "pixel-wider" ? await widen(drawn) : drawn;
  return { bytes, mediaType: rendition.format === "PNG" ? "image/png" : "image/jpeg", cardImageId: image.id };
}

async function getTemplate({ settings }: ImageApi, query: ImageQuery): Promise<Picture> {
  checkDeliveryKey(settings, query);
  const { handoverKeys, galleryHandoverKeys } = settings;
  const key = query.get("handoverkey");
  const keys = [...Object.entries(handoverKeys), ...Object.entries(galleryHandoverKeys)];
  const product = findProduct(keys.find(([, handoverKey]) => handoverKey === key)?.[0] ?? "");
  if (product === undefined) throw new ImageApiError(500, "Invalid Hand Over Key");
  const type = pickTemplateType(query);
  if (type === null) throw new ImageApiError(500, "Invalid Template Type");
  return { bytes: await renderTemplate(product, type), mediaType: "image/png", cardImageId: null };
}

/** Parameters under lower-case names, before anybody has judged them; for what has to be known of any call. */
function peek(search: string, name: string): string | undefined {
  return [...new URLSearchParams(search)].find(([given]) => given.toLowerCase() === name)?.[1];
}

/** What of a call stands in the ledger, whatever becomes of it. */
function describe({ settings }: ImageApi, search: string): Partial<CallEntry> {
  const asked = peek(search, "cardimageid") ?? "";
  const field = peek(search, "searchfield");
  if (field === undefined) return { card_image_id: guid.test(asked) ? asked : null };
  return { reference: field === settings.dataCaptureFields[0] ? asked : null };
}

function writeError({ status, message }: ImageApiError): HttpReply {
  const body = Buffer.from(JSON.stringify({ Message: message }));
  return { status, headers: { "content-type": "application/json; charset=utf-8" }, body };
}

function writePicture({ bytes, mediaType }: Picture, fault: Fault | null): HttpReply {
  const body = fault?.name === "header-only" ? bytes.subarray(0, headerBytes) : bytes;
  return { status: 200, headers: { "content-type": mediaType, "cache-control": "no-store" }, body };
}

/** What a fault answers in the place of the picture. */
function findStandIn(fault: Fault | null): HttpReply | undefined {
  switch (fault?.name) {
    case "error-400":
      return writeError(new ImageApiError(400, "Invalid Parameter"));
    case "error-404":
      return writeError(new ImageApiError(404, "Design Not Found"));
    case "error-500":
      return writeError(new ImageApiError(500, "Internal error"));
    case "page-200":
    case "page-403":
    case "page-404":
    case "page-503":
      return writePage(Number(fault.name.split("-")[1]));
    default:
      return undefined;
  }
}

type Draw = (api: ImageApi, query: ImageQuery, fault: Fault | null) => Promise<Picture>;

async function serve(
  api: ImageApi,
  method: "GetImage" | "GetTemplate",
  draw: Draw,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const startedAt = Date.now();
  const search = request.url.split("?")[1] ?? "";
  const isSearch = method === "GetImage" && peek(search, "searchfield") !== undefined;
  const drawnBy: FaultMethod = isSearch ? "Search" : method;
  const fault = api.store.takeFault(drawnBy);
  const said = { method, binding: "query", fault: fault?.name ?? null, ...describe(api, search) } as const;
  const record = (entry: Partial<CallEntry>) => api.store.recordCall(startedAt, { ...said, ...entry });
  if (fault?.name === "refused") {
    record({});
    return breakConnection(request, reply);
  }
  let answer = findStandIn(fault);
  if (answer !== undefined) record({ http_status: answer.status });
  else {
    const isCut = fault?.name === "cut-reply";
    try {
      const picture = await draw(api, readQuery(search), fault);
      answer = writePicture(picture, fault);
      record({ http_status: isCut ? null : 200, card_image_id: picture.cardImageId });
    } catch (error) {
      const known = error instanceof ImageApiError ? error : new ImageApiError(500, "Internal error");
      if (known !== error) request.log.error(error);
      answer = writeError(known);
      record({ http_status: isCut ? null : known.status, note: known.message });
    }
  }
  if (fault?.name === "late") await api.lifetime.hold(fault.amount, request);
  if (fault?.name === "cut-reply") return cutReply(request, reply, answer, fault.amount);
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** The Image API: GetImage by CardImageID or by a data capture field, and GetTemplate by HandoverKey. */
export async function imageApiRoutes(app: FastifyInstance, api: ImageApi): Promise<void> {
  for (const [method, draw] of [
    ["GetImage", getImage],
    ["GetTemplate", getTemplate],
  ] as const) {
    app.get(`/ImageAPI/${method}`, (request, reply) =>
      api.lifetime.run(() => serve(api, method, draw, request, reply)),
    );
  }
}
