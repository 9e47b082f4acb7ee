import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { ImageChecking } from "./image-checking.ts";
import type { CallRow, ImageRow, PlatformStore } from "./store.ts";
import { rejectionCode, switchesChange } from "./switches.ts";

function toCall(row: CallRow) {
  return {
    id: row.id,
    at: row.at,
    method: row.method,
    binding: row.binding,
    httpStatus: row.http_status,
    resultCode: row.result_code,
    sha256: row.sha256,
    bytes: row.bytes,
    productId: row.product_id,
    cardImageId: row.card_image_id,
    clientReference: row.client_reference,
    ms: row.ms,
    note: row.note,
  };
}

function toImage(row: ImageRow) {
  return {
    cardImageId: row.id,
    productId: row.product_id,
    sha256: row.sha256,
    bytes: row.bytes,
    mediaType: row.media_type,
    state: row.state,
    rejectionCode: row.rejection_code,
    receivedAt: row.received_at,
    checkedAt: row.checked_at,
  };
}

const paging = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
});
const review = z.discriminatedUnion("decision", [
  z.object({ decision: z.literal("accept") }),
  z.object({ decision: z.literal("reject"), code: rejectionCode }),
]);

/** What the emulator has that the platform has not: its ledger, its pictures and its switches, for tests and people. */
export async function sandboxRoutes(
  app: FastifyInstance,
  { store, checking }: { store: PlatformStore; checking: ImageChecking },
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
  app.get("/sandbox/images", async (request) => ({
    images: store.listImages(paging.parse(request.query).limit).map(toImage),
  }));
  app.get<{ Params: { id: string } }>("/sandbox/images/:id/picture", async (request, reply) => {
    const image = store.findImage(request.params.id);
    if (image === undefined) return reply.code(404).send({ message: "There is no such picture" });
    return reply.type(image.media_type).send(await readFile(store.picturePath(image.id)));
  });
  app.post<{ Params: { id: string } }>("/sandbox/images/:id/review", async (request, reply) => {
    const verdict = review.parse(request.body);
    const { id } = request.params;
    if (store.findImage(id) === undefined) return reply.code(404).send({ message: "There is no such picture" });
    const decided = checking.decide(id, verdict.decision === "accept" ? "00" : verdict.code);
    if (!decided) return reply.code(409).send({ message: "It has its verdict already" });
    return { ok: true };
  });
  app.get("/sandbox/switches", async () => store.readSwitches());
  app.put("/sandbox/switches", async (request) => store.changeSwitches(switchesChange.parse(request.body)));
}
