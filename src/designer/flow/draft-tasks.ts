import { describeCause } from "#contracts/describe-cause.ts";
import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import { nameCard } from "#design/design.ts";
import { offersGrounds } from "#design/offered.ts";
import { PhotoProblem } from "#image/client.ts";
import type { StoreApi } from "zustand/vanilla";
import { wait } from "../api/request.ts";
import type { Draft, FoundDraft, Left } from "../drafts/draft-store.ts";
import { LaterVersion } from "../drafts/read-design.ts";
import type { Elsewhere } from "../drafts/elsewhere.ts";
import type { FlowState } from "./flow-state.ts";
import type { LatestTask } from "./latest-task.ts";
import { type Notice, type NoticeCode, noticeOf } from "./notice.ts";
import { type Dispatch, lossOf, type PictureDeps } from "./pictures.ts";

/** What may be asked for of a card that is not finished. */
export interface DraftTasks {
  /**
   * Goes on with the draft where there is one, and with the other one where that is to be taken. Where something was sent before, it
   * lies ready for when that is not taken. Also after it could not be had.
   */
  resumeDraft(): Promise<void>;
  /** Somebody else has changed the card: that is said as soon as the design is on screen, and until the cardholder has chosen. */
  sayOvertaken(): void;
  /** Where somebody else has changed the card meanwhile: it is to be as it is there, or as it is here. */
  takeOther(): Promise<void>;
  keepOwn(): void;
  /** The card could not be kept at the server, since the issuer does not offer everything on it any more. */
  sayNotOffered(): void;
  /** The card is open in another place: that is said where nothing else is going on. */
  sayElsewhere(stand: "working" | "sending"): void;
  /** Has the card left in every other place, and goes on with it here as it was there. */
  goOnHere(): Promise<void>;
  /** Whether something of a card that is not finished is kept, as far as is known. */
  isDraftKept(): boolean;
  /** Deletes the draft on the device and at the server, empties the card, and says where it could not be deleted. */
  deleteDraft(): Promise<void>;
  /** An empty card in place of the draft that was gone on with. It is kept until another photo lies there. */
  startOver(): void;
}

interface Reading {
  /** What is in the way of it, if something is: that is said in its place. */
  readonly ask?: () => Promise<NoticeCode | null>;
  readonly read: (signal: AbortSignal) => Promise<FoundDraft | null>;
  /** It lies on the card. */
  readonly onOpened?: (draft: Draft) => void;
}

/**
 * Opens the draft's photo and lays it as it lay. Without a draft everything stays as it is; when it cannot be had now, or its photo
 * cannot be opened, that is said. Once stopped it does nothing more.
 */
async function openDraft(
  { image, design }: PictureDeps,
  dispatch: Dispatch,
  { ask, read, onOpened }: Reading,
  signal: AbortSignal,
): Promise<void> {
  const obstacle = ask === undefined ? null : await ask();
  if (signal.aborted) return;
  if (obstacle !== null) return dispatch({ type: "photo-failed", notice: noticeOf(obstacle) });
  let draft: FoundDraft | null;
  try {
    draft = await read(signal);
    if (draft?.design.template !== undefined) await design.getState().loadTemplate(draft.design.template);
  } catch (error) {
    if (signal.aborted) return;
    const isLater = error instanceof LaterVersion;
    const notice = isLater ? noticeOf("design-of-later-version") : noticeOf("draft-unreachable", describeCause(error));
    return dispatch({ type: "photo-failed", notice });
  }
  if (signal.aborted) return;
  if (draft === null) return dispatch({ type: "opening-stopped" });
  try {
    const { product: card } = design.getState();
    if (draft.photo === null && !offersGrounds(card))
      return dispatch({ type: "photo-failed", notice: noticeOf("no-photo-not-offered") });
    const photo = draft.photo && (await image.openPhoto(draft.photo.bytes, card, signal));
    if (signal.aborted) return photo?.close();
    onOpened?.(draft);
    design.getState().resume(photo, draft.design);
    const { design: laid } = design.getState();
    const draftPhoto = nameCard(laid);
    const chosenAfter = draft.sync?.photoChosenAfter;
    const lost = lossOf(draft.design, laid);
    const resumed = {
      ...noticeOf("draft-resumed"),
      ...(lost === "filter-gone" && { isUnfiltered: true }),
      ...(lost === "template-gone" && { isDetached: true }),
    };
    dispatch({
      type: "photo-opened",
      notice:
        lost === "elements-left-out" || lost === "texts-changed" || lost === "ground-changed"
          ? noticeOf(lost)
          : resumed,
      draftPhoto,
      chosenAfter,
    });
  } catch (error) {
    const cause = describeCause(error instanceof PhotoProblem ? (error.cause ?? error.code) : error);
    if (!signal.aborted) dispatch({ type: "photo-failed", notice: noticeOf("draft-not-opened", cause) });
  }
}

