import type { StoreApi } from "zustand/vanilla";
import type { Product } from "#card/products.ts";
import type { CloseOutcome, DesignerEventInput } from "#contracts/frame-messages.ts";
import { createImageClient, type ImageClient } from "#image/client.ts";
import type { Access } from "../api/access.ts";
import type { Transport } from "../api/request.ts";
import { createApi } from "../api/client.ts";
import { createDeviceStore } from "../drafts/device-store.ts";
import type { DraftKey } from "../drafts/draft-mark.ts";
import { createMemoryStore } from "../drafts/draft-store.ts";
import { keepDraft } from "../drafts/keep-draft.ts";
import { createOtherCard } from "../drafts/other-card.ts";
import { createServerDrafts } from "../drafts/server-drafts.ts";
import { createSyncedStore } from "../drafts/synced-store.ts";
import type { AskPage } from "../flow/ask-page.ts";
import { createFlow, type Flow } from "../flow/flow.ts";
import type { FlowState, PreviewPicture } from "../flow/flow-state.ts";
import { keepSteps, type Steps } from "../flow/step-history.ts";
import type { AboutCard, OpenSession } from "../flow/use-session.tsx";
import type { HostLink } from "../host/host-link.ts";
import type { AppLocale } from "../locales/locale.ts";
import type { Translate } from "../locales/text.tsx";
import { createDesignStore, type DesignStore } from "../store/design-store.ts";
import { factsOf } from "../store/photo-facts.ts";
import { checksOf } from "../steps/design/design-checks.ts";
import { keepArts, keepStickerWords } from "../tools/load-arts.ts";
import { announceFlow } from "./flow-announcements.ts";
import { designStepPart, LaterDropZone, LaterStep } from "./LaterStep.tsx";
import type { SubmitAnswer } from "./answer-host.ts";
import { closeDesign, giveUp } from "./close-design.ts";
import { followElsewhere } from "./follow-elsewhere.ts";
import type { Layout } from "./frame-layout.ts";
import { loadOwnFilters, type OwnFilters } from "./own-filters.ts";
import { offerOwnStickers } from "./own-stickers.ts";
import { loadOwnTemplates } from "./own-templates.ts";
import { submitDesign } from "./submit-design.ts";

export interface StudioDeps {
  readonly host: Pick<HostLink, "send" | "onOver">;
  /** Where the page wants to be asked before a design is sent. */
  readonly askPage?: AskPage | undefined;
  readonly access: Access;
  readonly transport: Transport;
  readonly image: ImageClient;
  /** Told what the issuer offers by now. */
  readonly filters?: Pick<OwnFilters, "offer"> | undefined;
  readonly emit: (event: DesignerEventInput) => void;
  readonly state: StoreApi<FlowState>;
  /** Under which the device keeps the draft; without one it keeps none. */
  readonly draftKey?: DraftKey | undefined;
  readonly layout?: Layout | undefined;
  /** The cardholder goes on with the card in another place: nothing more is to be seen of it here. */
  readonly onGone?: (() => void) | undefined;
  /** A design is likely to be kept. */
  readonly hasDraft?: boolean | undefined;
  /** The texts on screen, in the language of the moment. */
  readonly wording: () => { readonly t: Translate; readonly language: AppLocale["language"] };
}

export interface Studio extends OpenSession {
  /** As `submitDesign`. */
  readonly submit: () => Promise<SubmitAnswer>;
  /** As `closeDesign`. */
  readonly close: (discard: boolean) => Promise<CloseOutcome>;
}

type CardDeps = Pick<StudioDeps, "image" | "transport" | "filters">;

/** The store of the card, for which the issuer's own stickers, filters and templates are loaded as they are offered by then. */
function createCard(product: Product, { image, transport, filters }: CardDeps): DesignStore {
  offerOwnStickers(product, transport);
  const loadTemplate = loadOwnTemplates(() => design.getState().product, transport);
  const design: DesignStore = createDesignStore(product, image, loadTemplate);
  design.subscribe((now, before) => {
    if (now.product === before.product) return;
    offerOwnStickers(now.product, transport);
    filters?.offer(now.product);
  });
  return design;
}

