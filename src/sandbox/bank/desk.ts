import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import { findProduct } from "#card/products.ts";
import { decisionRequest, type SubmissionRecord, type SubmissionState, submissionPage } from "#contracts/submission.ts";
import type { CallDesigner } from "./call.ts";

const mostWaiting = 20;
const mostApproved = 6;
/** Pages of a hundred that are looked through for the newest of a state: the server lists the oldest first. */
const mostPages = 20;
const pictureWidthPx = 640;

const submissionId = z.string().regex(/^[\w-]{1,64}$/);
const decisionBody = z.intersection(z.object({ submissionId }), decisionRequest);

/** What the desk shows of a submission, with the picture's size, so that the page keeps the place for it. */
function toCase({ submissionId, state, productId, cardholderId, updatedAt, note }: SubmissionRecord) {
  const { widthPx = 0, heightPx = 0 } = findProduct(productId) ?? {};
  return { submissionId, state, productId, cardholderId, at: updatedAt, note, widthPx, heightPx };
}

async function readPage(call: CallDesigner, state: SubmissionState, limit: number, after: string | null) {
  const query = new URLSearchParams({ state, limit: String(limit), ...(after !== null && { after }) });
  const answer = await call("GET", `/submissions?${query.toString()}`);
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return submissionPage.parse(answer.json());
}

async function readNewest(call: CallDesigner, state: SubmissionState): Promise<SubmissionRecord[]> {
  let newest: SubmissionRecord[] = [];
  let after: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const { submissions, next } = await readPage(call, state, 100, after);
    newest = [...newest, ...submissions].slice(-mostApproved);
    if (next === null) break;
    after = next;
  }
  return newest.toReversed();
}

const unreachable = { message: "The card designer cannot be reached at the moment. Try again in a minute." };

interface DeskGuards {
  readonly isOurName: (request: FastifyRequest) => boolean;
  readonly refuseForeign: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;
}

/**
 * The desk of the bank's own reviewers: the pictures that wait for the bank's decision, and those that it has approved. A real
 * bank has its people sign in first; this one is open to whoever opens its page.
 */
export function registerDesk(app: FastifyInstance, call: CallDesigner, { isOurName, refuseForeign }: DeskGuards): void {
  // A name of somebody else's that leads to this machine would make another site's page one of this origin.
  const refuseOtherNames = async (request: FastifyRequest, reply: FastifyReply) =>
    isOurName(request) ? undefined : reply.code(403).send({ message: "Only the bank's own page may ask for this." });
  const orUnreachable = async (request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>) => {
    try {
      return await work();
    } catch (error) {
      request.log.warn({ reason: error instanceof Error ? error.message : "unknown" }, "the desk has no answer");
      return reply.code(502).send(unreachable);
    }
  };
  app.get("/api/desk", { onRequest: refuseOtherNames }, (request, reply) =>
    orUnreachable(request, reply, async () => {
      const [waiting, approved] = await Promise.all([
        readPage(call, "in-review", mostWaiting, null),
        readNewest(call, "approved"),
      ]);
      return { waiting: waiting.submissions.map(toCase), approved: approved.map(toCase) };
    }),
  );
  app.get<{ Params: { id: string } }>("/api/desk/pictures/:id", { onRequest: refuseOtherNames }, (request, reply) =>
    orUnreachable(request, reply, async () => {
      const id = submissionId.safeParse(request.params.id);
      if (!id.success) return reply.code(404).send({ message: "There is no such picture." });
      const { status, mediaType, bytes } = await call("GET", `/submissions/${id.data}/preview?width=${pictureWidthPx}`);
      if (status !== 200 || !/^image\/(png|jpeg)$/.test(mediaType))
        return reply.code(status === 404 ? 404 : 502).send({ message: "The picture is not there now." });
      return reply.type(mediaType).send(bytes);
    }),
  );
  app.post("/api/desk/decisions", { onRequest: refuseForeign }, (request, reply) =>
    orUnreachable(request, reply, async () => {
      const given = decisionBody.safeParse(request.body);
      if (!given.success) return reply.code(400).send({ message: "That is no decision." });
      const { submissionId, ...decision } = given.data;
      const body = { ...decision, by: "Reviewer's desk" };
      const { status } = await call("POST", `/submissions/${submissionId}/decision`, { body });
      if (status === 202) return reply.code(204).send();
      if (status === 409) return reply.code(409).send({ message: "This card has another decision by now." });
      return reply.code(502).send(unreachable);
    }),
  );
}
