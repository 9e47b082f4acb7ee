import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { products } from "#card/products.ts";
import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { Design } from "#design/design.ts";
import { createImageClient, type ImageClient } from "#image/client.ts";
import type { DesignerApi } from "../../api/client.ts";
import { createMemoryStore, type SharedDrafts } from "../../drafts/draft-store.ts";
import { keptAlone } from "../../drafts/testing/kept-alone.ts";
import { createFlow, type Flow } from "../../flow/flow.ts";
import { createFlowState } from "../../flow/flow-state.ts";
import type { AskForImage } from "../../flow/pick-image.ts";
import { SessionProvider } from "../../flow/use-session.tsx";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate, TextProvider } from "../../locales/text.tsx";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { LiveRegion, onAnnounce } from "../../ui/LiveRegion.tsx";
import { Designer } from "../Designer.tsx";
import type { Layout } from "../frame-layout.ts";
import { announceFlow } from "../flow-announcements.ts";

export const product = products[0];

export function submission(state: SubmissionView["state"], sequence: number): SubmissionView {
  const rest = { rejectionCode: null, hasPreview: false, pictureSha256: "a".repeat(64), updatedAt: 1 };
  return { submissionId: "sub-1", state, sequence, ...rest };
}

export async function makePhoto(widthPx: number, heightPx: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  const gradient = context.createLinearGradient(0, 0, widthPx, heightPx);
  for (const [at, colour] of ["teal", "gold", "navy"].entries()) gradient.addColorStop(at / 2, colour);
  context.fillStyle = gradient;
  context.fillRect(0, 0, widthPx, heightPx);
  return canvas.convertToBlob({ type: "image/jpeg" });
}

/** The designer on the page, with real photos and pictures, and a server that takes everything. */
export interface MountedDesigner {
  readonly flow: Flow;
  readonly design: DesignStore;
  readonly image: ImageClient;
  readonly events: DesignerEventInput[];
  /** Everything that was announced. */
  readonly sentences: string[];
  readonly sent: { readonly design: Design; readonly pictureSha256: string }[];
  /** What the server says of the submission from now on. */
  tellStatus(now: SubmissionView): void;
  unmount(): void;
}

interface Circumstances {
  /** Of an earlier visit. */
  readonly submission?: SubmissionView;
  /** Of an earlier visit; the device has it. */
  readonly drafts?: SharedDrafts;
  readonly language?: string;
  readonly api?: Partial<DesignerApi>;
  readonly image?: ImageClient;
  readonly layout?: Layout;
  readonly askForImage?: AskForImage;
}

export function mountDesigner(circumstances: Circumstances = {}): MountedDesigner {
  const { language = "en", image = createImageClient() } = circumstances;
  const [events, sentences, sent]: [DesignerEventInput[], string[], MountedDesigner["sent"]] = [[], [], []];
  const locale = chooseLocale(language);
  const design = createDesignStore(product);
  let tellStatus: (now: SubmissionView) => void = () => {};
  let stored: Design | undefined;
  const notAsked = () => Promise.reject(new Error("not asked"));
  const api: DesignerApi = {
    readSession: notAsked,
    readPreview: notAsked,
    storeDesign: (given) => {
      stored = given;
      return Promise.resolve({ designSha256: "d".repeat(64) });
    },
    sendPicture: ({ sha256 }) => {
      if (stored !== undefined) sent.push({ design: stored, pictureSha256: sha256 });
      return Promise.resolve(submission("stored", 1));
    },
    reportForeign: () => {},
    followSubmission: (_from, onChange, signal) => {
      tellStatus = onChange;
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    },
    ...circumstances.api,
  };
  const emit = (event: DesignerEventInput): void => void events.push(event);
  const t = createTranslate(locale);
  const { drafts = keptAlone(createMemoryStore()) } = circumstances;
  const state = createFlowState(circumstances.submission ?? null);
  const flow = createFlow({ state, api, image, design, drafts, hasDraft: true, emit, translate: t });
  const { readPreview } = api;
  const { comparePictures } = image;
  const about = { product, issuerName: "Harbour Bank", askForImage: circumstances.askForImage };
  const open = { phase: "open", ...about, design, flow, readPreview, comparePictures } as const;
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const stopAnnouncing = announceFlow(flow, design, () => ({ t, language: locale.language }));
  const stopListening = onAnnounce((sentence) => sentences.push(sentence));
  flushSync(() =>
    root.render(
      <StrictMode>
        <TextProvider locale={locale}>
          <SessionProvider value={open}>
            <Designer layout={circumstances.layout} />
          </SessionProvider>
          <LiveRegion />
        </TextProvider>
      </StrictMode>,
    ),
  );
  return {
    flow,
    design,
    image,
    events,
    sentences,
    sent,
    tellStatus: (now) => flushSync(() => tellStatus(now)),
    unmount: () => {
      stopAnnouncing();
      stopListening();
      root.unmount();
      flow.close();
      image.close();
      document.body.replaceChildren();
    },
  };
}
