import { vi } from "vitest";
import type { Placement } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import type { Agreement } from "#contracts/agreement.ts";
import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import { Problem } from "#contracts/problem.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { colourBelow, type Design, photoOf } from "#design/design.ts";
import { applyChange, type Change, fit, moveBy, turnTo, zoomTo } from "#design/edits.ts";
import { type ImageClient, type OpenPhoto, type PhotoFile, PhotoProblem, type RenderedPicture } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import type { DesignerApi } from "../../api/client.ts";
import { abortable } from "../../api/request.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate } from "../../locales/text.tsx";
import { createMemoryStore, type SharedDrafts } from "../../drafts/draft-store.ts";
import type { Elsewhere } from "../../drafts/elsewhere.ts";
import { keptAlone } from "../../drafts/testing/kept-alone.ts";
import {
  changeGround,
  changePhoto,
  createDesignStore,
  type DesignStore,
  colourGesture,
} from "../../store/design-store.ts";
import { createFlow, type Flow } from "../flow.ts";
import { createFlowState } from "../flow-state.ts";

/** Work that waits until the test says how it ends. Aborted work has ended. */
class Jobs<Answer> {
  readonly #waiting: { resolve(answer: Answer): void; reject(error: unknown): void }[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  add(signal: AbortSignal | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const job = { resolve, reject };
      this.#waiting.push(job);
      signal?.addEventListener("abort", () => {
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal.reason);
      });
    });
  }

  /** Ends the oldest, if there is one. */
  end(outcome: Answer | Error): void {
    const job = this.#waiting.shift();
    if (outcome instanceof Error) job?.reject(outcome);
    else job?.resolve(outcome);
  }
}

/** What a picture was made of. */
interface Made {
  readonly photo: PhotoFile;
  readonly placement: Placement;
  readonly ground: string;
}

/** What the server was given. */
interface Sent {
  readonly design: Design;
  readonly agreement: Agreement;
  readonly pictureSha256: string;
  readonly key: string;
}

export function submissionOf(state: SubmissionView["state"]): SubmissionView {
  const rest = { rejectionCode: null, hasPreview: false, pictureSha256: "a".repeat(64), updatedAt: 1 };
  return { submissionId: "sub-0", state, sequence: 1, ...rest };
}

/** A flow with a real store, whose photos, pictures and uploads are ready when the test says so. */
export class Visit {
  readonly design: DesignStore;
  readonly drafts: SharedDrafts = keptAlone(createMemoryStore());
  readonly events: DesignerEventInput[] = [];
  /** By the picture's SHA-256. */
  readonly made = new Map<string, Made>();
  readonly sent: Sent[] = [];
  /** Photos that were opened and not closed, by SHA-256. */
  readonly photosOpen = new Set<string>();
  /** Of the cardholder's other card. */
  otherPhoto: Blob | null = null;
  otherDesign: Design | null = null;
  /** The products whose card is to begin with the photo of the one before. */
  readonly sentAlong = new Set<string>();
  /** Until when the device keeps what is on the card. */
  keeping: Promise<void> = Promise.resolve();
  rulesVersion = "1";
  /** An upload that is to stop goes on. */
  cancelsLate = false;
  readonly flow: Flow;
  readonly #opening = new Jobs<OpenPhoto>();
  readonly #rendering = new Jobs<RenderedPicture>();
  readonly #uploading = new Jobs<SubmissionView>();
  #onProgress: (fraction: number) => void = () => {};
  #count = 0;
  #stored: Design | null = null;
  #wheel: Placement | null = null;
  readonly #wheelOwner = { settle: () => this.restWheel() };

