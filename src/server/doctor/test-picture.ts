import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { findProduct } from "#card/products.ts";
import { type Finding, ok, skipped, unchecked, wrong } from "#providers/diagnosis.ts";
import type { Checkpoint, Progress, Provider, SendOrder, SendOutcome } from "#providers/provider.ts";
import { drawTestPicture } from "./draw-test-picture.ts";

/** How long a platform may take to show a picture, to find it, or to have deleted it. */
const patienceMs = 30_000;
const betweenMs = 500;
const callMs = 10_000;
const preview = { format: "jpeg", corner: "square", designType: "print", widthPx: 320 } as const;

export interface TestOrder {
  readonly cardholderId: string;
  readonly productId: string;
  /** Send it also where it cannot be deleted again. */
  readonly leave: boolean;
  readonly sendTimeoutMs: number;
  /** Aborted: no step but the clearing up is begun. */
  readonly interrupted: AbortSignal;
  /** Told what would be left at the platform if nothing more were done; undefined: nothing. */
  tellLeft(what: string | undefined): void;
}

interface Sent {
  readonly provider: Provider;
  readonly order: TestOrder;
  readonly picture: SendOrder;
  readonly cardImageId: string;
}

const soon = (): AbortSignal => AbortSignal.timeout(callMs);

/** What a sending in several steps keeps, for as long as this program runs. */
function createCheckpoint(): { readonly checkpoint: Checkpoint; readId(): string | null } {
  let kept: Progress | undefined;
  const checkpoint: Checkpoint = {
    read: async () => kept,
    begin: async (lock) => (kept ??= { key: randomUUID(), lock, cardImageId: null }),
    release: async () => {
      if (kept?.cardImageId === null) kept = undefined;
    },
    reach: async (cardImageId) => {
      if (kept !== undefined) kept = { ...kept, cardImageId };
      return true;
    },
    findTaken: async () => new Set(),
  };
  return { checkpoint, readId: () => kept?.cardImageId ?? null };
}

/** Asks until `isDone`, or until patience or the operator ends it. Gives the last answer, and after how long. */
async function poll<Answer>(
  ask: () => Promise<Answer>,
  isDone: (answer: Answer) => boolean,
  interrupted?: AbortSignal,
): Promise<{ answer: Answer; seconds: number }> {
  const begun = performance.now();
  for (;;) {
    const answer = await ask();
    const tookMs = performance.now() - begun;
    const isOver = isDone(answer) || tookMs > patienceMs || interrupted?.aborted === true;
    if (isOver) return { answer, seconds: Math.round(tookMs / 1000) };
    await wait(betweenMs, undefined, interrupted && { signal: interrupted }).catch(() => undefined);
  }
}

async function lookAtPreview({ provider, order, cardImageId }: Sent): Promise<Finding> {
  const subject = `${order.productId}, preview`;
  const { answer, seconds } = await poll(
    () => provider.getPreview({ cardImageId }, preview, soon()),
    ({ kind }) => kind !== "not-ready",
    order.interrupted,
  );
  if (answer.kind === "image") return ok(subject, `Is shown, after ${seconds} s.`);
  return answer.kind === "unavailable"
    ? wrong(subject, `Is not shown: ${answer.detail}.`)
    : unchecked(subject, `Is not there after ${seconds} s.`);
}

async function search({ provider, order, picture }: Sent): Promise<Finding> {
  const subject = `${order.productId}, search`;
  const { answer, seconds } = await poll(
    () => provider.find(picture, soon()),
    ({ kind }) => kind !== "absent",
    order.interrupted,
  );
  if (answer.kind === "found") return ok(subject, `Finds it, after ${seconds} s.`);
  return answer.kind === "cannot-tell"
    ? wrong(subject, `Does not work: ${answer.detail}.`)
    : unchecked(
        subject,
        `Has not found it after ${seconds} s. FULLBLEED_QUIET_WINDOW_SECONDS has to be at least twice what it takes.`,
      );
}

async function annotate({ provider, order, picture, cardImageId }: Sent): Promise<Finding> {
  const subject = `${order.productId}, data beside the picture`;
  const [field] = provider.capabilities(order.productId).fields;
  const values = field === undefined ? {} : { [field]: "TEST" };
  const answer = await provider.annotate(cardImageId, order.productId, picture.reference, values, soon());
  if (answer.kind === "done") return ok(subject, "Is written.");
  return (answer.kind === "refused" ? wrong : unchecked)(subject, `Is not written: ${answer.detail}.`);
}

const left = (cardImageId: string): string =>
  `The test picture stays at the platform, under the id ${cardImageId}. Have it deleted there.`;