const codesElsewhere = { working: "open-elsewhere", sending: "sent-elsewhere" } as const;

function codeOfDeletion({ onDevice, atServer }: Left): NoticeCode {
  if (onDevice) return atServer ? "draft-not-deleted" : "draft-left-on-device";
  return atServer ? "draft-left-at-bank" : "draft-deleted";
}

/** The design is on screen, and nothing goes on there that another notice would disturb or that says more. */
function mayBeTold(now: FlowState): boolean {
  if (now.step !== "design" || now.opening || now.renderedFraction !== null) return false;
  return now.notice === null || (now.notice.tone === "note" && now.notice.code !== "draft-overtaken");
}

interface DraftDeps extends PictureDeps {
  readonly state: StoreApi<FlowState>;
  /** Where the same card may be open in another place of the browser. */
  readonly elsewhere?: Pick<Elsewhere, "find" | "takeOver"> | undefined;
}

interface Work {
  readonly opening: LatestTask;
  /** Ends all work on photo and picture. */
  readonly stopWork: () => void;
}

interface ElsewhereWork extends Work {
  readonly backToDesign: () => boolean;
}

/** With regard to the other places in which the card is open: `resume` opens the draft unless it is worked on in one of them. */
function createElsewhereTasks(
  deps: DraftDeps,
  dispatch: Dispatch,
  { opening, stopWork, backToDesign }: ElsewhereWork,
): Pick<DraftTasks, "sayElsewhere" | "goOnHere"> & { resume(): Promise<void> } {
  /** Of the draft that is being opened by itself. */
  let resuming: AbortSignal | undefined;
  const { state, drafts, elsewhere } = deps;
  const open = (signal: AbortSignal, ask: Reading["ask"]): Promise<void> =>
    openDraft(deps, dispatch, { ...(ask !== undefined && { ask }), read: () => drafts.read(signal) }, signal);
  const findObstacle = async (): Promise<NoticeCode | null> => {
    const other = (await elsewhere?.find()) ?? null;
    return other === null ? null : codesElsewhere[other];
  };
  return {
    resume: () => {
      dispatch({ type: "photo-picked" });
      return opening.start((signal) => {
        resuming = signal;
        return open(signal, elsewhere && findObstacle);
      });
    },
    sayElsewhere: (stand) => {
      const now = state.getState();
      const notice = noticeOf(codesElsewhere[stand]);
      if (now.step === "pick" && now.opening) {
        if (resuming?.aborted !== false) return;
        opening.stop();
        return dispatch({ type: "photo-failed", notice });
      }
      const isShown = now.step === "pick" || now.step === "preview" || (now.step === "design" && mayBeTold(now));
      if (isShown && now.notice?.code !== notice.code) dispatch({ type: "noticed", notice });
    },
    goOnHere: async () => {
      backToDesign();
      if (state.getState().step === "sending") return;
      stopWork();
      const ask = async (): Promise<NoticeCode | null> => {
        const outcome = await elsewhere?.takeOver();
        return outcome === "working" || outcome === "sending" ? codesElsewhere[outcome] : null;
      };
      dispatch({ type: "photo-picked" });
      await opening.start((signal) => open(signal, ask));
    },
  };
}

