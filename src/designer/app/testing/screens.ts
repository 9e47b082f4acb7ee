import { type Product, products } from "#card/products.ts";
import { submissionState } from "#contracts/submission.ts";
import { noticeOf } from "../../flow/notice.ts";
import { firstTool, toolsOf } from "../../tools/tools.ts";
import type { ClosedReason } from "../start.ts";
import {
  agreement,
  animation,
  darkPhoto,
  design,
  fine,
  follow,
  highPhoto,
  pick,
  portrait,
  preview,
  productTexts,
  rejection,
  returning,
  sending,
  type Shown,
  smallPhoto,
  whitePhoto,
} from "./screen-states.ts";

/** One screen that a cardholder can meet. */
export interface Screen extends Shown {
  readonly name: string;
  /** What is pressed first, as CSS selectors. */
  readonly press?: readonly string[];
}

const closedReasons = Object.keys({
  "not-framed": true,
  "no-answer": true,
  refused: true,
  "foreign-answer": true,
  "no-connection": true,
  "session-ended": true,
  "product-unknown": true,
  "browser-unsupported": true,
  "pixels-protected": true,
  "gone-elsewhere": true,
  "not-loaded": true,
  crashed: true,
} satisfies Record<ClosedReason, true>) as ClosedReason[];

const bare: Product = { ...products[0], features: { texts: true, shapes: true, stickers: true, grounds: true } };
const dusk = { from: "#14274e", to: "#c0272d", angleDeg: 45 } as const;
const region = { xMm: 20, yMm: 0, widthMm: 40, heightMm: 60 };

