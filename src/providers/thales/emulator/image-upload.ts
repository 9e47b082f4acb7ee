import { createHash, randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { PlatformSettings } from "./config.ts";
import {
  answerUnread,
  breakConnection,
  cutReply,
  cutRequest,
  type HttpReply,
  writePage,
} from "../../emulator/connection-faults.ts";
import { prepareSetDataCapture, readReference } from "./data-capture.ts";
import { type Fault, type FaultMethod, worksDespite } from "./faults.ts";
import type { Lifetime } from "../../emulator/lifetime.ts";
import type { CallEntry } from "./rows.ts";
import { prepareSetImageToPurge } from "./purge.ts";
import { prepareSendImage } from "./send-image.ts";
import { type SoapResult, writeFault, writeReply } from "./soap-reply.ts";
import {
  methodOfAction,
  type RequestHead,
  readRequestHead,
  readSoapCall,
  type SoapCall,
  SoapFault,
  type SoapMethod,
} from "./soap-request.ts";
import { nothingDone, type Platform, type Work } from "./work.ts";
import { writeWsdl } from "./wsdl.ts";

export interface Service extends Platform {
  readonly lifetime: Lifetime;
}

/** A picture of 12 MB as base64, and room for the envelope. */
const maxBodyBytes = 20 * 1024 * 1024;

const address = "/PDS/ImageUpload.asmx";

/** What is known of a call before its body has been read. */
interface Begun {
  readonly startedAt: number;
  readonly head: RequestHead;
  readonly method: FaultMethod & SoapMethod;
  readonly fault: Fault | null;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set when a call of the Image Upload service begins. */
    soapCall: Begun;
  }
}

function begin({ store }: Service, request: FastifyRequest): Begun {
  const head = readRequestHead(request.headers);
  const named = methodOfAction(head);
  const method = named === undefined || named === "SendImageWithDataCapture" ? "SendImage" : named;
  return { startedAt: Date.now(), head, method, fault: store.takeFault(method) };
}

function record({ store }: Service, { startedAt, method, fault }: Begun, entry: Partial<CallEntry>): void {
  store.recordCall(startedAt, { method, binding: "soap", fault: fault?.name ?? null, ...entry });
}

/** Faults that strike before the request has been read. Answers whether this one has. */
async function strikeEarly(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const { soapCall } = request;
  const { fault } = soapCall;
  if (fault?.name === "refused" || fault?.name === "cut-request") {
    record(service, soapCall, {});
    if (fault.name === "refused") breakConnection(request, reply);
    else cutRequest(request, reply, fault.amount);
    return true;
  }
  if (fault?.name !== "unread") return false;
  record(service, soapCall, { http_status: 503 });
  await answerUnread(service.lifetime, request, reply, writePage(503));
  return true;
}

/** What the ledger says of a call, whatever becomes of it. */
function describe(settings: PlatformSettings, call: SoapCall): Partial<CallEntry> {
  if (call.method === "SetImageToPurge") return { method: call.method, card_image_id: call.cardImageId };
  const said = {
    method: call.method,
    data_capture: call.dataCapture,
    reference: readReference(settings, call.dataCapture),
  };
  if (call.method === "SetCustomDataCapture") return { ...said, card_image_id: call.cardImageId };
  if (call.image === null) return said;
  return { ...said, bytes: call.image.byteLength, sha256: createHash("sha256").update(call.image).digest("hex") };
}

async function prepare(platform: Platform, call: SoapCall, sha256: string, address: string): Promise<Work> {
  switch (call.method) {
    case "SetCustomDataCapture":
      return prepareSetDataCapture(platform, call);
    case "SetImageToPurge":
      return prepareSetImageToPurge(platform, call, address);
    default:
      return prepareSendImage(platform, call, sha256);
  }
}

const spoiltCodes: Readonly<Partial<Record<Fault["name"], number>>> = {
  "minus-one": -1,
  "minus-one-stored": -1,
  "code-1": 1,
  "code-2": 2,
  "code-minus-2": -2,
  "repeated-id": 0,
  "never-gone": 0,
};