export function createDraftTasks(deps: DraftDeps, dispatch: Dispatch, { opening, stopWork }: Work): DraftTasks {
  const { state, design, drafts } = deps;
  const open = (reading: Reading): Promise<void> => {
    dispatch({ type: "photo-picked" });
    return opening.start((signal) => openDraft(deps, dispatch, reading, signal));
  };
  const sayOvertaken = (): void => {
    if (drafts.isOvertaken() && mayBeTold(state.getState()))
      dispatch({ type: "noticed", notice: noticeOf("draft-overtaken") });
  };
  // After everybody has seen the state as it is.
  state.subscribe(() => queueMicrotask(sayOvertaken));
  // Who goes on with it has understood.
  design.subscribe((now, before) => {
    const { notice } = state.getState() as { readonly notice?: Notice | null };
    if (now.design !== before.design && notice?.code === "draft-resumed") dispatch({ type: "noticed", notice: null });
  });

  const backToDesign = (): boolean => {
    if (state.getState().step === "preview") dispatch({ type: "went-back" });
    return state.getState().step === "design";
  };
  const { resume, ...places } = createElsewhereTasks(deps, dispatch, { opening, stopWork, backToDesign });
  const startOver = (): void => {
    const { step } = state.getState();
    if (step === "preview" || step === "sending") return;
    stopWork();
    dispatch({ type: step === "follow" ? "opening-stopped" : "started-over" });
    design.getState().clear();
  };
  const takeOther = async (): Promise<void> => {
    if (!backToDesign()) return;
    stopWork();
    await open({ read: (signal) => drafts.readOther(signal), onOpened: (other) => drafts.takeOther(other) });
  };
  return {
    resumeDraft: async () => {
      if (drafts.isOvertaken()) await takeOther();
      else if (!design.getState().isBegun) await resume();
    },
    sayNotOffered: () => {
      if (mayBeTold(state.getState())) dispatch({ type: "noticed", notice: noticeOf("not-offered") });
    },
    ...places,
    sayOvertaken,
    takeOther,
    keepOwn: () => {
      drafts.keepOwn();
      dispatch({ type: "noticed", notice: null });
    },
    isDraftKept: () => drafts.isKept(),
    startOver,
    deleteDraft: async () => {
      // What is placed from here on is another card.
      const deleting = drafts.deleteAll();
      backToDesign();
      startOver();
      const left = await deleting;
      dispatch({ type: "noticed", notice: noticeOf(codeOfDeletion(left)) });
    },
  };
}

export interface DesignLeaving {
  /** To the choice of a photo; the design is kept as it is. */
  leaveDesign(): void;
  /** Back to the design that was left, if there is one. */
  returnToDesign(): void;
}

export function createDesignLeaving(
  { state, design }: PictureDeps & { readonly state: StoreApi<FlowState> },
  dispatch: Dispatch,
  stopWork: Work["stopWork"],
): DesignLeaving {
  return {
    leaveDesign: () => {
      if (state.getState().step !== "design" || !design.getState().isBegun) return;
      stopWork();
      design.getState().settle();
      dispatch({ type: "left-design" });
    },
    returnToDesign: () => {
      const now = state.getState();
      if (now.step !== "pick" || now.hasDesign !== true) return;
      stopWork();
      dispatch({ type: "returned-to-design" });
    },
  };
}

export interface ProductTurning {
  /**
   * Asks the issuer's page for the product the other way round, as soon as the device has kept this card: the page takes the designer
   * away, and the photo comes along from there.
   */
  wantTurnedProduct(): void;
}

/** The cardholder does not wait longer than this for a card to be kept. */
const longestKeepingMs = 2000;

export function createProductTurning({
  turnedProduct,
  otherCard,
  keepNow,
  emit,
}: Pick<PictureDeps, "turnedProduct" | "otherCard"> & {
  readonly keepNow?: (() => Promise<void>) | undefined;
  readonly emit: (event: DesignerEventInput) => void;
}): ProductTurning {
  let isAsking = false;
  return {
    wantTurnedProduct: () => {
      if (turnedProduct === undefined || isAsking) return;
      isAsking = true;
      const ask = (): void => {
        isAsking = false;
        otherCard?.sendAlong(turnedProduct.id);
        emit({ type: "product-wanted", productId: turnedProduct.id });
      };
      void Promise.race([keepNow?.(), wait(longestKeepingMs)]).then(ask, ask);
    },
  };
}
