import { findProduct, type Product } from "#card/products.ts";
import { findFlaws, isRefused } from "#card/flaws.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import { carryElements, layCarried } from "#design/carry-elements.ts";
import { type Design, photoOf, vectorElementsOf } from "#design/design.ts";
import { sameGround } from "#design/ground.ts";
import { offersGrounds } from "#design/offered.ts";
import { detachTemplate, isOwn } from "#design/templates/template-edits.ts";
import { hashSha256 } from "#image/checksums.ts";
import { type ImageClient, type OpenPhoto, PhotoProblem } from "#image/client.ts";
import { readDesignFile } from "../drafts/design-file.ts";
import type { Draft, SharedDrafts } from "../drafts/draft-store.ts";
import type { OtherCard } from "../drafts/other-card.ts";
import type { DesignStore } from "../store/design-store.ts";
import { factsOf } from "../store/photo-facts.ts";
import type { Picked } from "./first-flow.ts";
import type { FlowEvent } from "./machine.ts";
import { type Notice, noticeOf, noticeOfOpened } from "./notice.ts";
import { type CardOnScreen, isSameCard, isTooSoft, type RenderAhead, readCard } from "./render-ahead.ts";

export interface PictureDeps {
  readonly image: ImageClient;
  readonly design: DesignStore;
  readonly drafts: Pick<
    SharedDrafts,
    "read" | "isKept" | "isOvertaken" | "keepOwn" | "readOther" | "takeOther" | "deleteAll"
  >;
  /** Where the device may keep one. */
  readonly otherCard?: OtherCard | undefined;
  /** The product the other way round, where the cardholder may have it instead. */
  readonly turnedProduct?: Product | undefined;
}

export type Dispatch = (event: FlowEvent) => void;

/** `names` are those of files, which are nobody's business. */
function noticeFor(error: unknown, unexpected: "open-failed" | "render-failed", names: readonly string[] = []): Notice {
  if (!(error instanceof PhotoProblem)) return noticeOf(unexpected, describeCause(error, names));
  return noticeOf(error.code, describeCause(error.cause, names), error.megapixels);
}

interface Read {
  /** Null of a card without one. */
  readonly photo: Picked | null;
  readonly kept?: Draft;
}

/** What may be a copy of a design that the cardholder has saved: a photo says by its type that it is one. */
function findCopy(picked: Picked): Blob | null {
  const [file, second] = [picked].flat();
  return file === undefined || second !== undefined || file.type.startsWith("image/") ? null : file;
}

async function readCopy(file: Blob, product: Product): Promise<Read | "later" | "damaged"> {
  const read = await readDesignFile(file, product);
  if (read === "damaged" || read === "later") return read;
  return read === "none" ? { photo: file } : { photo: read.photo?.bytes ?? null, kept: read };
}

/** Whether a copy has its design's own photo. What has been opened of it may be another: it is mended where it has to be. */
async function isWhole({ photo }: Draft, opened: OpenPhoto): Promise<boolean> {
  if (photo === null) return false;
  if (opened.sha256 === photo.sha256) return true;
  const bytes = await photo.bytes.arrayBuffer().catch(() => null);
  return bytes !== null && (await hashSha256(new Uint8Array(bytes))) === photo.sha256;
}

type Loss = "template-gone" | "elements-left-out" | "filter-gone" | "texts-changed" | "ground-changed";

/** The most that a design has lost since it was kept: the card does not offer it any more. Null where all of it is there as it was. */
export function lossOf(kept: Design, now: Design): Loss | null {
  if (kept.template !== undefined && now.template === undefined) return "template-gone";
  const [before, after] = [vectorElementsOf(kept), vectorElementsOf(now)];
  if (after.length < before.length) return "elements-left-out";
  if (kept.look?.filter !== undefined && now.look?.filter === undefined) return "filter-gone";
  if (!before.every((element, at) => element === after[at])) return "texts-changed";
  // With a photo that has come it is another by itself.
  const isComparable = (photoOf(kept) === null) === (photoOf(now) === null);
  return isComparable && !sameGround(kept.ground, now.ground) ? "ground-changed" : null;
}

/** A saved card without a photo, put on the card as it was. Gives what is to be said of that. */
function layBareCopy(store: DesignStore, kept: Design | undefined): Notice | null {
  const { product, begin } = store.getState();
  if (kept === undefined || !offersGrounds(product)) return noticeOf("no-photo-not-offered");
  if (kept.productId !== product.id) return noticeOf("bare-design-of-other-card");
  begin(kept);
  const lost = lossOf(kept, store.getState().design);
  return lost === null ? null : noticeOf(lost);
}

/**
 * Opens what was picked and puts it on the card: a saved design as it was, or of another product's its photo. When that fails the photo
 * before it stays where it is. Once stopped it does nothing more. Of `other`, which was on another card, it lays what lay on the photo.
 */
