import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { findProduct } from "#card/products.ts";
import { ImageApiError, type ImageQuery, pickTemplateType, readQuery, readRendition } from "../image-query.ts";
import { type Platform, recordCall } from "../platform.ts";
import { renderPicture, renderTemplate } from "../render.ts";

interface Answer {
  readonly bytes: Buffer;
  readonly mediaType: "image/png" | "image/jpeg";
  /** For the ledger. */
  readonly note?: string;
  /** How long the answer is held back. */
  readonly waitMs?: number;
}

/** So small that nobody asks for it. */
const wrongWidthPx = 7;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkDeliveryKey({ settings }: Platform, query: ImageQuery): void {
  if (query.get("imagedeliverykey") !== settings.imageDeliveryKey)
    throw new ImageApiError(400, "Invalid Delivery Image Key");
}

async function getImage(platform: Platform, query: ImageQuery): Promise<Answer> {
  checkDeliveryKey(platform, query);
  const id = query.get("cardimageid") ?? "";
  if (!guid.test(id)) throw new ImageApiError(400, "Invalid Card Image Id");
  const rendition = readRendition(query);
  const image = platform.store.findImage(id.toLowerCase());
  const product = findProduct(image?.product_id ?? "");
  const { mode, slowSeconds, delaySeconds } = platform.store.readSwitches().preview;
  if (mode === "down") throw new ImageApiError(503, "switch: down");
  const readyAt = (image?.received_at ?? 0) + delaySeconds * 1000;
  if (image === undefined || product === undefined || Date.now() < readyAt)
    throw new ImageApiError(404, "Design Not Found");
  const asked = mode === "wrong" ? { ...rendition, widthPx: wrongWidthPx, heightPx: null } : rendition;
  const bytes = await renderPicture(platform.store.picturePath(image.id), product, asked);
  const answer = { bytes, mediaType: rendition.format === "PNG" ? "image/png" : "image/jpeg" } as const;
  if (mode === "normal") return answer;
  return { ...answer, note: `switch: ${mode}`, waitMs: mode === "slow" ? slowSeconds * 1000 : 0 };
}

async function getTemplate(platform: Platform, query: ImageQuery): Promise<Answer> {
  checkDeliveryKey(platform, query);
  const { handoverKeys } = platform.settings;
  const product = findProduct(
    Object.keys(handoverKeys).find((id) => handoverKeys[id] === query.get("handoverkey")) ?? "",
  );
  if (product === undefined) throw new ImageApiError(500, "Invalid Hand Over Key");
  const type = pickTemplateType(query);
  if (type === null) throw new ImageApiError(500, "Invalid Template Type");
  return { bytes: await renderTemplate(product, type), mediaType: "image/png" };
}

/** The Image API: GetImage by CardImageID and GetTemplate by HandoverKey. */
export async function imageApiRoutes(app: FastifyInstance, { platform }: { platform: Platform }): Promise<void> {
  const serve =
    (method: string, answer: (platform: Platform, query: ImageQuery) => Promise<Answer>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const startedAt = Date.now();
      const search = request.url.split("?")[1] ?? "";
      const asked = [...new URLSearchParams(search)].find(
        ([name, value]) => name.toLowerCase() === "cardimageid" && guid.test(value),
      );
      const record = (status: number, note: string | null) =>
        recordCall(platform, startedAt, {
          method,
          binding: "query",
          http_status: status,
          card_image_id: asked?.[1] ?? null,
          note,
        });
      try {
        const { bytes, mediaType, note = null, waitMs = 0 } = await answer(platform, readQuery(search));
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
