import { coverPlacement } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import type { Region } from "#card/region.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import { createDesign, photoOf } from "#design/design.ts";
import type { Ground } from "#design/ground.ts";
import type { Likeness, OpenPhoto } from "#image/client.ts";
import { stickerNames } from "#design/stickers/collection.ts";
import { loadStickers } from "#design/stickers/stickers.ts";
import type { Flow } from "../../flow/flow.ts";
import type { FlowState, FlowStep } from "../../flow/flow-state.ts";
import type { AboutCard, OpenSession } from "../../flow/use-session.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { locales } from "../../locales/locale.ts";
import { loadStickerWords } from "../../locales/sticker-words.ts";
import { collectionPart } from "../../tools/stickers/Panel.tsx";
import { createDesignStore } from "../../store/design-store.ts";
import type { AppPhase } from "../start.ts";

export interface Shown {
  readonly now: AppPhase;
  /** What the screen has once it is all there, as a CSS selector; a title unless told. */
  readonly shows?: string;
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
  /** The part of the card that the photo covers. */
  readonly region?: Region;
  /** The check's tone to wait for. */
  readonly tone?: "ok" | "warn" | "problem";
  readonly readPreview?: OpenSession["readPreview"];
  readonly likeness?: Likeness;
}

/** As long as they may be, in a word that does not break by itself. */
export const productTexts = {
  en: {
    name: "Extraordinary".repeat(5).slice(0, 60),
    intro: "For every day, in your pocket. ".repeat(7).slice(0, 200),
  },
};
export const agreement = { rulesVersion: "1", agreedAt: 1 };
export const portrait = products[1];
export const fine = products[3];
const largePhoto = await makePhoto();
/** Prints a little soft however it lies. */
export const smallPhoto: OpenPhoto = { ...largePhoto, widthPx: 700, heightPx: 525 };
export const darkPhoto: OpenPhoto = {
  ...largePhoto,
  colours: { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(20, 20, 20, 255) },
};
/** Can be printed only when it is turned. */
export const highPhoto: OpenPhoto = { ...largePhoto, widthPx: 500, heightPx: 900 };
/** White where the lettering is, and blurred: almost everything is said of it. */
export const whitePhoto: OpenPhoto = {
  ...largePhoto,
  colours: { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(255, 255, 255, 255) },
  detail: { spots: [-1, 0, 1].map((at) => ({ xPx: 1200 + 300 * at, yPx: 900, widthPx: 6 })), leastWidthPx: 0 },
};
export const animation: OpenPhoto = { ...largePhoto, firstFrameOnly: true, transparent: true };
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
function designed({ product = products[0], photo, dpi, ground, region }: Circumstances) {
  const shown = photo ?? largePhoto;
  const fit = coverPlacement(shown, product);
  const placement = dpi === undefined ? fit : { ...fit, mmPerPx: 25.4 / dpi };
  const { sha256, widthPx, heightPx, transparent } = shown;
  const element = {
    kind: "photo",
    id: "photo",
    sha256,
    widthPx,
    heightPx,
    placement,
    ...(region && { region }),
  } as const;
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

export function pick(state: Partial<At<"pick">> = {}, circumstances: Circumstances = {}): Shown {
  return { now: open({ step: "pick", opening: false, notice: null, ...state }, { photo: null, ...circumstances }) };
}

export function design(state: Partial<At<"design">> = {}, circumstances: Circumstances = {}): Shown {
  const quiet = { step: "design", opening: false, renderedFraction: null, notice: null } as const;
  const { tone = "ok" } = circumstances;
  // The step is loaded later than its title, and the canvas comes last.
  const shows = `body:has([role=application] canvas) [data-tone=${tone}]`;
  return { now: open({ ...quiet, ...state }, circumstances), shows };
}

export function preview(state: Partial<At<"preview">> = {}, circumstances: Circumstances = {}): Shown {
  const picture = designed(circumstances);
  const quiet = { agreement: null, remindedTimes: 0, notice: null } as const;
  const first = { step: "preview", picture, ...quiet } as const;
  const { tone = "ok" } = circumstances;
  return { now: open({ ...first, ...state }, circumstances), shows: `[data-tone=${tone}]` };
}

export function sending(state: Partial<At<"sending">>): Shown {
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
export const rejection = {
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
export function follow(state: SubmissionState, circumstances: FollowCircumstances = {}): Shown {
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
export function returning(): Shown {
  const { submission } = rejection;
  const state = { step: "follow", submission, opening: true, returning: true, picture: null, notice: null } as const;
  return { now: open(state, { photo: null }) };
}
