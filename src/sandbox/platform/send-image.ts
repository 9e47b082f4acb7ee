import { createHash, randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import sharp from "sharp";
import type { Product } from "#card/products.ts";
import { findProduct } from "#card/products.ts";
import type { PlatformSettings } from "./config.ts";
import type { ImageChecking } from "./image-checking.ts";
import {
  readSendImageCall,
  type SendImageCall,
  SoapFault,
  soapNamespace,
  writeFault,
  writeResult,
  writeWsdl,
} from "./soap.ts";
import type { CallEntry, PlatformStore } from "./store.ts";
import type { Switches } from "./switches.ts";

interface ImageUpload {
  readonly settings: PlatformSettings;
  readonly store: PlatformStore;
  readonly checking: ImageChecking;
}

/** A picture of 12 MB as base64, and room for the envelope. */
const maxBodyBytes = 20 * 1024 * 1024;

/** Internal Platform identifier: one issuer, so one number. */
const clientId = 1;

const xml = "text/xml; charset=utf-8";

type Judgement = { readonly mediaType: "image/png" | "image/jpeg" } | { readonly refusedBecause: string };

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);

function sniff(image: Buffer): "png" | "jpeg" | undefined {
  if (image.subarray(0, 8).equals(pngSignature)) return "png";
  return image.subarray(0, 3).equals(jpegSignature) ? "jpeg" : undefined;
}

/** "RGB JPEG or PNG ... the full edge-to-edge image": 8-bit RGB without alpha, of exactly the product's raster, that decodes to its end. */
async function judgePicture(image: Buffer, product: Product): Promise<Judgement> {
  const format = sniff(image);
  if (format === undefined) return { refusedBecause: "neither PNG nor JPEG" };
  try {
    const decode = () => sharp(image, { failOn: "warning", limitInputPixels: product.widthPx * product.heightPx * 4 });
    const { width, height, space, channels, depth, isPalette } = await decode().metadata();
    if (space !== "srgb" || channels !== 3 || depth !== "uchar" || isPalette) {
      return { refusedBecause: `not 8-bit RGB (${space}, ${channels} channels, ${depth})` };
    }
    if (width !== product.widthPx || height !== product.heightPx) {
      return {
        refusedBecause: `${width} x ${height} pixels, the product needs ${product.widthPx} x ${product.heightPx}`,
      };
    }
    await decode().stats();
    return { mediaType: `image/${format}` };
  } catch {
    return { refusedBecause: "it does not decode" };
  }
}