  constructor(
    submission: SubmissionView | null = null,
    askPage?: () => Promise<unknown>,
    hasDraft = true,
    product: Product = products[0],
    elsewhere?: Pick<Elsewhere, "find" | "takeOver">,
  ) {
    this.design = createDesignStore(product);
    const translate = createTranslate(chooseLocale("en"));
    this.flow = createFlow({
      api: this.#createApi(),
      image: this.#createImage(),
      design: this.design,
      drafts: this.drafts,
      otherCard: {
        isThere: () => true,
        readPhoto: () => Promise.resolve(this.otherPhoto),
        readDesign: () => Promise.resolve(this.otherDesign),
        sendAlong: (productId) => void this.sentAlong.add(productId),
        takeAlong: () => this.sentAlong.delete(products[0].id) && this.otherPhoto !== null,
      },
      keepNow: () => this.keeping,
      hasDraft,
      elsewhere,
      turnedProduct: products[1],
      state: createFlowState(submission),
      emit: (event) => void this.events.push(event),
      askPage: askPage && ((_design, signal) => abortable(askPage(), signal)),
      translate: (id, values) => (id === "rules.version" ? this.rulesVersion : translate(id, values)),
    });
  }

  get working(): boolean {
    return this.#opening.count + this.#rendering.count + this.#uploading.count > 0;
  }

  get renders(): number {
    return this.#rendering.count;
  }