/** The open session with all of its work, from where its first screen has come. */
function open(about: AboutCard, deps: StudioDeps): Studio {
  const { host, access, transport, image, emit: tell, state, draftKey, hasDraft, wording, onGone } = deps;
  let steps: Steps | undefined;
  // What the page does then is done where the history has come to.
  const emit = (event: DesignerEventInput): void => {
    if (steps === undefined) tell(event);
    else steps.whenArrived(() => tell(event));
  };
  const api = createApi(access, transport);
  const design = createCard(about.product, deps);
  keepArts(design);
  keepStickerWords(design, () => wording().language);
  const drafts = createSyncedStore({
    device: draftKey === undefined ? createMemoryStore() : createDeviceStore(draftKey),
    server: createServerDrafts(access, transport),
    makeBare: image.makeBare,
    hasDraft: hasDraft === true,
    onOvertaken: () => flow.sayOvertaken(),
    onNotOffered: () => flow.sayNotOffered(),
  });
  const translate: Translate = (id, values) => wording().t(id, values);
  const otherCard = draftKey === undefined ? undefined : createOtherCard(draftKey);
  const { turnedProduct } = about;
  let isGone = false;
  const leave = async (): Promise<boolean> => {
    isGone = await giveUp({ flow, drafts, keepNow: leaving.keepNow }, [keeping, steps]);
    if (isGone) onGone?.();
    return isGone;
  };
  const elsewhere = draftKey && followElsewhere(draftKey, { state, flow: () => flow, drafts, leave });
  const leaving = { otherCard, turnedProduct, elsewhere, keepNow: () => keeping.keepNow() };
  const flow: Flow = createFlow({ ...deps, ...leaving, api, design, drafts, emit, translate });
  host.onOver(() => {
    // What is being sent says so itself.
    if (state.getState().step !== "sending") flow.showNotice("session-ended");
  });
  const keeping = keepDraft(design, state, drafts, () => void flow.resumeDraft());
  tellChanges(design, emit);
  tellSteps(state, host);
  announceFlow(flow, design, wording);
  steps = keepSteps(flow, deps.layout);
  const { whenArrived } = steps;
  tellChecks(state, design, emit);
  designStepPart.load().catch(() => {});
  return {
    phase: "open",
    ...about,
    design,
    flow,
    readPreview: api.readPreview,
    comparePictures: image.comparePictures,
    submit: async () => {
      if (isGone) return goneAnswer(translate);
      return onceArrived(whenArrived, submitDesign(flow));
    },
    // It is not for this page to delete what is gone on with elsewhere.
    close: async (discard) =>
      isGone ? "kept" : onceArrived(whenArrived, closeDesign({ flow, drafts, keepNow: leaving.keepNow }, discard)),
  };
}

/** The answer, once the page has been told all that waits by then: after the answer it may take the frame away. */
async function onceArrived<Answer>(whenArrived: Steps["whenArrived"], answering: Promise<Answer>): Promise<Answer> {
  const answer = await answering;
  await new Promise<void>((resolve) => whenArrived(resolve));
  return answer;
}

/** Each step begins at its top. */
function tellSteps(state: StudioDeps["state"], host: StudioDeps["host"]): void {
  state.subscribe((now, before) => {
    if (now.step !== before.step) host.send({ type: "top" });
  });
}

const goneAnswer = (translate: Translate): SubmitAnswer => ({
  type: "submit-failed",
  code: "gone-elsewhere",
  detail: translate("closed.gone-elsewhere.title"),
});

/** Tells the page of each edit, when the hand has let go. */
function tellChanges(design: DesignStore, emit: StudioDeps["emit"]): void {
  design.subscribe((now, before) => {
    if (!now.moving && now.isBegun && (now.design !== before.design || before.moving)) emit({ type: "changed" });
  });
}

/** Tells the page what the checks say of each picture that is shown as it will print. */
function tellChecks(state: StoreApi<FlowState>, design: DesignStore, emit: StudioDeps["emit"]): void {
  let told: PreviewPicture | undefined;
  state.subscribe((now) => {
    if (now.step !== "preview" || now.picture === told) return;
    told = now.picture;
    // In a task of its own, after the preview has been drawn.
    setTimeout(() => {
      const { product } = design.getState();
      const facts = factsOf(now.picture.design, design.getState());
      if (facts === null) return;
      const checks = Object.fromEntries(checksOf(facts, product).map(({ kind, tone }) => [kind, tone]));
      emit({ type: "checked", checks });
    });
  });
}

export const studio = { open, createImageClient, loadOwnFilters, LaterDropZone, LaterStep } as const;