interface UploadResult {
  /** SendImage's result code: 0 stored, 1 image not valid, 2 handover key not valid. */
  readonly errorCode: 0 | 1 | 2;
  readonly cardImageId: string | null;
  readonly productId: string | null;
  readonly note: string | null;
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function planReview(store: PlatformStore, now: number): { review_due_at: number | null; review_code: string | null } {
  const { mode, delaySeconds, code } = store.readSwitches().review;
  if (mode === "manual") return { review_due_at: null, review_code: null };
  return { review_due_at: now + delaySeconds * 1000, review_code: mode === "reject" ? code : "00" };
}

/** Judges one picture and, if it is valid, keeps file and row and queues the first notification. */
async function processUpload({ settings, store, checking }: ImageUpload, call: SendImageCall): Promise<UploadResult> {
  const productId = Object.keys(settings.handoverKeys).find((id) => settings.handoverKeys[id] === call.handoverKey);
  const product = productId === undefined ? undefined : findProduct(productId);
  if (product === undefined) return { errorCode: 2, cardImageId: null, productId: null, note: "unknown handover key" };
  const judgement = await judgePicture(call.image, product);
  if ("refusedBecause" in judgement) {
    return { errorCode: 1, cardImageId: null, productId: product.id, note: judgement.refusedBecause };
  }
  const id = randomUUID();
  await writeSynced(store.picturePath(id), call.image);
  const now = Date.now();
  store.insertImage({
    id,
    product_id: product.id,
    sha256: createHash("sha256").update(call.image).digest("hex"),
    bytes: call.image.byteLength,
    media_type: judgement.mediaType,
    data_capture: call.dataCapture,
    state: "Pending",
    rejection_code: "00",
    received_at: now,
    checked_at: null,
    ...planReview(store, now),
  });
  checking.notify(id);
  return { errorCode: 0, cardImageId: id, productId: product.id, note: null };
}

/** Throws SoapFault. */
function readCall(request: FastifyRequest): SendImageCall {
  const call = readSendImageCall(request.body as Buffer);
  const action = String(request.headers.soapaction ?? "").replaceAll('"', "");
  if (action !== `${soapNamespace}${call.method}`) {
    throw new SoapFault("Server did not recognize the value of HTTP Header SOAPAction");
  }
  return call;
}

/** Every way a call can go, decided by the switch that was set when it began. */
async function serve(upload: ImageUpload, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { startedAt, toggle } = request.sendImage;
  reply.type(xml);
  const record = (entry: Partial<CallEntry>) =>
    upload.store.recordCall(startedAt, { method: "SendImage", binding: "soap", http_status: 200, ...entry });
  let call: SendImageCall;
  try {
    call = readCall(request);
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    record({ http_status: 500, note: error.message });
    return reply.code(500).send(writeFault(error.message));
  }
  const { method, image, handoverKey, dataCapture } = call;
  const seen = {
    method,
    bytes: image.byteLength,
    sha256: createHash("sha256").update(image).digest("hex"),
    client_reference: dataCapture,
  };
  if (toggle.mode === "down") {
    record({ ...seen, http_status: 503, note: "switch: down" });
    return reply.code(503).send(writeFault("Service unavailable"));
  }
  const answer = (errorCode: number, cardImageId: string) =>
    reply.send(writeResult(method, { cardImageId, clientId, errorCode, handoverKey }));
  if (toggle.mode === "code") {
    record({ ...seen, result_code: toggle.code, note: "switch: code" });
    return answer(toggle.code, "");
  }
  const result = await processUpload(upload, call);
  const { errorCode, cardImageId, productId } = result;
  const note = [result.note, toggle.mode === "normal" ? null : `switch: ${toggle.mode}`].filter(
    (part) => part !== null,
  );
  record({
    ...seen,
    http_status: toggle.mode === "drop" ? null : 200,
    result_code: toggle.mode === "stored-minus-one" ? -1 : errorCode,
    product_id: productId,
    card_image_id: cardImageId,
    note: note.join("; ") || null,
  });
  if (toggle.mode === "slow") await wait(toggle.delaySeconds * 1000, undefined, { ref: false });
  if (toggle.mode === "drop") return breakConnection(request, reply);
  if (toggle.mode === "garbage") return reply.type("text/html").send("<html><body><h1>It works!</h1>");
  if (toggle.mode === "stored-minus-one") return answer(-1, "");
  return answer(errorCode, toggle.mode === "empty-id" ? "" : (cardImageId ?? ""));
}

function breakConnection(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set when a SendImage call begins. */
    sendImage: { startedAt: number; toggle: Switches["sendImage"] };
  }
}

/** The Image Upload service: SOAP at /PDS/ImageUpload.asmx, its WSDL at ?wsdl. */
export async function sendImageRoutes(app: FastifyInstance, upload: ImageUpload): Promise<void> {
  app.decorateRequest("sendImage");

  app.addHook("onRequest", async (request, reply) => {
    if (request.method !== "POST") return;
    request.sendImage = { startedAt: Date.now(), toggle: upload.store.takeSendImageSwitch() };
    if (request.sendImage.toggle.mode !== "reset") return;
    upload.store.recordCall(request.sendImage.startedAt, {
      method: "SendImage",
      binding: "soap",
      note: "switch: reset",
    });
    breakConnection(request, reply);
  });

  app.setErrorHandler(async (error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    const note = status < 500 ? error.message : "internal error";
    if (status >= 500) request.log.error(error);
    upload.store.recordCall(request.sendImage.startedAt, {
      method: "SendImage",
      binding: "soap",
      http_status: request.raw.socket.destroyed ? null : status,
      note,
    });
    return reply.code(status).type(xml).send(writeFault(note));
  });

  app.get<{ Querystring: Record<string, string> }>("/PDS/ImageUpload.asmx", async (request, reply) => {
    const asked = Object.keys(request.query).some((name) => name.toLowerCase() === "wsdl");
    if (!asked) return reply.redirect("/PDS/ImageUpload.asmx?wsdl");
    return reply.type(xml).send(writeWsdl(`${request.protocol}://${request.host}/PDS/ImageUpload.asmx`));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("text/xml", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/PDS/ImageUpload.asmx", { bodyLimit: maxBodyBytes }, (request, reply) => serve(upload, request, reply));
}