export async function openPhoto(
  { image, design, turnedProduct }: PictureDeps,
  dispatch: Dispatch,
  picked: Picked,
  signal: AbortSignal,
  other: Design | null = null,
): Promise<void> {
  const { product } = design.getState();
  const fail = (notice: Notice): void => dispatch({ type: "photo-failed", notice });
  try {
    const copy = findCopy(picked);
    const read: Read | "later" | "damaged" = copy === null ? { photo: picked } : await readCopy(copy, product);
    if (signal.aborted) return;
    if (read === "damaged") return fail(noticeOf("design-file-damaged"));
    if (read === "later") return fail(noticeOf("design-of-later-version"));
    const { template } = read.kept?.design ?? {};
    if (template !== undefined) await design.getState().loadTemplate(template);
    if (read.photo === null) {
      const notice = layBareCopy(design, read.kept?.design);
      if (notice?.tone === "problem") return fail(notice);
      return dispatch({ type: "photo-opened", notice });
    }
    const photo = await image.openPhoto(read.photo, product, signal);
    const isDamaged = read.kept !== undefined && !(await isWhole(read.kept, photo));
    if (signal.aborted) return photo.close();
    if (isDamaged) {
      photo.close();
      return fail(noticeOf("design-file-damaged"));
    }
    const kept = read.kept?.design;
    const isAsKept = kept?.productId === product.id;
    design.getState().setPhoto(photo, isAsKept ? kept : undefined);
    const placed = isAsKept ? null : photoOf(design.getState().design);
    const isOfOther = kept !== undefined && !isAsKept;
    const lostOfOther = other === null ? null : layOther(design, other);
    const lost = isAsKept ? lossOf(kept, design.getState().design) : lostOfOther;
    const ofKept = isOfOther ? "design-of-other-card" : lost;
    const notice = ofKept === null ? noticeOfOpened(photo, placed, product, turnedProduct) : noticeOf(ofKept);
    dispatch({ type: "photo-opened", notice });
  } catch (error) {
    const names = [picked].flat().flatMap((file) => (file instanceof File ? file.name : []));
    if (!signal.aborted) fail(noticeFor(error, "open-failed", names));
  }
}

/**
 * Lays what lies on another card as it fits on this one, its template left there. Gives what of the cardholder's own is not there as it was: it is
 * not offered here, or has no room.
 */
function layOther(store: DesignStore, other: Design): Loss | null {
  const { product, edit, select } = store.getState();
  const from = findProduct(other.productId);
  if (from === undefined) return null;
  const kept = detachTemplate(other, product);
  const count = (): number => vectorElementsOf(store.getState().design).length;
  const before = count();
  edit(layCarried(carryElements(vectorElementsOf(kept), from, product)));
  select(null);
  const own = vectorElementsOf(other).filter((element) => isOwn(element, other));
  const isThere = own.every(({ id }) => kept.elements.some((element) => element.id === id));
  if (!isThere || count() - before < vectorElementsOf(kept).length) return "elements-left-out";
  return own.every((element) => kept.elements.includes(element)) ? null : "texts-changed";
}

/** The same with the photo of the cardholder's other card, which lies there as a new one does, and what lies on it if that is wanted. */
export async function openOtherPhoto(
  deps: PictureDeps,
  dispatch: Dispatch,
  signal: AbortSignal,
  withElements: boolean,
): Promise<void> {
  const file = (await deps.otherCard?.readPhoto()) ?? null;
  if (signal.aborted) return;
  if (file === null) dispatch({ type: "photo-failed", notice: noticeOf("other-photo-gone") });
  else {
    const other = withElements ? await deps.otherCard?.readDesign() : null;
    if (!signal.aborted) await openPhoto(deps, dispatch, file, signal, other);
  }
}

/** What the cardholder sees on the card, also when an input was still moving it; null where nothing is begun. */
function freezeCard(store: DesignStore): CardOnScreen | null {
  store.getState().settle();
  return readCard(store);
}

/**
 * Renders the bytes that will be sent, of what is on the card when they are ready: what was moved meanwhile is rendered
 * again. Once stopped it does nothing more.
 */
export async function renderPreview(
  design: DesignStore,
  ahead: RenderAhead,
  dispatch: Dispatch,
  signal: AbortSignal,
): Promise<void> {
  // What was typed last is on the card as well.
  const texts = design.getState().untilTextsLie();
  if (texts !== null) await texts;
  if (signal.aborted) return;
  const card = freezeCard(design);
  if (card === null) return dispatch({ type: "rendering-stopped" });
  if (isTooSoft(card, design.getState().product)) {
    return dispatch({ type: "render-failed", notice: noticeOf("dpi-too-low") });
  }
  const { product } = design.getState();
  const facts = factsOf(card.design, design.getState());
  // What an input was still moving may be refused, though the button was not when it was pressed.
  if (facts !== null && isRefused(findFlaws(facts.photo.placement, facts, product), product)) {
    return dispatch({ type: "render-failed", notice: noticeOf("not-printable") });
  }
  dispatch({ type: "render-started" });
  const onProgress = (fraction: number): void => dispatch({ type: "render-progressed", fraction });
  const rendered = await ahead.render(card, signal, onProgress).catch((error: unknown) => ({ error }));
  const isWanted = !signal.aborted && isSameCard(card, freezeCard(design));
  if (!isWanted && "url" in rendered) URL.revokeObjectURL(rendered.url);
  if (signal.aborted) return;
  if (!isWanted) return renderPreview(design, ahead, dispatch, signal);
  if ("error" in rendered) {
    return dispatch({ type: "render-failed", notice: noticeFor(rendered.error, "render-failed") });
  }
  dispatch({
    type: "rendered",
    picture: { ...rendered, design: card.design, transparent: card.photo?.transparent ?? false },
  });
}
