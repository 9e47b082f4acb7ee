import { fitsBetter } from "#card/other-way-round.ts";
import { isPortrait, leastPhotoSize, type Product } from "#card/products.ts";
import type { Photo } from "#design/design.ts";
import type { OpenPhoto, PhotoProblemCode } from "#image/client.ts";
import type { TextValues } from "../locales/message.ts";
import type { Translate } from "../locales/text.tsx";
import { readDevice } from "./device.ts";

/** Why a design could not be sent. Each has a sentence in the texts. */
export type SendProblemCode =
  | "foreign-answer"
  | "send-no-connection"
  | "send-busy"
  | "send-too-slow"
  | "send-damaged"
  | "not-offered"
  | "send-picture-refused"
  | "send-picture-differs"
  | "send-text-refused"
  | "send-not-accepted"
  | "send-not-confirmed"
  | "session-ended";

/** Things said beside the design, which stays on screen: `problem` and `note` differ in tone only. */
export type NoticeCode =
  | PhotoProblemCode
  | SendProblemCode
  | "folder-dropped"
  | "no-file-dropped"
  | "no-picture-pasted"
  | "picker-failed"
  | "dpi-too-low"
  | "not-printable"
  | "photo-turned"
  | "upright-card-fits"
  | "wide-card-fits"
  | "first-frame-only"
  | "colours-may-differ"
  | "transparent-parts"
  | "draft-resumed"
  | "elements-left-out"
  | "texts-changed"
  | "ground-changed"
  | "draft-overtaken"
  | "open-elsewhere"
  | "sent-elsewhere"
  | "draft-deleted"
  | "draft-left-at-bank"
  | "draft-left-on-device"
  | "draft-not-deleted"
  | "draft-not-opened"
  | "no-photo-not-offered"
  | "draft-unreachable"
  | "draft-slow"
  | "other-photo-gone"
  | "design-file-damaged"
  | "design-of-later-version"
  | "design-of-other-card"
  | "bare-design-of-other-card"
  | "filter-gone"
  | "template-gone"
  | "template-needs-photo"
  | "send-cancelled"
  | "send-declined"
  | "already-sent"
  | "submission-gone";

export interface Notice {
  readonly code: NoticeCode;
  readonly tone: "problem" | "note";
  /** What lies behind a problem, for the issuer's support; see `describeCause`. */
  readonly cause?: string;
  /** Of "too-many-pixels": how many such a photo may have on this device. */
  readonly megapixels?: number;
  /** Of "send-declined": what the issuer's page says to the cardholder. */
  readonly sentence?: string;
  /** Of "draft-resumed": it had a filter that is not offered any more, which is said in its place. */
  readonly isUnfiltered?: boolean;
  /** Of "draft-resumed": it was made by a template that is not offered any more, which is said in its place. */
  readonly isDetached?: boolean;
}

const notes: ReadonlySet<NoticeCode> = new Set([
  "photo-turned",
  "upright-card-fits",
  "wide-card-fits",
  "first-frame-only",
  "colours-may-differ",
  "transparent-parts",
  "draft-resumed",
  "elements-left-out",
  "texts-changed",
  "ground-changed",
  "draft-overtaken",
  "open-elsewhere",
  "sent-elsewhere",
  "draft-deleted",
  "draft-slow",
  "design-of-other-card",
  "filter-gone",
  "template-gone",
  "template-needs-photo",
  "send-cancelled",
  "send-declined",
  "already-sent",
]);

export function noticeOf(code: NoticeCode, cause?: string, megapixels?: number): Notice {
  const tone = notes.has(code) ? "note" : "problem";
  return { code, tone, ...(cause !== undefined && { cause }), ...(megapixels !== undefined && { megapixels }) };
}

const aboutPhoto: ReadonlySet<NoticeCode> = new Set([
  "photo-turned",
  "upright-card-fits",
  "wide-card-fits",
  "first-frame-only",
  "colours-may-differ",
  "transparent-parts",
]);

/** Whether it says no more than what the photo is like. */
export function isAboutPhoto({ code }: Notice): boolean {
  return aboutPhoto.has(code);
}

/** The most important thing to say of a photo that has been opened; its panel says the others as well. */
export function noticeOfOpened(
  photo: OpenPhoto,
  placed: Photo | null,
  product: Product,
  turned: Product | undefined,
): Notice | null {
  if (placed !== null && placed.placement.rotationDeg !== 0) return noticeOf("photo-turned");
  if (turned !== undefined && placed !== null && fitsBetter(photo, product, turned))
    return noticeOf(isPortrait(turned) ? "upright-card-fits" : "wide-card-fits");
  if (photo.firstFrameOnly) return noticeOf("first-frame-only");
  if (photo.coloursMayDiffer) return noticeOf("colours-may-differ");
  return photo.transparent ? noticeOf("transparent-parts") : null;
}

/** The product's limits as the notices name them: `width` and `height` print sharp, `leastWidth` and `leastHeight` are taken. */
export function noticeValues(product: Product): TextValues {
  const sharp = leastPhotoSize(product, product.warnBelowDpi);
  const least = leastPhotoSize(product, product.refuseBelowDpi);
  return {
    megabytes: Math.floor(product.maxPhotoBytes / 1024 / 1024),
    megapixels: Math.floor(product.maxPhotoPixels / 1_000_000),
    width: sharp.widthPx,
    height: sharp.heightPx,
    leastWidth: least.widthPx,
    leastHeight: least.heightPx,
    leastDpi: product.refuseBelowDpi,
  };
}

/** What happened and what to do about it, in words that fit the device at hand. */
export function describeNotice(
  { code, megapixels, sentence, isUnfiltered, isDetached }: Notice,
  product: Product,
  t: Translate,
): { readonly title: string; readonly help: string } {
  const limits = { ...noticeValues(product), ...(megapixels !== undefined && { megapixels }) };
  const values = { ...limits, advice: t(`advice.${readDevice()}`) };
  const told = isDetached === true ? "template-gone" : isUnfiltered === true ? "filter-gone" : code;
  return { title: t(`notice.${told}.title`, values), help: sentence ?? t(`notice.${told}.help`, values) };
}
