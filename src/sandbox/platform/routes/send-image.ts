import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Platform, recordCall } from "../platform.ts";
import { receivePicture } from "../receive-picture.ts";
import { readSendImageCall, type SendImageCall, SoapFault, soapNamespace, writeFault, writeResult } from "../soap.ts";
import type { Switches } from "../switches.ts";
import { writeWsdl } from "../wsdl.ts";

/** A picture of 12 MB as base64, and room for the envelope. */
const maxBodyBytes = 20 * 1024 * 1024;

/** Internal Platform identifier: one issuer, so one number. */
const clientId = 1;

const xml = "text/xml; charset=utf-8";

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
async function serve(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { startedAt, toggle } = request.sendImage;
  reply.type(xml);
  const record = (entry: Partial<Parameters<typeof recordCall>[2]>) =>
    recordCall(platform, startedAt, { method: "SendImage", binding: "soap", http_status: 200, ...entry });
  let call: SendImageCall;
  try {
    call = readCall(request);
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    record({ http_status: 500, note: error.message });
    return reply.code(500).send(writeFault("Client", error.message));
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
    return reply.code(503).send(writeFault("Client", "Service unavailable"));
  }
  const answer = (errorCode: number, cardImageId: string) =>
    reply.send(writeResult(method, { cardImageId, clientId, errorCode, handoverKey }));
  if (toggle.mode === "code") {
    record({ ...seen, result_code: toggle.code, note: "switch: code" });
    return answer(toggle.code, "");
  }
  const receipt = await receivePicture(platform, call);
  const { errorCode, cardImageId, productId } = receipt;
  const note = [receipt.note, toggle.mode === "normal" ? null : `switch: ${toggle.mode}`].filter(
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
export async function sendImageRoutes(app: FastifyInstance, { platform }: { platform: Platform }): Promise<void> {
  app.decorateRequest("sendImage");

  app.addHook("onRequest", async (request, reply) => {
    if (request.method !== "POST") return;
    request.sendImage = { startedAt: Date.now(), toggle: platform.store.takeSendImageSwitch() };
    if (request.sendImage.toggle.mode !== "reset") return;
    recordCall(platform, request.sendImage.startedAt, {
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
    recordCall(platform, request.sendImage.startedAt, {
      method: "SendImage",
      binding: "soap",
      http_status: request.raw.socket.destroyed ? null : status,
      note,
    });
    return reply.code(status).type(xml).send(writeFault("Client", note));
  });

  app.get<{ Querystring: Record<string, string> }>("/PDS/ImageUpload.asmx", async (request, reply) => {
    const asked = Object.keys(request.query).some((name) => name.toLowerCase() === "wsdl");
    if (!asked) return reply.redirect("/PDS/ImageUpload.asmx?wsdl");
    return reply.type(xml).send(writeWsdl(`${request.protocol}://${request.host}/PDS/ImageUpload.asmx`));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("text/xml", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post("/PDS/ImageUpload.asmx", { bodyLimit: maxBodyBytes }, (request, reply) => serve(platform, request, reply));
}