/** Deletes it, and believes only the preview that it is gone. */
async function remove({ provider, order, cardImageId }: Sent): Promise<Finding> {
  const subject = `${order.productId}, deletion`;
  const { answer } = await poll(
    () => provider.purge(cardImageId, order.productId, soon()),
    ({ kind }) => kind !== "failed",
  );
  if (answer.kind !== "taken" && answer.kind !== "unknown-id")
    return wrong(subject, `Is not done: ${answer.detail}. ${left(cardImageId)}`);
  const { answer: shown, seconds } = await poll(
    () => provider.getPreview({ cardImageId }, preview, soon()),
    (one) => one.kind === "not-ready" && one.isForeign !== true,
  );
  if (shown.kind === "not-ready" && shown.isForeign !== true) {
    order.tellLeft(undefined);
    return ok(subject, `Is done: the picture is shown no more, after ${seconds} s.`);
  }
  return shown.kind === "image"
    ? wrong(subject, `Was taken, and it is still shown after ${seconds} s. ${left(cardImageId)}`)
    : unchecked(subject, `Was taken. Whether it is gone could not be seen. ${left(cardImageId)}`);
}

type NotAccepted = Exclude<SendOutcome, { kind: "accepted" }>;

function judgeSending(outcome: NotAccepted, { productId, tellLeft }: TestOrder, reference: string, id: string | null) {
  const subject = `${productId}, sending`;
  const { detail } = outcome;
  const empty = id === null ? undefined : `An empty card image stays there, ${id}.`;
  const begun = empty === undefined ? "" : ` ${empty}`;
  tellLeft(empty);
  switch (outcome.kind) {
    case "unknown": {
      const may = `It may be at the platform, with the reference ${reference}${id === null ? "" : ` or the id ${id}`}: have it looked for and deleted there.`;
      tellLeft(may);
      return wrong(subject, `Nobody knows whether it arrived: ${detail}. ${may}`);
    }
    case "order-refused":
      return wrong(subject, `The platform does not take it for this cardholder or card product: ${detail}.${begun}`);
    case "image-refused":
      return wrong(
        subject,
        `The platform does not take the picture: ${detail}. Does the product fit its settings there?${begun}`,
      );
    case "misconfigured":
      return wrong(subject, `The platform refuses the settings: ${detail}.${begun}`);
    default:
      return wrong(subject, `It was not sent: ${detail}.${begun}`);
  }
}

/** Why it is better not sent; undefined: nothing against it. */
function findObjection(provider: Provider, { productId, cardholderId, leave }: TestOrder): Finding | undefined {
  const subject = `${productId}, test picture`;
  const fault = provider.findCardholderFault(cardholderId);
  if (fault !== undefined) return wrong("--cardholder", `${fault}.`);
  if (provider.capabilities(productId).purge === "here" || leave) return undefined;
  return unchecked(
    subject,
    "Was not sent: this server could not delete it at the platform again. With --leave it is sent, and stays there.",
  );
}

async function tryAll(sent: Sent): Promise<Finding[]> {
  const { provider, order } = sent;
  const can = provider.capabilities(order.productId);
  const steps = [lookAtPreview, ...(can.search ? [search] : []), ...(can.annotate ? [annotate] : [])];
  const found: Finding[] = [];
  for (const step of steps) {
    if (order.interrupted.aborted)
      return [...found, unchecked(`${order.productId}, all else`, "Was not tried: interrupted.")];
    found.push(await step(sent));
  }
  return found;
}

/** Sends a picture that says TEST, tries with it all that is done with a cardholder's, and deletes it. Rejects for no answer. */
export async function tryWithPicture(provider: Provider, order: TestOrder): Promise<Finding[]> {
  const { productId, cardholderId } = order;
  const product = findProduct(productId);
  const objection = findObjection(provider, order);
  if (product === undefined || objection !== undefined) return objection === undefined ? [] : [objection];
  const { checkpoint, readId } = createCheckpoint();
  const reference = `DOCTOR${randomBytes(7).toString("hex").toUpperCase()}`;
  const picture: SendOrder = {
    reference,
    cardholderId,
    productId,
    checkpoint,
    attempt: 1,
    pixelOrigin: "cardholder",
    bytes: await drawTestPicture(product),
    mediaType: "image/png",
  };
  order.tellLeft(`A test picture with the reference ${reference} may be at the platform.`);
  // Not ended by the operator: without its answer nobody could delete it.
  const outcome = await provider.send(picture, AbortSignal.timeout(order.sendTimeoutMs));
  if (outcome.kind !== "accepted") return [judgeSending(outcome, order, reference, readId())];
  const { cardImageId } = outcome;
  order.tellLeft(left(cardImageId));
  const sent: Sent = { provider, order, picture, cardImageId };
  const accepted = ok(`${productId}, sending`, `A picture that says TEST was taken, under the id ${cardImageId}.`);
  const tried = await tryAll(sent);
  const cleared =
    provider.capabilities(productId).purge === "here"
      ? await remove(sent)
      : skipped(`${productId}, deletion`, `Is not possible from here. ${left(cardImageId)}`);
  return [accepted, ...tried, cleared];
}
