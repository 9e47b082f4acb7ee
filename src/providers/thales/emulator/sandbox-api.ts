import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { Lifetime } from "../../emulator/lifetime.ts";
import type { PlatformSettings } from "./config.ts";
import { describeOrder, faultMethods, faultOrder } from "./faults.ts";
import type { CallRow, CaptureRow, Evidence, ImageRow, NotificationRow } from "./rows.ts";
import type { PlatformStore } from "./store.ts";
import { rejectionCode, switchesChange } from "./switches.ts";
import type { Platform } from "./work.ts";

function toCall(row: CallRow) {
  return {
    id: row.id,
    at: row.at,
    method: row.method,
    binding: row.binding,
    fault: row.fault,
    httpStatus: row.http_status,
    resultCode: row.result_code,
    answeredId: row.answered_id,
    sha256: row.sha256,
    bytes: row.bytes,
    productId: row.product_id,
    cardImageId: row.card_image_id,
    dataCapture: row.data_capture,
    reference: row.reference,
    evidence: row.evidence === null ? null : (JSON.parse(row.evidence) as Evidence),
    ms: row.ms,
    note: row.note,
  };
}

function toNotification(row: NotificationRow, reference: CaptureRow | undefined) {
  const body = JSON.parse(row.body) as { ImageState: string; DataCapture?: Record<string, string> };
  return {
    state: body.ImageState,
    carriesReference: reference !== undefined && body.DataCapture?.[reference.field] === reference.value,
    attempts: row.attempts,
    dueAt: row.due_at,
    deliveredAt: row.delivered_at,
  };
}

function toImage(store: PlatformStore, settings: PlatformSettings, row: ImageRow) {
  const captures = store.listCaptures(row.id);
  const reference = captures.find(({ field }) => field === settings.dataCaptureFields[0]);
  return {
    cardImageId: row.id,
    productId: row.product_id,
    imageType: row.image_type,
    reference: reference?.value ?? null,
    dataCapture: Object.fromEntries(captures.map(({ field, value }) => [field, value])),
    sha256: row.sha256,
    bytes: row.bytes,
    mediaType: row.media_type,
    state: row.state,
    rejectionCode: row.rejection_code,
    receivedAt: row.received_at,
    checkedAt: row.checked_at,
    verdictDueAt: row.review_due_at,
    previewFrom: row.viewable_at,
    searchableFrom: reference?.searchable_at ?? null,
    faults: { notification: row.told, index: row.indexed },
    notifications: store.listNotifications(row.id).map((each) => toNotification(each, reference)),
  };
}

const paging = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});
const imageList = z.object({
  /** The last picture of the page before. */
  before: z.string().max(100).nullable().default(null),
  reference: z.string().max(500).optional(),
  limit: paging.shape.limit,
});
/** `revise` turns a verdict round that was given before. */
const revise = z.boolean().default(false);
const review = z.discriminatedUnion("decision", [
  z.object({ decision: z.literal("accept"), revise }),
  z.object({ decision: z.literal("reject"), revise, code: rejectionCode }),
]);
const faultClearing = z.object({ method: z.enum(faultMethods).nullable().default(null) });

/** What the emulator has that the platform has not: its ledger, its pictures and its switches, for tests and people. */
export async function sandboxRoutes(
  app: FastifyInstance,
  { settings, store, checking, lifetime }: Platform & { readonly lifetime: Lifetime },
): Promise<void> {
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    if (status >= 500) request.log.error(error);
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return reply.code(status).send({ message });
  });
  app.get("/sandbox/ledger", async (request) => {
    const { after, limit } = paging.parse(request.query);
    return { calls: store.listCalls(after, limit).map(toCall) };
  });
  app.get("/sandbox/images", async (request) => {
    const { before, reference, limit } = imageList.parse(request.query);
    const images =
      reference === undefined
        ? store.listImages(limit, before)
        : store
            .listIdsWithCapture(settings.dataCaptureFields[0] ?? "", reference)
            .flatMap((id) => store.findImage(id) ?? []);
    return { images: images.map((row) => toImage(store, settings, row)) };
  });
  app.get<{ Params: { id: string } }>("/sandbox/images/:id/picture", async (request, reply) => {
    const image = store.findImage(request.params.id);
    if (image === undefined) return reply.code(404).send({ message: "There is no such picture" });
    return reply.type(image.media_type).send(await readFile(store.picturePath(image.id)));
  });
  app.post<{ Params: { id: string } }>("/sandbox/images/:id/review", async (request, reply) => {
    const verdict = review.parse(request.body);
    const { id } = request.params;
    if (store.findImage(id) === undefined) return reply.code(404).send({ message: "There is no such picture" });
    const judge = verdict.revise ? checking.revise : checking.decide;
    const decided = judge(id, verdict.decision === "accept" ? "00" : verdict.code);
    const late = verdict.revise ? "It has no verdict yet" : "It has its verdict already";
    if (!decided) return reply.code(409).send({ message: late });
    return { ok: true };
  });
  app.get("/sandbox/switches", async () => store.readSwitches());
  app.put("/sandbox/switches", async (request) => store.changeSwitches(switchesChange.parse(request.body)));
  const listFaults = () => ({ faults: store.listFaults().map(describeOrder) });
  app.get("/sandbox/faults", async () => listFaults());
  app.post("/sandbox/faults", async (request) => {
    store.addFault(faultOrder.parse(request.body));
    return listFaults();
  });
  app.delete("/sandbox/faults", async (request) => {
    store.clearFaults(faultClearing.parse(request.query).method);
    lifetime.letGo();
    return listFaults();
  });
}
