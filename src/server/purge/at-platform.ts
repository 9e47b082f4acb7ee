import type { Provider } from "#providers/provider.ts";
import { backOffMs } from "../delivery/policy.ts";
import type { ResolveContext } from "../delivery/resolve.ts";
import type { PurgedImageTable } from "../store/purge-schema.ts";
import type { JobTable, Store, SubmissionTable } from "../store/schema.ts";
import { concludeImage, findTombstone, keepTombstone, type PlatformImage } from "./images.ts";

const timeoutMs = 30_000;
export const hourMs = 60 * 60_000;
/** The platform has taken an order that it seems not to carry out: it is given again. */
const againMs = 24 * hourMs;
const smallPreview = { format: "jpeg", corner: "square", designType: "print", widthPx: 64 } as const;

/** What is left to be done, and how soon that is looked at again; null: never. */
export interface Rest {
  readonly state: Exclude<NonNullable<SubmissionTable["purge_state"]>, "gone">;
  readonly detail: string;
  readonly waitMs: number | null;
}

interface Purging {
  readonly context: ResolveContext;
  readonly job: JobTable;
  readonly image: PlatformImage;
  readonly provider: Provider;
}

export function whileWaiting({ policy }: ResolveContext, job: JobTable, detail: string): Rest {
  return { state: "waiting", detail, waitMs: backOffMs(job.attempt, policy) };
}

/** Whether a picture that has just arrived may not be known everywhere at the platform yet. */
function isYoung({ context, job }: Purging): boolean {
  return context.now() < (job.ends_at ?? 0);
}

type Look = "shown" | "absent" | Rest;

/** What the platform shows of it now. That it shows it is written down: once it does not any more, that is proof. */
async function look({ context, job, image, provider }: Purging): Promise<Look> {
  const { cardImageId } = image;
  const shown = await provider
    .getPreview({ cardImageId }, smallPreview, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "unavailable", detail: "the adapter failed" }) as const);
  if (shown.kind === "unavailable") return whileWaiting(context, job, shown.detail);
  if (shown.kind === "not-ready")
    return shown.isForeign
      ? whileWaiting(context, job, "a web page answers where the platform shows its pictures")
      : "absent";
  await keepTombstone(context.store, image, { shown_at: context.now() });
  return "shown";
}

/** Gives the order, unless it was taken within the last day. Undefined: see whether it is gone. */
async function order(purging: Purging, known: PurgedImageTable | undefined): Promise<Rest | undefined> {
  const { context, job, image, provider } = purging;
  const { store, now } = context;
  if (known?.answer === "taken" && now() - (known.taken_at ?? 0) < againMs) return undefined;
  const outcome = await provider
    .purge(image.cardImageId, image.row.product_id, AbortSignal.timeout(timeoutMs))
    .catch(() => ({ kind: "failed", detail: "the adapter failed" }) as const);
  switch (outcome.kind) {
    case "taken":
      await keepTombstone(store, image, { answer: "taken", taken_at: now() });
      return undefined;
    case "unknown-id":
      if (isYoung(purging)) return whileWaiting(context, job, outcome.detail);
      // One that was taken before is not known any more because it was.
      if (known?.answer !== "taken") await keepTombstone(store, image, { answer: "unknown-id", taken_at: now() });
      return undefined;
    case "misconfigured":
      return { state: "refused", detail: outcome.detail, waitMs: hourMs };
    case "failed":
      return whileWaiting(context, job, outcome.detail);
    case "unsupported":
      return { state: "unsupported", detail: outcome.detail, waitMs: null };
  }
}

async function describeShown(
  { context, job, image }: Purging,
  who: "here" | "elsewhere" | "unsupported",
): Promise<Rest> {
  if (who === "elsewhere") {
    const detail =
      "this server has no key with which the platform deletes this product's pictures: delete it there, or set the key";
    return { state: "elsewhere", detail, waitMs: hourMs };
  }
  if (who === "unsupported")
    return { state: "unsupported", detail: "the card platform cannot delete a picture that it has", waitMs: null };
  const said =
    (await findTombstone(context.store, image))?.answer === "unknown-id"
      ? "answers that it has no such picture"
      : "has taken the order to delete it";
  return whileWaiting(context, job, `the platform ${said}, and still shows it`);
}

/** The newest few of the issuer's pictures that the platform has. */
async function listControls(store: Store, { issuer_id, provider }: SubmissionTable): Promise<string[]> {
  const found = [];
  for (const state of ["approved", "in-review", "accepted"] as const)
    found.push(
      ...(await store
        .selectFrom("submissions")
        .select(["provider", "card_image_id"])
        .where("issuer_id", "=", issuer_id)
        .where("state", "=", state)
        .orderBy("created_at", "desc")
        .limit(20)
        .execute()),
    );
  const own = found.filter((row) => row.provider === provider);
  return own.flatMap(({ card_image_id: id }) => id ?? []).slice(0, 3);
}

/** Whether the preview shows any picture at all: only then its not showing this one says anything. */
async function showsAnother({ context, image, provider }: Purging): Promise<boolean> {
  for (const cardImageId of await listControls(context.store, image.row)) {
    const shown = await provider
      .getPreview({ cardImageId }, smallPreview, AbortSignal.timeout(timeoutMs))
      .catch(() => undefined);
    if (shown?.kind === "image") return true;
  }
  return false;
}

/** The preview does not show it. A wrong address shows nothing either: what makes it proof. */
async function conclude(purging: Purging): Promise<"gone" | Rest> {
  const { context, job, image } = purging;
  const known = await findTombstone(context.store, image);
  const isShownBefore = known !== undefined && known.shown_at !== null;
  if (!isShownBefore && isYoung(purging))
    return whileWaiting(context, job, "the platform has not shown it so far, and may yet");
  const proof = isShownBefore
    ? "shown"
    : known?.answer === "unknown-id"
      ? "unknown-id"
      : (await showsAnother(purging))
        ? "control"
        : undefined;
  if (proof === undefined) {
    const said =
      known?.answer === "taken" ? "it was told to delete the picture, which it took" : "anything was deleted";
    const detail = `the platform's preview showed nothing even before ${said}, and shows no other picture: is the preview address right?`;
    return { state: "unproven", detail, waitMs: hourMs };
  }
  await concludeImage(context.store, image, proof, context.now());
  context.log.info(
    { issuerId: image.row.issuer_id, submissionId: image.row.id, cardImageId: image.cardImageId },
    "the platform has a picture no more",
  );
  return "gone";
}

/** Has the platform delete one picture. It is gone once that is proven, and not before. */
export async function purgeImage(context: ResolveContext, job: JobTable, image: PlatformImage): Promise<"gone" | Rest> {
  const { row } = image;
  const known = await findTombstone(context.store, image);
  // An id that another submission had, and that was given again, is looked at again.
  if (known !== undefined && known.gone_at !== null && known.submission_id === row.id) return "gone";
  const provider = context.providers.of(row);
  const purging = { context, job, image, provider };
  const who = provider.capabilities(row.product_id).purge;
  if (who === null)
    return { state: "waiting", detail: "the settings of the card platform are missing", waitMs: hourMs };
  if (who === "here") {
    const before = known?.answer === "taken" ? "absent" : await look(purging);
    // What cannot be looked at now may be in a moment, and be proof; it is deleted all the same.
    if (typeof before !== "string" && isYoung(purging)) return before;
    const rest = await order(purging, known);
    if (rest !== undefined) return rest;
  }
  const after = await look(purging);
  if (after === "shown") return describeShown(purging, who);
  return after === "absent" ? conclude(purging) : after;
}
