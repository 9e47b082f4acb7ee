import { coverPlacement } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import { type SubmissionState, submissionState } from "#contracts/submission.ts";
import { createDesign, photoOf } from "#design/design.ts";
import type { Ground } from "#design/ground.ts";
import type { Likeness, OpenPhoto } from "#image/client.ts";
import { stickerNames } from "#design/stickers/collection.ts";
import { loadStickers } from "#design/stickers/stickers.ts";
import type { Flow } from "../../flow/flow.ts";
import type { FlowState, FlowStep } from "../../flow/flow-state.ts";
import { noticeOf } from "../../flow/notice.ts";
import type { AboutCard, OpenSession } from "../../flow/use-session.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { locales } from "../../locales/locale.ts";
import { loadStickerWords } from "../../locales/sticker-words.ts";
import { collectionPart } from "../../tools/stickers/Panel.tsx";
import { firstTool, toolsOf } from "../../tools/tools.ts";
import { createDesignStore } from "../../store/design-store.ts";
import type { AppPhase, ClosedReason } from "../start.ts";

interface Shown {
  readonly now: AppPhase;
  /** What the screen has once it is all there, as a CSS selector; a title unless told. */
  readonly shows?: string;
}

/** One screen that a cardholder can meet. */
export interface Screen extends Shown {
  readonly name: string;
  /** What is pressed first, as CSS selectors. */
  readonly press?: readonly string[];
}

type At<Step extends FlowStep> = Omit<Extract<FlowState, { step: Step }>, "step">;

interface Circumstances {
  readonly product?: Product;
  readonly productTexts?: AboutCard["productTexts"];
  /** Of a card without a photo. */
  readonly ground?: Ground;
  /** Effective resolution to zoom to; as far out as possible unless told. */
  readonly dpi?: number;
  readonly photo?: OpenPhoto | null;
  /** The check's tone to wait for. */
  readonly tone?: "ok" | "warn" | "problem";
  readonly readPreview?: OpenSession["readPreview"];
  readonly likeness?: Likeness;
}

/** As long as they may be, in a word that does not break by itself. */
const productTexts = {
  en: {
    name: "Extraordinary".repeat(5).slice(0, 60),
    intro: "For every day, in your pocket. ".repeat(7).slice(0, 200),
  },
};
const agreement = { rulesVersion: "1", agreedAt: 1 };
const portrait = products[1];
const fine = products[3];
const largePhoto = await makePhoto();
/** Prints a little soft however it lies. */
const smallPhoto: OpenPhoto = { ...largePhoto, widthPx: 700, heightPx: 525 };
const darkPhoto: OpenPhoto = {
  ...largePhoto,
  colours: { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(20, 20, 20, 255) },
};
/** Can be printed only when it is turned. */
const highPhoto: OpenPhoto = { ...largePhoto, widthPx: 500, heightPx: 900 };
/** White where the lettering is, and blurred: almost everything is said of it. */
const whitePhoto: OpenPhoto = {
  ...largePhoto,
  colours: { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(255, 255, 255, 255) },
  detail: { spots: [-1, 0, 1].map((at) => ({ xPx: 1200 + 300 * at, yPx: 900, widthPx: 6 })), leastWidthPx: 0 },
};
const animation: OpenPhoto = { ...largePhoto, firstFrameOnly: true, transparent: true };
// What comes later elsewhere is there at once.
await Promise.all([
  collectionPart.load(),
  loadStickers(stickerNames.hearts),
  ...locales.map(({ language }) => loadStickerWords(language)),
]);
const pictureFile = await drawPicture();
const pictureUrl = URL.createObjectURL(pictureFile);

async function drawPicture(): Promise<Blob> {
  const canvas = new OffscreenCanvas(259, 166);
  canvas.getContext("2d")?.drawImage(largePhoto.preview, 0, 0, 259, 166);
  return canvas.convertToBlob();
}

/** Stands still: whatever is pressed, the screen stays. */
function createStillFlow(state: FlowState): Flow {
  const nothing = (): void => {};
  return {
    state: { getState: () => state, getInitialState: () => state, setState: nothing, subscribe: () => nothing },
    openPhoto: () => Promise.resolve(),
    startWithoutPhoto: () => Promise.resolve(),
    resumeDraft: () => Promise.resolve(),
    sayOvertaken: nothing,
    takeOther: () => Promise.resolve(),
    keepOwn: nothing,
    sayElsewhere: nothing,
    sayNotOffered: nothing,
    takeUnofferedOff: () => Promise.resolve(),
    goOnHere: () => Promise.resolve(),
    isDraftKept: () => false,
    deleteDraft: () => Promise.resolve(),
    startOver: nothing,
    stopOpening: nothing,
    showNotice: nothing,
    showPreview: () => Promise.resolve(),
    stopRendering: nothing,
    goBack: nothing,
    hasOtherPhoto: () => state.step === "pick" && state.hasDesign === true,
    takeOtherPhoto: () => Promise.resolve(),
    takeAlong: () => false,
    wantTurnedProduct: nothing,
    leaveDesign: nothing,
    returnToDesign: nothing,
    agree: nothing,
    send: () => Promise.resolve(null),
    thinkOver: nothing,
    cancelSending: nothing,
    changeDesign: nothing,
    startAfresh: nothing,
    reportOtherPicture: nothing,
    reportStageFailure: nothing,
    close: nothing,
  };
}

