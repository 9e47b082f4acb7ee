import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { findProduct } from "#card/products.ts";
import { type TemplateType, templateTypes } from "./card-art.ts";
import type { PlatformSettings } from "./config.ts";
import { designTypes, type Rendition, renderPicture, renderTemplate } from "./render.ts";
import type { PlatformStore } from "./store.ts";

interface ImageApi {
  readonly settings: PlatformSettings;
  readonly store: PlatformStore;
}

/** An answer that the vendor's page documents: 400, 404 or 500 with its sentence; 503 comes from a switch. */
class ImageApiError extends Error {
  readonly status: 400 | 404 | 500 | 503;

  constructor(status: 400 | 404 | 500 | 503, message: string) {
    super(message);
    this.status = status;
  }
}

/** Query parameters under lower-case names: the platform reads names without regard to case. A repeated one is no parameter. */
type ImageQuery = ReadonlyMap<string, string>;

function readQuery(search: string): ImageQuery {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (query.has(name.toLowerCase())) throw new ImageApiError(400, "Invalid Parameter");
    query.set(name.toLowerCase(), value);
  }
  return query;
}

/** Wrong values of these are answered 500, as documented. */
function pick<Value extends string>(
  query: ImageQuery,
  name: string,
  values: readonly Value[],
  complaint: string,
): Value | null {
  const given = query.get(name);
  if (given === undefined) return null;
  const value = values.find((candidate) => candidate === given);
  if (value === undefined) throw new ImageApiError(500, complaint);
  return value;
}

function pickTemplateType(query: ImageQuery): TemplateType | null {
  return pick(query, "templatetype", templateTypes, "Invalid Template Type");
}

const rotations: Readonly<Record<string, Rendition["rotateDeg"]>> = {
  Rotate0: 0,
  Rotate90: 90,
  Rotote180: 180,
  Rotate180: 180,
  Rotate270: 270,
};

/** The page gives no code for a wrong DesignRotate: 400 is ours. */
function pickRotation(query: ImageQuery): Rendition["rotateDeg"] {
  const given = query.get("designrotate") ?? "Rotate0";
  const rotateDeg = Object.hasOwn(rotations, given) ? rotations[given] : undefined;
  if (rotateDeg === undefined) throw new ImageApiError(400, "Invalid Parameter");
  return rotateDeg;
}

/** 1 to 4096 pixels. */
function pickLength(query: ImageQuery, name: string): number | null {
  const given = query.get(name);
  if (given === undefined) return null;
  const length = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (length < 1 || length > 4096) throw new ImageApiError(400, "Invalid Parameter");
  return length;
}

/** What GetImage is asked to draw, with the documented defaults. Throws ImageApiError. */
function readRendition(query: ImageQuery): Rendition {
  const overlay = pick(query, "overlay", ["True", "False"], "Invalid Overlay");
  return {
    designType: pick(query, "designtype", designTypes, "Invalid Design Image Type") ?? "Print",
    templateType: pickTemplateType(query),
    overlay: overlay === null ? null : overlay === "True",
    corner: pick(query, "corner", ["Round", "Square"], "Invalid Corner") ?? "Round",
    format: pick(query, "imageformat", ["PNG", "JPEG"], "Invalid Image Format") ?? "JPEG",
    rotateDeg: pickRotation(query),
    widthPx: pickLength(query, "width"),
    heightPx: pickLength(query, "height"),
  };
}

interface Answer {
  readonly bytes: Buffer;
  readonly mediaType: "image/png" | "image/jpeg";
  /** For the ledger. */
  readonly note?: string;
  /** How long the answer is held back. */
  readonly waitMs?: number;
}

/** Smaller than anybody asks for. */
const wrongWidthPx = 7;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkDeliveryKey(settings: PlatformSettings, query: ImageQuery): void {
  if (query.get("imagedeliverykey") !== settings.imageDeliveryKey)
    throw new ImageApiError(400, "Invalid Delivery Image Key");
}

async function getImage({ settings, store }: ImageApi, query: ImageQuery): Promise<Answer> {
  checkDeliveryKey(settings, query);
  const id = query.get("cardimageid") ?? "";
  if (!guid.test(id)) throw new ImageApiError(400, "Invalid Card Image Id");
  const rendition = readRendition(query);
  const image = store.findImage(id.toLowerCase());
  const product = findProduct(image?.product_id ?? "");
  const { mode, slowSeconds, delaySeconds } = store.readSwitches().preview;
  if (mode === "down") throw new ImageApiError(503, "switch: down");
  const readyAt = (image?.received_at ?? 0) + delaySeconds * 1000;
  if (image === undefined || product === undefined || Date.now() < readyAt)
    throw new ImageApiError(404, "Design Not Found");
  const asked = mode === "wrong" ? { ...rendition, widthPx: wrongWidthPx, heightPx: null } : rendition;
  const bytes = await renderPicture(store.picturePath(image.id), product, asked);
  const answer = { bytes, mediaType: rendition.format === "PNG" ? "image/png" : "image/jpeg" } as const;
  if (mode === "normal") return answer;
  return { ...answer, note: `switch: ${mode}`, waitMs: mode === "slow" ? slowSeconds * 1000 : 0 };
}

async function getTemplate({ settings }: ImageApi, query: ImageQuery): Promise<Answer> {
  checkDeliveryKey(settings, query);
  const { handoverKeys } = settings;
  const product = findProduct(
    Object.keys(handoverKeys).find((id) => handoverKeys[id] === query.get("handoverkey")) ?? "",
  );
  if (product === undefined) throw new ImageApiError(500, "Invalid Hand Over Key");
  const type = pickTemplateType(query);
  if (type === null) throw new ImageApiError(500, "Invalid Template Type");
  return { bytes: await renderTemplate(product, type), mediaType: "image/png" };
}

/** The Image API: GetImage by CardImageID and GetTemplate by HandoverKey. */
export async function imageApiRoutes(app: FastifyInstance, api: ImageApi): Promise<void> {
  const serve =
    (method: string, answer: (api: ImageApi, query: ImageQuery) => Promise<Answer>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const startedAt = Date.now();
      const search = request.url.split("?")[1] ?? "";
      const asked = [...new URLSearchParams(search)].find(
        ([name, value]) => name.toLowerCase() === "cardimageid" && guid.test(value),
      );
      const record = (status: number, note: string | null) =>
        api.store.recordCall(startedAt, {
          method,
          binding: "query",
          http_status: status,
          card_image_id: asked?.[1] ?? null,
          note,
        });
      try {
        const { bytes, mediaType, note = null, waitMs = 0 } = await answer(api, readQuery(search));
        record(200, note);
        await wait(waitMs, undefined, { ref: false });
        return await reply.type(mediaType).header("cache-control", "no-store").send(bytes);
      } catch (error) {
        const known = error instanceof ImageApiError ? error : new ImageApiError(500, "Internal error");
        if (known !== error) request.log.error(error);
        record(known.status, known.message);
        return reply.code(known.status).send({ Message: known.message });
      }
    };
  app.get("/ImageAPI/GetImage", serve("GetImage", getImage));
  app.get("/ImageAPI/GetTemplate", serve("GetTemplate", getTemplate));
}