/** Every screen of the designer. A new one is a line here. */
const listed: readonly Screen[] = [
  { name: "loading", now: { phase: "connecting" } },
  ...closedReasons.map((reason) => ({ name: `closed, ${reason}`, now: { phase: "closed", reason } }) as const),

  { name: "pick", ...pick() },
  { name: "pick, portrait", ...pick({}, { product: portrait }) },
  { name: "pick, of a card with a name", ...pick({}, { productTexts }) },
  { name: "pick, a photo is being opened", ...pick({ opening: true }) },
  { name: "pick, with a problem", ...pick({ notice: noticeOf("heic-image") }) },
  { name: "pick, open in another tab", ...pick({ notice: noticeOf("open-elsewhere") }) },
  { name: "pick, with a note", ...pick({ notice: noticeOf("send-cancelled"), hasDesign: true }) },

  { name: "design, photo", ...design() },
  { name: "design, photo, of which not everything prints", ...design({}, { photo: animation }) },
  { name: "design, adjust, with guides", ...design(), press: ["[value=adjust]", "[type=checkbox]"] },
  { name: "design, filters", ...design(), press: ["[value=filters]", "[value=warm]"] },
  { name: "design, portrait, filters", ...design({}, { product: portrait }), press: ["[value=filters]"] },
  {
    name: "design, light of a dark photo, with a veil",
    ...design({}, { photo: darkPhoto, product: fine }),
    press: ["[value=light]", "[type=checkbox]"],
  },
  { name: "design, stickers", ...design(), press: ["[value=stickers]"] },
  { name: "design, portrait, stickers", ...design({}, { product: portrait }), press: ["[value=stickers]"] },
  {
    name: "design, text",
    ...design({}, { product: { ...products[0], features: { texts: true } } }),
    press: ["[value=text]"],
  },
  { name: "pick, which needs no photo", ...pick({}, { product: bare }) },
  { name: "design, a gradient", ...design({}, { product: bare, ground: dusk, tone: "warn" }) },
  { name: "design, a colour", ...design({}, { product: bare, ground: "#f6c544", tone: "warn" }) },
  {
    name: "design, drawing",
    ...design({}, { product: { ...products[0], features: { drawings: true } } }),
    press: ["[value=drawing]"],
  },
  {
    name: "design, templates, with one to be filled",
    ...design({}, { product: { ...products[0], features: { texts: true, templates: true } } }),
    press: ["[value=templates]", "[value=name]"],
  },
  { name: "design, shapes", ...design(), press: ["[value=shapes]"] },
  {
    name: "design, a shape of which something is said",
    ...design(),
    press: ["[value=shapes]", "section [role=group] > button:nth-of-type(3)", "summary"],
  },
  { name: "design, with a problem", ...design({ notice: noticeOf("not-an-image") }) },
  { name: "design, with a note", ...design({ notice: noticeOf("first-frame-only") }) },
  { name: "design, found as it was left", ...design({ notice: noticeOf("draft-resumed") }) },
  { name: "design, with something that is not offered any more", ...design({ notice: noticeOf("not-offered") }) },
  { name: "design, changed on another device", ...design({ notice: noticeOf("draft-overtaken") }) },
  { name: "design, another photo is being opened", ...design({ opening: true }) },
  { name: "design, the print picture is being made", ...design({ renderedFraction: 0.4 }) },
  { name: "design, a little soft", ...design({}, { dpi: 190, tone: "warn" }) },
  { name: "design, a little soft, with nothing to fix", ...design({}, { photo: smallPhoto, tone: "warn" }) },
  { name: "design, too blurry to print", ...design({}, { dpi: 140, tone: "problem" }) },
  { name: "design, too blurry, adjust", ...design({}, { dpi: 140, tone: "problem" }), press: ["[value=adjust]"] },
  { name: "design, too blurry unless it is turned", ...design({}, { photo: highPhoto, tone: "problem" }) },
  {
    name: "design, of which much is said",
    ...design({}, { photo: whitePhoto, tone: "warn" }),
    press: ["[aria-controls=design-checks]", "#design-checks button:has(strong)"],
  },
  { name: "design, after a rejection", ...design({ rejection }) },
  { name: "design, being opened again after a rejection", ...returning() },
  { name: "design, portrait", ...design({}, { product: portrait }) },
  { name: "design, portrait, adjust", ...design({}, { product: portrait }), press: ["[value=adjust]"] },

  { name: "preview", ...preview() },
  { name: "preview, without a photo", ...preview({}, { product: bare, ground: dusk, tone: "warn" }) },
  { name: "preview, portrait", ...preview({}, { product: portrait }) },
  { name: "preview, the back", ...preview(), press: ["[value=back]"] },
  { name: "preview, true size", ...preview(), press: ["[value=true-size]"] },
  { name: "preview, of a card with a name", ...preview({}, { productTexts }) },
  { name: "preview, agreed", ...preview({ agreement }) },
  { name: "preview, agreement missing", ...preview({ remindedTimes: 1 }) },
  { name: "preview, a little soft", ...preview({}, { dpi: 190, tone: "warn" }) },
  { name: "preview, a little soft, with nothing to fix", ...preview({}, { photo: smallPhoto, tone: "warn" }) },
  { name: "preview, of which much is said", ...preview({}, { photo: whitePhoto, tone: "warn" }) },
  { name: "preview, with transparent parts", ...preview({}, { photo: animation, tone: "warn" }) },
  { name: "preview, that does not cover the card", ...preview({}, { dpi: 2000, tone: "problem" }) },
  { name: "preview, of a photo that covers a part of the card", ...preview({}, { region }) },
  { name: "preview, of a photo that does not cover its part", ...preview({}, { region, dpi: 2000, tone: "problem" }) },
  { name: "preview, of the picture that was rejected", ...preview({ agreement, rejection, asksSame: true }) },
  { name: "preview, a foreign answer", ...preview({ notice: noticeOf("foreign-answer") }) },
  { name: "preview, the connection broke", ...preview({ notice: noticeOf("send-no-connection") }) },
  { name: "preview, sending was stopped", ...preview({ notice: noticeOf("send-cancelled") }) },

  { name: "sending", ...sending({}) },
  { name: "sending, the bank is asked", ...sending({ sentFraction: 0, waitsForPage: true }) },
  { name: "sending, all has left", ...sending({ sentFraction: 1 }) },
  { name: "sending, cancelling", ...sending({ cancelling: true }) },
  { name: "sending, asking whether it has arrived", ...sending({ unconfirmed: "asking" }) },
  { name: "sending, nobody knows whether it has arrived", ...sending({ unconfirmed: "unresolved" }) },

  ...submissionState.options.map((state) => ({ name: `follow, ${state}`, ...follow(state) })),
  { name: "follow, waiting, opened again", ...follow("queued", { photo: null }) },
  { name: "follow, approved, opened again", ...follow("approved", { photo: null }) },
  { name: "follow, deleted", ...follow("purged") },
  { name: "follow, rejected, opened again", ...follow("rejected", { photo: null, code: "BRANDED" }) },
  { name: "follow, rejected for a reason", ...follow("rejected", { code: "COPYRIGHT" }) },
  { name: "follow, rejected, without a photo", ...follow("rejected", { product: bare, ground: dusk }) },
  { name: "follow, rejected, portrait", ...follow("rejected", { product: portrait }) },
  {
    name: "follow, the card maker shows no picture",
    ...follow("in-review", { readPreview: () => Promise.reject(new Error("not there")) }),
  },
  { name: "follow, the card maker shows another picture", ...follow("in-review", { likeness: "different" }) },
  { name: "follow, approved, of another picture", ...follow("approved", { likeness: "different" }) },
  { name: "follow, approved, portrait", ...follow("approved", { product: portrait }) },
  { name: "follow, with a problem", ...follow("queued", { notice: noticeOf("submission-gone") }) },
  { name: "follow, with a note", ...follow("queued", { notice: noticeOf("already-sent") }) },
];

/** The tools that no line above presses. */
const others = toolsOf(products[0], true).filter(
  ({ id }) => id !== firstTool.id && !listed.some(({ press }) => press?.includes(`[value=${id}]`)),
);

export const screens: readonly Screen[] = [
  ...listed,
  ...others.map(({ id }): Screen => ({ name: `design, ${id}, as it is first`, ...design(), press: [`[value=${id}]`] })),
];