/** The design and the picture made of it, as they would be with this product, photo and resolution. */
function designed({ product = products[0], photo, dpi, ground }: Circumstances) {
  const shown = photo ?? largePhoto;
  const fit = coverPlacement(shown, product);
  const placement = dpi === undefined ? fit : { ...fit, mmPerPx: 25.4 / dpi };
  const { sha256, widthPx, heightPx, transparent } = shown;
  const element = { kind: "photo", id: "photo", sha256, widthPx, heightPx, placement } as const;
  const design = { ...createDesign(product), ...(ground === undefined ? { elements: [element] } : { ground }) };
  return { png: new Uint8Array(), sha256: "a".repeat(64), url: pictureUrl, design, transparent };
}

function open(state: FlowState, circumstances: Circumstances = {}): OpenSession {
  const { product = products[0], photo = largePhoto, productTexts, ground } = circumstances;
  const { readPreview = () => Promise.resolve(pictureFile), likeness = "same" } = circumstances;
  const comparePictures = () => Promise.resolve(likeness);
  const design = createDesignStore(product);
  if (ground !== undefined) design.getState().begin(ground);
  else if (photo !== null) design.getState().setPhoto(photo, photoOf(designed(circumstances).design)?.placement);
  const about = { product, issuerName: "Harbour Bank", productTexts };
  return { phase: "open", ...about, design, flow: createStillFlow(state), readPreview, comparePictures };
}

function pick(state: Partial<At<"pick">> = {}, circumstances: Circumstances = {}): Shown {
  return { now: open({ step: "pick", opening: false, notice: null, ...state }, { photo: null, ...circumstances }) };
}

function design(state: Partial<At<"design">> = {}, circumstances: Circumstances = {}): Shown {
  const quiet = { step: "design", opening: false, renderedFraction: null, notice: null } as const;
  const { tone = "ok" } = circumstances;
  // The step is loaded later than its title, and the canvas comes last.
  const shows = `body:has([role=application] canvas) [data-tone=${tone}]`;
  return { now: open({ ...quiet, ...state }, circumstances), shows };
}

function preview(state: Partial<At<"preview">> = {}, circumstances: Circumstances = {}): Shown {
  const picture = designed(circumstances);
  const quiet = { agreement: null, remindedTimes: 0, notice: null } as const;
  const first = { step: "preview", picture, ...quiet } as const;
  const { tone = "ok" } = circumstances;
  return { now: open({ ...first, ...state }, circumstances), shows: `[data-tone=${tone}]` };
}

function sending(state: Partial<At<"sending">>): Shown {
  const begun = {
    step: "sending",
    picture: designed({}),
    agreement,
    sentFraction: 0.4,
    cancelling: false,
    waitsForPage: false,
    unconfirmed: null,
  } as const;
  return { now: open({ ...begun, ...state }) };
}

const known = { sequence: 3, pictureSha256: "a".repeat(64), updatedAt: 1 } as const;
const rejection = {
  submission: {
    ...known,
    submissionId: "sub_AAECAwQFBgcICQoLDA0ODw",
    state: "rejected",
    rejectionCode: "BRANDED",
    rejectionMemo: "It is the sign in the corner.",
    hasPreview: true,
  },
  photoSha256: largePhoto.sha256,
} as const;

const withPreview: ReadonlySet<SubmissionState> = new Set([
  "accepted-no-id",
  "accepted",
  "in-review",
  "approved",
  "rejected",
]);

interface FollowCircumstances extends Circumstances {
  readonly code?: string;
  readonly notice?: At<"follow">["notice"];
}

/** With what was designed in this tab, or without a photo as the page shows it when it is opened again. */
function follow(state: SubmissionState, circumstances: FollowCircumstances = {}): Shown {
  const { code = null, notice = null, ...rest } = circumstances;
  const hasPreview = withPreview.has(state);
  const submission = { ...known, submissionId: "sub_Dzqcc3tdQtimxOLwGbfTXA", state, rejectionCode: code, hasPreview };
  const picture = rest.photo === null ? null : designed(rest);
  const now = open({ step: "follow", submission, opening: false, picture, notice }, rest);
  if (!hasPreview || rest.readPreview !== undefined) return { now };
  if (state === "rejected") return { now, shows: "figure:last-child > img" };
  // What is said of the card maker's picture comes last.
  return { now, shows: `main ${picture === null ? "img" : `[data-tone=${rest.likeness ? "problem" : "ok"}]`}` };
}

/** Who comes back to a rejection: the design is being opened. */
function returning(): Shown {
  const { submission } = rejection;
  const state = { step: "follow", submission, opening: true, returning: true, picture: null, notice: null } as const;
  return { now: open(state, { photo: null }) };
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