  endOpening(outcome: "good" | "bad" | "transparent"): void {
    if (this.#opening.count === 0) return;
    if (outcome === "bad") return this.#opening.end(new PhotoProblem("damaged-image"));
    const photo = { ...this.makePhoto(), transparent: outcome === "transparent" };
    this.#opening.end(photo);
  }

  progress(fraction: number): void {
    this.#onProgress(fraction);
  }

  endRendering(outcome: "good" | "bad"): void {
    if (outcome === "bad") return this.#rendering.end(new PhotoProblem("out-of-memory"));
    this.#rendering.end({ png: new Uint8Array(8), sha256: [...this.made.keys()].at(-1) ?? "" });
  }

  endUpload(outcome: "good" | "bad"): void {
    const view = {
      ...submissionOf("rejected"),
      submissionId: `sub-${(this.#count += 1)}`,
      pictureSha256: this.sent.at(-1)?.pictureSha256 ?? "",
    };
    this.#uploading.end(outcome === "good" ? view : new Problem("not-allowed"));
  }

  /** As the card's wheel does it: on the screen at once, in the store when the wheel rests. */
  turnWheel(change: Change): void {
    const { design, product, beginGesture, isGestureOf } = this.design.getState();
    const photo = photoOf(design);
    if (photo === null) return;
    if (!isGestureOf(this.#wheelOwner)) this.#wheel = null;
    beginGesture(this.#wheelOwner);
    this.#wheel = applyChange(change, this.#wheel ?? photo.placement, photo, product);
  }

  restWheel(): void {
    const reached = this.#wheel;
    this.#wheel = null;
    if (reached === null || !this.design.getState().isGestureOf(this.#wheelOwner)) return;
    changePhoto(this.design.getState(), () => reached, this.#wheelOwner);
    this.design.getState().endGesture(this.#wheelOwner);
  }

  /** Where the cardholder sees the photo. */
  get shown(): Placement | null {
    const isTurning = this.design.getState().isGestureOf(this.#wheelOwner);
    return isTurning ? this.#wheel : (photoOf(this.design.getState().design)?.placement ?? null);
  }

  makePhoto(): OpenPhoto {
    this.#count += 1;
    const photo: OpenPhoto = makeOpenPhoto({
      sha256: this.#count.toString(16).padStart(64, "0"),
      widthPx: 2000,
      heightPx: 1500,
      close: () => void this.photosOpen.delete(photo.sha256),
    });
    this.photosOpen.add(photo.sha256);
    return photo;
  }

  #createImage(): ImageClient {
    return {
      openPhoto: (_file, _product, signal) => this.#opening.add(signal),
      renderPicture: (design, [photo], _product, options) => {
        const placement = photoOf(design)?.placement;
        if (photo === undefined && placement === undefined) return this.#rendering.add(options?.signal);
        if (photo === undefined || placement === undefined) throw new Error("a picture of nothing");
        this.made.set(`picture-${(this.#count += 1)}`, { photo, placement, ground: colourBelow(design) });
        this.#onProgress = options?.onProgress ?? this.#onProgress;
        return this.#rendering.add(options?.signal);
      },
      showPicture: () => Promise.resolve({ url: URL.createObjectURL(new Blob()), decoded: null }),
      writeText: () => Promise.reject(new Error("no text is written here")),
      makeBare: () => Promise.resolve(null),
      comparePictures: () => Promise.resolve("unclear"),
      close: () => {},
    };
  }

  #createApi(): DesignerApi {
    const notAsked = () => Promise.reject(new Error("not asked"));
    return {
      readSession: notAsked,
      readPreview: notAsked,
      storeDesign: (design) => {
        this.#stored = design;
        return Promise.resolve({ designSha256: "d".repeat(64) });
      },
      sendPicture: ({ sha256, agreement, idempotencyKey: key }, signal) => {
        if (this.#stored !== null) this.sent.push({ design: this.#stored, agreement, pictureSha256: sha256, key });
        return this.#uploading.add(this.cancelsLate ? undefined : signal);
      },
      reportForeign: () => {},
      followSubmission: () => new Promise(() => {}),
    };
  }
}

/** Everything that can happen without somebody waiting for it has happened. */
export async function rested(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** What is picked; nobody looks into it. */
export const file = new Blob(["photo"], { type: "image/jpeg" });
/** Where 2000 x 1500 pixels are coarser than the card may be printed. */
const tooFar = zoomTo(5);
/** Everything that can happen, by name. */
export const actions: Readonly<Record<string, (visit: Visit) => unknown>> = {
  "pick a photo": ({ flow }) => flow.openPhoto(file),
  "a photo opens": (visit) => visit.endOpening("good"),
  "a photo does not open": (visit) => visit.endOpening("bad"),
  "stop opening": ({ flow }) => flow.stopOpening(),
  "drop two files": ({ flow }) => flow.showNotice("two-files"),
  "dismiss the notice": ({ flow }) => flow.showNotice(null),
  "zoom in": ({ design }) => changePhoto(design.getState(), zoomTo(1.5)),
  "zoom in too far": ({ design }) => changePhoto(design.getState(), tooFar),
  fit: ({ design }) => changePhoto(design.getState(), fit()),
  "move by a key that is held": ({ design }) => {
    design.getState().beginGesture();
    changePhoto(design.getState(), moveBy(1, 1));
  },
  "another ground": ({ design }) => changeGround(design.getState(), "#14274e"),
  "try a ground": ({ design }) => {
    design.getState().beginGesture(colourGesture);
    changeGround(design.getState(), "#c0272d", colourGesture);
  },
  "keep the ground": ({ design }) => design.getState().endGesture(colourGesture),
  "a transparent photo opens": (visit) => visit.endOpening("transparent"),
  "the hand rests": () => vi.advanceTimersByTime(300),
  "let the key go": ({ design }) => design.getState().endGesture(),
  "turn the wheel": (visit) => visit.turnWheel(zoomTo(1.8)),
  "turn the wheel too far": (visit) => visit.turnWheel(tooFar),
  turn: (visit) => visit.turnWheel(turnTo(30)),
  "the wheel rests": (visit) => visit.restWheel(),
  undo: ({ design }) => design.getState().undo(),
  redo: ({ design }) => design.getState().redo(),
  preview: ({ flow }) => flow.showPreview(),
  "a picture is made": (visit) => visit.endRendering("good"),
  "a picture is not made": (visit) => visit.endRendering("bad"),
  "stop rendering": ({ flow }) => flow.stopRendering(),
  "go back": ({ flow }) => flow.goBack(),
  agree: ({ flow }) => flow.agree(true),
  "the issuer changes its rules": (visit) => {
    visit.rulesVersion += "1";
  },
  send: ({ flow }) => flow.send(),
  "send all the same": ({ flow }) => flow.send(true),
  cancel: ({ flow }) => flow.cancelSending(),
  "it arrives": (visit) => visit.endUpload("good"),
  "it is refused": (visit) => visit.endUpload("bad"),
  "change the design": ({ flow }) => flow.changeDesign(),
  "start afresh": ({ flow }) => flow.startAfresh(),
};
/** Several of them, one after the other. */
export const ways = {
  "to a photo": ["pick a photo", "a photo opens"],
  "to a transparent photo": ["pick a photo", "a transparent photo opens"],
  "to the preview": ["pick a photo", "a photo opens", "fit", "preview", "a picture is made"],
  "to the status": ["agree", "send", "it arrives"],
};