/** The code and the id that are answered: those of the work, or the fault's. */
function spoilResult(
  { store }: Platform,
  work: Work,
  fault: Fault | null,
): Pick<SoapResult, "cardImageId"> & { code: number | null } {
  const code = (fault === null ? undefined : spoiltCodes[fault.name]) ?? work.code;
  if (code !== 0 || fault?.name === "empty-id") return { code, cardImageId: "" };
  if (fault?.name === "repeated-id" || fault?.name === "repeated-id-stored") {
    // Before the first picture there is none to repeat: an id of no picture.
    return { code, cardImageId: store.listImages(1)[0]?.id ?? randomUUID() };
  }
  const id = work.cardImageId ?? "";
  return { code, cardImageId: fault?.name === "reply-braced-id" ? `{${id.toUpperCase()}}` : id };
}

/** Whether the answer is the method's own, and not somebody else's in its place. */
function isResult({ status, headers }: HttpReply): boolean {
  return status === 200 && headers["content-type"]?.startsWith("text/html") === false;
}

/** Reads, works, writes the ledger, answers: as documented, or as the call's fault has it. */
async function serve(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { settings, store, checking, lifetime } = service;
  const { soapCall } = request;
  const { head, fault } = soapCall;
  let call: SoapCall;
  try {
    call = readSoapCall(request.body as Buffer, head, store.readSwitches().soap.strictNamespaces);
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    const answer = writeFault("caller", error.message, head.version);
    record(service, soapCall, { http_status: answer.status, note: error.message });
    return send(reply, answer);
  }
  const said = describe(settings, call);
  const work = worksDespite(fault)
    ? await prepare(service, call, said.sha256 ?? "", request.ip)
    : nothingDone(null, null);
  const { answer, evidence } = store.inTransaction(() => {
    const { code, cardImageId } = spoilResult(service, work, fault);
    const handoverKey = "handoverKey" in call ? (call.handoverKey ?? "") : "";
    const answer = writeReply(call.method, { code: code ?? 0, cardImageId, handoverKey }, fault, head.version);
    const evidence = work.commit();
    const isCut = fault?.name === "cut-reply";
    record(service, soapCall, {
      ...said,
      http_status: isCut ? null : answer.status,
      result_code: code,
      product_id: work.productId,
      card_image_id: work.cardImageId ?? said.card_image_id ?? null,
      answered_id: !isCut && isResult(answer) ? cardImageId || null : null,
      evidence: evidence === null ? null : JSON.stringify(evidence),
      note: work.note,
    });
    return { answer, evidence };
  });
  checking.wake();
  if (evidence?.notification?.fault === "early") await checking.tellFirst(evidence.cardImageId);
  if (fault?.name === "late") await lifetime.hold(fault.amount, request);
  if (fault?.name === "cut-reply") return cutReply(request, reply, answer, fault.amount);
  return send(reply, answer);
}

function send(reply: FastifyReply, { status, headers, body }: HttpReply): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

/** The Image Upload service: SOAP 1.1 and 1.2 at /PDS/ImageUpload.asmx, its WSDL at ?wsdl. */
export async function imageUploadRoutes(app: FastifyInstance, service: Service): Promise<void> {
  app.decorateRequest("soapCall");

  app.addHook("onRequest", async (request, reply) => {
    if (request.method !== "POST") return;
    request.soapCall = begin(service, request);
    if (await strikeEarly(service, request, reply)) return reply;
  });

  app.setErrorHandler(async (error: { statusCode?: number; message: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    const note = status < 500 ? error.message : "internal error";
    if (status >= 500) request.log.error(error);
    record(service, request.soapCall, { http_status: request.raw.socket.destroyed ? null : status, note });
    const { headers, body } = writeFault(status < 500 ? "caller" : "service", note, request.soapCall.head.version);
    return send(reply, { status, headers, body });
  });

  app.get<{ Querystring: Record<string, string> }>(address, async (request, reply) => {
    const asked = Object.keys(request.query).some((name) => name.toLowerCase() === "wsdl");
    if (!asked) return reply.redirect(`${address}?wsdl`);
    return reply.type("text/xml; charset=utf-8").send(writeWsdl(`${request.protocol}://${request.host}${address}`));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(["text/xml", "application/soap+xml"], { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  app.post(address, { bodyLimit: maxBodyBytes }, (request, reply) =>
    service.lifetime.run(() => serve(service, request, reply)),
  );
}
